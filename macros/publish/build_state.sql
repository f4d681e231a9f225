{% macro mark_build_started() %}
    {%- if execute and _builds() -%}
        {%- do _write_build_state('building', none, []) -%}
    {%- endif -%}
{% endmacro %}


{% macro _builds() %}
    {#-
        Whoever writes the docs or asks how old a feed is, compiles the hooks or
        runs them, and leaves what was built as it is.
    -#}
    {{ return(flags.WHICH in ['build', 'run', 'seed', 'snapshot', 'retry']) }}
{% endmacro %}


{% macro mark_build_ended(results) %}
    {%- if execute and (_builds() or flags.WHICH == 'test') -%}
        {%- set reason = _why_incomplete(results) -%}
        {%- set warned = [] -%}
        {%- for result in results if result.status == 'warn' -%}
            {%- do warned.append(result.node.name) -%}
        {%- endfor -%}
        {%- if flags.WHICH != 'test' or reason is not none -%}
            {%- do _write_build_state(
                'complete' if reason is none else 'incomplete', reason, warned
            ) -%}
        {%- endif -%}
        {%- if flags.WHICH != 'test' and reason is none
            and target.type == 'duckdb' and published_path() != ''
            and env_var('CST_IS_PUBLISHING', '') == '' -%}
            {{ log(
                'The build is complete, and ' ~ published_path() ~ ' is as it '
                ~ 'was. To publish: python -m cst publish',
                info=true
            ) }}
        {%- elif flags.WHICH != 'test' and reason is none
            and target.type != 'duckdb' and published_prefix() != '' -%}
            {{ log(
                'The build is complete, and ' ~ published_prefix()
                ~ ' is as it was. To publish: dbt run-operation publish_views',
                info=true
            ) }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}


{% macro _why_incomplete(results) %}
    {#- A test is about tables that are there: that it passes adds nothing. -#}
    {%- set passed = [] -%}
    {%- set failed = [] -%}
    {%- for result in results -%}
        {%- if result.status in ['success', 'pass', 'warn', 'no-op'] -%}
            {%- do passed.append(result.node.unique_id) -%}
        {%- else -%}
            {%- do failed.append(result.node.name) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if failed -%}
        {{ return(
            failed | length ~ ' models and tests failed or were skipped, '
            ~ 'the first of them ' ~ failed[0] | truncate(80)
        ) }}
    {%- elif flags.WHICH == 'test' -%}
        {{ return(none) }}
    {%- elif flags.WHICH != 'build' -%}
        {{ return('it was made by dbt ' ~ flags.WHICH ~ ', not by dbt build') }}
    {%- elif flags.EMPTY or flags.SAMPLE -%}
        {{ return('it was made of a part of the rows') }}
    {%- endif -%}
    {%- set left_out = [] -%}
    {%- for node in graph.nodes.values()
        if node.resource_type in ['model', 'seed', 'snapshot', 'test']
        and node.config.materialized != 'ephemeral'
        and node.unique_id not in passed -%}
        {%- do left_out.append(node.name) -%}
    {%- endfor -%}
    {%- if left_out -%}
        {{ return(
            left_out | length ~ ' models and tests were left out, the first '
            ~ 'of them ' ~ left_out | sort | first | truncate(80)
        ) }}
    {%- endif -%}
    {{ return(none) }}
{% endmacro %}


{% macro _write_build_state(status, reason, warned) %}
    {#-
        Not there is not complete: between drop and create, and where dbt was
        killed, nobody takes the build for a whole one.
    -#}
    {%- set feed = graph.nodes.get('model.cst.int_cst_feed_checks') -%}
    {%- set state = api.Relation.create(
        database=target.database or none,
        schema=feed.schema if feed else target.schema ~ '_intermediate',
        identifier='build_state', type='table'
    ) -%}
    {%- set columns = [] -%}
    {%- for name, data_type, value in _build_state_values(
        status, reason, warned
    ) -%}
        {%- do columns.append(
            'cast(' ~ _text_literal(value) ~ ' as ' ~ data_type ~ ') as ' ~ name
        ) -%}
    {%- endfor -%}
    {%- do commit_open() -%}
    {%- do adapter.create_schema(state) -%}
    {%- do run_query('drop table if exists ' ~ state) -%}
    {%- do run_query(
        'create table ' ~ state ~ ' as select ' ~ columns | join(', ')
    ) -%}
    {%- do commit_open() -%}
{% endmacro %}


{% macro _build_state_values(status, reason, warned) %}
    {%- set messages = (
        _warnings_of_the_feed() if status == 'complete' else []
    ) + warned -%}
    {{ return([
        ('build_id', 'string', invocation_id),
        ('status', 'string', status),
        ('reason', 'string', reason),
        ('as_of_date', 'date', _built_as_of_date()
            if status == 'complete' else none),
        ('code_version', 'string', code_version()),
        ('rules_hash', 'string', rules_hash()),
        ('is_sample', 'boolean', cst_var('cst_use_sample_data')),
        ('restated_from_date', 'date', cst_var('cst_restate_from')),
        ('restated_to_date', 'date', cst_var('cst_restate_to')),
        ('published_run_id', 'bigint', published_run_id()),
        ('warning_count', 'bigint', messages | length),
        ('warnings', 'string', messages | join('; ')),
        ('public_tables', 'string', _public_tables() | join(',')),
    ]) }}
{% endmacro %}


{% macro _public_tables() %}
    {%- set tables = [] -%}
    {%- for node in graph.nodes.values()
        if node.resource_type == 'model' and 'public' in node.tags -%}
        {%- do tables.append(node.schema ~ '.' ~ node.alias) -%}
    {%- endfor -%}
    {{ return(tables | sort) }}
{% endmacro %}


{% macro _built_as_of_date() %}
    {{ return(run_query(
        'select max(snapshot_date) from ' ~ _built('int_cst_snapshot_dates')
    ).rows[0][0]) }}
{% endmacro %}


{% macro _warnings_of_the_feed() %}
    {#- Without the messages: those quote values, and the log is for ever. -#}
    {%- set warnings = [] -%}
    {%- for row in run_query(
        'select source_name, check_name, found_text, limit_text from '
        ~ _built('int_cst_feed_checks')
        ~ " where verdict = 'warn' order by source_name, check_name"
    ).rows -%}
        {%- do warnings.append(
            row[0] ~ ': ' ~ row[1] ~ ' is ' ~ row[2]
            ~ ('' if row[3] is none else ' (limit: ' ~ row[3] ~ ')')
        ) -%}
    {%- endfor -%}
    {{ return(warnings) }}
{% endmacro %}


{% macro _built(model) %}
    {%- set node = graph.nodes['model.cst.' ~ model] -%}
    {{ return(api.Relation.create(
        database=node.database, schema=node.schema, identifier=node.alias
    )) }}
{% endmacro %}


{% macro _text_literal(value) %}
    {%- if value is none -%}
        {{ return('null') }}
    {%- endif -%}
    {#- A backslash ends a literal on one engine, and is a letter on another. -#}
    {{ return(
        "'" ~ value | string | replace('\\', '/') | replace("'", "''") ~ "'"
    ) }}
{% endmacro %}
