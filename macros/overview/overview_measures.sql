{% macro overview_cuts() %}
    {#-
        What cuts of ads_cst_overview tell apart: code, and column of the buyers
        of a period. States are those before it begins.
    -#}
    {{ return({
        'total': "'all'",
        'order_channel': 'order_channel',
        'acquisition_channel': 'acquisition_channel',
        'member_level': 'member_level',
        'value_tier': 'value_tier',
        'program': 'program_group',
    }) }}
{% endmacro %}


{% macro overview_counts() %}
    {#- Counts of buyers: name, and who of them counts. -#}
    {{ return({
        'buyer_count': 'true',
        'new_buyer_count': 'is_new',
        'returning_buyer_count': 'not is_new',
        'repeat_buyer_count': 'order_count > 1',
        'retained_buyer_count': 'is_retained',
        'won_back_buyer_count': 'is_won_back',
    }) }}
{% endmacro %}


{% macro overview_sums() %}
    {#- Measures that add up over buyers. -#}
    {{ return([
        'order_count', 'gross_amount', 'discount_amount', 'refund_amount',
        'net_amount', 'gross_profit_amount',
    ]) }}
{% endmacro %}


{% macro overview_measure(name, relation) -%}
    {#- One of them with its type; without a buyer it is 0. -#}
    {%- set value = relation ~ '.' ~ name -%}
    {%- if name == 'gross_profit_amount' -%}
        cast({{ value }} as decimal(24, 2))
    {%- elif name.endswith('_amount') -%}
        cast(coalesce({{ value }}, 0) as decimal(24, 2))
    {%- else -%}
        cast(coalesce({{ value }}, 0) as bigint)
    {%- endif -%}
{%- endmacro %}
