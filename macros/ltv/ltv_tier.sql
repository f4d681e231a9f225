{% macro ltv_tier(ltv_decile) -%}
    case
        when {{ ltv_decile }} >= {{ cst_var('ltv_tier_high_decile') }}
            then 'high'
        when {{ ltv_decile }} >= {{ cst_var('ltv_tier_mid_decile') }}
            then 'mid'
        when {{ ltv_decile }} is not null then 'low'
    end
{%- endmacro %}
