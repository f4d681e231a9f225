{#
    Seeds on Spark. The adapter's own version puts values between quotes as they
    are: a quote in a text breaks it, and a null becomes the text None. Here the
    rows travel as one JSON text.
#}
{% macro spark__load_csv_rows(model, agate_table) %}
    {%- set column_types = model['config'].get('column_types', {}) -%}
    {%- set columns = [] -%}
    {%- for name in agate_table.column_names -%}
        {%- set data_type = column_types.get(
            name, adapter.convert_type(agate_table, loop.index0)
        ) -%}
        {%- do columns.append(
            'cast(cells[' ~ loop.index0 ~ '] as ' ~ data_type ~ ') as '
            ~ adapter.quote(name)
        ) -%}
    {%- endfor -%}

    {%- for chunk in agate_table.rows | batch(get_batch_size()) -%}
        {%- set rows = [] -%}
        {%- for row in chunk -%}
            {%- set cells = [] -%}
            {%- for value in row.values() -%}
                {%- do cells.append(none if value is none else value | string)
                -%}
            {%- endfor -%}
            {%- do rows.append(cells) -%}
        {%- endfor -%}
        {%- do adapter.add_query(
            _spark_insert_rows(this, columns, rows), abridge_sql_log=true
        ) -%}
    {%- endfor -%}

    {#- For the file of compiled SQL, which need not repeat the rows. -#}
    {{ return(_spark_insert_rows(this, columns, [])) }}
{% endmacro %}


{% macro _spark_insert_rows(relation, columns, rows) -%}
    {#- In a raw literal only the quote ends the text, and ${} is a variable. -#}
    {%- set json = tojson(rows)
        | replace("'", '\\u0027') | replace('$', '\\u0024') -%}
    insert into {{ relation }}
    select {{ columns | join(', ') }}
    from (
        select explode(from_json(
            r'{{ json }}', 'array<array<string>>', map('mode', 'FAILFAST')
        )) as cells
    ) as seed_rows
{%- endmacro %}
