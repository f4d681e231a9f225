with

customers as (

    select * from {{ ref('stg_cst__customers') }}

),

erasures as (

    select * from {{ ref('base_cst__erasures') }}

),

-- who was erased need not be registered
chains_0 as (

    select
        coalesce(customers.customer_id, erasures.customer_id) as customer_id,
        customers.merged_into_customer_id,
        case
            when erasures.erased_at is not null then {{ last_instant() }}
            else erasures.last_erased_at
        end as blank_until_at

    from customers

    full outer join erasures
        on customers.customer_id = erasures.customer_id

    where
        customers.merged_into_customer_id is not null
        or erasures.customer_id is not null

),

-- an erasure also covers whoever was merged into that customer, directly or
-- not: each step doubles the number of merges that are followed, to no fewer
-- than int_cst_merged_customers follows
{%- for step in [1, 2, 3, 4, 5, 6, 7] %}

chains_{{ step }} as (

    select
        chains.customer_id,
        onward.merged_into_customer_id,
        greatest(chains.blank_until_at, onward.blank_until_at)
            as blank_until_at

    from chains_{{ step - 1 }} as chains

    left join chains_{{ step - 1 }} as onward
        on chains.merged_into_customer_id = onward.customer_id

),
{%- endfor %}

erased_customers as (

    select
        customer_id,

        blank_until_at = {{ last_instant() }} as is_deleted,

        blank_until_at

    from chains_7

    where blank_until_at is not null

)

select * from erased_customers
