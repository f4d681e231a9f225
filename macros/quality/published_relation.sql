{% macro published_relation(model, column) %}
    {%- set node = graph.get('nodes', {}).get('model.cst.' ~ model)
        if execute else none -%}
    {%- if not node -%}
        {{ return(none) }}
    {%- endif -%}
    {#- A build that was refused is nothing to compare with. -#}
    {%- set is_in_file = 'public' in node.tags
        and published_file_is_attached() -%}
    {%- set published = load_relation(api.Relation.create(
        database='published_file' if is_in_file else node.database,
        schema=node.schema, identifier=node.alias
    )) -%}
    {#- A table of an older release lacks columns that this one reads. -#}
    {%- if published is not none and column not in (
        adapter.get_columns_in_relation(published) | map(attribute='name')
    ) -%}
        {{ return(none) }}
    {%- endif -%}
    {{ return(published) }}
{% endmacro %}
