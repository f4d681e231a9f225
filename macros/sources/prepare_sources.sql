{% macro prepare_sources() %}
    {%- if not execute -%}
        {{ return('') }}
    {%- endif -%}
    {%- do _check_input_vars() -%}
    {%- if cst_var('cst_use_sample_data') -%}
        {{ return('') }}
    {%- endif -%}
    {%- do check_session_time_zone() -%}
    {%- set file_problems = {} if cst_var('cst_ods_path') is none
        else _register_ods_files() -%}
    {%- set problems = [] -%}
    {%- for table_problems in file_problems.values() -%}
        {%- do problems.extend(table_problems) -%}
    {%- endfor -%}
    {%- for name in _sources_to_read()
        if _ods_table(name) not in file_problems -%}
        {%- set relation = cst_source_relation(name) -%}
        {%- set types = _source_types(relation) -%}
        {%- do problems.extend(
            _source_problems(name, relation, types)
            or _withdrawal_problems(name, relation, types)
        ) -%}
    {%- endfor -%}
    {%- do _raise_problems(problems) -%}
    {{ return('') }}
{% endmacro %}


{% macro _sources_to_read() %}
    {%- set read = [] -%}
    {%- for node in graph.nodes.values()
        if node.unique_id in selected_resources -%}
        {%- do read.extend(node.depends_on.nodes) -%}
    {%- endfor -%}
    {%- set names = [] -%}
    {%- for name in cst_var('cst_enabled_sources')
        if 'source.cst.ods.' ~ _ods_table(name) in read -%}
        {%- do names.append(name) -%}
    {%- endfor -%}
    {{ return(names) }}
{% endmacro %}
