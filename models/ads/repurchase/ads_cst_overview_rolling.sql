{%- set measures = overview_rolling_measures() | list -%}
{%- set shown = [
    'buyer_count', 'new_buyer_count', 'returning_buyer_count',
    'repeat_buyer_count',
] + overview_sums() | list -%}

with

days as (

    select
        period_start_date as date_day,
        min(period_start_date) over () as first_order_date

    from {{ ref('int_cst_overview_periods') }}

    where period_type = 'day'

),

changes as (

    select * from {{ ref('int_cst_overview_changes') }}

),

cut_values as (

    select
        order_cut,
        order_cut_value,
        window_days,
        min(date_day) as first_date

    from changes

    group by
        order_cut,
        order_cut_value,
        window_days

),

-- what a window holds is what came in so far, less what has left it
windows as (

    select
        {% for name in measures -%}
        cast(
            sum(coalesce(changes.{{ name }}, 0)) over (
                partition by
                    cut_values.order_cut,
                    cut_values.order_cut_value,
                    cut_values.window_days
                order by days.date_day
                rows between unbounded preceding and current row
            ) as {{ overview_type(name) }}
        ) as {{ name }},
        {% endfor -%}
        cut_values.window_days,
        cut_values.order_cut as cut_code,
        cut_values.order_cut_value as cut_value,
        days.date_day,
        days.first_order_date

    from days

    inner join cut_values
        on days.date_day >= cut_values.first_date

    left join changes
        on
            cut_values.order_cut = changes.order_cut
            and cut_values.order_cut_value = changes.order_cut_value
            and cut_values.window_days = changes.window_days
            and days.date_day = changes.date_day

),

-- of none, nothing is known; what is compared with is known whole
windows_known as (

    select
        {{ all_but('windows', [
            'units', 'gross_profit_amount', 'profit_net_amount',
            'profit_order_count',
        ]) }},
        windows.buyer_count - windows.new_buyer_count as returning_buyer_count,
        {{ add_days('windows.date_day', '1 - windows.window_days') }}
        >= windows.first_order_date as is_complete,
        case when windows.itemized_order_count > 0 then windows.units end
            as units,
        {% for name in ['gross_profit_amount', 'profit_net_amount'] -%}
        case when windows.profit_order_count > 0 then windows.{{ name }} end
            as {{ name }},
        {% endfor -%}
        windows.profit_order_count

    from windows

),

overview_rolling as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'own.window_days', 'own.date_day', 'own.cut_code', 'own.cut_value',
        ]) }} as overview_rolling_key,
        own.window_days,
        own.date_day,
        {{ add_days('own.date_day', '1 - own.window_days') }}
            as window_start_date,
        {{ labeled_code('own.cut_code', 'overview_cut', 'cut_code') }},
        own.cut_value,

        {% for name in shown -%}
        own.{{ name }},
        {% endfor -%}
        {{ overview_shares('own') }},
        {{ overview_beside() }},
        own.is_complete

    from windows_known as own

    left join windows_known as previous
        on
            own.window_days = previous.window_days
            and own.cut_code = previous.cut_code
            and own.cut_value = previous.cut_value
            and own.date_day
            = {{ add_days('previous.date_day', 'previous.window_days') }}
            and previous.is_complete

    left join windows_known as last_year
        on
            own.window_days = last_year.window_days
            and own.cut_code = last_year.cut_code
            and own.cut_value = last_year.cut_value
            and own.date_day = {{ add_days(
                'last_year.date_day',
                'case when last_year.window_days = 365 then 365 else 364 end',
            ) }}
            and last_year.is_complete

)

select * from overview_rolling
