with

retention as (

    select * from {{ ref('dws_cst_retention') }}

),

outcomes as (

    {% for window in retention_windows() -%}
    select
        snapshot_date,
        strategy_code,
        segment_code,
        {{ window }} as window_days,

        contact_cost_amount,
        net_amount_next_{{ window }}d as net_amount,

        is_holdout,
        case
            when contact_count is not null
                then coalesce(
                    first_contact_date
                    <= {{ add_days('snapshot_date', window) }},
                    false
                )
        end as is_contacted,
        is_mature_{{ window }}d as is_mature,
        is_repurchased_within_{{ window }}d as is_repurchased

    from retention

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

segment_totals as (

    select
        snapshot_date,
        strategy_code,
        segment_code,
        window_days,

        bool_and(is_mature) as is_mature,

        {% for group, condition in [
            ('treated', 'not is_holdout'), ('holdout', 'is_holdout')
        ] -%}
        sum(case when {{ condition }} then 1 else 0 end)
            as {{ group }}_customers,
        sum(case when {{ condition }} and is_repurchased then 1 else 0 end)
            as {{ group }}_repurchasers,
        sum(case when {{ condition }} then net_amount else 0 end)
            as {{ group }}_amount,
        sum(
            case when {{ condition }} then net_amount * net_amount else 0 end
        ) as {{ group }}_squares,
        sum(
            case
                when is_contacted and {{ condition }} then 1
                when is_contacted is not null then 0
            end
        ) as contacted_{{ group }}_customers,
        {% endfor -%}

        sum(contact_cost_amount) as cost_amount

    from outcomes

    group by
        snapshot_date,
        strategy_code,
        segment_code,
        window_days

),

totals as (

    select * from segment_totals

    union all

    select
        snapshot_date,
        strategy_code,
        'all' as segment_code,
        window_days,

        bool_and(is_mature) as is_mature,

        {% for group in ['treated', 'holdout'] -%}
        sum({{ group }}_customers) as {{ group }}_customers,
        sum({{ group }}_repurchasers) as {{ group }}_repurchasers,
        sum({{ group }}_amount) as {{ group }}_amount,
        sum({{ group }}_squares) as {{ group }}_squares,
        sum(contacted_{{ group }}_customers)
            as contacted_{{ group }}_customers,
        {% endfor -%}

        sum(cost_amount) as cost_amount

    from segment_totals

    group by
        snapshot_date,
        strategy_code,
        window_days

),

strategy_outcome as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'snapshot_date', 'strategy_code', 'segment_code', 'window_days'
        ]) }} as strategy_outcome_key,
        snapshot_date,
        strategy_code,
        segment_code,
        segment_code = 'all' as is_total,
        cast(window_days as integer) as window_days,

        is_mature,

        {% for group in ['treated', 'holdout'] -%}
        cast({{ group }}_customers as bigint) as {{ group }}_customers,
        cast(case when is_mature then {{ group }}_repurchasers end as bigint)
            as {{ group }}_repurchasers,
        cast(
            case when is_mature then {{ group }}_amount end as decimal(24, 2)
        ) as {{ group }}_amount,
        cast(
            case when is_mature then {{ group }}_squares end as decimal(38, 4)
        ) as {{ group }}_squares,
        {% endfor -%}

        {% for group in ['treated', 'holdout'] -%}
        cast(contacted_{{ group }}_customers as bigint)
            as contacted_{{ group }}_customers,
        {% endfor -%}
        cast(cost_amount as decimal(24, 2)) as cost_amount

    from totals

)

select * from strategy_outcome
