{#
    Fails for each combination that occurs more than once. Nulls count as
    equal to each other.
#}
{% test unique_combination_of_columns(
    model, combination_of_columns, quote_columns=false
) %}
    {%- set key_columns = [] -%}
    {%- for column in combination_of_columns -%}
        {%- do key_columns.append(
            adapter.quote(column) if quote_columns else column
        ) -%}
    {%- endfor -%}
    {%- set key = key_columns | join(', ') -%}

    select
        {{ key }},
        count(*) as row_count

    from {{ model }}

    group by {{ key }}

    having count(*) > 1
{% endtest %}
