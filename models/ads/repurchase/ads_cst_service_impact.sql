{%- set windows = retention_windows() -%}

with

service_outcomes as (

    select * from {{ ref('int_cst_service_outcomes') }}

),

retention as (

    select * from {{ ref('dws_cst_retention') }}

),

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

    where recency_days <= {{ cst_var('lifecycle_active_days') }}

),

-- in the period in which the log began, no ticket may be one that is not known
service_log as (

    select min(snapshot_date) as begins_before_date

    from service_outcomes

),

customers_without_ticket as (

    select
        retention.customer_id,
        retention.snapshot_date,
        {% for window in windows -%}
        retention.is_mature_{{ window }}d,
        retention.is_repurchased_within_{{ window }}d,
        {% endfor -%}
        'no_ticket' as service_level

    from retention

    inner join segmentation
        on
            retention.customer_id = segmentation.customer_id
            and retention.snapshot_date = segmentation.snapshot_date

    inner join service_log
        on retention.snapshot_date > service_log.begins_before_date

    left join service_outcomes
        on
            retention.customer_id = service_outcomes.customer_id
            and retention.snapshot_date = service_outcomes.snapshot_date

    where service_outcomes.customer_id is null

),

active_customers as (

    select
        customer_id,
        snapshot_date,
        {% for window in windows -%}
        is_mature_{{ window }}d,
        is_repurchased_within_{{ window }}d,
        {% endfor -%}
        service_level

    from service_outcomes

    where is_active

    union all

    select * from customers_without_ticket

),

outcomes as (

    {% for window in windows -%}
    select
        customer_id,
        snapshot_date,
        service_level,
        {{ window }} as window_days,
        is_mature_{{ window }}d as is_mature,
        case when is_repurchased_within_{{ window }}d then 1 else 0 end
            as repurchased_count

    from active_customers

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

-- over all periods each customer counts once with a ticket and once without;
-- one draw per level would fill the rare levels with those of many tickets
draws as (

    select
        snapshot_date,
        service_level,
        window_days,
        is_mature,
        repurchased_count,
        row_number() over (
            partition by
                customer_id, service_level = 'no_ticket', window_days
            order by
                case when is_mature then 0 else 1 end,
                {{ dbt.hash(dbt.concat([
                    'customer_id', "':'", 'cast(snapshot_date as string)'
                ])) }},
                snapshot_date
        ) as draw_number

    from outcomes

),

groups as (

    {% for period_code, snapshot_date, is_counted in [
        ('snapshot', 'snapshot_date', 'true'),
        ('all', 'cast(null as date)', 'draw_number = 1'),
    ] -%}
    select
        '{{ period_code }}' as period_code,
        {{ snapshot_date }} as snapshot_date,
        service_level,
        window_days,
        count(*) as customer_count,
        sum(case when is_mature then 1 else 0 end) as mature_count,
        sum(repurchased_count) as repurchased_count

    from draws

    where {{ is_counted }}

    group by {{ snapshot_date }}, service_level, window_days

    {{ 'union all' if not loop.last }}
    {% endfor %}
),

service_impact as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'period_code', 'snapshot_date', 'service_level', 'window_days'
        ]) }} as service_impact_key,
        period_code,
        snapshot_date,
        {{ labeled_code('service_level', 'service_level') }},
        cast(window_days as integer) as window_days,

        mature_count > 0 as is_mature,
        cast(customer_count as bigint) as customer_count,
        cast(nullif(mature_count, 0) as bigint) as denominator_count,
        cast(
            case when mature_count > 0 then repurchased_count end as bigint
        ) as numerator_count,
        cast(repurchased_count as double) / nullif(mature_count, 0)
            as repurchase_rate,
        {{ wilson_bound('repurchased_count', 'mature_count', 'lower') }}
            as repurchase_rate_low,
        {{ wilson_bound('repurchased_count', 'mature_count', 'upper') }}
            as repurchase_rate_high,

        '观察结果，并非实验：投诉者本来就买得更多' as caveat_zh,
        'Observed, no experiment: who complains buys more anyway' as caveat_en

    from groups

)

select * from service_impact
