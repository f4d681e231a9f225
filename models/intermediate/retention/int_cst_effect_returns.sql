with

estimates as (

    select * from {{ ref('int_cst_effect_estimates') }}

),

adjustments as (

    select * from {{ ref('int_cst_effect_adjustments') }}

),

-- what treated entries have beyond what the held-out ones lead to expect
differences as (

    select
        estimates.*,
        case
            when estimates.withheld_reason is null
                then adjustments.adjusted_uplift
        end as adjusted_uplift,
        {{ student_t_of_95_percent(pooled_degrees_of_freedom(
            'estimates.treated_entries', 'estimates.holdout_entries'
        )) }} * estimates.widening * greatest(
            adjustments.adjusted_pooled_error, adjustments.adjusted_own_error
        ) as adjusted_margin,
        {% for part, amount in {
            'total': 'incremental_amount',
            'discount': 'incremental_discount_amount',
            'contact_cost': 'incremental_contact_cost_amount',
            'profit': 'incremental_gross_profit_amount',
        }.items() -%}
        case
            when
                estimates.measure_code = 'net_amount'
                and estimates.withheld_reason is null
                {{ 'and estimates.profit_net_total > 0' if part == 'profit' }}
                then cast(
                    estimates.treated_{{ part }} - {{ average_amount(
                        'estimates.holdout_' ~ part
                        ~ ' * estimates.treated_entries',
                        'estimates.holdout_entries',
                    ) }} as decimal(24, 2)
                )
        end as {{ amount }},
        {% endfor -%}
        {{ minimum_detectable_difference('pooled_error') }}
            as minimum_detectable_uplift,
        {{ false_discovery_bound('p_value') }} as false_discovery_bound

    from estimates

    left join adjustments
        on
            {% for key in effect_keys()[:-1] -%}
            estimates.{{ key }} = adjustments.{{ key }}
            and {% endfor -%}
            estimates.measure_code = adjustments.measure_code

),

returns as (

    select
        {% for column in effect_columns() + [
            'uplift', 'standard_error', 'uplift_low', 'uplift_high', 'p_value',
            'adjusted_uplift', 'adjusted_margin', 'minimum_detectable_uplift',
            'incremental_amount', 'incremental_discount_amount',
            'incremental_contact_cost_amount',
            'incremental_gross_profit_amount',
        ] -%}
        {{ column }},
        {% endfor -%}
        {{ false_discovery_q_value('false_discovery_bound', 'p_value') }}
            as q_value,
        -- fewer discounts than expected are luck more often than a saving
        greatest(incremental_discount_amount, 0)
        + incremental_contact_cost_amount as incremental_cost_amount,
        case
            when measure_code in ('net_amount', 'gross_profit')
                then cast(profit_net_total as double) / nullif(net_total, 0)
        end as profit_coverage_share,
        case
            when measure_code != 'net_amount' then null
            when withheld_reason is not null then 'effect_withheld'
            when incremental_gross_profit_amount is null then 'margin_unknown'
            when
                greatest(incremental_discount_amount, 0)
                + incremental_contact_cost_amount <= 0
                then 'no_incremental_cost'
        end as return_reason

    from differences

)

select * from returns
