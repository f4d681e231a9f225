{% macro rfm_edge_score(standing, edges) %}
    {#-
        1 + the number of edges below a standing. Equal standings always get
        equal scores. An edge that is null (nobody to draw it from) is below
        nothing.
    -#}
    {%- if edges is string or edges | length == 0 -%}
        {{ exceptions.raise_compiler_error(
            "rfm_edge_score: 'edges' must be a list of at least one column, "
            ~ "got " ~ (edges | tojson)
        ) }}
    {%- endif -%}
    {{ return(adapter.dispatch('rfm_edge_score', 'cst')(standing, edges)) }}
{% endmacro %}


{% macro default__rfm_edge_score(standing, edges) -%}
    1
    {%- for edge in edges %}
    + case when {{ standing }} > {{ edge }} then 1 else 0 end
    {%- endfor -%}
{%- endmacro %}
