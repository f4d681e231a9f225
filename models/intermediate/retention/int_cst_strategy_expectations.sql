{%- set measures = {'buyers': 'repurchase_rate', 'amount': 'net_amount'} -%}
{#- Nobody knows the cost of contacts that were not made, or not delivered. -#}
{%- set is_costed = contacts_are_known()
    ~ " and estimates.measure_code = 'net_amount'"
    ~ " and estimates.treated_contacted > 0" -%}

with

strategies as (

    select * from {{ ref('cst_strategies') }}

),

estimates as (

    select * from {{ ref('int_cst_effect_estimates') }}

),

-- by the rows that ads_cst_effect offers to quote
strategy_expectations as (

    select
        strategies.strategy_code,
        strategies.strategy_name_zh,
        strategies.strategy_name_en,

        {% for name, measure in measures.items() -%}
        {%- set has_measure = "estimates.measure_code = '" ~ measure ~ "'" -%}
        {% for estimate in ['uplift', 'uplift_low', 'uplift_high'] -%}
        max(case when {{ has_measure }} then estimates.{{ estimate }} end)
            as {{ name }}_{{ estimate }},
        {% endfor -%}
        case
            when count(case when {{ has_measure }} then 1 end) = 0
                then 'not_compared'
            else max(
                case when {{ has_measure }} then estimates.withheld_reason end
            )
        end as {{ name }}_reason,
        {% endfor -%}
        max(case when {{ is_costed }} then estimates.treated_contact_cost end)
            as treated_contact_cost,
        max(case when {{ is_costed }} then estimates.treated_entries end)
            as treated_entries

    from strategies

    left join estimates
        on
            strategies.strategy_code = estimates.subject_code
            and estimates.scope_code = 'strategy'
            and {{ is_headline_effect('estimates') }}

    group by
        strategies.strategy_code,
        strategies.strategy_name_zh,
        strategies.strategy_name_en

)

select * from strategy_expectations
