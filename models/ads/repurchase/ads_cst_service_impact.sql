with

service_outcomes as (

    select * from {{ ref('int_cst_service_outcomes') }}

),

-- not the period in which the log began: it lacks the tickets before the log
periods_without_ticket as (

    select retention.*

    from {{ ref('dws_cst_retention') }} as retention

    inner join {{ ref('dws_cst_segmentation') }} as segmentation
        on
            retention.customer_id = segmentation.customer_id
            and retention.snapshot_date = segmentation.snapshot_date

    left join service_outcomes
        on
            retention.customer_id = service_outcomes.customer_id
            and retention.snapshot_date = service_outcomes.snapshot_date

    where
        segmentation.recency_days <= {{ cst_var('cst_active_days') }}
        and service_outcomes.customer_id is null
        and retention.snapshot_date
        > (select min(log.snapshot_date) from service_outcomes as log)

),

outcomes as (
    {%- for window in retention_windows() %}

    select
        customer_id,
        snapshot_date,
        service_level,
        {{ window }} as window_days,
        is_mature_{{ window }}d as is_mature,
        is_repurchased_within_{{ window }}d as is_repurchased
    from service_outcomes
    where is_active

    union all

    select
        customer_id,
        snapshot_date,
        'no_ticket' as service_level,
        {{ window }} as window_days,
        is_mature_{{ window }}d as is_mature,
        is_repurchased_within_{{ window }}d as is_repurchased
    from periods_without_ticket
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

),

-- over all periods each customer counts once with a ticket and once without;
-- one draw per level would fill the rare levels with those of many tickets
draws as (

    select
        *,
        row_number() over (
            partition by
                customer_id, service_level = 'no_ticket', window_days
            order by
                is_mature desc,
                {{ dbt.hash(dbt.concat([
                    'customer_id', "':'", 'cast(snapshot_date as string)'
                ])) }},
                snapshot_date
        ) as draw_number

    from outcomes

),

groups as (

    select
        'snapshot' as period_code,
        snapshot_date,
        service_level,
        window_days,
        count(*) as customer_count,
        count(case when is_mature then 1 end) as mature_count,
        count(case when is_repurchased then 1 end) as repurchased_count

    from draws

    group by snapshot_date, service_level, window_days

    union all

    select
        'all' as period_code,
        cast(null as date) as snapshot_date,
        service_level,
        window_days,
        count(*) as customer_count,
        count(case when is_mature then 1 end) as mature_count,
        count(case when is_repurchased then 1 end) as repurchased_count

    from draws

    where draw_number = 1

    group by service_level, window_days

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
        customer_count,
        nullif(mature_count, 0) as denominator_count,
        case when mature_count > 0 then repurchased_count end
            as numerator_count,
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
