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
    {%- set found = _columns_found('published_file') if is_there else {} -%}
    {%- do _create_published_views(
        'published', 'published_file',
        found if _is_history('published_file', found) else {}
    ) -%}
    {%- do commit_open() -%}
{% endmacro %}


{% macro _columns_found(database) %}
    {#- Not through dbt's cache, which would begin a transaction, and roll all
        back. -#}
    {%- set found = {} -%}
    {%- for row in run_query(
        "select schema_name || '.' || table_name, column_name "
        ~ "from duckdb_columns() where database_name = '" ~ database ~ "'"
    ).rows -%}
        {%- do found.setdefault(row[0], []).append(row[1]) -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}


{% macro _is_history(database, found) %}
    {#- What was published of the sample is no history of own tables. -#}
    {%- set quality = graph.nodes.get('model.cst.ads_cst_data_quality') -%}
    {%- set snapshots = graph.nodes.get('model.cst.dim_cst_snapshot') -%}
    {%- if not quality or not snapshots
        or 'is_sample' not in found.get(
            published_schema(quality.schema) ~ '.' ~ quality.alias, []
        )
        or published_schema(snapshots.schema) ~ '.' ~ snapshots.alias
        not in found -%}
        {{ return(false) }}
    {%- endif -%}
    {{ return(run_query(
        'select count(*) as row_count from ' ~ api.Relation.create(
            database=database, schema=published_schema(quality.schema),
            identifier=quality.alias
        ) ~ ' where is_sample != ' ~ cst_var('cst_use_sample_data')
    ).rows[0][0] | int == 0) }}
{% endmacro %}


{% macro _create_published_views(database, published_database, found) %}
    {#-
        A view for each table of the source `published`, with all columns that
        its model, or the source, declares: what an older release did not have
        is null, and without a published file there are no rows.
    -#}
    {%- for table in graph.sources.values()
        if table.source_name == 'published' -%}
        {%- set model = graph.nodes.get('model.cst.' ~ table.name) -%}
        {%- set view = api.Relation.create(
            database=database, schema=table.schema, identifier=table.identifier
        ) -%}
        {%- if loop.first -%}
            {%- do run_query(
                'create schema if not exists ' ~ view.without_identifier()
            ) -%}
        {%- endif -%}
        {%- set schema = published_schema(
            model.schema if model else target.schema ~ '_ads'
        ) -%}
        {%- set names = found.get(schema ~ '.' ~ table.name, []) -%}
        {%- set columns = [] -%}
        {%- for column in (model or table).columns.values() -%}
            {%- do columns.append(
                'cast(' ~ (column.name if column.name in names else 'null')
                ~ ' as ' ~ column.data_type ~ ') as ' ~ column.name
            ) -%}
        {%- endfor -%}
        {%- do run_query(
            'create or replace view ' ~ view ~ ' as select '
            ~ columns | join(', ') ~ (
                ' from ' ~ api.Relation.create(
                    database=published_database, schema=schema,
                    identifier=table.name
                ) if names else ' where 1 = 0'
            )
        ) -%}
    {%- endfor -%}
{% endmacro %}
