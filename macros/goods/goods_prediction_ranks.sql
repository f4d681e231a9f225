{% macro goods_prediction_ranks() %}
    {#- How many categories are predicted for a customer. -#}
    {{ return(3) }}
{% endmacro %}
