{% macro newest_row_at() %}
    {%- do _check_input_vars() -%}
    {%- do check_session_time_zone() -%}
    {%- for name in ['warn', 'error', 'rare'] -%}
        {%- do cst_var('cst_freshness_' ~ name ~ '_hours') -%}
    {%- endfor -%}
    {%- for name in cst_var_rules()['cst_enabled_sources']['values']
        if _ods_table(name) == model.name -%}
        {%- set relation = _source_as_it_is(name) -%}
        {%- set types = _source_types(relation) -%}
        {%- do _raise_problems(_source_problems(name, relation, types)) -%}
        {{ return(_newest_instant(model.name, relation, types)) }}
    {%- endfor -%}
{% endmacro %}


{% macro _source_as_it_is(name) %}
    {#- A seed or a model as it was built last: dbt refuses a ref() here. -#}
    {%- set from_model = cst_var('cst_source_models').get(name) -%}
    {%- set built = from_model or (
        _ods_table(name) if cst_var('cst_use_sample_data') else none
    ) -%}
    {%- for node in graph.nodes.values()
        if node.name == built and node.resource_type in ['model', 'seed'] -%}
        {{ return(api.Relation.create(
            database=node.database, schema=node.schema, identifier=node.alias
        )) }}
    {%- endfor -%}
    {{ return(this) }}
{% endmacro %}


{% macro _newest_instant(table, relation, types) %}
    {#- What is dated ahead of the clock would be fresh for as long. -#}
    {%- set newest = [] -%}
    {%- for name in _instants_of_arrival(table, types) -%}
        {%- set instant = read_value(name, 'timestamp', types[name]) -%}
        {%- do newest.append(
            'max(case when ' ~ is_plausible_instant(instant) ~ ' and '
            ~ instant ~ ' <= cast(current_timestamp as timestamp) + interval '
            ~ "'" ~ cst_var('cst_clock_tolerance_minutes')
            ~ "' minute then " ~ instant ~ ' end)'
        ) -%}
    {%- endfor -%}
    {%- if not newest -%}
        {{ exceptions.raise_compiler_error(
            "Source table '" ~ table ~ "' has no time, so nothing says how old "
            ~ "it is. Deliver 'ingested_at', or leave it out: --exclude "
            ~ 'source:ods.' ~ table
        ) }}
    {%- endif -%}
    {{ return(
        'select coalesce(' ~ (newest + ['null']) | join(', ') ~ ') from '
        ~ relation
    ) }}
{% endmacro %}


{% macro _instants_of_arrival(table, types) %}
    {#- When rows came; else when they were written; else when it happened. -#}
    {%- set names = [] -%}
    {%- for name in ['ingested_at', 'updated_at'] if name in types -%}
        {%- do names.append(name) -%}
    {%- endfor -%}
    {%- for name, (data_type, necessity) in ods_contract()[table].items()
        if data_type == 'timestamp' and necessity == 'required'
        and name != 'ended_at' -%}
        {%- do names.append(name) -%}
    {%- endfor -%}
    {{ return(names) }}
{% endmacro %}
