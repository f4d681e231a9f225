{% macro published_relation(model, column) %}
    {%- set node = graph.get('nodes', {}).get('model.cst.' ~ model)
        if execute else none -%}
    {%- if not node -%}
        {{ return(none) }}
    {%- endif -%}
    {#- A build that was refused is nothing to compare with. -#}
    {%- set published = load_relation(
        published_table(node.schema, node.alias)
        if 'public' in node.tags and is_anything_published()
        else api.Relation.create(
            database=node.database, schema=node.schema, identifier=node.alias
        )
    ) -%}
    {#- A table of an older release lacks columns that this one reads. -#}
    {%- if published is not none and column not in (
        adapter.get_columns_in_relation(published) | map(attribute='name')
    ) -%}
        {{ return(none) }}
    {%- endif -%}
    {{ return(published) }}
{% endmacro %}
