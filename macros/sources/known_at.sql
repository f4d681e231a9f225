{% macro _arrival_filter(table, arrived) %}
    {#-
        The one place that hides what arrived after cst_known_at. Where nothing
        says when a row arrived, nothing says that it arrived later.
    -#}
    {%- if cst_var('cst_known_at') is none -%}
        {{ return('' if arrived == 'known' else ' where 1 = 0') }}
    {%- endif -%}
    {%- set arrivals = [] -%}
    {%- for name in ['ingested_at', 'updated_at']
        if name in ods_contract()[table] -%}
        {%- do arrivals.append(
            _plausible_value('source_values.' ~ name, 'timestamp')
        ) -%}
    {%- endfor -%}
    {{ return(
        ' where ' ~ ('not ' if arrived == 'later' else '')
        ~ 'coalesce(' ~ is_known_by_then(
            'coalesce(' ~ (arrivals + ['null']) | join(', ') ~ ')'
        ) ~ ', true)'
    ) }}
{% endmacro %}


{% macro is_known_by_then(arrived_at) %}
    {#- A date knows all that arrived before it ended. -#}
    {%- set known_at = cst_var('cst_known_at') | string -%}
    {{ return(
        arrived_at ~ (
            ' < ' ~ day_start_at(add_days(date_literal(known_at), 1))
            if _is_iso_date(known_at)
            else ' <= ' ~ value_of_text(_sql_text(known_at), 'timestamp')
        )
    ) }}
{% endmacro %}


{% macro known_date() %}
    {%- set known_at = cst_var('cst_known_at') -%}
    {%- if known_at is none or _is_iso_date(known_at) -%}
        {{ return(date_literal(known_at)) }}
    {%- endif -%}
    {{ return(business_date(
        value_of_text(_sql_text(known_at | string), 'timestamp')
    )) }}
{% endmacro %}
