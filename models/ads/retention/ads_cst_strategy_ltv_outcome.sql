with

retention as (

    select * from {{ ref('dws_cst_retention') }}

),

lifetime_values as (

    select * from {{ ref('ads_cst_ltv') }}

),

follow_up_values as (

    select * from {{ ref('ads_cst_ltv') }}

),

snapshot_dates as (

    select snapshot_date

    from lifetime_values

    group by snapshot_date

),

windows as (

    {% for window in retention_windows() -%}
    select
        snapshot_date,
        {{ window }} as window_days,
        {{ add_days('snapshot_date', window) }} as window_end_date

    from snapshot_dates

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

follow_ups as (

    select
        windows.snapshot_date,
        windows.window_days,
        min(snapshot_dates.snapshot_date) as follow_up_date

    from windows

    left join snapshot_dates
        on windows.window_end_date <= snapshot_dates.snapshot_date

    group by
        windows.snapshot_date,
        windows.window_days

),

changes as (

    select
        retention.snapshot_date,
        retention.strategy_code,
        retention.segment_code,
        follow_ups.window_days,
        follow_ups.follow_up_date,

        retention.is_holdout,
        cast(
            follow_up_values.ltv_amount - lifetime_values.ltv_amount
            as decimal(24, 2)
        ) as ltv_change

    from retention

    inner join follow_ups
        on retention.snapshot_date = follow_ups.snapshot_date

    left join lifetime_values
        on
            retention.customer_id = lifetime_values.customer_id
            and retention.snapshot_date = lifetime_values.snapshot_date

    left join follow_up_values
        on
            retention.customer_id = follow_up_values.customer_id
            and follow_ups.follow_up_date = follow_up_values.snapshot_date

),

segment_totals as (

    select
        snapshot_date,
        strategy_code,
        segment_code,
        window_days,

        {% for group, condition in [
            ('treated', 'not is_holdout'), ('holdout', 'is_holdout')
        ] -%}
        count(case when {{ condition }} then ltv_change end)
            as {{ group }}_customers,
        count(case when {{ condition }} and ltv_change is null then 1 end)
            as {{ group }}_customers_without_ltv,
        sum(case when {{ condition }} then ltv_change end)
            as {{ group }}_ltv_change,
        sum(case when {{ condition }} then ltv_change * ltv_change end)
            as {{ group }}_ltv_change_squares,
        {% endfor -%}

        max(follow_up_date) as follow_up_date

    from changes

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

        {% for group in ['treated', 'holdout'] -%}
        {% for measure in [
            'customers', 'customers_without_ltv', 'ltv_change',
            'ltv_change_squares'
        ] -%}
        sum({{ group }}_{{ measure }}) as {{ group }}_{{ measure }},
        {% endfor -%}
        {% endfor -%}

        max(follow_up_date) as follow_up_date

    from segment_totals

    group by
        snapshot_date,
        strategy_code,
        window_days

),

strategy_ltv_outcome as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'snapshot_date', 'strategy_code', 'segment_code', 'window_days'
        ]) }} as strategy_ltv_outcome_key,
        snapshot_date,
        strategy_code,
        segment_code,
        segment_code = 'all' as is_total,
        cast(window_days as integer) as window_days,

        {% for group in ['treated', 'holdout'] -%}
        {% for measure in ['customers', 'customers_without_ltv'] -%}
        cast(
            case
                when follow_up_date is not null
                    then {{ group }}_{{ measure }}
            end as bigint
        ) as {{ group }}_{{ measure }},
        {% endfor -%}
        cast({{ group }}_ltv_change as decimal(24, 2))
            as {{ group }}_ltv_change,
        cast({{ group }}_ltv_change_squares as decimal(38, 4))
            as {{ group }}_ltv_change_squares,
        {% endfor -%}

        follow_up_date

    from totals

)

select * from strategy_ltv_outcome
