{% macro customer_balance_cuts() %}
    {#-
        By what ads_cst_customer_balance tells customers apart: code, and column
        of what they were before the period.
    -#}
    {{ return({
        'total': 'everybody',
        'acquisition_channel': 'acquisition_channel',
        'member_level': 'member_level',
        'value_tier': 'value_tier',
        'program': 'program_group',
    }) }}
{% endmacro %}


{% macro customer_balance_stage(stage) -%}
    {#- Whether somebody is a customer: alive, lapsed, prospect or absent. -#}
    case
        when {{ stage }} is null then 'absent'
        when {{ stage }} in ('prospect', 'lapsed') then {{ stage }}
        else 'alive'
    end
{%- endmacro %}


{% macro customer_balance_counts() %}
    {#- Counts of ads_cst_customer_balance: name, and who counts. -#}
    {%- set counts = {
        'opening': "opening = 'alive'",
        'new': "opening in ('prospect', 'absent') and closing = 'alive'",
        'won_back': "opening = 'lapsed' and closing = 'alive' and is_buyer",
        'reclassified':
            "opening = 'lapsed' and closing = 'alive' and not is_buyer",
        'churned': "opening = 'alive' and closing = 'lapsed'",
        'left': "opening = 'alive' and closing in ('prospect', 'absent')",
        'closing': "closing = 'alive'",
        'active': "closing = 'alive' and is_active",
        'lapsed': "opening = 'lapsed'",
        'prospect': "opening = 'prospect'",
        'converted': "opening = 'prospect' and closing in ('alive', 'lapsed')",
        'registered': "opening = 'absent' and is_registered",
    } -%}
    {%- set named = {} -%}
    {%- for name, condition in counts.items() -%}
        {%- do named.update({name ~ '_customer_count': condition}) -%}
    {%- endfor -%}
    {{ return(named) }}
{% endmacro %}


{% macro customer_balance_rates() %}
    {#- What of which is divided by what. -#}
    {{ return({
        'churn_rate': ('churned', 'opening'),
        'win_back_rate': ('won_back', 'lapsed'),
        'first_purchase_rate': ('converted', 'prospect'),
    }) }}
{% endmacro %}
