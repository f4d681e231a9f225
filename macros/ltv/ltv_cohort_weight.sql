{% macro ltv_cohort_weight(customers, cohorts) -%}
    {#-
        How much of its cohort's purchases and amounts is a customer's: by their
        net amount in the window, in cents. In a cohort without an amount, all
        customers weigh the same.
    -#}
    case
        when {{ cohorts }}.is_weighted
            then cast({{ customers }}.window_net_amount * 100 as bigint)
        else 1
    end
{%- endmacro %}
