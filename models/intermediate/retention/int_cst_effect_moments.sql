{%- set groups = {'treated': 'not is_holdout', 'holdout': 'is_holdout'} -%}
{%- set keys = ['scope_code', 'subject_code', 'arm_code', 'window_days',
    'measure_code', 'is_compared'] -%}
{%- set counts = {
    'entries': 'measured is not null',
    'buyers': 'is_success',
    'contacted': 'measured is not null and is_contacted',
} -%}
{#- DuckDB multiplies 18 digits by 18 in 18. -#}
{%- set sums = {
    'total': 'measured',
    'squares': 'cast(measured as decimal(20, 2)) * measured',
    'prior_total': 'prior_amount',
    'prior_squares': 'cast(prior_amount as decimal(20, 2)) * prior_amount',
    'products': 'cast(prior_amount as decimal(20, 2)) * measured',
    'discount': 'discount_amount',
    'contact_cost': 'contact_cost_amount', 'profit': 'gross_profit_amount',
    'net': 'net_amount', 'profit_net': 'profit_net_amount',
} -%}

with

observations as (

    select * from {{ ref('int_cst_effect_observations') }}

),

caps as (
    {{ effect_caps('observations') }}
),

values_measured as (

    {% for measure in effect_measures() -%}
    select
        observations.*,
        '{{ measure.code }}' as measure_code,
        case
            when observations.is_mature
                then cast({{ measure.value }} as decimal(18, 2))
        end as measured,
        {{ measure.success }} as is_success

    from observations

    {% if 'caps.' in measure.value -%}
    left join caps
        on
            observations.scope_code = caps.scope_code
            and observations.subject_code = caps.subject_code
            and observations.window_days = caps.window_days

    {% endif -%}
    where observations.window_days in ({{ measure.windows | join(', ') }})

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

-- the groups become columns only where few rows are left
moments as (

    select
        {% for key in keys -%}
        {{ key }},
        {% endfor -%}
        segment_code,
        is_holdout,
        entry_date,
        as_of_date,

        {% for count, condition in counts.items() -%}
        count(case when is_mature and {{ condition }} then 1 end)
            as {{ count }},
        {% endfor -%}
        {% for sum, value in sums.items() -%}
        sum(
            case when is_mature and {{ counts.entries }} then {{ value }} else 0
            end
        ) as {{ sum }},
        {% endfor -%}
        count(case when not is_mature then 1 end) as open_entries

    from values_measured

    group by
        {% for key in keys -%}
        {{ key }},
        {% endfor -%}
        segment_code,
        is_holdout,
        entry_date,
        as_of_date

),

-- each entry counts in its segment and in all of them together, in its snapshot
-- and in the longer periods; where nothing can be known, there is no row
cells as (

    {% for segment_code in ['segment_code', "'all'"] -%}
    {% for period in effect_periods() -%}
    select
        {% for key in keys -%}
        {{ key }},
        {% endfor -%}
        {{ segment_code }} as segment_code,
        '{{ period.type }}' as period_type,
        {{ period.code }} as period_code,

        {% for group, is_in_group in groups.items() -%}
        {% for measure in (counts | list) + (sums | list) -%}
        sum(case when {{ is_in_group }} then {{ measure }} else 0 end)
            as {{ group }}_{{ measure }},
        {% endfor -%}
        {% endfor -%}
        sum(open_entries) as open_entries,

        min(entry_date) as first_entry_date,
        max(entry_date) as last_entry_date

    from moments

    where
        {{ segment_code }} is not null
        and {{ period.condition }}

    group by
        {% for key in keys -%}
        {{ key }},
        {% endfor -%}
        {{ segment_code }},
        {{ period.code }}

    having sum(entries + open_entries) > 0

    {{ 'union all' if not loop.last }}

    {% endfor -%}
    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from cells
