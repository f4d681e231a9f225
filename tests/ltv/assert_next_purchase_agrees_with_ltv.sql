{#- A season multiplies what is expected, and not the probabilities. -#}
{%- set has_seasons = cst_var('ltv_seasonal_index') -%}

-- Every customer of the newest snapshot has one row. Nobody is likelier to buy
-- than to be alive, nor than purchases are expected; both come from elsewhere.
-- p_alive and silence_share tell the same odds of having left after the last
-- purchase, which depend on the number of repeats alone.
with

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

    where is_current

),

next_purchase as (

    select * from {{ ref('ads_cst_next_purchase') }}

),

customers as (

    select
        customer_id,
        snapshot_date,
        repeat_count

    from {{ ref('int_cst_ltv_customers') }}

),

odds as (

    select
        customers.repeat_count,
        min((1 / next_purchase.p_alive - 1) * next_purchase.silence_share)
            as least_odds,
        max((1 / next_purchase.p_alive - 1) * next_purchase.silence_share)
            as most_odds

    from next_purchase

    inner join customers
        on
            next_purchase.customer_id = customers.customer_id
            and next_purchase.snapshot_date = customers.snapshot_date

    -- beyond, the odds have no digits left
    where next_purchase.p_alive > 1e-6

    group by customers.repeat_count

),

problems as (

    select
        coalesce(segmentation.customer_id, next_purchase.customer_id)
            as customer_id,
        'no row, or one too many' as problem

    from segmentation

    full outer join next_purchase
        on segmentation.customer_id = next_purchase.customer_id

    where
        segmentation.customer_id is null
        or next_purchase.customer_id is null

    union all

    select
        customer_id,
        'likelier to buy than to be alive' as problem

    from next_purchase

    where p_purchase_within_horizon > p_alive + 1e-9

    union all

    select
        customer_id,
        'likelier to buy than purchases are expected' as problem

    from next_purchase

    where
        p_purchase_within_horizon > expected_purchase_count + 1e-9
        and not {{ has_seasons }}

    union all

    select
        cast(repeat_count as {{ dbt.type_string() }}) as customer_id,
        'odds of having left differ at this number of repeats' as problem

    from odds

    where most_odds - least_odds > 1e-6 * most_odds

)

select * from problems
