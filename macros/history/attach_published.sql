{% macro published_path() %}
    {#- Who moves the build database says where the published one is, if any. -#}
    {{ return(env_var(
        'CST_PUBLISHED_PATH',
        '' if env_var('CST_DUCKDB_PATH', '') else 'cst.duckdb'
    )) }}
{% endmacro %}


{% macro attach_published() %}
    {%- if execute -%}
        {%- do adapter.dispatch('attach_published', 'cst')() -%}
    {%- endif -%}
{% endmacro %}


{% macro default__attach_published() %}
    {#- Nothing is published by views on this engine yet. -#}
    {%- do _create_published_views(none, false) -%}
{% endmacro %}


{% macro duckdb__attach_published() %}
    {%- set path = published_path() | replace("'", "''") -%}
    {%- do run_query("attach if not exists ':memory:' as published") -%}
    {#- One process may run dbt again, over another file. -#}
    {%- do run_query('detach database if exists published_file') -%}
    {%- set is_there = path != '' and run_query(
        "select count(*) as file_count from glob('" ~ path ~ "')"
    ).rows[0][0] | int > 0 -%}
    {%- if is_there -%}
        {%- do run_query(
            "attach '" ~ path ~ "' as published_file (read_only)"
        ) -%}
    {%- endif -%}
    {%- do _create_published_views(
        'published', is_there and _is_history('published_file')
    ) -%}
{% endmacro %}


{% macro _is_history(database) %}
    {#- What was published of the sample is no history of own tables. -#}
    {%- set snapshots = _published_file_relation(database, 'dim_cst_snapshot') -%}
    {%- set quality = _published_file_relation(
        database, 'ads_cst_data_quality'
    ) -%}
    {%- if snapshots is none or quality is none -%}
        {{ return(false) }}
    {%- endif -%}
    {{ return(run_query(
        'select count(*) as row_count from ' ~ quality ~ ' where is_sample != '
        ~ cst_var('cst_use_sample_data')
    ).rows[0][0] | int == 0) }}
{% endmacro %}


{% macro _published_file_relation(database, model) %}
    {%- set node = graph.nodes.get('model.cst.' ~ model) -%}
    {{ return(load_relation(api.Relation.create(
        database=database, schema=node.schema, identifier=node.alias
    )) if node else none) }}
{% endmacro %}


{% macro _create_published_views(database, is_history) %}
    {#-
        A view for each table of the source `published`, with all columns that
        its model, or the source, declares: what an older release did not have
        is null, and without a published file there are no rows.
    -#}
    {%- set tables = graph.sources.values()
        | selectattr('source_name', 'equalto', 'published') | list -%}
    {%- for table in tables -%}
        {%- set model = graph.nodes.get('model.cst.' ~ table.name) -%}
        {%- set view = api.Relation.create(
            database=database, schema=table.schema, identifier=table.identifier
        ) -%}
        {%- if loop.first -%}
            {%- do run_query(
                'create schema if not exists ' ~ view.without_identifier()
            ) -%}
        {%- endif -%}
        {%- set published = _published_file_relation(
            database ~ '_file', table.name
        ) if is_history else none -%}
        {%- set found = (
            adapter.get_columns_in_relation(published) | map(attribute='name')
            | list
        ) if published is not none else [] -%}
        {%- set columns = [] -%}
        {%- for column in (model or table).columns.values() -%}
            {%- do columns.append(
                'cast(' ~ (column.name if column.name in found else 'null')
                ~ ' as ' ~ column.data_type ~ ') as ' ~ column.name
            ) -%}
        {%- endfor -%}
        {%- do run_query(
            'create or replace view ' ~ view ~ ' as select '
            ~ columns | join(', ') ~ (
                ' from ' ~ published if published is not none
                else ' where 1 = 0'
            )
        ) -%}
    {%- endfor -%}
{% endmacro %}
