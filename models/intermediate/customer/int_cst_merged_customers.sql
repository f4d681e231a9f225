with

customers as (

    select * from {{ ref('stg_cst__customers') }}

    where merged_into_customer_id is not null

),

-- a survivor may have been merged as well: each step doubles the number of
-- merges that are followed, up to 64
chains_1 as (

    select
        customer_id,
        merged_into_customer_id as surviving_customer_id

    from customers

),
{%- for step in [1, 2, 3, 4, 5, 6] %}

chains_{{ step + 1 }} as (

    select
        chains.customer_id,
        coalesce(
            onward.surviving_customer_id, chains.surviving_customer_id
        ) as surviving_customer_id

    from chains_{{ step }} as chains

    left join chains_{{ step }} as onward
        on chains.surviving_customer_id = onward.customer_id

),
{%- endfor %}

-- merges in a circle have no survivor and are not followed
survivors as (

    select
        chains_7.customer_id,
        chains_7.surviving_customer_id

    from chains_7

    left join customers
        on chains_7.surviving_customer_id = customers.customer_id

    where customers.customer_id is null

)

select * from survivors
