{% macro sale_profit(gross_amount, discount_amount, cost_amount) -%}
    {%- set has_rate = cst_var('ltv_margin_rate') is not none -%}
    cast(
        {%- if has_rate %}
        coalesce(
            {{ gross_amount }} - {{ cost_amount }},
            {{ gross_profit(gross_amount, discount_amount) }}
        )
        {%- else %}
        {{ gross_amount }} - {{ cost_amount }}
        {%- endif %} as decimal(18, 2)
    )
{%- endmacro %}


{% macro returned_profit(refund_amount) -%}
    {#-
        By cost, the goods come back with the money; by the rate, a discount was
        given all the same.
    -#}
    {%- set sold = 'cast(purchases.order_amount * 100 as bigint)' -%}
    {%- set returned = 'cast(' ~ refund_amount ~ ' * 100 as bigint)' -%}
    cast(
        {%- if cst_var('ltv_margin_rate') is not none %}
        case
            when purchases.is_cost_known
                then -{{ average_amount(
                    'purchases.sale_profit_amount * ' ~ returned, sold
                ) }}
            else -{{ refund_amount }} * {{ cst_var('ltv_margin_rate') }}
        end
        {%- else %}
        -{{ average_amount(
            'purchases.sale_profit_amount * ' ~ returned, sold
        ) }}
        {%- endif %} as decimal(18, 2)
    )
{%- endmacro %}
