select
    sum(weight) as weight_total,
    count(*) as component_count

from {{ ref('cst_engagement_weights') }}

having
    sum(weight) != 100
    or count(*) != 5
