-- A warning, as the warehouse is right without these merges: until the source
-- is corrected, each of these customers stands for themselves.
{{ config(severity='warn') }}

select
    customers.customer_id,
    customers.merged_into_customer_id

from {{ ref('stg_cst__customers') }} as customers

left join {{ ref('int_cst_merged_customers') }} as merged_customers
    on customers.customer_id = merged_customers.customer_id

where
    customers.merged_into_customer_id is not null
    and merged_customers.customer_id is null
