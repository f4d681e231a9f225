{#- What a release before 0.11.0 published of a list. -#}
{%- set columns_before = [
    'customer_id', 'snapshot_date', 'strategy_code',
    'recommended_strategy_code', 'segment_code', 'value_tier',
    'contact_channel', 'no_contact_reason', 'strategy_priority', 'priority',
    'priority_basis', 'expected_gain_amount', 'recent_contact_count',
    'is_holdout', 'is_program_holdout', 'is_explored', 'episode_start_date',
] -%}
{%- set columns_since = [
    'assignment_reason_zh', 'assignment_reason_en', 'expected_order_uplift',
    'order_value_amount', 'strategy_name_zh', 'strategy_name_en',
] -%}

with

published as (

    select * from {{ source('published', 'ads_cst_audience') }}

    where not is_current

),

published_before as (

    select * from {{ source('published', 'ads_cst_audience_history') }}

),

strategies as (

    select * from {{ ref('cst_strategies') }}

),

as_of as (

    select last_snapshot_date as as_of_date

    from {{ ref('int_cst_snapshot_dates') }}

    where is_current

),

-- a file has either
lists as (

    select
        {%- for column in columns_before + columns_since %}
        {{ column }},
        {%- endfor %}
        list_date

    from published

    union all

    select
        {%- for column in columns_before %}
        published_before.{{ column }},
        {%- endfor %}
        cast(null as string) as assignment_reason_zh,
        cast(null as string) as assignment_reason_en,
        cast(null as double) as expected_order_uplift,
        cast(null as decimal(18, 2)) as order_value_amount,
        strategies.strategy_name_zh,
        strategies.strategy_name_en,
        published_before.list_date

    from published_before

    left join strategies
        on published_before.strategy_code = strategies.strategy_code

),

lists_published as (

    select lists.*

    from lists

    inner join as_of
        on lists.list_date <= as_of.as_of_date

)

select * from lists_published
