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
