{% macro first_purchase_cuts() %}
    {#-
        By what customers are told apart by how they came: codes, which are
        columns of int_cst_first_purchases.
    -#}
    {{ return([
        'total', 'first_channel', 'first_shop', 'first_category',
        'first_member_level', 'acquisition_channel',
    ]) }}
{% endmacro %}
