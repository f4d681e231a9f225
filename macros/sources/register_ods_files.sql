{% macro register_ods_files() %}
    {%- if not execute or cst_var('cst_ods_path') is none -%}
        {{ return('') }}
    {%- endif -%}
    {%- do _check_input_vars() -%}
    {%- do run_query('create schema if not exists cst_files') -%}
    {%- for name in cst_var('cst_enabled_sources') -%}
        {%- set table = _ods_table(name) -%}
        {%- set scan = _ods_file_scan(cst_var('cst_ods_path'), table) -%}
        {%- if scan is none -%}
            {%- do run_query('drop view if exists cst_files.' ~ table) -%}
        {%- else -%}
            {%- do run_query(
                'create or replace view cst_files.' ~ table
                ~ ' as select * from ' ~ scan
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return('') }}
{% endmacro %}


{% macro _ods_file_scan(path, table) %}
    {#- The table function that reads a source's files; none without files. -#}
    {#- Nothing is guessed: an id keeps its zeros, an empty file its header. -#}
    {%- set csv_options = ", header = true, all_varchar = true, delim = ',', "
        ~ "quote = '\"', escape = '\"'" -%}
    {%- set stem = path.rstrip('/') ~ '/' ~ table -%}
    {%- set found = namespace(scan=none) -%}
    {%- for suffix in ['parquet', 'csv'] -%}
        {%- for pattern in [
            stem ~ '.' ~ suffix, stem ~ '/**/*.' ~ suffix
        ] if found.scan is none -%}
            {%- set literal = "'" ~ pattern | replace("'", "''") ~ "'" -%}
            {%- set files = run_query(
                'select count(*) from glob(' ~ literal ~ ')'
            ) -%}
            {%- if files.rows[0][0] > 0 -%}
                {%- set found.scan = 'read_' ~ suffix ~ '(' ~ literal
                    ~ ', union_by_name = true'
                    ~ (csv_options if suffix == 'csv' else '') ~ ')' -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found.scan) }}
{% endmacro %}
