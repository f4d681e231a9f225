{%- set margin_rate = 'cast(' ~ cst_var('ltv_margin_rate')
    ~ ' as decimal(9, 6))' -%}
{%- set high_decile = cst_var('ltv_tier_high_decile') -%}
{%- set mid_decile = cst_var('ltv_tier_mid_decile') -%}

with

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

),

retention as (

    select * from {{ ref('dws_cst_retention') }}

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
        retention.strategy_code,
        retention.recommended_strategy_code,
        predictions.method as ltv_method,
        case
            when predictions.customer_id is null then 'no_purchase'
            else predictions.method_reason
        end as ltv_method_reason,
        cast(
            segmentation.lifetime_net_amount * {{ margin_rate }}
            as decimal(18, 2)
        ) as historic_ltv_amount,
        cast(
            predictions.discounted_amount * {{ margin_rate }} as decimal(18, 2)
        ) as predicted_ltv_amount,
        cast(predictions.due_amount * {{ margin_rate }} as decimal(18, 2))
            as due_ltv_amount,
        predictions.p_alive,
        predictions.expected_purchase_count,
        predictions.expected_order_amount,
        cast({{ dbt.date_trunc(
            'month', 'segmentation.first_order_date'
        ) }} as date) as cohort_month

    from segmentation

    -- customers without a purchase, and erased ones, have no strategy
    left join retention
        on
            segmentation.customer_id = retention.customer_id
            and segmentation.snapshot_date = retention.snapshot_date

    left join predictions
        on
            segmentation.customer_id = predictions.customer_id
            and segmentation.snapshot_date = predictions.snapshot_date

),

lifetime_values as (

    select
        *,
        cast(historic_ltv_amount + predicted_ltv_amount as decimal(18, 2))
            as ltv_amount,
        lag(historic_ltv_amount) over by_customer as last_historic_amount,
        lag(predicted_ltv_amount) over by_customer as last_predicted_amount,
        lag(due_ltv_amount) over by_customer as last_due_amount

    from customer_values

    window by_customer as (partition by customer_id order by snapshot_date)

),

-- without a value on both snapshots there is no change to split
changes as (

    select
        customer_id,
        snapshot_date,
        ltv_amount - last_historic_amount - last_predicted_amount
            as ltv_change_amount,
        historic_ltv_amount - last_historic_amount as realized_change_amount,
        predicted_ltv_amount - (last_predicted_amount - last_due_amount)
            as expectation_change_amount,
        -last_due_amount as time_change_amount

    from lifetime_values

    where
        predicted_ltv_amount is not null
        and last_predicted_amount is not null

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

deciles as (

    select
        snapshot_date,
        ltv_amount,
        {{ decile(
            '(sum(customer_count) over from_the_lowest) - customer_count',
            'sum(customer_count) over (partition by snapshot_date)'
        ) }} as ltv_decile

    from amount_counts

    window from_the_lowest as (
        partition by snapshot_date
        order by ltv_amount
        rows between unbounded preceding and current row
    )

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
        lifetime_values.recommended_strategy_code,

        lifetime_values.historic_ltv_amount,
        lifetime_values.predicted_ltv_amount,
        lifetime_values.ltv_amount,
        {%- for part in ['ltv', 'realized', 'expectation', 'time'] %}
        cast(changes.{{ part }}_change_amount as decimal(18, 2))
            as {{ 'ltv_' if part != 'ltv' }}{{ part }}_change_amount,
        {%- endfor %}

        deciles.ltv_decile,
        case
            when deciles.ltv_decile >= {{ high_decile }} then 'high'
            when deciles.ltv_decile >= {{ mid_decile }} then 'mid'
            when deciles.ltv_decile is not null then 'low'
        end as ltv_tier,

        lifetime_values.p_alive,
        lifetime_values.expected_purchase_count,
        lifetime_values.expected_order_amount,

        lifetime_values.ltv_method,
        {{ labeled_code(
            'lifetime_values.ltv_method_reason', 'ltv_method_reason'
        ) }}

    from lifetime_values

    left join changes
        on
            lifetime_values.customer_id = changes.customer_id
            and lifetime_values.snapshot_date = changes.snapshot_date

    left join deciles
        on
            lifetime_values.snapshot_date = deciles.snapshot_date
            and lifetime_values.ltv_amount = deciles.ltv_amount

)

select * from ltv
