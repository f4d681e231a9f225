{% macro _check_erasures_are_delivered(table, relation, types) %}
    {#-
        Where the column is missing, or empty, nobody has asked to be erased,
        so those who have would come back with their addresses. Who they are is
        known only from the dimension of the run before, which this run has yet
        to replace.
    -#}
    {%- if 'is_deleted' in ods_contract()[table]
        and not cst_var('cst_allow_missing_is_deleted') -%}
        {%- set erased_count = _erased_customer_count(relation, types) -%}
        {%- if erased_count > 0 -%}
            {{ exceptions.raise_compiler_error(
                "Source table '" ~ table ~ "' has no " ~ (
                    "value in 'is_deleted'" if 'is_deleted' in types
                    else "column 'is_deleted'"
                ) ~ ", so customers who are erased in dim_cst_customer would "
                ~ "be shown again: " ~ erased_count ~ ". Deliver it, or set "
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
    {%- set customer_id = read_value(
        'customer_id', 'string', types['customer_id']
    ) -%}
    {#- Who is merged is erased with others, without a flag of their own. -#}
    {%- set silent = [] -%}
    {%- if 'is_deleted' in types -%}
        {%- for name in ['is_deleted', 'merged_into_customer_id']
            if name in types -%}
            {%- do silent.append('count(' ~ read_text(name) ~ ') = 0') -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set counted = run_query(
        'select count(*) as erased_count from ' ~ built
        ~ ' where is_current and is_deleted and customer_id in (select '
        ~ customer_id ~ ' from ' ~ relation ~ ' group by ' ~ customer_id
        ~ (' having ' ~ silent | join(' and ') if silent else '') ~ ')'
    ) -%}
    {{ return(counted.rows[0][0] | int) }}
{% endmacro %}
