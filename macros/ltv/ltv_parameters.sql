{% macro ltv_parameters() %}
    {#-
        The relation with the fitted parameters: the table that the user
        supplies, else the model that fits them; none where there is neither.
    -#}
    {%- set relation = cst_var('ltv_parameters_relation') -%}
    {%- if cst_var('ltv_method') != 'bgnbd' -%}
        {{ return(none) }}
    {%- elif relation is not none -%}
        {{ return(relation) }}
    {%- elif target.type == 'duckdb' -%}
        {{ return(ref('int_cst_ltv_parameters')) }}
    {%- endif -%}
    {{ return(none) }}
{% endmacro %}


{% macro ltv_parameter_rows() %}
    {#-
        A query of the parameters, one row per snapshot. Where `reason` is not
        null, they must not be used.
    -#}
    {%- set relation = ltv_parameters() -%}
    {%- if relation is none %}
        select
            cast(null as date) as snapshot_date,
            {%- for name in ['r', 'alpha', 'a', 'b', 'p', 'q', 'gamma'] %}
            cast(null as double) as {{ name }},
            {%- endfor %}
            'no_parameters' as reason

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
            reason

        from {{ relation }}
    {%- endif -%}
{% endmacro %}
