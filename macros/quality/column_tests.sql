{% test not_null_columns(model, columns) %}
    {%- set faults = [] -%}
    {%- for column in columns -%}
        {%- do faults.append((column, column ~ ' is null')) -%}
    {%- endfor -%}
    {{ _rows_with(faults, model) }}
{% endtest %}


{% test columns_in_range(model, ranges) %}
    {%- set faults = [] -%}
    {%- for range in ranges -%}
        {%- set edge = '' if range.get('inclusive', true) else '=' -%}
        {%- for column in range['columns'] -%}
            {%- if 'min_value' in range -%}
                {%- do faults.append((
                    column, column ~ ' <' ~ edge ~ ' ' ~ range['min_value']
                )) -%}
            {%- endif -%}
            {%- if 'max_value' in range -%}
                {%- do faults.append((
                    column, column ~ ' >' ~ edge ~ ' ' ~ range['max_value']
                )) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ _rows_with(faults, model) }}
{% endtest %}


{% macro _rows_with(faults, model) %}
    select
        concat_ws(', '
        {%- for column, fault in faults -%}
            , case when {{ fault }} then '{{ column }}' end
        {%- endfor %}) as faulty_columns,
        *
    from {{ model }}
    where
    {%- for column, fault in faults %}
        {{ fault }}{{ ' or' if not loop.last }}
    {%- endfor %}
{% endmacro %}


{% macro tell_faulty_columns(results) %}
    {%- for result in results
        if result.status in ['fail', 'warn']
        and result.node.test_metadata
        and result.node.test_metadata.name
            in ['not_null_columns', 'columns_in_range'] -%}
        {%- for row in run_query(
            'select faulty_columns, count(*) from ('
            ~ result.node.compiled_code ~ ') as faulty_rows '
            ~ 'group by faulty_columns order by faulty_columns'
        ).rows -%}
            {{ log(
                result.node.name ~ ': ' ~ row[1] ~ ' × ' ~ row[0], info=true
            ) }}
        {%- endfor -%}
    {%- endfor -%}
{% endmacro %}
