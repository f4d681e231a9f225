-- Warns, as the warehouse is right without these merges: the customers stay
-- who they are until the source is mended.
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
