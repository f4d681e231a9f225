{%- set groups = ['treated', 'holdout'] -%}
{%- set keys = ['scope_code', 'subject_code', 'arm_code', 'week_number'] -%}

with

entries_by_week as (

    select * from {{ ref('int_cst_effect_entries_by_week') }}

),

changes as (

    select * from {{ ref('int_cst_effect_week_changes') }}

),

sizes as (

    select
        {% for key in keys -%}
        {{ key }},
        {% endfor -%}
        sum(treated_entries) as treated_entries,
        sum(holdout_entries) as holdout_entries

    from entries_by_week

    group by {{ keys | join(', ') }}

),

sums as (

    select
        {% for key in keys -%}
        entries_by_week.{{ key }},
        {% endfor -%}
        changes.measure_code,
        sum(changes.treated_added) as treated_total,
        sum(changes.treated_added_squares) as treated_squares,
        sum(changes.holdout_added) as holdout_total,
        sum(changes.holdout_added_squares) as holdout_squares

    from entries_by_week

    inner join changes
        on
            entries_by_week.scope_code = changes.scope_code
            and entries_by_week.subject_code = changes.subject_code
            and entries_by_week.arm_code = changes.arm_code
            and entries_by_week.entry_date = changes.entry_date
            and entries_by_week.week_number >= changes.week_number

    group by
        {% for key in keys -%}
        entries_by_week.{{ key }},
        {% endfor -%}
        changes.measure_code

),

-- a week in which nothing has happened yet shows 0
weeks_since_entry as (

    {% for measure_code in effect_curve_measures() -%}
    select
        {% for key in keys -%}
        sizes.{{ key }},
        {% endfor -%}
        '{{ measure_code }}' as measure_code,
        {% for group in groups -%}
        cast(sizes.{{ group }}_entries as bigint) as {{ group }}_entries,
        coalesce(sums.{{ group }}_total, 0) as {{ group }}_total,
        coalesce(sums.{{ group }}_squares, 0) as {{ group }}_squares,
        {% endfor -%}
        coalesce(buyers.treated_total, 0)
        + coalesce(buyers.holdout_total, 0) as buyer_count

    from sizes

    {% for relation, code in {
        'sums': measure_code, 'buyers': 'repurchase_rate',
    }.items() -%}
    left join sums{{ ' as buyers' if relation == 'buyers' }}
        on
            {% for key in keys -%}
            sizes.{{ key }} = {{ relation }}.{{ key }}
            and {% endfor -%}
            {{ relation }}.measure_code = '{{ code }}'

    {% endfor -%}
    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from weeks_since_entry
