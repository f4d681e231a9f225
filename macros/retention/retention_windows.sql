{% macro retention_windows() %}
    {#- The outcome windows that are measured, in days, shortest first. -#}
    {{ return(_windows_in_order(cst_var('retention_window_days'))) }}
{% endmacro %}


{% macro _windows_in_order(window_days) %}
    {{ return(window_days | unique | sort) }}
{% endmacro %}


{% macro retention_contract_windows() %}
    {#-
        The windows that have columns. They are part of the public contract, so
        they are fixed; one that is not measured is null.
    -#}
    {{ return(cst_var_rules()['retention_window_days']['values']) }}
{% endmacro %}


{% macro effect_windows() %}
    {#-
        The windows of ads_cst_effect in days: those of retention_window_days for
        what a strategy causes soon, and half a year and a year for the value
        that it realizes.
    -#}
    {{ return(retention_windows() + realized_value_windows()) }}
{% endmacro %}


{% macro realized_value_windows() %}
    {#- The windows of the realized value, in days: half a year and a year. -#}
    {{ return([180, 365]) }}
{% endmacro %}


{% macro outcome_windows() %}
    {#-
        Columns of dws_cst_retention that are measured after the list, in order,
        with the window after which they close; contacts with the longest one.
    -#}
    {%- set windows = {} -%}
    {%- for column in [
        'campaign_id', 'is_contaminated_holdout', 'contact_count',
        'first_contact_date', 'open_count', 'click_count', 'redemption_count',
        'contact_cost_amount', 'days_to_repurchase',
    ] -%}
        {%- do windows.update({column: retention_contract_windows() | max}) -%}
    {%- endfor -%}
    {%- for window in retention_contract_windows() -%}
        {%- for column in [
            'is_mature_', 'is_repurchased_within_', 'order_count_next_',
            'net_amount_next_',
        ] -%}
            {%- do windows.update({column ~ window ~ 'd': window}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(windows) }}
{% endmacro %}
