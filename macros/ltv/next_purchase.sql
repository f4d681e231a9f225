{#-
    When a customer buys next, by BG/NBD with r, alpha, a and b from the row;
    times in weeks. The rate of a customer who is alive has a Gamma
    distribution, so the wait for the next purchase has a Lomax (Pareto II) one:
    shape r + x, scale alpha + T. Nobody can leave before it, so what is said of
    it is exact, and no series is needed.
-#}
{% macro bgnbd_p_purchase(repeat_count, weeks_observed, weeks_ahead) -%}
    {#- Of a customer who is alive; times P(alive) of any customer. -#}
    (
        1 - power(
            (alpha + {{ weeks_observed }})
            / (alpha + {{ weeks_observed }} + {{ weeks_ahead }}),
            r + {{ repeat_count }}
        )
    )
{%- endmacro %}


{% macro bgnbd_weeks_to_purchase(repeat_count, weeks_observed, probability) -%}
    {#-
        The other way round: the weeks after which a customer who is alive has
        bought with this probability. The exponent is capped where exp() would
        overflow, ages after anybody asks.
    -#}
    (
        (alpha + {{ weeks_observed }}) * (
            exp(least(
                -ln(1 - {{ probability }}) / (r + {{ repeat_count }}), 700
            )) - 1
        )
    )
{%- endmacro %}


{% macro bgnbd_silence_share(repeat_count, weeks_to_last, weeks_observed) -%}
    {#-
        Of customers with these purchases who did not leave after the last one,
        the share that is silent for so long, or longer.
    -#}
    power(
        (alpha + {{ weeks_to_last }}) / (alpha + {{ weeks_observed }}),
        r + {{ repeat_count }}
    )
{%- endmacro %}


{% macro purchase_horizons() %}
    {#- The horizons that are measured, in days, shortest first. -#}
    {{ return(_windows_in_order(cst_var('purchase_horizon_days'))) }}
{% endmacro %}


{% macro purchase_contract_horizons() %}
    {#-
        The horizons that have columns. They are part of the public contract, so
        they are fixed; one that is not measured is null.
    -#}
    {{ return(cst_var_rules()['purchase_horizon_days']['values']) }}
{% endmacro %}
