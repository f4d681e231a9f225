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
    {%- set names = _sources_to_read() -%}
    {%- set is_withdrawal = _reads_withdrawals_alone() -%}
    {%- set problems = [] -%}
    {%- for table, table_problems in file_problems.items()
        if not is_withdrawal or table == _ods_table('customer') -%}
        {%- do problems.extend(table_problems) -%}
    {%- endfor -%}
    {%- for name in names if _ods_table(name) not in file_problems -%}
        {%- set relation = cst_source_relation(name) -%}
        {%- set types = _source_types(relation) -%}
        {%- do problems.extend(
            _source_problems(name, relation, types) or (
                [] if is_withdrawal
                else _withdrawal_problems(name, relation, types)
            )
        ) -%}
    {%- endfor -%}
    {%- do _raise_problems(problems) -%}
    {{ return('') }}
{% endmacro %}


{% macro _reads_withdrawals_alone() %}
    {#-
        Who withdrew is read from whatever the customers' rows say: another
        source that is broken, or a column that is not there, must not keep it
        back, as nothing but withdrawals follows from such a run.
    -#}
    {%- if 'model.cst.int_cst_withdrawals' not in selected_resources -%}
        {{ return(false) }}
    {%- endif -%}
    {%- for node in graph.nodes.values()
        if node.unique_id in selected_resources
        and ('public' in node.tags or 'contact' in node.tags) -%}
        {{ return(false) }}
    {%- endfor -%}
    {{ return(true) }}
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
