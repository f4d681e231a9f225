{% macro _register_ods_files() %}
    {%- do run_query('create schema if not exists cst_files') -%}
    {%- do run_query(
        'create or replace table cst_files.unreadable_lines ('
        ~ 'source_table varchar, file_name varchar, line_number bigint, '
        ~ 'problem varchar)'
    ) -%}
    {%- set tables = ['ods_manifest'] -%}
    {%- for name in cst_var('cst_enabled_sources') -%}
        {%- do tables.append(_ods_table(name)) -%}
    {%- endfor -%}
    {#- A run that stops here leaves no view of an older run. -#}
    {%- for table in tables -%}
        {%- do run_query('drop view if exists cst_files.' ~ table) -%}
    {%- endfor -%}
    {%- set problems = {} -%}
    {%- set row_counts = {} -%}
    {%- for table in tables -%}
        {%- set found = _ods_files(cst_var('cst_ods_path'), table) -%}
        {%- if found.problems | length == 0 and found.files -%}
            {%- do found.update(
                _register_parquet(table, found.files)
                if found.kind == 'parquet'
                else _register_csv(table, found.files)
            ) -%}
            {%- do row_counts.update({table: found.row_count}) -%}
        {%- endif -%}
        {%- if found.problems -%}
            {%- do problems.update({table: found.problems}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for table in problems -%}
        {%- do row_counts.pop(table, none) -%}
    {%- endfor -%}
    {%- if 'ods_manifest' in row_counts -%}
        {%- do problems.update({
            'ods_manifest': _manifest_problems(row_counts)
        }) -%}
    {%- endif -%}
    {{ return(problems) }}
{% endmacro %}


{% macro _manifest_problems(row_counts) %}
    {%- set names = _relation_columns(api.Relation.create(
        schema='cst_files', identifier='ods_manifest', database=target.database
    )) | map(attribute='name') | list -%}
    {%- for name in _file_columns('ods_manifest') if name not in names -%}
        {{ return([
            "ods_manifest has no column '" ~ name ~ "'. It needs table_name "
            ~ 'and row_count.'
        ]) }}
    {%- endfor -%}
    {%- set rows = run_query(
        'select ' ~ read_text('table_name') ~ ', '
        ~ read_value('cast(row_count as varchar)', 'integer')
        ~ ' from cst_files.ods_manifest union all '
        ~ "select null, null from cst_files.unreadable_lines "
        ~ "where source_table = 'ods_manifest'"
    ).rows -%}
    {%- set announced = {} -%}
    {%- set problems = [] -%}
    {%- for table, row_count in rows -%}
        {%- if table not in ods_contract() or row_count is none -%}
            {%- do problems.append(
                "ods_manifest has table_name '" ~ (table or '')
                ~ "' and row_count '" ~ (row_count if row_count is not none)
                ~ "' in one line. Write the name of a table of the contract, "
                ~ 'and the whole number of rows that were sent.'
            ) -%}
        {%- else -%}
            {%- do announced.update({
                table: announced.get(table, 0) + row_count
            }) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for table, row_count in announced.items()
        if table in row_counts and row_counts[table] != row_count -%}
        {%- do problems.append(
            "Source table '" ~ table ~ "' has " ~ row_counts[table]
            ~ ' rows, but ods_manifest announces ' ~ row_count
            ~ '. Deliver the table again, or correct ods_manifest.'
        ) -%}
    {%- endfor -%}
    {{ return(problems) }}
{% endmacro %}


{% macro _file_columns(table) %}
    {{ return(
        ['table_name', 'row_count'] if table == 'ods_manifest'
        else ods_contract()[table].keys() | list
    ) }}
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
    {%- set problems = [] -%}
    {%- if places | length > 1 or (found['parquet'] and found['csv']) -%}
        {%- do problems.append(
            "Source table '" ~ table ~ "' is there more than once in "
            ~ folder ~ ': '
            ~ (places if places | length > 1
               else found['parquet'][:1] + found['csv'][:1]) | join(', ')
            ~ '. Keep one of them: a file, or a folder with parts of one kind.'
        ) -%}
    {%- endif -%}
    {%- set kind = 'parquet' if found['parquet'] else 'csv' -%}
    {{ return({'kind': kind, 'files': found[kind], 'problems': problems}) }}
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
    {{ return({
        'problems': [],
        'row_count': run_query('select count(*) from ' ~ scan).rows[0][0],
    }) }}
{% endmacro %}


{% macro _register_csv(table, files) %}
    {#-
        Nothing is guessed: the first line is the header, every value is text,
        and a line of more or fewer fields than the header is put aside.
    -#}
    {%- set parts = {} -%}
    {%- set problems = [] -%}
    {%- for file in files -%}
        {%- set names = _csv_header(file) -%}
        {%- set problem = _header_problem(table, file, names)
            or _line_end_problem(file) -%}
        {%- if problem -%}
            {%- do problems.append(problem) -%}
        {%- endif -%}
        {%- do parts.setdefault(names | join('\n'), []).append(file) -%}
    {%- endfor -%}
    {%- if problems -%}
        {{ return({'problems': problems}) }}
    {%- endif -%}
    {%- set selects = [] -%}
    {%- set counted = {'rows': 0} -%}
    {%- for header, same_files in parts.items() -%}
        {%- set names = header.split('\n') -%}
        {%- set columns = [] -%}
        {%- for name in names -%}
            {%- do columns.append('column_' ~ loop.index) -%}
        {%- endfor -%}
        {%- set scan = _csv_scan(same_files, columns) -%}
        {%- set kept = _keep_unreadable_lines(table, scan, columns) -%}
        {%- do problems.extend(kept.problems) -%}
        {%- do counted.update({'rows': counted.rows + kept.row_count}) -%}
        {%- do selects.append(
            {'scan': scan ~ _all_are_read(columns), 'names': names,
             'columns': columns}
        ) -%}
    {%- endfor -%}
    {%- if not problems -%}
        {%- do run_query(_file_view(table, selects)) -%}
    {%- endif -%}
    {{ return({'problems': problems, 'row_count': counted.rows}) }}
{% endmacro %}


{% macro _all_are_read(columns) %}
    {#- DuckDB does not check what it need not read. -#}
    {{ return(' where concat(' ~ columns | join(', ') ~ ') is not null') }}
{% endmacro %}


{% macro _keep_unreadable_lines(table, scan, columns) %}
    {%- set row_count = run_query(
        'select count(*) from '
        ~ scan[:-1] ~ ', store_rejects = true, rejects_limit = 0)'
        ~ _all_are_read(columns)
    ).rows[0][0] -%}
    {%- set lines = run_query(
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
    {%- set problems = [] -%}
    {%- for file, line, problem, has_open_quote in lines -%}
        {#- After such a line nobody knows where the next one begins. -#}
        {%- if has_open_quote -%}
            {%- do problems.append(
                'File ' ~ file ~ ', line ' ~ line ~ ': a quoted value does '
                ~ 'not end at its second quote. Inside a quoted value, write '
                ~ 'a quote twice (""), not with a backslash.'
            ) -%}
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
    {{ return({
        'problems': problems[:1], 'row_count': row_count + lines | length,
    }) }}
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


{% macro _csv_header(file) %}
    {%- set lines = run_query(
        'select line from read_csv(' ~ _file_list([file])
        ~ ", columns = {'line': 'varchar'}, auto_detect = false, "
        ~ "header = false, delim = '\x01', quote = '', escape = '', "
        ~ "comment = '', strict_mode = false, ignore_errors = true) limit 1"
    ).rows -%}
    {{ return(_header_names(lines[0][0] if lines else none)) }}
{% endmacro %}


{% macro _header_problem(table, file, names) %}
    {%- set known = _file_columns(table) -%}
    {%- if '\x00' in names | join -%}
        {{ return(
            'File ' ~ file ~ ', line 1: not UTF-8, but a code of two bytes. '
            ~ 'Save it as UTF-8.'
        ) }}
    {%- elif names | select('in', known) | list | length == 0 -%}
        {{ return(
            'File ' ~ file ~ ', line 1: no header, as no column of ' ~ table
            ~ ' (' ~ known[:4] | join(', ') ~ ', …) is named there. Write the '
            ~ 'column names into the first line, separated by commas, in UTF-8.'
        ) }}
    {%- endif -%}
    {%- for name in known if names.count(name) > 1 -%}
        {{ return(
            'File ' ~ file ~ ", line 1: two columns are named '" ~ name
            ~ "'. Keep one of them."
        ) }}
    {%- endfor -%}
    {{ return(none) }}
{% endmacro %}


{% macro _line_end_problem(file) %}
    {#-
        DuckDB would stop there without naming the line. The text before it is
        taken field by field, as a line end between quotes is none.
    -#}
    {%- set blob = 'read_blob(' ~ _file_list([file]) ~ ')' -%}
    {%- set most_bytes = 500000000 -%}
    {%- if not file.lower().endswith('.csv')
        or run_query('select size from ' ~ blob).rows[0][0] > most_bytes -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set field = '(?:"(?:[^"]|"")*" *|[^",\\r\\n][^,\\r\\n]*|)' -%}
    {%- set lines = run_query(
        "select 1 + length(start) - length(replace(start, line_end, '')) from ("
        ~ 'select right(line_end, 1) as line_end, '
        ~ 'left(regexp_extract(text, case line_end '
        ~ "when chr(10) then '^(?:" ~ field ~ '[,\\n])*' ~ field ~ "\\r' "
        ~ "when chr(13) then '^(?:" ~ field ~ '[,\\r])*' ~ field ~ "\\n' "
        ~ "else '^(?:" ~ field ~ '(?:,|\\r\\n))*' ~ field
        ~ "(?:\\n|\\r(?:[^\\n]|$))' end), -1) as start from ("
        ~ "select text, regexp_extract(text, '^(?:" ~ field ~ ',)*' ~ field
        ~ "(\\r\\n|\\n|\\r)', 1) as line_end from ("
        ~ 'select try(decode(content)) as text from ' ~ blob
        ~ ") where contains(text, chr(13)) and regexp_matches(text, "
        ~ "'[^\\r]\\n|\\r[^\\n]'))) where start != ''"
    ).rows -%}
    {{ return(
        'File ' ~ file ~ ', line ' ~ lines[0][0] ~ ': it ends otherwise than '
        ~ 'the lines before it. End each line alike, with LF or CR LF, and put '
        ~ 'a value that has a line break between quotes.' if lines else none
    ) }}
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
    {%- set known = _file_columns(table) -%}
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
