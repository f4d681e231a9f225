{% macro overview_counts() %}
    {#- Counts of buyers: name, and by which of their orders they count. -#}
    {{ return({
        'buyer_count': 'is_first',
        'new_buyer_count': 'is_new',
        'returning_buyer_count': 'is_first and not is_new',
        'repeat_buyer_count': 'is_second',
        'retained_buyer_count': 'is_retained',
        'won_back_buyer_count': 'is_first and not is_new and is_lapsed',
    }) }}
{% endmacro %}


{% macro overview_sums() %}
    {#- Measures that add up over orders: name, and what an order adds. -#}
    {{ return({
        'order_count': '1',
        'itemized_order_count': 'case when units is not null then 1 else 0 end',
        'units': 'units',
        'gross_amount': 'gross_amount',
        'discount_amount': 'discount_amount',
        'refund_amount': 'refund_amount',
        'net_amount': 'net_amount',
        'gross_profit_amount': 'gross_profit_amount',
        'profit_net_amount': 'profit_net_amount',
    }) }}
{% endmacro %}


{% macro overview_added_up() -%}
    {#- Columns: these measures of all orders of a cell. -#}
    {% for name, condition in overview_counts().items() -%}
    count(case when {{ condition }} then 1 end) as {{ name }},
    {% endfor -%}
    {% for name, value in overview_sums().items() -%}
    sum({{ value }}) as {{ name }}{{ ',' if not loop.last }}
    {% endfor -%}
{%- endmacro %}


{% macro overview_compared() %}
    {#- Measures that stand beside those of before and of last year. -#}
    {{ return([
        'buyer_count', 'new_buyer_count', 'order_count', 'net_amount',
        'gross_profit_amount',
    ]) }}
{% endmacro %}


{% macro overview_ratios() %}
    {#- What is divided by what, but for amounts; null without the latter. -#}
    {{ return({
        'units_per_order': ('units', 'itemized_order_count'),
        'gross_margin_rate': ('gross_profit_amount', 'profit_net_amount'),
        'repeat_buyer_rate': ('repeat_buyer_count', 'buyer_count'),
    }) }}
{% endmacro %}


{% macro overview_measure(name, relation) -%}
    {#- One of them with its type; without a buyer it is 0. -#}
    {%- set value = relation ~ '.' ~ name -%}
    {%- if name not in ['units', 'gross_profit_amount', 'profit_net_amount'] -%}
        {%- set value = 'coalesce(' ~ value ~ ', 0)' -%}
    {%- endif -%}
    cast({{ value }} as {{ overview_type(name) }})
{%- endmacro %}


{% macro overview_rolling_measures() %}
    {#- What an order adds to the windows that hold it: name, and how much. -#}
    {{ return({
        'buyer_count': 'case when is_first then 1 else 0 end',
        'new_buyer_count': 'case when order_number = 1 then 1 else 0 end',
        'repeat_buyer_count': 'case when is_second then 1 else 0 end',
        'order_count': '1',
        'itemized_order_count': 'case when units is not null then 1 else 0 end',
        'profit_order_count':
            'case when profit_net_amount is not null then 1 else 0 end',
        'units': 'coalesce(units, 0)',
        'gross_amount': 'gross_amount',
        'discount_amount': 'discount_amount',
        'refund_amount': 'refund_amount',
        'net_amount': 'net_amount',
        'gross_profit_amount': 'coalesce(gross_profit_amount, 0)',
        'profit_net_amount': 'coalesce(profit_net_amount, 0)',
    }) }}
{% endmacro %}


{% macro overview_shares(relation) -%}
    {#- Columns: what is one measure for each of another, of one row. -#}
    {% for whole in ['buyer', 'order'] -%}
    {{ average_amount(
        relation ~ '.net_amount', relation ~ '.' ~ whole ~ '_count'
    ) }} as net_amount_per_{{ whole }},
    {% endfor -%}
    {% for name, (part, whole) in overview_ratios().items() -%}
    cast({{ relation }}.{{ part }} as double)
        / nullif({{ relation }}.{{ whole }}, 0) as {{ name }}
        {{- ',' if not loop.last }}
    {% endfor -%}
{%- endmacro %}


{% macro overview_beside() -%}
    {#- Columns: what the rows `previous` and `last_year` say of the same. -#}
    {% for name in overview_compared() -%}
    previous.{{ name }} as previous_{{ name }},
    last_year.{{ name }} as last_year_{{ name }}{{ ',' if not loop.last }}
    {% endfor -%}
{%- endmacro %}


{% macro overview_type(name) -%}
    {#- The type of a measure. -#}
    {%- if name == 'units' -%} decimal(24, 3)
    {%- elif name.endswith('_amount') -%} decimal(24, 2)
    {%- else -%} bigint
    {%- endif -%}
{%- endmacro %}
