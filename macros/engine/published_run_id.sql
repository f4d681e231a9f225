{% macro published_run_id() %}
    {{ return(adapter.dispatch('published_run_id', 'cst')()) }}
{% endmacro %}


{# Also where it is no history: what is replaced has to be known. #}
{% macro duckdb__published_run_id() %}
    {%- if published_path() == '' -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set runs = load_relation(api.Relation.create(
        database='published_file', schema=target.schema ~ '_ads',
        identifier='ads_cst_run'
    )) if published_file_is_attached() else none -%}
    {{ return(0 if runs is none else run_query(
        'select coalesce(max(run_id), 0) from ' ~ runs
    ).rows[0][0]) }}
{% endmacro %}


{% macro spark__published_run_id() %}
    {{ return(none) }}
{% endmacro %}


{% macro published_file_is_attached() %}
    {{ return(adapter.dispatch('published_file_is_attached', 'cst')()) }}
{% endmacro %}


{% macro duckdb__published_file_is_attached() %}
    {{ return(run_query(
        'select count(*) as database_count from duckdb_databases() '
        ~ "where database_name = 'published_file'"
    ).rows[0][0] | int > 0) }}
{% endmacro %}


{% macro spark__published_file_is_attached() %}
    {{ return(false) }}
{% endmacro %}
