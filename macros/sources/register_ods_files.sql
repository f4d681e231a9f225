{% macro register_ods_files() %}
    {%- if not execute or cst_var('cst_ods_path') is none -%}
        {{ return('') }}
    {%- endif -%}
    {%- do _check_input_vars() -%}
    {%- do run_query('create schema if not exists cst_files') -%}
    {%- do run_query(
        'create or replace table cst_files.unreadable_lines ('
        ~ 'source_table varchar, file_name varchar, line_number bigint, '
        ~ 'problem varchar)'
    ) -%}
    {#- A run that stops here leaves no view of an older run. -#}
    {%- for name in cst_var('cst_enabled_sources') -%}
        {%- do run_query(
            'drop view if exists cst_files.' ~ _ods_table(name)
        ) -%}
    {%- endfor -%}
    {%- for name in cst_var('cst_enabled_sources') -%}
        {%- set table = _ods_table(name) -%}
        {%- set found = _ods_files(cst_var('cst_ods_path'), table) -%}
        {%- if found.kind == 'parquet' -%}
            {%- do _register_parquet(table, found.files) -%}
        {%- elif found.kind == 'csv' -%}
            {%- do _register_csv(table, found.files) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return('') }}
{% endmacro %}


{% macro _ods_files(path, table) %}
    {#- What begins with '.', '_' or '~' is a program's scratch, not data. -#}
    {%- set folder = path.rstrip('/') -%}
    {%- set prefix = _glob_literal(folder) -%}
    {%- set rows = run_query(
        'select file from glob(' ~ _sql_text(prefix ~ '/*') ~ ') '
        ~ 'union select file from glob('
        ~ _sql_text(prefix ~ '/' ~ table ~ '/**/*') ~ ') order by file'
    ).rows -%}
    {%- set found = {'parquet': [], 'csv': [], 'places': []} -%}
    {%- for row in rows -%}
        {%- set parts = row[0][folder | length + 1:].split('/') -%}
        {%- set kind = _file_kind(parts[-1]) -%}
        {%- set is_scratch = parts | map('first')
            | select('in', ['.', '_', '~']) | list | length > 0 -%}
        {%- if kind is not none and not is_scratch and (
            parts | length > 1 or parts[0].split('.')[0] | lower == table
        ) -%}
            {%- do found[kind].append(row[0]) -%}
            {%- do found['places'].append(
                parts[0] ~ ('/' if parts | length > 1 else '')
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set places = found['places'] | unique | list -%}
    {%- if places | length > 1 or (found['parquet'] and found['csv']) -%}
        {{ exceptions.raise_compiler_error(
            "Source table '" ~ table ~ "' is there more than once in "
            ~ folder ~ ': '
            ~ (places if places | length > 1
               else found['parquet'][:1] + found['csv'][:1]) | join(', ')
            ~ '. Keep one of them: a file, or a folder with parts of one kind.'
        ) }}
    {%- endif -%}
    {%- set kind = 'parquet' if found['parquet'] else 'csv' -%}
    {{ return({'kind': kind if found[kind] else none, 'files': found[kind]}) }}
{% endmacro %}


{% macro _file_kind(name) %}
    {%- set name = name | lower -%}
    {%- if name.endswith('.parquet') -%}
        {{ return('parquet') }}
    {%- elif modules.re.search('[.]csv([.](gz|zst))?$', name) -%}
        {{ return('csv') }}
    {%- endif -%}
    {{ return(none) }}
{% endmacro %}


{% macro _glob_literal(path) %}
    {{ return(modules.re.sub('([*?[])', '[\\1]', path)) }}
{% endmacro %}


{% macro _sql_text(text) %}
    {{ return("'" ~ text | replace("'", "''") ~ "'") }}
{% endmacro %}


{% macro _file_list(files) %}
    {%- set texts = [] -%}
    {%- for file in files -%}
        {%- do texts.append(_sql_text(_glob_literal(file))) -%}
    {%- endfor -%}
    {{ return('[' ~ texts | join(', ') ~ ']') }}
{% endmacro %}


{% macro _register_parquet(table, files) %}
    {%- set scan = 'read_parquet(' ~ _file_list(files)
        ~ ', union_by_name = true)' -%}
    {%- set names = run_query('describe select * from ' ~ scan)
        .columns[0].values() -%}
    {%- do run_query(_file_view(table, [{
        'scan': scan, 'names': names, 'columns': names,
    }])) -%}
{% endmacro %}


{% macro _register_csv(table, files) %}
    {#-
        Nothing is guessed: the first line is the header, every value is text,
        and a line of more or fewer fields than the header is put aside.
    -#}
    {%- set parts = {} -%}
    {%- for file in files -%}
        {%- set names = _csv_header(table, file) -%}
        {%- do parts.setdefault(names | join('\n'), []).append(file) -%}
    {%- endfor -%}
    {%- set selects = [] -%}
    {%- for header, same_files in parts.items() -%}
        {%- set names = header.split('\n') -%}
        {%- set columns = [] -%}
        {%- for name in names -%}
            {%- do columns.append('column_' ~ loop.index) -%}
        {%- endfor -%}
        {%- set scan = _csv_scan(same_files, columns) -%}
        {%- do _keep_unreadable_lines(table, scan, columns) -%}
        {%- do selects.append(
            {'scan': scan, 'names': names, 'columns': columns}
        ) -%}
    {%- endfor -%}
    {%- do run_query(_file_view(table, selects)) -%}
{% endmacro %}


{% macro _keep_unreadable_lines(table, scan, columns) %}
    {#- Counts every column: DuckDB does not check what it need not read. -#}
    {%- do run_query(
        'select count(' ~ columns | join('), count(') ~ ') from '
        ~ scan[:-1] ~ ', store_rejects = true, rejects_limit = 0)'
    ) -%}
    {%- set problems = run_query(
        'select scans.file_path, errors.line, '
        ~ 'lower(min(cast(errors.error_type as varchar))), '
        ~ "max(errors.error_type = 'UNQUOTED VALUE') "
        ~ 'from reject_errors as errors inner join reject_scans as scans '
        ~ 'on errors.scan_id = scans.scan_id '
        ~ 'and errors.file_id = scans.file_id '
        ~ 'group by scans.file_path, errors.line order by 1, 2'
    ).rows -%}
    {%- do run_query('drop table reject_errors') -%}
    {%- do run_query('drop table reject_scans') -%}
    {%- set folder = cst_var('cst_ods_path').rstrip('/') -%}
    {%- set values = [] -%}
    {%- for file, line, problem, has_open_quote in problems -%}
        {#- After such a line nobody knows where the next one begins. -#}
        {%- if has_open_quote -%}
            {{ exceptions.raise_compiler_error(
                'File ' ~ file ~ ', line ' ~ line ~ ': a quoted value does '
                ~ 'not end at its second quote. Inside a quoted value, write '
                ~ 'a quote twice (""), not with a backslash.'
            ) }}
        {%- endif -%}
        {%- do values.append(
            '(' ~ _sql_text(table) ~ ', '
            ~ _sql_text(file[folder | length + 1:]) ~ ', ' ~ line ~ ', '
            ~ _sql_text(problem) ~ ')'
        ) -%}
    {%- endfor -%}
    {%- for some_values in values | batch(1000) -%}
        {%- do run_query(
            'insert into cst_files.unreadable_lines values '
            ~ some_values | join(', ')
        ) -%}
    {%- endfor -%}
{% endmacro %}


{% macro _csv_scan(files, columns) %}
    {%- set types = [] -%}
    {%- for column in columns -%}
        {%- do types.append("'" ~ column ~ "': 'varchar'") -%}
    {%- endfor -%}
    {{ return(
        'read_csv(' ~ _file_list(files) ~ ', columns = {' ~ types | join(', ')
        ~ '}, auto_detect = false, header = true, skip = 0, '
        ~ "delim = ',', quote = '\"', escape = '\"', comment = '', "
        ~ 'ignore_errors = true)'
    ) }}
{% endmacro %}


{% macro _csv_header(table, file) %}
    {%- set lines = run_query(
        'select line from read_csv(' ~ _file_list([file])
        ~ ", columns = {'line': 'varchar'}, auto_detect = false, "
        ~ "header = false, delim = '\x01', quote = '', escape = '', "
        ~ "comment = '', strict_mode = false, ignore_errors = true) limit 1"
    ).rows -%}
    {%- set names = _header_names(lines[0][0] if lines else none) -%}
    {%- set known = ods_contract()[table].keys() | list -%}
    {%- if names | select('in', known) | list | length == 0 -%}
        {{ exceptions.raise_compiler_error(
            'File ' ~ file ~ ', line 1: no header, as no column of ' ~ table
            ~ ' (' ~ known[:4] | join(', ') ~ ', …) is named there. Write the '
            ~ 'column names into the first line, separated by commas, in UTF-8.'
        ) }}
    {%- endif -%}
    {%- for name in known if names.count(name) > 1 -%}
        {{ exceptions.raise_compiler_error(
            'File ' ~ file ~ ", line 1: two columns are named '" ~ name
            ~ "'. Keep one of them."
        ) }}
    {%- endfor -%}
    {{ return(names) }}
{% endmacro %}


{% macro _header_names(line) %}
    {%- set names = [] -%}
    {%- for cell in modules.re.findall(
        '(?:^|,)(\"(?:[^\"]|\"\")*\"|[^,]*)', line or ''
    ) -%}
        {%- do names.append(
            cell.strip('\ufeff').strip().strip('"').strip().lower()
        ) -%}
    {%- endfor -%}
    {{ return(names) }}
{% endmacro %}


{% macro _file_view(table, selects) %}
    {#- Names from outside the contract must not reach the docs page. -#}
    {%- set known = ods_contract()[table].keys() | list -%}
    {%- set queries = [] -%}
    {%- for part in selects -%}
        {%- set columns = [] -%}
        {%- for name, column in zip(part['names'], part['columns'])
            if name | lower in known -%}
            {%- do columns.append(
                adapter.quote(column) ~ ' as ' ~ name | lower
            ) -%}
        {%- endfor -%}
        {%- do queries.append(
            'select ' ~ columns | join(', ') ~ ' from ' ~ part['scan']
        ) -%}
    {%- endfor -%}
    {{ return(
        'create or replace view cst_files.' ~ table ~ ' as '
        ~ queries | join(' union all by name ')
    ) }}
{% endmacro %}
