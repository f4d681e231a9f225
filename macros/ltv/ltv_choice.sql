{% macro ltv_families() %}
    {#- What can predict, in the order of preference where nothing is known. -#}
    {{ return(['purchase_model', 'cohort', 'past_rate']) }}
{% endmacro %}


{% macro ltv_is_better(error, other_error) -%}
    {#-
        Whether an error is smaller by a tenth or more. Two that are zero are
        equal. Less would let the method change with chance.
    -#}
    (
        {{ other_error }} > 0
        and cast({{ error }} as double) * 10
        <= cast({{ other_error }} as double) * 9
    )
{%- endmacro %}


{% macro ltv_past_rate(repeat_count, days_observed) -%}
    {#-
        Purchases a day since the first one. A rate over one or two days would
        be absurd: new customers count as observed for as long as they are
        called new.
    -#}
    (
        cast({{ repeat_count }} as double)
        / greatest({{ days_observed }}, {{ cst_var('lifecycle_new_days') }})
    )
{%- endmacro %}


{% macro ltv_chosen_family(asked) -%}
    {#-
        The family that predicts, null where none can. A row says why a family
        cannot be used (…_reason), and which contests were lost (is_…_lost). A
        rate of the past is taken only where it won or is asked for.
    -#}
    {%- if asked == 'past_rate' -%}
    'past_rate'
    {%- else -%}
    case
        {%- if asked == 'bgnbd' %}
        when purchase_model_reason is null then 'purchase_model'
        {%- elif asked == 'best' %}
        when
            purchase_model_reason is null
            and (cohort_reason is not null or not is_between_both_lost)
            then
                case
                    when is_purchase_model_lost then 'past_rate'
                    else 'purchase_model'
                end
        when cohort_reason is null and is_cohort_lost then 'past_rate'
        {%- endif %}
        when cohort_reason is null then 'cohort'
    end
    {%- endif -%}
{%- endmacro %}


{% macro ltv_choice_reason(asked) -%}
    {#- Why the one asked for, or the first one, was not chosen; else null. -#}
    {%- if asked in ['best', 'bgnbd'] -%}
    case
        when chosen_family = 'cohort'
            then coalesce(
                purchase_model_reason,
                case
                    when is_purchase_model_untested then 'not_validated_yet'
                    else 'cohort_predicts_better'
                end
            )
        {%- if asked == 'best' %}
        when chosen_family = 'past_rate' then 'past_rate_predicts_better'
        {%- endif %}
    end
    {%- else -%}
    cast(null as {{ dbt.type_string() }})
    {%- endif -%}
{%- endmacro %}
