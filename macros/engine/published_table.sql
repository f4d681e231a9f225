{% macro is_anything_published() %}
    {{ return(adapter.dispatch('is_anything_published', 'cst')()) }}
{% endmacro %}


{% macro duckdb__is_anything_published() %}
    {{ return(run_query(
        'select count(*) as database_count from duckdb_databases() '
        ~ "where database_name = 'published_file'"
    ).rows[0][0] | int > 0) }}
{% endmacro %}


{% macro spark__is_anything_published() %}
    {{ return(published_sets(published_prefix()) is not none) }}
{% endmacro %}


{% macro published_table(schema, name) %}
    {{ return(adapter.dispatch('published_table', 'cst')(schema, name)) }}
{% endmacro %}


{% macro duckdb__published_table(schema, name) %}
    {{ return(api.Relation.create(
        database='published_file', schema=schema, identifier=name
    )) }}
{% endmacro %}


{% macro spark__published_table(schema, name) %}
    {{ return(api.Relation.create(
        schema=published_schema(schema), identifier=name
    )) }}
{% endmacro %}


{% macro published_schema(schema) %}
    {{ return(adapter.dispatch('published_schema', 'cst')(schema)) }}
{% endmacro %}


{# The file has the schemas of the build. #}
{% macro duckdb__published_schema(schema) %}
    {{ return(schema) }}
{% endmacro %}


{# cst_b_dws is seen as cst_public_dws. #}
{% macro spark__published_schema(schema) %}
    {{ return(published_prefix() ~ schema[target.schema | length:]) }}
{% endmacro %}
