{% macro behavior_measures() %}
    {#-
        What is counted over trailing days, and over which. is_logged: counted
        from the event log, so unknown before the log begins.
    -#}
    {%- set measures = [{
        'name': 'order_count', 'windows': [7, 30, 90], 'is_logged': false,
    }] -%}
    {%- for name in [
        'session_count', 'active_day_count', 'view_count', 'search_count',
        'cart_count', 'checkout_count',
    ] -%}
        {%- do measures.append(
            {'name': name, 'windows': [7, 30, 90], 'is_logged': true}
        ) -%}
    {%- endfor -%}
    {%- for name in [
        'product_view_session_count', 'product_view_cart_session_count',
        'cart_session_count', 'cart_order_session_count',
        'order_session_count',
    ] -%}
        {%- do measures.append(
            {'name': name, 'windows': [30, 90], 'is_logged': true}
        ) -%}
    {%- endfor -%}
    {{ return(measures) }}
{% endmacro %}


{% macro behavior_event_types() %}
    {#- The event types that are counted one by one. -#}
    {{ return([
        'page_view', 'product_view', 'search', 'cart', 'checkout', 'order'
    ]) }}
{% endmacro %}
