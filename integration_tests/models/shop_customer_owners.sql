-- a column of the company's own, beside what the package says of a customer
select
    customer_360.customer_id,
    customer_360.segment_code,
    customers.betreuer as account_manager

from {{ ref('ads_cst_customer_360') }} as customer_360

inner join {{ ref('raw_kunden') }} as customers
    on customer_360.customer_id = customers.kunde
