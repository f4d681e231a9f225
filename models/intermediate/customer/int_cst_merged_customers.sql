with

customers as (

    select * from {{ ref('stg_cst__customers') }}

    where merged_into_customer_id is not null

),

-- a survivor may have been merged itself: each step doubles the merges that
-- are followed, so chains of up to eight end
merges_1 as (

    select
        customer_id,
        merged_into_customer_id as surviving_customer_id

    from customers

),
{% for step in [1, 2, 3] %}
merges_{{ step + 1 }} as (

    select
        merges.customer_id,
        coalesce(
            next_merges.surviving_customer_id, merges.surviving_customer_id
        ) as surviving_customer_id

    from merges_{{ step }} as merges

    left join merges_{{ step }} as next_merges
        on merges.surviving_customer_id = next_merges.customer_id

),
{% endfor %}
-- merges in a circle have no survivor: they are not followed
survivors as (

    select
        merges_4.customer_id,
        merges_4.surviving_customer_id

    from merges_4

    left join customers
        on merges_4.surviving_customer_id = customers.customer_id

    where customers.customer_id is null

)

select * from survivors
