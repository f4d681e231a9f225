-- The method ntile cuts through ties on purpose, so it is left out.
{%- set measures = [] -%}
{%- for measure in rfm_measures()
    if rfm_method_of(measure.name) != 'ntile' -%}
{%- do measures.append(measure) -%}
{%- endfor -%}
{%- for measure in measures %}
select
    snapshot_date,
    '{{ measure.name }}' as measure,
    cast({{ measure.value }} as decimal(18, 2)) as measure_value,
    min({{ measure.score }}) as lowest_score,
    max({{ measure.score }}) as highest_score

from {{ ref('dws_cst_segmentation') }}

group by
    snapshot_date,
    {{ measure.value }}

having min({{ measure.score }}) != max({{ measure.score }})
{% if not loop.last %}
union all
{% endif %}
{%- else %}
select 1 as nothing_to_compare where 1 = 0
{%- endfor %}
