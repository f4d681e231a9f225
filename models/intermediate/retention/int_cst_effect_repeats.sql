{%- set keys = ['subject_code', 'window_days', 'measure_code'] -%}

with

observations as (

    select * from {{ ref('int_cst_effect_observations') }}

    where
        scope_code = 'strategy'
        and is_compared
        and is_mature

),

caps as (

    {{ effect_caps('observations') }}

),

values_measured as (

    {% for measure in effect_measures() -%}
    select
        observations.*,
        '{{ measure.code }}' as measure_code,
        cast({{ measure.value }} as decimal(18, 2)) as measured

    from observations

    {% if 'caps.' in measure.value -%}
    left join caps
        on
            observations.subject_code = caps.subject_code
            and observations.window_days = caps.window_days

    {% endif -%}
    where observations.window_days in ({{ measure.windows | join(', ') }})

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

values_known as (

    select * from values_measured

    where measured is not null

),

-- two episodes of one customer under the same strategy
pairs as (

    select
        earlier.subject_code,
        earlier.window_days,
        earlier.measure_code,
        case
            when earlier.segment_code = later.segment_code
                then earlier.segment_code
        end as segment_code,

        earlier.as_of_date,
        earlier.entry_date,
        later.entry_date as later_entry_date,

        case
            when not earlier.is_holdout and not later.is_holdout
                then 'treated'
            when earlier.is_holdout and later.is_holdout then 'holdout'
            else 'mixed'
        end as pair_group,
        case when earlier.is_holdout then later.measured else earlier.measured
        end as first_value,
        case when earlier.is_holdout then earlier.measured else later.measured
        end as second_value

    from values_known as earlier

    inner join values_known as later
        on
            earlier.customer_id = later.customer_id
            and earlier.subject_code = later.subject_code
            and earlier.window_days = later.window_days
            and earlier.measure_code = later.measure_code
            and earlier.entry_date < later.entry_date

),

-- of a mixed pair, the first value is that of the episode not held out
cells as (

    {% for segment_code in ['segment_code', "'all'"] -%}
    {% for period in effect_pair_periods() -%}
    select
        {% for key in keys -%}
        {{ key }},
        {% endfor -%}

        {% for groups in ['treated', 'holdout', 'mixed'] -%}
        {% for sum, value in {
            'pairs': '1', 'firsts': 'first_value', 'seconds': 'second_value',
            'products': 'cast(first_value as decimal(20, 2)) * second_value',
        }.items() -%}
        sum(case when pair_group = '{{ groups }}' then {{ value }} else 0 end)
            as {{ groups }}_{{ sum }},
        {% endfor -%}
        {% endfor -%}

        {{ segment_code }} as segment_code,
        '{{ period.type }}' as period_type,
        {{ period.code }} as period_code

    from pairs

    where
        {{ segment_code }} is not null
        and {{ period.condition }}

    group by
        {% for key in keys -%}
        {{ key }},
        {% endfor -%}
        {{ segment_code }},
        {{ period.code }}

    {{ 'union all' if not loop.last }}

    {% endfor -%}
    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from cells
