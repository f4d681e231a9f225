{#- Why there are no probabilities; they are by the purchase model alone. -#}
{%- set no_probability_reason -%}
    case
        when purchase_chances.customer_id is not null then null
        when ltv.customer_id is null then 'not_delivered'
        when ltv.ltv_method_reason = 'no_purchase' then 'no_purchase'
        when ltv.ltv_method is null then 'no_prediction'
        else 'method_without_probability'
    end
{%- endset -%}
{#- A window for somebody who most likely does not buy would mislead. -#}
{%- set is_expected = 'purchase_chances.p_purchase_within_horizon >= '
    ~ cst_var('purchase_expected_share') -%}

with

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

    where is_current

),

ltv as (

    select * from {{ ref('int_cst_ltv') }}

),

purchase_chances as (

    select * from {{ ref('int_cst_ltv_purchase_chances') }}

),

customers as (

    select
        segmentation.customer_key,
        segmentation.customer_id,
        segmentation.snapshot_date,

        segmentation.last_order_date,
        segmentation.recency_days,

        {%- for days in purchase_contract_horizons() %}
        purchase_chances.p_purchase_within_{{ days }}d,
        {%- endfor %}
        purchase_chances.p_purchase_within_horizon,
        ltv.expected_purchase_count,
        {%- for name, day in [('from', 'first'), ('to', 'last')] %}
        case
            when {{ is_expected }}
                then {{ add_days(
                    'segmentation.snapshot_date',
                    'purchase_chances.days_to_window_' ~ day
                ) }}
        end as next_purchase_{{ name }}_date,
        {%- endfor %}

        ltv.p_alive,
        purchase_chances.silence_share,
        purchase_chances.is_overdue,

        ltv.ltv_method,
        {{ labeled_code(no_probability_reason, 'no_probability_reason') }}

    from segmentation

    left join ltv
        on
            segmentation.customer_id = ltv.customer_id
            and segmentation.snapshot_date = ltv.snapshot_date

    left join purchase_chances
        on
            ltv.customer_id = purchase_chances.customer_id
            and ltv.snapshot_date = purchase_chances.snapshot_date

),

next_purchase as (

    select
        customer_key,
        customer_id,
        snapshot_date,

        last_order_date,
        recency_days,

        {% for days in purchase_contract_horizons() -%}
        p_purchase_within_{{ days }}d,
        {% endfor -%}
        p_purchase_within_horizon,
        expected_purchase_count,
        next_purchase_from_date,
        next_purchase_to_date,

        p_alive,
        silence_share,
        is_overdue,
        case
            when is_overdue
                then cast(row_number() over (
                    partition by is_overdue
                    order by
                        cast(expected_purchase_count as decimal(18, 6)) desc,
                        customer_id
                ) as bigint)
        end as overdue_rank,

        ltv_method,
        no_probability_reason,
        no_probability_reason_zh,
        no_probability_reason_en

    from customers

)

select * from next_purchase
