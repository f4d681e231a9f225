{% macro cst_source(name, arrived='known', repeated_keys=none) %}
    {%- do _check_input_vars() -%}
    {%- if arrived not in ['known', 'later'] -%}
        {{ exceptions.raise_compiler_error(
            "cst_source: 'arrived' must be known or later, got " ~ arrived
        ) }}
    {%- endif -%}
    {%- set table = _ods_table(name) -%}
    {%- if not cst_source_is_enabled(name) -%}
        {{ return(_cst_source_select(table, none, {}, arrived)) }}
    {%- endif -%}

    {%- set relation = cst_source_relation(name) -%}
    {%- if not execute -%}
        {{ return(relation) }}
    {%- endif -%}

    {%- do check_session_time_zone() -%}
    {{ return(_cst_source_select(
        table, relation, _known_source_types(name, relation), arrived,
        repeated_keys
    )) }}
{% endmacro %}


{% macro repeated_keys(name) %}
    {%- if not cst_source_is_enabled(name) -%}
        {{ return('select cast(null as bigint) as key_hash where 1 = 0') }}
    {%- endif -%}
    {%- set relation = cst_source_relation(name) -%}
    {%- if not execute -%}
        {{ return('select * from ' ~ relation) }}
    {%- endif -%}
    {%- set key = _source_key(
        _ods_table(name), _known_source_types(name, relation)
    ) %}
    select {{ short_hash('source_key') }} as key_hash

    from (select {{ key }} as source_key from {{ relation }}) as source_keys

    group by {{ short_hash('source_key') }}

    having
        count(*) > 1
        or {{ short_hash('source_key') }}
        = {{ short_hash('cast(null as string)') }}
{% endmacro %}


