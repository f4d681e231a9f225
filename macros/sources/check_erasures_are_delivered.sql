{% macro _check_erasures_are_delivered(table, relation, types) %}
    {#-
        Without the column nobody has asked to be erased, so those who have
        would come back with their addresses. Who they are is known only from
        the dimension of the run before, which this run has yet to replace.
    -#}
    {%- if 'is_deleted' in ods_contract()[table] and 'is_deleted' not in types
        and not cst_var('cst_allow_missing_is_deleted') -%}
        {%- set erased_count = _erased_customer_count(relation, types) -%}
        {%- if erased_count > 0 -%}
            {{ exceptions.raise_compiler_error(
                "Source table '" ~ table ~ "' has no column 'is_deleted', so "
                ~ "customers who are erased in dim_cst_customer would be shown "
                ~ "again: " ~ erased_count ~ ". Deliver the column, or set "
                ~ "'cst_allow_missing_is_deleted' to true if that is meant."
            ) }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}


{% macro _erased_customer_count(relation, types) %}
    {%- set node = graph.get('nodes', {}).get('model.cst.dim_cst_customer') -%}
    {%- set built = load_relation(api.Relation.create(
        database=node.database, schema=node.schema, identifier=node.alias
    )) if node else none -%}
    {%- if built is none -%}
        {{ return(0) }}
    {%- endif -%}
    {%- set counted = run_query(
        'select count(*) as erased_count from ' ~ built
        ~ ' where is_current and is_deleted and customer_id in (select '
        ~ read_value('customer_id', 'string', types['customer_id'])
        ~ ' from ' ~ relation ~ ')'
    ) -%}
    {{ return(counted.rows[0][0] | int) }}
{% endmacro %}
