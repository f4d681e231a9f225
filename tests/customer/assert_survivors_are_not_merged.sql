select
    merged_customers.customer_id,
    merged_customers.surviving_customer_id,
    survivors.merged_into_customer_id

from {{ ref('int_cst_merged_customers') }} as merged_customers

inner join {{ ref('stg_cst__customers') }} as survivors
    on merged_customers.surviving_customer_id = survivors.customer_id

where survivors.merged_into_customer_id is not null