{% macro _source_key(table, source_types) %}
    {%- set name = ods_contract()[table] | list | first -%}
    {%- set key = read_value(name, 'string', source_types[name]) -%}
    {#- usd and USD are one currency. -#}
    {{ return(
        _somebody(key) if name in _person_ids()
        else 'upper(' ~ key ~ ')' if name == 'currency_code' else key
    ) }}
{% endmacro %}


{% macro _somebody(id) %}
    {{ return('case when not ' ~ is_nobody_id(id) ~ ' then ' ~ id ~ ' end') }}
{% endmacro %}


{% macro _known_source_types(name, relation) %}
    {%- set table = _ods_table(name) -%}
    {%- set types = {} -%}
    {%- set is_model = name in cst_var('cst_source_models') -%}
    {%- if cst_var('cst_use_sample_data') and not is_model -%}
        {#- The seeds are ours: they have every column, as text. -#}
        {%- for column in ods_contract()[table] -%}
            {%- do types.update({column: 'string'}) -%}
        {%- endfor -%}
    {%- else -%}
        {%- do types.update(_source_types(relation)) -%}
        {%- do _raise_problems(_source_problems(name, relation, types)) -%}
        {#- A model is not there yet when a run begins. -#}
        {%- if is_model -%}
            {%- do _raise_problems(_withdrawal_problems(name, relation, types)) -%}
        {%- endif -%}
    {%- endif -%}
    {{ return(types) }}
{% endmacro %}


{% macro cst_source_relation(name) %}
    {%- set models = cst_var('cst_source_models') -%}
    {%- if name in models -%}
        {{ return(ref(models[name])) }}
    {%- endif -%}
    {%- if cst_var('cst_use_sample_data') -%}
        {{ return(ref(_ods_table(name))) }}
    {%- endif -%}
    {{ return(source('ods', _ods_table(name))) }}
{% endmacro %}


{% macro _check_input_vars() %}
    {#- models/staging/_ods__sources.yml reads these two unchecked. -#}
    {%- do cst_var('cst_ods_database') -%}
    {%- do cst_var('cst_ods_schema') -%}
    {%- set path = cst_var('cst_ods_path') -%}
    {%- set models = cst_var('cst_source_models') -%}
    {%- if models and cst_var('cst_use_sample_data') -%}
        {{ exceptions.raise_compiler_error(
            "Var 'cst_source_models' names your models, but "
            ~ "'cst_use_sample_data' is true, so that the sample would be the "
            ~ "rest. Set 'cst_use_sample_data' to false."
        ) }}
    {%- endif -%}
    {%- for name in models if name not in cst_var('cst_enabled_sources') -%}
        {{ exceptions.raise_compiler_error(
            "Var 'cst_source_models' has '" ~ name
            ~ "', which 'cst_enabled_sources' lacks, so the model would not be "
            ~ 'read. Add it there.'
        ) }}
    {%- endfor -%}
    {%- if path is not none and cst_var('cst_use_sample_data') -%}
        {{ exceptions.raise_compiler_error(
            "Var 'cst_ods_path' is '" ~ path ~ "', but 'cst_use_sample_data' "
            ~ "is true, so the path would not be read. Set "
            ~ "'cst_use_sample_data' to false."
        ) }}
    {%- elif path is not none and target.type != 'duckdb' -%}
        {{ exceptions.raise_compiler_error(
            "Var 'cst_ods_path' is '" ~ path ~ "', which works on DuckDB only; "
            ~ "target '" ~ target.name ~ "' is " ~ target.type ~ ". Load the "
            ~ "files into tables and set 'cst_ods_schema'."
        ) }}
    {%- endif -%}
{% endmacro %}


{% macro cst_source_is_enabled(name) %}
    {%- set enabled = cst_var('cst_enabled_sources') -%}
    {%- for needed in ['customer', 'order'] if needed not in enabled -%}
        {{ exceptions.raise_compiler_error(
            "Var 'cst_enabled_sources' lacks '" ~ needed ~ "'. All but "
            ~ "customer and order can be switched off."
        ) }}
    {%- endfor -%}
    {{ return(name in enabled) }}
{% endmacro %}


{% macro _ods_table(name) %}
    {{ return({
        'customer': 'ods_cst_customer',
        'order': 'ods_trd_order',
        'order_item': 'ods_trd_order_item',
        'refund': 'ods_trd_refund',
        'product': 'ods_prd_product',
        'exchange_rate': 'ods_fin_exchange_rate',
        'event': 'ods_log_event',
        'ticket': 'ods_svc_ticket',
        'campaign': 'ods_prm_campaign',
        'touch': 'ods_prm_touch',
    }[name]) }}
{% endmacro %}


{% macro _cst_source_select(
    table, relation, source_types, arrived='known', repeated_keys=none
) %}
    {#-
        In three steps, so that each text is read once: texts without what
        surrounds them, values, and what is wrong with those.
    -#}
    {%- set columns = [] -%}
    {%- set problems = [] -%}
    {%- set flags = [] -%}
    {%- set nobody_ids = [] -%}
    {%- for name, (data_type, necessity) in ods_contract()[table].items() -%}
        {%- set unread = _unread_where(name, source_types) -%}
        {%- if name in source_types -%}
            {%- if name in _person_ids() -%}
                {%- do nobody_ids.append(
                    '(' ~ name ~ ' is null and ' ~ name
                    ~ '_delivered is not null)'
                ) -%}
            {%- endif -%}
            {%- for condition, code, is_flag in _column_faults(
                table, name, data_type, necessity
            ) -%}
                {%- do (flags if is_flag else problems).append({
                    'when': condition if unread is none
                        else 'not ' ~ unread ~ ' and (' ~ condition ~ ')',
                    'code': code, 'column': name,
                    'value': 'null' if table == 'ods_cst_customer'
                        or code.startswith('missing_')
                        else 'cast(' ~ name ~ '_delivered as string)',
                }) -%}
            {%- endfor -%}
        {%- endif -%}
        {%- set value = _plausible_value(name, data_type) -%}
        {%- if unread is not none -%}
            {%- set value = 'case when not ' ~ unread ~ ' then ' ~ value
                ~ ' end' -%}
        {%- endif -%}
        {%- do columns.append((
            value if name != 'updated_at' else 'coalesce(' ~ value ~ ', '
            ~ _plausible_value('ingested_at', data_type) ~ ')'
        ) ~ ' as ' ~ name) -%}
    {%- endfor -%}
    {%- do columns.extend([
        _first_problem(problems, 'code', 'contract_problem'),
        _first_problem(problems, 'column', 'problem_column'),
        _first_problem(problems, 'value', 'problem_value'),
        _all_flags(flags), 'source_row', 'has_null_text',
        (nobody_ids | join(' or ') if nobody_ids else 'false')
        ~ ' as has_nobody_id', 'is_repeated',
    ]) -%}
    {{ return(
        '(select ' ~ columns | join(', ') ~ ' from '
        ~ _source_values(table, relation, source_types, repeated_keys)
        ~ _arrival_filter(table, arrived)
        ~ (_unreadable_lines(table, relation) if arrived == 'known' else '')
        ~ ') as source_rows'
    ) }}
{% endmacro %}


{% macro _unread_where(name, source_types) %}
    {#-
        Where a column is not read: a refund that was not paid has no time of
        payment, whatever the source puts there.
    -#}
    {{ return(
        is_unpaid_refund('refund_status')
        if name == 'refunded_at' and 'refund_status' in source_types else none
    ) }}
{% endmacro %}


{% macro _column_faults(table, name, data_type, necessity) %}
    {%- set is_required = necessity == 'required' -%}
    {%- set delivered = name
        ~ ('_delivered' if data_type != 'string' else '') -%}
    {%- set faults = [] -%}
    {%- if is_required -%}
        {%- do faults.append((
            delivered ~ ' is null', 'missing_' ~ name, false
        )) -%}
    {%- endif -%}
    {%- if data_type != 'string' -%}
        {%- do faults.append((
            name ~ ' is null and ' ~ delivered ~ ' is not null',
            'unreadable_' ~ name, name in _columns_read_alone(table),
        )) -%}
    {%- endif -%}
    {%- if data_type == 'timestamp' -%}
        {%- do faults.append((
            'not (' ~ is_plausible_instant(name) ~ ')',
            'implausible_' ~ name, not is_required,
        )) -%}
    {%- elif data_type.startswith('decimal') -%}
        {%- do faults.append((
            'abs(' ~ name ~ ') > ' ~ cst_var('cst_largest_amount'),
            'implausible_amount', false,
        )) -%}
    {%- endif -%}
    {{ return(faults) }}
{% endmacro %}


{% macro _plausible_value(name, data_type) %}
    {{ return(
        'case when ' ~ is_plausible_instant(name) ~ ' then ' ~ name ~ ' end'
        if data_type == 'timestamp' else name
    ) }}
{% endmacro %}


{% macro _source_values(table, relation, source_types, repeated_keys) %}
    {%- set columns = [] -%}
    {%- set delivered = {'unreadable_line': 'cast(null as string)'} -%}
    {%- set null_texts = [] -%}
    {%- for name, (data_type, necessity) in ods_contract()[table].items() -%}
        {%- if name not in source_types -%}
            {%- do columns.append(
                'cast(null as ' ~ data_type ~ ') as ' ~ name
            ) -%}
            {%- do delivered.update({name: 'cast(null as string)'}) -%}
        {%- else -%}
            {%- set value = value_of_text(name, data_type, source_types[name]) -%}
            {%- set text = value_of_text(name, 'string', source_types[name]) -%}
            {%- do delivered.update({
                name: text if data_type == 'string' else name
            }) -%}
            {%- if _is_text_type(source_types[name]) -%}
                {%- do null_texts.append(
                    'case when ' ~ name ~ ' is null then '
                    ~ is_null_text(name ~ '_raw') ~ ' else false end'
                ) -%}
            {%- endif -%}
            {%- if name in _person_ids() -%}
                {%- set value = _somebody(text) -%}
            {%- elif name == 'ended_at' -%}
                {#- A campaign without an end often ends in the year 9999. -#}
                {%- set value = 'case when ' ~ value ~ ' > '
                    ~ last_plausible_instant() ~ ' then '
                    ~ last_plausible_instant() ~ ' else ' ~ value ~ ' end' -%}
            {%- endif -%}
            {%- do columns.append(value ~ ' as ' ~ name) -%}
            {%- do columns.append(
                delivered[name] ~ ' as ' ~ name ~ '_delivered'
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do columns.extend([
        packed(delivered) ~ ' as source_row', 'is_repeated',
        (null_texts | join(' or ') if null_texts else 'false')
        ~ ' as has_null_text',
    ]) -%}
    {{ return(
        '(select ' ~ columns | join(', ') ~ ' from '
        ~ _source_texts(table, relation, source_types, repeated_keys)
        ~ ') as source_values'
    ) }}
{% endmacro %}


{% macro _source_texts(table, relation, source_types, repeated_keys) %}
    {%- set columns = [
        (repeated_keys ~ '.key_hash is not null' if repeated_keys is not none
         else 'false') ~ ' as is_repeated',
    ] -%}
    {%- for name in ods_contract()[table] if name in source_types -%}
        {%- if _is_text_type(source_types[name]) -%}
            {%- do columns.extend([
                read_text(name) ~ ' as ' ~ name, name ~ ' as ' ~ name ~ '_raw',
            ]) -%}
        {%- else -%}
            {%- do columns.append(name) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(
        '(select ' ~ columns | join(', ')
        ~ (' where 1 = 0' if relation is none
           else ' from ' ~ relation if repeated_keys is none
           else ' from (select *, '
            ~ short_hash(_source_key(table, source_types))
            ~ ' as cst_key_hash from ' ~ relation ~ ') as hashed_rows left join '
            ~ repeated_keys ~ ' on hashed_rows.cst_key_hash = '
            ~ repeated_keys ~ '.key_hash')
        ~ ') as source_texts'
    ) }}
{% endmacro %}


{% macro _first_problem(problems, item, name) %}
    {%- set branches = [] -%}
    {%- for problem in problems -%}
        {%- do branches.append(
            'when ' ~ problem.when ~ ' then ' ~ (
                problem['value'] if item == 'value'
                else _sql_text(problem[item])
            )
        ) -%}
    {%- endfor -%}
    {{ return(
        'cast(' ~ ('case ' ~ branches | join(' ') ~ ' end' if branches
        else 'null') ~ ' as string) as ' ~ name
    ) }}
{% endmacro %}


{% macro _all_flags(problems) %}
    {%- set codes = [] -%}
    {%- for problem in problems -%}
        {%- do codes.append(
            'case when ' ~ problem.when ~ ' then ' ~ _sql_text(problem.code)
            ~ ' end'
        ) -%}
    {%- endfor -%}
    {{ return(
        "nullif(concat_ws(',', " ~ codes | join(', ') ~ "), '') as flags"
        if codes else 'cast(null as string) as flags'
    ) }}
{% endmacro %}


{% macro _unreadable_lines(table, relation) %}
    {%- if relation is none or cst_var('cst_ods_path') is none
        or cst_var('cst_use_sample_data') -%}
        {{ return('') }}
    {%- endif -%}
    {%- set columns = [] -%}
    {%- set delivered = {
        'unreadable_line': "file_name || ':' || line_number || ': ' || problem"
    } -%}
    {%- for name, (data_type, necessity) in ods_contract()[table].items() -%}
        {%- do columns.append('cast(null as ' ~ data_type ~ ')') -%}
        {%- do delivered.update({name: 'null'}) -%}
    {%- endfor -%}
    {{ return(
        ' union all select ' ~ columns | join(', ')
        ~ ", 'unreadable_line', cast(null as string), problem, "
        ~ 'cast(null as string), ' ~ packed(delivered)
        ~ ', false, false, true '
        ~ 'from '
        ~ relation.incorporate(path={'identifier': 'unreadable_lines'})
        ~ ' where source_table = ' ~ _sql_text(table)
    ) }}
{% endmacro %}


{% macro unreadable_line_count(name) %}
    {%- set relation = cst_source_relation(name) -%}
    {%- if cst_var('cst_ods_path') is none or cst_var('cst_use_sample_data') -%}
        {{ return('0') }}
    {%- endif -%}
    {{ return(
        '(select count(*) from '
        ~ relation.incorporate(path={'identifier': 'unreadable_lines'})
        ~ ' where source_table = ' ~ _sql_text(_ods_table(name)) ~ ')'
    ) }}
{% endmacro %}


{% macro _source_problems(name, relation, types) %}
    {%- set table = _ods_table(name) -%}
    {%- if types | length == 0 -%}
        {%- set path = cst_var('cst_ods_path') -%}
        {{ return([
            "Source table '" ~ table ~ "' not found: expected "
            ~ (relation if path is none else path ~ '/' ~ table
               ~ '.parquet, .csv, or a folder of that name with such files')
            ~ '. Provide it' ~ (
                ', as each customer and order comes from there.'
                if name in ['customer', 'order']
                else ", or take '" ~ name ~ "' out of 'cst_enabled_sources'."
            )
        ]) }}
    {%- endif -%}
    {%- set problems = [] -%}
    {%- for column, (data_type, necessity) in ods_contract()[table].items() -%}
        {%- set problem = _column_problem(
            column, data_type, necessity, types
        ) -%}
        {%- if problem is not none -%}
            {%- do problems.append(
                "Source table '" ~ table ~ "' " ~ problem ~ '.'
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(problems) }}
{% endmacro %}


{% macro _source_types(relation) %}
    {%- set types = {} -%}
    {%- for column in _relation_columns(relation) -%}
        {%- do types.update({column.name | lower: column.dtype | lower}) -%}
    {%- endfor -%}
    {{ return(types) }}
{% endmacro %}


{% macro _raise_problems(problems) %}
    {%- if problems -%}
        {{ exceptions.raise_compiler_error(
            problems | join('\n') ~ '\nThe contract of the sources is in '
            ~ 'models/staging/_ods__sources.yml.'
        ) }}
    {%- endif -%}
{% endmacro %}


{% macro _column_problem(name, data_type, necessity, types) %}
    {%- if name not in types -%}
        {{ return(
            "has no column '" ~ name ~ "' (" ~ data_type
            ~ '). Columns found: ' ~ types.keys() | join(', ')
            if necessity != 'optional' else none
        ) }}
    {%- elif not _is_readable_type(data_type, types[name]) -%}
        {{ return(
            "has a column '" ~ name ~ "' of type " ~ types[name]
            ~ ', which cannot be read as ' ~ data_type
        ) }}
    {%- endif -%}
    {{ return(none) }}
{% endmacro %}


{% macro _relation_columns(relation) %}
    {%- set existing = load_relation(relation) -%}
    {{ return(
        [] if existing is none else adapter.get_columns_in_relation(existing)
    ) }}
{% endmacro %}


{% macro _is_readable_type(expected, actual) %}
    {%- set expected = expected.split('(')[0] | trim -%}
    {%- set actual_name = actual.split('(')[0] | trim -%}
    {%- set whole = [
        'tinyint', 'smallint', 'integer', 'int', 'bigint', 'hugeint',
        'utinyint', 'usmallint', 'uinteger', 'ubigint', 'long', 'short', 'byte'
    ] -%}
    {%- set number = whole + ['decimal', 'numeric', 'double', 'float', 'real'] -%}
    {%- set readable = {
        'string': whole,
        'integer': number,
        'decimal': number,
        'boolean': ['boolean', 'bool'] + whole,
        'date': ['date', 'timestamp', 'timestamp_ntz'],
        'timestamp': [
            'date', 'timestamp', 'timestamp_ntz', 'timestamptz',
            'timestamp with time zone', 'timestamp_s', 'timestamp_ms',
            'timestamp_ns', 'timestamptz_ns', 'datetime',
        ],
    } -%}
    {#- Ids often come as decimals without a fraction. -#}
    {%- set is_whole_decimal = modules.re.match(
        '(decimal|numeric)\\(\\d+, *0\\)$', actual
    ) is not none -%}
    {{ return(
        _is_text_type(actual)
        or actual_name in readable[expected]
        or (expected == 'string' and is_whole_decimal)
    ) }}
{% endmacro %}
