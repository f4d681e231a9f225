{% macro _withdrawal_problems(name, relation, types) %}
    {#-
        Where a column is missing, or empty, nobody has withdrawn by it, so
        those who have would be shown or contacted again. Who they are is known
        only from what the run before left, which this run has yet to replace.
    -#}
    {%- set problems = [] -%}
    {%- if name != 'customer' or cst_var('cst_allow_missing_withdrawals') -%}
        {{ return(problems) }}
    {%- endif -%}
    {%- set erased_count = _erased_customer_count(relation, types) -%}
    {%- if erased_count > 0 -%}
        {%- do problems.append(_missing_withdrawals(
            types, 'is_deleted', erased_count,
            'customers who are erased in dim_cst_customer would be shown again'
        )) -%}
    {%- endif -%}
    {%- for consent, refused_count in _refused_customer_counts(
        relation, types
    ).items() if refused_count > 0 -%}
        {%- do problems.append(_missing_withdrawals(
            types, consent, refused_count,
            'customers who refused by it would count as not having said so'
        )) -%}
    {%- endfor -%}
    {{ return(problems) }}
{% endmacro %}


{% macro _missing_withdrawals(types, column, customer_count, effect) %}
    {{ return(
        "Source table 'ods_cst_customer' has no "
        ~ ('value in ' if column in types else 'column ')
        ~ "'" ~ column ~ "', so " ~ effect ~ ': ' ~ customer_count
        ~ ". Deliver it, or set 'cst_allow_missing_withdrawals' to true if that "
        ~ 'is meant.'
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


{% macro _refused_customer_counts(relation, types) %}
    {%- set silent = [] -%}
    {%- for consent in consents() -%}
        {%- if consent not in types or run_query(
            'select 1 as one from ' ~ relation ~ ' where ' ~ read_text(consent)
            ~ ' is not null limit 1'
        ).rows | length == 0 -%}
            {%- do silent.append(consent) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set built = published_relation('dim_cst_customer', 'refused_consents') -%}
    {%- if built is none or not silent -%}
        {{ return({}) }}
    {%- endif -%}
    {%- set counts = [] -%}
    {%- for consent in silent -%}
        {%- do counts.append(
            "count(case when concat(',', refused_consents, ',') like '%,"
            ~ consent ~ ",%' then 1 end)"
        ) -%}
    {%- endfor -%}
    {%- set counted = run_query(
        'select ' ~ counts | join(', ') ~ ' from ' ~ built
        ~ ' where is_current and customer_id in (select '
        ~ read_value('customer_id', 'string', types['customer_id'])
        ~ ' from ' ~ relation ~ ')'
    ).rows[0] -%}
    {%- set refused = {} -%}
    {%- for consent in silent -%}
        {%- do refused.update({consent: counted[loop.index0] | int}) -%}
    {%- endfor -%}
    {{ return(refused) }}
{% endmacro %}
