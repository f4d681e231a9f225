{% macro ltv_parameters() %}
    {#-
        The relation with the fitted parameters: the table that the user
        supplies, else the model that fits them; none where there is neither.
    -#}
    {%- set relation = cst_var('ltv_parameters_relation') -%}
    {%- if cst_var('ltv_method') not in ['best', 'bgnbd'] -%}
        {{ return(none) }}
    {%- elif relation is not none -%}
        {{ return(relation) }}
    {#- dbt v2 runs no Python model. -#}
    {%- elif target.type == 'duckdb' and dbt_version.startswith('1.') -%}
        {{ return(ref('int_cst_ltv_parameters')) }}
    {%- endif -%}
    {{ return(none) }}
{% endmacro %}


{% macro ltv_parameter_rows() %}
    {#-
        A query of the parameters, one row per snapshot. Where `reason` is not
        null, they must not be used; where only `spend_reason` is not, those of
        the amounts (p, q, gamma) must not.
    -#}
    {%- set relation = ltv_parameters() -%}
    {%- if relation is none %}
        select
            cast(null as date) as snapshot_date,
            {%- for name in [
                'r', 'alpha', 'a', 'b', 'p', 'q', 'gamma', 'mean_repeat_amount',
            ] %}
            cast(null as double) as {{ name }},
            {%- endfor %}
            false as is_drop_out_known,
            'no_parameters' as reason,
            'no_parameters' as spend_reason

        where 1 = 0
    {%- else %}
        select
            snapshot_date,
            r,
            alpha,
            a,
            b,
            p,
            q,
            gamma,
            mean_repeat_amount,
            is_drop_out_known,
            reason,
            spend_reason

        from {{ relation }}
    {%- endif -%}
{% endmacro %}
