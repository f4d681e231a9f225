{#
    The separator, the mark for a null and the order of the parts are the
    contract: keys must not change when the hub's package takes over.
#}
{% macro generate_surrogate_key(field_list) %}
    {%- if var('surrogate_key_treat_nulls_as_empty_strings', false) -%}
        {%- set null_mark = '' -%}
    {%- else -%}
        {%- set null_mark = '_dbt_utils_surrogate_key_null_' -%}
    {%- endif -%}

    {%- set parts = [] -%}
    {%- for field in field_list -%}
        {%- if not loop.first -%}
            {%- do parts.append("'-'") -%}
        {%- endif -%}
        {%- set text = 'cast(' ~ field ~ ' as ' ~ dbt.type_string() ~ ')' -%}
        {%- do parts.append(
            'coalesce(' ~ text ~ ", '" ~ null_mark ~ "')"
        ) -%}
    {%- endfor -%}

    {{- return(dbt.hash(dbt.concat(parts))) -}}
{% endmacro %}
