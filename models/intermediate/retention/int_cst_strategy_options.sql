{%- set share = cst_var('retention_exploration_share') -%}

with

rules as (

    select * from {{ ref('cst_strategy_rules') }}

),

alternatives as (

    select * from {{ ref('cst_strategy_alternatives') }}

),

segments as (

    select * from {{ ref('cst_segments') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

    where is_list_due or is_current

),

effects_in_use as (

    select * from {{ ref('int_cst_effects_in_use') }}

),

rule_options as (

    select
        rule_id,
        strategy_code,
        true as is_default

    from rules

    where rule_id in (select alternatives.rule_id from alternatives)

    union all

    select
        *,
        false as is_default

    from alternatives

),

-- each beside the rule's own
options_valued as (

    select
        snapshot_dates.snapshot_date,
        segments.segment_code,
        rule_options.rule_id,
        rule_options.strategy_code,
        rule_options.is_default,
        effects.expected_order_uplift,
        effects.expected_uplift_error,
        default_effects.expected_order_uplift as default_uplift,
        default_effects.expected_uplift_error as default_error

    from rule_options

    cross join snapshot_dates

    cross join segments

    inner join rules
        on rule_options.rule_id = rules.rule_id
    {%- for alias, relation in [
        ('effects', 'rule_options'), ('default_effects', 'rules'),
    ] %}

    left join effects_in_use as {{ alias }}
        on
            {{ relation }}.strategy_code = {{ alias }}.strategy_code
            and segments.segment_code = {{ alias }}.segment_code
            and snapshot_dates.snapshot_date = {{ alias }}.snapshot_date
    {%- endfor %}

),

-- of twenty alternatives that are no better, one passes by chance
compared as (

    select
        *,
        not is_default
        and coalesce(
            expected_order_uplift - default_uplift > 1.645e0 * sqrt(
                power(expected_uplift_error, 2) + power(default_error, 2)
            ), false
        ) as is_better

    from options_valued

),

-- the rule's own leads until another is known to bring more
ranked as (

    select
        *,
        row_number() over (
            partition by snapshot_date, segment_code, rule_id
            order by
                is_better desc,
                case when is_better then expected_order_uplift end desc,
                is_default desc,
                strategy_code asc
        ) as option_rank,
        count(*) over (
            partition by snapshot_date, segment_code, rule_id
        ) as option_count

    from compared

),

strategy_options as (

    select
        snapshot_date,
        segment_code,
        rule_id,
        strategy_code,
        is_default,
        option_rank = 1 as is_leading,
        expected_order_uplift,
        expected_uplift_error,
        round(
            case when option_rank = 1 then 1e0 - {{ share }} else 0e0 end
            + {{ share }} / cast(option_count as double), 12
        ) as choice_probability

    from ranked

)

select * from strategy_options
