{%- set window = retention_windows() | max -%}
{%- set measures = ['order_count', 'net_amount'] -%}
{%- set periods = {'snapshot': 'cast(entry_date as string)', 'all': "'all'"} -%}
{%- set weight = 'cast(1e0 / choices.choice_probability as decimal(20, 9))' -%}
{%- set no_weight = 'cast(0 as decimal(20, 9))' -%}

with

retention as (

    select * from {{ ref('int_cst_retention') }}

),

-- where chance chose among several; the hold-out is drawn after it
choices as (

    select
        *,
        snapshot_date as entry_date

    from retention

    where
        is_compared
        and snapshot_date = episode_start_date
        and choice_probability < 1

),

-- what was an option of a rule shows in what was chosen, of the held out too
options as (

    select
        strategy_rule_id,
        strategy_code,
        min(entry_date) as first_date,
        max(entry_date) as last_date

    from choices

    where strategy_code != default_strategy_code

    group by
        strategy_rule_id,
        strategy_code

),

policies as (

    select
        'chosen' as policy_code,
        'chosen' as subject_code

    union all

    select
        'default' as policy_code,
        'default' as subject_code

    union all

    select distinct
        'alternative' as policy_code,
        strategy_code as subject_code

    from options

),

-- whoever got what the policy would give stands for all who would get it
entries as (

    select
        choices.*,
        policies.policy_code,
        policies.subject_code,
        case
            when policies.policy_code = 'chosen'
                then cast(1 as decimal(20, 9))
            when
                choices.strategy_code = coalesce(
                    options.strategy_code, choices.default_strategy_code
                )
                then {{ weight }}
            else {{ no_weight }}
        end as weight,
        policies.policy_code != 'alternative'
        or options.strategy_code is not null as is_option,
        case
            when choices.strategy_code = choices.default_strategy_code
                then {{ weight }}
            else {{ no_weight }}
        end as default_weight

    from choices

    cross join policies

    left join options
        on
            choices.strategy_rule_id = options.strategy_rule_id
            and policies.policy_code = 'alternative'
            and policies.subject_code = options.strategy_code
            and choices.entry_date between options.first_date
            and options.last_date

    where not choices.is_holdout

),

policy_entries as (

    {% for measure in measures -%}
    {% for period_type, period_code in periods.items() -%}
    select
        policy_code,
        subject_code,
        '{{ period_type }}' as period_type,
        {{ period_code }} as period_code,
        '{{ measure }}' as measure_code,
        customer_id,
        entry_date,
        weight,
        default_weight,
        is_option,
        contact_count > 0 as is_contacted,
        cast({{ measure }}_next_{{ window }}d as decimal(18, 2)) as measured,
        order_count_next_{{ window }}d > 0 as is_buyer

    from entries

    {{ 'union all' if not loop.last }}

    {% endfor -%}
    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from policy_entries
