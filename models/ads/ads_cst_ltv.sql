{%- set margin_rate = 'cast(' ~ cst_var('ltv_margin_rate')
    ~ ' as decimal(9, 6))' -%}
{%- set high_decile = cst_var('ltv_tier_high_decile') -%}
{%- set mid_decile = cst_var('ltv_tier_mid_decile') -%}

with

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

),

predictions as (

    select * from {{ ref('int_cst_ltv_predictions') }}

),

customer_values as (

    select
        segmentation.customer_key,
        segmentation.customer_id,
        segmentation.snapshot_date,
        segmentation.is_current,
        segmentation.segment_code,
        segmentation.value_tier,
        segmentation.strategy_code,
        predictions.method,
        case
            when predictions.customer_id is null then 'no_purchase'
            else predictions.method_reason
        end as method_reason,
        cast(
            segmentation.lifetime_net_amount * {{ margin_rate }}
            as decimal(18, 2)
        ) as historic_ltv_amount,
        cast(
            predictions.discounted_amount * {{ margin_rate }} as decimal(18, 2)
        ) as predicted_ltv_amount,
        predictions.p_alive,
        predictions.expected_purchases,
        predictions.expected_order_amount,
        cast({{ dbt.date_trunc(
            'month', 'segmentation.first_order_date'
        ) }} as date) as cohort_month

    from segmentation

    left join predictions
        on
            segmentation.customer_id = predictions.customer_id
            and segmentation.snapshot_date = predictions.snapshot_date

),

lifetime_values as (

    select
        *,
        cast(historic_ltv_amount + predicted_ltv_amount as decimal(18, 2))
            as ltv_amount

    from customer_values

),

amount_counts as (

    select
        snapshot_date,
        ltv_amount,
        count(*) as customer_count

    from lifetime_values

    where ltv_amount is not null

    group by
        snapshot_date,
        ltv_amount

),

counts_below as (

    select
        snapshot_date,
        ltv_amount,
        sum(customer_count) over (
            partition by snapshot_date
            order by ltv_amount
            rows between unbounded preceding and current row
        ) - customer_count as count_below,
        sum(customer_count) over (partition by snapshot_date) as total_count

    from amount_counts

),

-- whole numbers, so that equal amounts share a decile and no rounding splits it
deciles as (

    select
        snapshot_date,
        ltv_amount,
        cast(
            floor(cast(count_below * 10 as double) / total_count) + 1 as integer
        ) as ltv_decile

    from counts_below

),

ltv as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'lifetime_values.customer_id', 'lifetime_values.snapshot_date'
        ]) }} as ltv_key,
        lifetime_values.customer_key,
        lifetime_values.customer_id,

        lifetime_values.snapshot_date,
        lifetime_values.is_current,

        lifetime_values.cohort_month,
        lifetime_values.segment_code,
        lifetime_values.value_tier,
        lifetime_values.strategy_code,

        lifetime_values.historic_ltv_amount,
        lifetime_values.predicted_ltv_amount,
        lifetime_values.ltv_amount,
        cast(
            lifetime_values.ltv_amount
            - lag(lifetime_values.ltv_amount) over (
                partition by lifetime_values.customer_id
                order by lifetime_values.snapshot_date
            ) as decimal(18, 2)
        ) as ltv_change_amount,

        deciles.ltv_decile,
        case
            when deciles.ltv_decile >= {{ high_decile }} then 'high'
            when deciles.ltv_decile >= {{ mid_decile }} then 'mid'
            when deciles.ltv_decile is not null then 'low'
        end as ltv_tier,

        lifetime_values.p_alive,
        lifetime_values.expected_purchases,
        lifetime_values.expected_order_amount,

        lifetime_values.method,
        lifetime_values.method_reason

    from lifetime_values

    left join deciles
        on
            lifetime_values.snapshot_date = deciles.snapshot_date
            and lifetime_values.ltv_amount = deciles.ltv_amount

)

select * from ltv
