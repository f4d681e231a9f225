{% macro cst_source(name) %}
    {#-
        The rows of one source with all columns of the contract, typed, in its
        order: the sample seed, the company's table, or no rows where it is off.
    -#}
    {%- set table = _ods_table(name) -%}
    {%- set use_sample = cst_var('cst_use_sample_data') -%}
    {%- set is_enabled = cst_source_is_enabled(name) -%}

    {%- if not is_enabled -%}
        {{ return(_cst_source_select(table, none, [])) }}
    {%- endif -%}

    {#- Both branches are plain calls, so that dbt sees the edge. -#}
    {%- if use_sample -%}
        {%- set relation = ref(table) -%}
    {%- else -%}
        {%- set relation = source('ods', table) -%}
    {%- endif -%}
    {%- if not execute -%}
        {{ return(relation) }}
    {%- endif -%}

    {#- The seeds are ours: they have every column, as text. -#}
    {%- if use_sample -%}
        {{ return(_cst_source_select(
            table, relation, _contract_columns(table) | map(attribute='name')
        )) }}
    {%- endif -%}
    {%- set columns = _checked_source_columns(table, relation) -%}
    {{ return(_cst_source_select(table, relation, columns)) }}
{% endmacro %}


{% macro cst_source_is_enabled(name) %}
    {%- set enabled = cst_var('cst_enabled_sources') -%}
    {%- for needed in ['customer', 'order'] if needed not in enabled -%}
        {{ exceptions.raise_compiler_error(
            "Var 'cst_enabled_sources' lacks '" ~ needed ~ "'. Only refund, "
            ~ "event, ticket, campaign and touch can be switched off."
        ) }}
    {%- endfor -%}
    {{ return(name in enabled) }}
{% endmacro %}


{% macro _ods_table(name) %}
    {{ return({
        'customer': 'ods_cst_customer',
        'order': 'ods_trd_order',
        'refund': 'ods_trd_refund',
        'event': 'ods_log_event',
        'ticket': 'ods_svc_ticket',
        'campaign': 'ods_prm_campaign',
        'touch': 'ods_prm_touch',
    }[name]) }}
{% endmacro %}


{% macro _contract_columns(table) %}
    {#- The columns of the contract, from models/staging/_ods__sources.yml. -#}
    {%- if not execute -%}{{ return([]) }}{%- endif -%}
    {%- set node = graph.sources.values()
        | selectattr('package_name', 'equalto', 'cst')
        | selectattr('name', 'equalto', table) | first -%}
    {{ return(node.columns.values() | list) }}
{% endmacro %}


{% macro _cst_source_select(table, relation, existing_columns) %}
    {#-
        Every contract column in its type, then
        contract_problem: missing_<column> or unreadable_<column>, the first in
        the contract's order, else null; row_text: the row as delivered.
    -#}
    {%- set existing_columns = existing_columns | list -%}
    {%- set columns = [] -%}
    {%- set problems = [] -%}
    {%- set texts = [] -%}
    {%- for column in _contract_columns(table) -%}
        {%- set name = column.name -%}
        {%- set meta = column.config.meta -%}
        {%- if name in existing_columns -%}
            {%- set value = read_value(name, column.data_type) -%}
            {%- set text = read_value(name, 'string') -%}
            {%- do texts.append("'" ~ name ~ "=' || " ~ text) -%}
            {%- if meta.get('required') and not meta.get('may_be_null') -%}
                {%- do problems.append(
                    'when ' ~ text ~ " is null then 'missing_" ~ name ~ "'"
                ) -%}
            {%- endif -%}
            {%- if column.data_type != 'string' -%}
                {%- do problems.append(
                    'when ' ~ value ~ ' is null and ' ~ text
                    ~ " is not null then 'unreadable_" ~ name ~ "'"
                ) -%}
            {%- endif -%}
        {%- else -%}
            {%- set value = 'cast(null as ' ~ column.data_type ~ ')' -%}
        {%- endif -%}
        {%- do columns.append(value ~ ' as ' ~ name) -%}
    {%- endfor -%}
    {%- do columns.append(
        'case ' ~ problems | join(' ') ~ ' end as contract_problem'
        if problems else 'cast(null as string) as contract_problem'
    ) -%}
    {%- do columns.append(
        "concat_ws('; ', " ~ texts | join(', ') ~ ') as row_text'
        if texts else 'cast(null as string) as row_text'
    ) -%}
    {{ return(
        '(select ' ~ columns | join(', ')
        ~ (' from ' ~ relation if relation is not none else ' where 1 = 0')
        ~ ') as source_rows'
    ) }}
{% endmacro %}


{% macro _checked_source_columns(table, relation) %}
    {#- Names of the columns that exist; stops where the contract is broken. -#}
    {%- do check_session_time_zone() -%}
    {%- set contract_file = 'models/staging/_ods__sources.yml' -%}
    {%- set types = {} -%}
    {%- for column in _relation_columns(relation) -%}
        {%- do types.update({column.name | lower: column.dtype | lower}) -%}
    {%- endfor -%}
    {%- if types | length == 0 -%}
        {{ exceptions.raise_compiler_error(
            "Source table '" ~ table ~ "' not found: expected "
            ~ (cst_var('cst_ods_path') ~ '/' ~ table
               ~ '.parquet, .csv, or a folder of that name with such files'
               if cst_var('cst_ods_path') else relation | string)
            ~ ". Provide it, or leave it out of 'cst_enabled_sources'."
        ) }}
    {%- endif -%}
    {%- for column in _contract_columns(table) -%}
        {%- set is_required = column.config.meta.get('required', false) -%}
        {%- if column.name not in types and is_required -%}
            {{ exceptions.raise_compiler_error(
                "Source table '" ~ table ~ "' has no column '" ~ column.name
                ~ "' (" ~ column.data_type ~ "). Columns found: "
                ~ (types.keys() | join(', ')) ~ ". The contract is in "
                ~ contract_file ~ "."
            ) }}
        {%- elif column.name in types and not _is_readable_type(
            column.data_type, types[column.name]
        ) -%}
            {{ exceptions.raise_compiler_error(
                "Source table '" ~ table ~ "': column '" ~ column.name
                ~ "' has type " ~ types[column.name] ~ ", which cannot be read"
                ~ " as " ~ column.data_type ~ ". The contract is in "
                ~ contract_file ~ "."
            ) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return(types.keys() | list) }}
{% endmacro %}


{% macro _relation_columns(relation) %}
    {#- Empty where the relation does not exist, on every engine. -#}
    {%- set existing = load_relation(relation) -%}
    {{ return(
        [] if existing is none else adapter.get_columns_in_relation(existing)
    ) }}
{% endmacro %}


{% macro _is_readable_type(expected, actual) %}
    {#- Text is always readable; its values are checked row by row. -#}
    {%- set actual = actual.split('(')[0] | trim -%}
    {%- set text = ['string', 'varchar', 'text', 'char', 'uuid'] -%}
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
        'date': ['date'] + ['timestamp', 'timestamp_ntz'],
        'timestamp': [
            'date', 'timestamp', 'timestamp_ntz', 'timestamptz',
            'timestamp with time zone', 'timestamp_s', 'timestamp_ms',
            'timestamp_ns', 'datetime',
        ],
    } -%}
    {{ return(
        actual in text or actual in readable[expected.split('(')[0] | trim]
    ) }}
{% endmacro %}
