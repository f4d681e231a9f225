{# A set that people see, or half see, is never built over. #}
{% macro spark__attach_published() %}
    {%- set prefixes = [published_prefix(), prefix_that_saw(target.schema)] -%}
    {%- for prefix in prefixes | select | unique -%}
        {%- set seen = published_sets(prefix) -%}
        {%- if seen is not none and flags.WHICH != 'test' -%}
            {%- do refuse_seen_set(prefix, seen) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set seen = published_sets(published_prefix()) -%}
    {#- A test of what is seen keeps the history that its build knew. -#}
    {%- if seen is none or target.schema not in [seen.set, seen.switching_to] -%}
        {%- set found = {} if seen is none else _columns_of_views() -%}
        {%- do _create_published_views(
            none, none, found if _is_history(none, found) else {}
        ) -%}
    {%- endif -%}
{% endmacro %}


{% macro _columns_of_views() %}
    {#- By name of the view: its columns; of what history is read from. -#}
    {%- set names = {} -%}
    {%- for table in graph.sources.values()
        if table.source_name == 'published' -%}
        {%- do names.update({table.name: table.name}) -%}
    {%- endfor -%}
    {%- do names.update({'ads_cst_data_quality': 'ads_cst_data_quality'}) -%}
    {%- set found = {} -%}
    {%- for name in names -%}
        {%- set node = graph.nodes.get('model.cst.' ~ name) -%}
        {%- set view = published_table(
            node.schema if node else target.schema ~ '_ads', name
        ) -%}
        {%- if is_there(view) -%}
            {%- do found.update({
                view.schema ~ '.' ~ view.identifier:
                    adapter.get_columns_in_relation(view)
                    | map(attribute='name') | list
            }) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}
