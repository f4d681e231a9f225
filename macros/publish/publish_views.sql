{% macro publish_views(roll_back=false) %}
    {%- set prefix = published_prefix() -%}
    {%- set state = _state_to_publish(prefix) -%}
    {%- set last = last_run(prefix) -%}
    {%- set seen = published_sets(prefix) or {} -%}
    {%- set is_logged = state.build_id == last.build_id -%}
    {%- if is_logged and not seen.switching_to
        and seen.set == target.schema -%}
        {{ log(
            'Nothing to do: this build is published already (as of '
            ~ last.as_of_date ~ ', run ' ~ last.run_id ~ ').', info=true
        ) }}
        {{ return('') }}
    {%- endif -%}
    {%- if seen.switching_to
        and target.schema not in [seen.set, seen.switching_to] -%}
        {%- do refuse_seen_set(prefix, seen) -%}
    {%- elif roll_back -%}
        {%- do _check_roll_back(prefix, state) -%}
    {%- elif not is_logged -%}
        {%- do _check_history(prefix, state, last) -%}
    {%- endif -%}

    {#- Interrupted anywhere, the same command does the rest. -#}
    {%- set tables = _tables_to_publish(state) -%}
    {%- set measures = _measures(tables) -%}
    {%- do run_query('create schema if not exists ' ~ prefix ~ '_log') -%}
    {%- do run_query(
        'create schema if not exists ' ~ _mark_of_set(target.schema).schema
    ) -%}
    {%- do run_query(
        'create or replace view ' ~ _mark_of_set(target.schema) ~ ' as select '
        ~ _text_literal(prefix) ~ ' as prefix'
    ) -%}
    {%- do _create_runs(prefix) -%}
    {%- do _note_sets(prefix, seen.set, target.schema) -%}
    {%- do _switch_views(tables) -%}
    {%- if not is_logged -%}
        {%- do _log_run(
            prefix, state, (last.run_id or 0) + 1, measures,
            'roll_back' if roll_back else 'restatement'
            if state.restated_from_date else 'publication'
        ) -%}
    {%- endif -%}
    {%- do _note_sets(prefix, target.schema, none) -%}
    {{ log(
        ('Rolled back: ' if roll_back else 'Published: ') ~ prefix ~ ' is '
        ~ target.schema ~ ', as of ' ~ state.as_of_date ~ ', run '
        ~ last_run(prefix).run_id ~ '.', info=true
    ) }}
{% endmacro %}


{% macro _refuse_to_publish(message) %}
    {{ exceptions.raise_compiler_error(message ~ ' Nothing was published.') }}
{% endmacro %}


{% macro _state_to_publish(prefix) %}
    {#- What the hooks noted of the build; refuses one that is not whole. -#}
    {%- if target.type == 'duckdb' -%}
        {%- do _refuse_to_publish(
            'DuckDB publishes a file, not views: python -m cst publish.'
        ) -%}
    {%- elif prefix == '' or prefix == target.schema -%}
        {%- do _refuse_to_publish(
            'CST_SPARK_PUBLISHED has to say what the schemas of the views '
            ~ 'begin with, other than ' ~ target.schema ~ '.'
        ) -%}
    {%- endif -%}
    {%- set table = api.Relation.create(
        schema=target.schema ~ '_intermediate', identifier='build_state'
    ) -%}
    {%- set rows = run_query('select * from ' ~ table).rows
        if is_there(table) else [] -%}
    {%- if rows | length == 0 -%}
        {%- do _refuse_to_publish(
            target.schema ~ ' does not say that its build is complete.'
        ) -%}
    {%- endif -%}
    {%- set state = rows[0].dict() -%}
    {%- if state.status == 'building' -%}
        {%- do _refuse_to_publish(
            'The build of ' ~ target.schema ~ ' did not come to its end '
            ~ '(interrupted, or still running).'
        ) -%}
    {%- elif state.status != 'complete' -%}
        {%- do _refuse_to_publish(
            'The build of ' ~ target.schema ~ ' is not complete: '
            ~ state.reason ~ '.'
        ) -%}
    {%- endif -%}
    {{ return(state) }}
{% endmacro %}


{% macro _check_history(prefix, state, last) %}
    {%- if state.published_run_id != (last.run_id or 0) -%}
        {%- do _refuse_to_publish(
            'The build of ' ~ target.schema ~ (
                ' knows nothing of what is published'
                if state.published_run_id is none
                else ' goes on from run ' ~ state.published_run_id
            ) ~ ', but ' ~ prefix ~ ' is run ' ~ (last.run_id or 0)
            ~ ': build it again.'
        ) -%}
    {%- elif last.as_of_date is not none
        and state.is_sample == last.is_sample
        and state.as_of_date < last.as_of_date -%}
        {%- do _refuse_to_publish(
            'The build of ' ~ target.schema ~ ' is as of '
            ~ state.as_of_date ~ ', but ' ~ prefix ~ ' is as of '
            ~ last.as_of_date ~ ', which is later: roll back first.'
        ) -%}
    {%- endif -%}
{% endmacro %}


{% macro _check_roll_back(prefix, state) %}
    {%- set runs = run_query(
        'select run_id from ' ~ _runs_table(prefix) ~ ' where build_id = '
        ~ _text_literal(state.build_id)
    ).rows if is_there(_runs_table(prefix)) else [] -%}
    {%- if runs | length == 0 -%}
        {%- do _refuse_to_publish(
            'What ' ~ target.schema ~ ' holds was never published, so it is '
            ~ 'nothing to go back to.'
        ) -%}
    {%- endif -%}
    {#- No roll-back makes anybody contactable, or known, again. -#}
    {%- set customers = graph.nodes['model.cst.dim_cst_customer'] -%}
    {%- set lost = [] -%}
    {%- for name in customers.columns if name == 'has_contact_consent'
        or name.startswith('is_reachable_by_') -%}
        {%- do lost.append(
            '(earlier.' ~ name ~ ' and not coalesce(seen.' ~ name ~ ', false))'
        ) -%}
    {%- endfor -%}
    {%- set withdrawn = run_query(
        'select count(distinct earlier.customer_id) from '
        ~ _built('dim_cst_customer') ~ ' as earlier inner join '
        ~ published_table(customers.schema, customers.alias) ~ ' as seen '
        ~ 'on earlier.customer_id = seen.customer_id where seen.is_current '
        ~ 'and (seen.is_deleted and not earlier.is_deleted or '
        ~ 'earlier.is_current and (' ~ lost | join(' or ') ~ '))'
    ).rows[0][0] -%}
    {%- if withdrawn > 0 -%}
        {%- do _refuse_to_publish(
            withdrawn ~ ' customers were erased or refused contact since, and '
            ~ target.schema ~ ' would show them again: build it anew.'
        ) -%}
    {%- endif -%}
{% endmacro %}


{% macro _tables_to_publish(state) %}
    {#- Contacts first, so that no address outlives a withdrawal that is seen;
        relations, and whether they are public. -#}
    {%- set tables = [] -%}
    {%- for node in graph.nodes.values()
        if node.resource_type == 'model' and 'contact' in node.tags -%}
        {%- do tables.append(_built(node.name)) -%}
    {%- endfor -%}
    {%- for name in state.public_tables.split(',') -%}
        {%- do tables.append(api.Relation.create(
            schema=name.split('.')[0], identifier=name.split('.')[1]
        )) -%}
    {%- endfor -%}
    {%- set names = {} -%}
    {%- for table in tables -%}
        {%- if table.schema not in names -%}
            {%- do names.update({table.schema: _names_in(table.schema)}) -%}
        {%- endif -%}
        {%- if table.identifier not in names[table.schema] -%}
            {%- do _refuse_to_publish(
                target.schema ~ ' lacks the table ' ~ table ~ '.'
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(tables) }}
{% endmacro %}


{% macro _measures(tables) %}
    {#- Row counts, and sums of amounts and counts, as structs of SQL. -#}
    {%- set measures = [] -%}
    {%- for table in tables if not table.schema.endswith('_contact') -%}
        {%- set sums = {'row_count': 'count(*)'} -%}
        {%- for column in adapter.get_columns_in_relation(table)
            if column.name.endswith('_amount')
            or column.name.endswith('_count') -%}
            {%- do sums.update({
                column.name: 'sum(try_cast(' ~ column.name
                ~ ' as decimal(38, 6)))'
            }) -%}
        {%- endfor -%}
        {%- set row = run_query(
            'select ' ~ sums.values() | join(', ') ~ ' from ' ~ table
        ).rows[0] -%}
        {%- for name in sums -%}
            {%- do measures.append(
                "named_struct('table_name', '" ~ table.identifier
                ~ "', 'measure_name', '" ~ name ~ "', 'value', cast('"
                ~ '{:f}'.format(row[loop.index0] or 0)
                ~ "' as decimal(38, 6)))"
            ) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(measures) }}
{% endmacro %}


{% macro _switch_views(tables) %}
    {%- set wanted = {} -%}
    {%- for table in tables -%}
        {%- do wanted.setdefault(
            published_schema(table.schema), []
        ).append(table.identifier) -%}
    {%- endfor -%}
    {%- for schema in wanted -%}
        {%- do run_query('create schema if not exists ' ~ schema) -%}
    {%- endfor -%}
    {%- set nodes = {} -%}
    {%- for node in graph.nodes.values()
        if node.resource_type == 'model' -%}
        {%- do nodes.update({node.alias: node}) -%}
    {%- endfor -%}
    {%- for table in tables -%}
        {%- do run_query(
            'create or replace view '
            ~ published_table(table.schema, table.identifier)
            ~ _view_comments(
                adapter.get_columns_in_relation(table) | map(attribute='name'),
                nodes.get(table.identifier, {})
            ) ~ ' as select * from ' ~ table
        ) -%}
    {%- endfor -%}
    {#- What this release no longer has would show an old day for ever. -#}
    {%- for schema, names in wanted.items() -%}
        {%- for name in _names_in(schema, 'views')
            if name not in names + ['ads_cst_run', 'ads_cst_run_table'] -%}
            {%- do run_query('drop view ' ~ schema ~ '.' ~ name) -%}
        {%- endfor -%}
    {%- endfor -%}
{% endmacro %}


{% macro _view_comments(names, node) %}
    {#- A table may have been built by another release, with other columns. -#}
    {%- set columns = [] -%}
    {%- for name in names -%}
        {%- set words = node.get('columns', {}).get(name, {}).get('description')
        -%}
        {%- do columns.append(
            name ~ (' comment ' ~ comment_literal(short_comment_text(words))
            if words else '')
        ) -%}
    {%- endfor -%}
    {%- set words = node.get('description') -%}
    {{ return(
        ' (' ~ columns | join(', ') ~ ')' ~ (
            ' comment ' ~ comment_literal(short_comment_text(words))
            if words else ''
        )
    ) }}
{% endmacro %}


{% macro _create_runs(prefix) %}
    {#-
        A run and its measures are one row, and so are written at one stroke;
        the two views of it are what the source `published` declares.
    -#}
    {%- set runs = _runs_table(prefix) -%}
    {%- set columns = graph.sources['source.cst.published.ads_cst_run'].columns
    -%}
    {%- set definitions = [] -%}
    {%- for column in columns.values() -%}
        {%- do definitions.append(column.name ~ ' ' ~ column.data_type) -%}
    {%- endfor -%}
    {%- do run_query(
        'create table if not exists ' ~ runs ~ ' ('
        ~ definitions | join(', ') ~ ', measures array<struct<'
        ~ 'table_name: string, measure_name: string, value: decimal(38, 6)>>)'
        ~ ' using ' ~ ('delta' if target.type == 'databricks' else 'parquet')
    ) -%}
    {%- set schema = published_schema(target.schema ~ '_ads') -%}
    {%- do run_query('create schema if not exists ' ~ schema) -%}
    {%- do run_query(
        'create or replace view ' ~ schema ~ '.ads_cst_run'
        ~ _view_comments(
            columns, graph.sources['source.cst.published.ads_cst_run']
        ) ~ ' as select ' ~ columns | join(', ') ~ ' from ' ~ runs
    ) -%}
    {%- do run_query(
        'create or replace view ' ~ schema ~ '.ads_cst_run_table'
        ~ _view_comments(
            ['run_id', 'table_name', 'measure_name', 'value'],
            graph.sources['source.cst.published.ads_cst_run_table']
        ) ~ ' as select '
        ~ 'run_id, measure.table_name, measure.measure_name, measure.value '
        ~ 'from (select run_id, explode(measures) as measure from ' ~ runs
        ~ ') as measured'
    ) -%}
{% endmacro %}


{% macro _log_run(prefix, state, run_id, measures, kind) %}
    {%- set is_anew = kind == 'roll_back' -%}
    {%- set row = dict(state, run_id=run_id, kind=kind) -%}
    {%- if is_anew -%}
        {%- do row.update({
            'restated_from_date': none, 'restated_to_date': none
        }) -%}
    {%- endif -%}
    {%- set values = [] -%}
    {%- for column in graph.sources[
        'source.cst.published.ads_cst_run'
    ].columns.values() -%}
        {%- do values.append('cast(' ~ (
            "date_trunc('second', current_timestamp())"
            if column.name == 'published_at'
            else _text_literal(row.get(column.name))
        ) ~ ' as ' ~ column.data_type ~ ')') -%}
    {%- endfor -%}
    {%- do run_query(
        'insert into ' ~ _runs_table(prefix) ~ ' select '
        ~ values | join(', ') ~ ', array(' ~ measures | join(', ') ~ ')'
    ) -%}
{% endmacro %}
