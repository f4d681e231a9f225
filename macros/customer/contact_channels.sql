{% macro contact_channels() %}
    {#-
        A WeCom contact and a device are addressed in systems of their own, by
        the customer's id.
    -#}
    {{ return({
        'sms': 'mobile', 'email': 'email', 'wecom': none, 'push': none,
        'phone': 'mobile',
    }) }}
{% endmacro %}


{% macro any_channel(prefix) -%}
    {%- for channel in contact_channels() -%}
        {{ ' or ' if not loop.first }}{{ prefix ~ channel }}
    {%- endfor -%}
{%- endmacro %}
