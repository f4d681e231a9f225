{% macro published_relation(model, column) %}
    {%- set node = graph.get('nodes', {}).get('model.cst.' ~ model)
        if execute else none -%}
    {%- set built = load_relation(api.Relation.create(
        database=node.database, schema=node.schema, identifier=node.alias
    )) if node else none -%}
    {#- A table of an older release lacks columns that this one reads. -#}
    {%- if built is not none and column not in (
        adapter.get_columns_in_relation(built) | map(attribute='name')
    ) -%}
        {{ return(none) }}
    {%- endif -%}
    {{ return(built) }}
{% endmacro %}
