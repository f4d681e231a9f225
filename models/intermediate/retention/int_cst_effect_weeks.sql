{%- set groups = {'treated': 'not is_holdout', 'holdout': 'is_holdout'} -%}
{%- set keys = ['scope_code', 'subject_code', 'arm_code'] -%}
{%- set days = realized_value_windows() | max -%}

with

observations as (

    select * from {{ ref('int_cst_effect_observations') }}

    where
        is_compared
        and window_days = {{ days }}

),

changes as (

    select * from {{ ref('int_cst_effect_week_changes') }}

),

weeks as (

    {% for week_number in range(1, days // 7 + 1) -%}
    select {{ week_number }} as week_number
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

entries_by_date as (

    select
        {% for column in keys -%}
        {{ column }},
        {% endfor -%}
        entry_date,
        as_of_date,
        {% for group, is_in_group in groups.items() -%}
        count(case when {{ is_in_group }} then 1 end) as {{ group }}_entries
        {{- ',' if not loop.last }}
        {% endfor %}
    from observations

    group by
        {% for column in keys -%}
        {{ column }},
        {% endfor -%}
        entry_date,
        as_of_date

),

-- a week counts those who entered at least so many weeks ago
entries_by_week as (

    select
        {% for column in keys + ['entry_date'] -%}
        entries_by_date.{{ column }},
        {% endfor -%}
        entries_by_date.treated_entries,
        entries_by_date.holdout_entries,
        weeks.week_number

    from entries_by_date

    inner join weeks
        on
            {{ add_days(
                'entries_by_date.entry_date', '(7 * weeks.week_number)'
            ) }} <= entries_by_date.as_of_date

),

sums_by_week as (

    select
        {% for column in keys -%}
        entries_by_week.{{ column }},
        {% endfor -%}
        entries_by_week.week_number,
        changes.measure_code,
        {% for group in groups -%}
        sum(changes.{{ group }}_added) as {{ group }}_total,
        sum(changes.{{ group }}_added_squares) as {{ group }}_squares
        {{- ',' if not loop.last }}
        {% endfor %}
    from entries_by_week

    inner join changes
        on
            {% for column in keys + ['entry_date'] -%}
            entries_by_week.{{ column }} = changes.{{ column }}
            and {% endfor -%}
            entries_by_week.week_number >= changes.week_number

    group by
        {% for column in keys -%}
        entries_by_week.{{ column }},
        {% endfor -%}
        entries_by_week.week_number,
        changes.measure_code

),

sizes as (

    select
        {% for column in keys -%}
        {{ column }},
        {% endfor -%}
        week_number,
        sum(treated_entries) as treated_entries,
        sum(holdout_entries) as holdout_entries

    from entries_by_week

    group by
        {% for column in keys -%}
        {{ column }},
        {% endfor -%}
        week_number

),

weeks_since_entry as (

    {% for measure_code in effect_curve_measures() -%}
    select
        {% for column in keys -%}
        sizes.{{ column }},
        {% endfor -%}
        cast(sizes.week_number as integer) as week_number,
        '{{ measure_code }}' as measure_code,
        {% for group in groups -%}
        cast(sizes.{{ group }}_entries as bigint) as {{ group }}_entries,
        coalesce(sums_by_week.{{ group }}_total, 0) as {{ group }}_total,
        coalesce(sums_by_week.{{ group }}_squares, 0) as {{ group }}_squares
        {{- ',' if not loop.last }}
        {% endfor %}
    from sizes

    left join sums_by_week
        on
            {% for column in keys + ['week_number'] -%}
            sizes.{{ column }} = sums_by_week.{{ column }}
            and {% endfor -%}
            sums_by_week.measure_code = '{{ measure_code }}'

    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from weeks_since_entry
