{% test not_null_columns(model, columns) %}
    select
        concat_ws(', '
        {%- for column in columns -%}
            , case when {{ column }} is null then '{{ column }}' end
        {%- endfor %}) as null_columns,
        *
    from {{ model }}
    where
    {%- for column in columns %}
        {{ column }} is null{{ ' or' if not loop.last }}
    {%- endfor %}
{% endtest %}


{% macro tell_null_columns(results) %}
    {%- for result in results
        if result.status in ['fail', 'warn']
        and result.node.test_metadata
        and result.node.test_metadata.name == 'not_null_columns' -%}
        {%- for row in run_query(
            'select null_columns, count(*) from (' ~ result.node.compiled_code
            ~ ') as null_rows group by null_columns order by null_columns'
        ).rows -%}
            {{ log(
                result.node.name ~ ': ' ~ row[1] ~ ' × null in ' ~ row[0],
                info=true
            ) }}
        {%- endfor -%}
    {%- endfor -%}
{% endmacro %}
