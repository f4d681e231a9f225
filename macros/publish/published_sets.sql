{% macro published_prefix() %}
    {#- What the schemas begin with whose views people open, if any. -#}
    {{ return(env_var('CST_SPARK_PUBLISHED', '')) }}
{% endmacro %}


{% macro published_sets(prefix) %}
    {#- A view holds it: that is replaced at one stroke, which no table is. -#}
    {%- if prefix == '' or not is_there(_sets_view(prefix)) -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set row = run_query(
        'select published_set, switching_to from ' ~ _sets_view(prefix)
    ).rows[0] -%}
    {{ return({'set': row[0], 'switching_to': row[1]}) }}
{% endmacro %}


{% macro _note_sets(prefix, set, switching_to) %}
    {%- do run_query(
        'create or replace view ' ~ _sets_view(prefix) ~ ' as select cast('
        ~ _text_literal(set) ~ ' as string) as published_set, cast('
        ~ _text_literal(switching_to) ~ ' as string) as switching_to'
    ) -%}
{% endmacro %}


{% macro _sets_view(prefix) %}
    {{ return(api.Relation.create(
        schema=prefix ~ '_log', identifier='published_sets'
    )) }}
{% endmacro %}


{% macro prefix_that_saw(schema) %}
    {#- Who forgets CST_SPARK_PUBLISHED is not to build over what is seen. -#}
    {%- set mark = _mark_of_set(schema) -%}
    {{ return(
        run_query('select prefix from ' ~ mark).rows[0][0]
        if is_there(mark) else ''
    ) }}
{% endmacro %}


{% macro _mark_of_set(schema) %}
    {{ return(api.Relation.create(
        schema=schema ~ '_published', identifier='seen_as'
    )) }}
{% endmacro %}


{% macro is_there(relation) %}
    {#- Asked of the catalog: dbt takes an error for an empty schema. -#}
    {{ return(_names_in(relation.schema) | select(
        'equalto', relation.identifier
    ) | list | length > 0) }}
{% endmacro %}


{% macro _names_in(schema, kind='tables') %}
    {#- The views are among the tables. -#}
    {%- if run_query("show schemas like '" ~ schema ~ "'").rows
        | length == 0 -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set names = [] -%}
    {%- for row in run_query('show ' ~ kind ~ ' in ' ~ schema).rows -%}
        {%- do names.append(row[1]) -%}
    {%- endfor -%}
    {{ return(names) }}
{% endmacro %}


{% macro last_run(prefix) %}
    {#- Of the run log; without a row, all of it is none. -#}
    {%- set runs = _runs_table(prefix) -%}
    {%- set rows = run_query(
        'select run_id, build_id, as_of_date, is_sample from ' ~ runs
        ~ ' order by run_id desc limit 1'
    ).rows if is_there(runs) else [] -%}
    {%- set row = rows[0] if rows | length > 0 else [none] * 4 -%}
    {{ return({
        'run_id': row[0], 'build_id': row[1], 'as_of_date': row[2],
        'is_sample': row[3],
    }) }}
{% endmacro %}


{% macro _runs_table(prefix) %}
    {{ return(api.Relation.create(
        schema=prefix ~ '_log', identifier='runs'
    )) }}
{% endmacro %}


{% macro refuse_seen_set(prefix, seen) %}
    {%- if seen.switching_to -%}
        {{ exceptions.raise_compiler_error(
            'Publishing ' ~ seen.switching_to ~ ' as ' ~ prefix ~ ' was '
            ~ 'interrupted, or goes on. To finish it: CST_SPARK_PUBLISHED='
            ~ prefix ~ ' CST_SPARK_SCHEMA=' ~ seen.switching_to
            ~ ' dbt run-operation publish_views'
        ) }}
    {%- elif seen.set == target.schema -%}
        {{ exceptions.raise_compiler_error(
            target.schema ~ ' is what people see as ' ~ prefix ~ ', so it is '
            ~ 'not built over. Name the other set in CST_SPARK_SCHEMA.'
        ) }}
    {%- endif -%}
{% endmacro %}
