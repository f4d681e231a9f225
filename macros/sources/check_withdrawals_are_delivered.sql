{% macro _check_withdrawals_are_delivered(table, relation, types) %}
    {#-
        Where a column is missing, or empty, nobody has withdrawn by it, so
        those who have would be shown or contacted again. Who they are is known
        only from what the run before left, which this run has yet to replace.
    -#}
    {%- if table != 'ods_cst_customer'
        or cst_var('cst_allow_missing_withdrawals') -%}
        {{ return('') }}
    {%- endif -%}
    {%- set erased_count = _erased_customer_count(relation, types) -%}
    {%- if erased_count > 0 -%}
        {%- do _raise_missing_withdrawals(
            table, types, 'is_deleted', erased_count,
            'customers who are erased in dim_cst_customer would be shown again'
        ) -%}
    {%- endif -%}
    {%- for consent in consents() -%}
        {%- set refused_count = _refused_customer_count(
            relation, types, consent
        ) -%}
        {%- if refused_count > 0 -%}
            {%- do _raise_missing_withdrawals(
                table, types, consent, refused_count,
                'customers who refused by it would count as not having said so'
            ) -%}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}


{% macro _raise_missing_withdrawals(table, types, column, count, effect) %}
    {{ exceptions.raise_compiler_error(
        "Source table '" ~ table ~ "' has no "
        ~ ('value in ' if column in types else 'column ')
        ~ "'" ~ column ~ "', so " ~ effect ~ ': ' ~ count ~ ". Deliver it, or "
        ~ "set 'cst_allow_missing_withdrawals' to true if that is meant."
    ) }}
{% endmacro %}


{% macro _erased_customer_count(relation, types) %}
    {%- set built = published_relation('dim_cst_customer', 'is_deleted') -%}
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


{% macro _refused_customer_count(relation, types, consent) %}
    {%- set built = published_relation('base_cst__customers', consent) -%}
    {%- if built is none -%}
        {{ return(0) }}
    {%- endif -%}
    {#- An is_deleted that cannot be read refuses without naming a consent. -#}
    {%- set counted = run_query(
        'select count(distinct customer_id) as refused_count from ' ~ built
        ~ ' where ' ~ consent ~ " = 'refused' and coalesce(flags, '') not like "
        ~ "'%unreadable_is_deleted%' and customer_id in (select "
        ~ read_value('customer_id', 'string', types['customer_id'])
        ~ ' from ' ~ relation ~ ')'
        ~ (' and not exists (select 1 from ' ~ relation ~ ' where '
           ~ read_text(consent) ~ ' is not null)' if consent in types else '')
    ) -%}
    {{ return(counted.rows[0][0] | int) }}
{% endmacro %}
