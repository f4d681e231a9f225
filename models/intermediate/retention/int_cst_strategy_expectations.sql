{%- set measures = {'buyers': 'repurchase_rate', 'amount': 'net_amount'} -%}
{#- Nobody knows the cost of contacts that were not made, or not delivered. -#}
{%- set is_costed = contacts_are_known() ~ " and headlines.treated_contacted > 0"
    ~ " and headlines.measure_code = 'net_amount'" -%}

with

strategies as (

    select * from {{ ref('cst_strategies') }}

),

estimates as (

    select * from {{ ref('int_cst_effect_estimates') }}

),

-- of each strategy, the rows that ads_cst_effect offers to quote
headlines as (

    select * from estimates

    where
        estimates.scope_code = 'strategy'
        and {{ is_headline_effect('estimates') }}

),

strategy_expectations as (

    select
        strategies.strategy_code,
        {% for name, measure in measures.items() -%}
        {%- set has_measure = "headlines.measure_code = '" ~ measure ~ "'" -%}
        {% for estimate in ['uplift', 'uplift_low', 'uplift_high'] -%}
        max(case when {{ has_measure }} then headlines.{{ estimate }} end)
            as {{ name }}_{{ estimate }},
        {% endfor -%}
        case
            when count(case when {{ has_measure }} then 1 end) = 0
                then 'not_compared'
            else max(
                case when {{ has_measure }} then headlines.withheld_reason end
            )
        end as {{ name }}_reason,
        {% endfor -%}
        max(case when {{ is_costed }} then headlines.treated_contact_cost end)
            as treated_contact_cost,
        max(case when {{ is_costed }} then headlines.treated_entries end)
            as treated_entries
    from strategies

    left join headlines
        on strategies.strategy_code = headlines.subject_code

    group by strategies.strategy_code

)

select * from strategy_expectations
