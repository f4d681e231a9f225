{%- set groups = {'treated': 'not is_holdout', 'holdout': 'is_holdout'} -%}
{%- set keys = ['scope_code', 'subject_code', 'arm_code', 'entry_date'] -%}
{%- set days = realized_value_windows() | max -%}

with

observations as (

    select * from {{ ref('int_cst_effect_observations') }}

    where
        is_compared
        and window_days = {{ days }}

),

weeks as (

    {% for week_number in range(1, days // 7 + 1) -%}
    select {{ week_number }} as week_number
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

entries_by_date as (

    select
        {% for key in keys -%}
        {{ key }},
        {% endfor -%}
        {% for group, is_in_group in groups.items() -%}
        count(case when {{ is_in_group }} then 1 end) as {{ group }}_entries,
        {% endfor -%}
        as_of_date

    from observations

    group by
        {% for key in keys -%}
        {{ key }},
        {% endfor -%}
        as_of_date

),

-- a week counts those who entered at least so many weeks ago
entries_by_week as (

    select
        {% for key in keys -%}
        entries_by_date.{{ key }},
        {% endfor -%}
        cast(weeks.week_number as integer) as week_number,
        entries_by_date.treated_entries,
        entries_by_date.holdout_entries

    from entries_by_date

    inner join weeks
        on
            {{ add_days(
                'entries_by_date.entry_date', '(7 * weeks.week_number)'
            ) }} <= entries_by_date.as_of_date

)

select * from entries_by_week
