{% macro published_run_id() %}
    {{ return(adapter.dispatch('published_run_id', 'cst')()) }}
{% endmacro %}


{# Also where it is no history: what is replaced has to be known. #}
{% macro duckdb__published_run_id() %}
    {%- if published_path() == '' -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set runs = load_relation(
        published_table(target.schema ~ '_ads', 'ads_cst_run')
    ) if is_anything_published() else none -%}
    {{ return(0 if runs is none else run_query(
        'select coalesce(max(run_id), 0) from ' ~ runs
    ).rows[0][0]) }}
{% endmacro %}


{% macro spark__published_run_id() %}
    {%- if published_prefix() == '' -%}
        {{ return(none) }}
    {%- endif -%}
    {{ return(last_run(published_prefix()).run_id or 0) }}
{% endmacro %}
