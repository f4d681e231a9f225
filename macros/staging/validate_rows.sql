{% macro validate_rows(relation, key, version, reject_reasons) %}
    select
        checked_rows.*,
        case
            when checked_rows.reject_reason is not null then 'rejected'
            when row_number() over (
                partition by
                    checked_rows.{{ key }},
                    checked_rows.reject_reason is null
                order by
                    checked_rows.{{ version }} desc nulls last,
                    checked_rows.row_text desc
            ) = 1 then 'accepted'
            else 'superseded'
        end as row_status

    from (
        select
            {{ relation }}.*,
            case
                when contract_problem is not null then contract_problem
                {%- for reason, condition in reject_reasons.items() %}
                when {{ condition }} then '{{ reason }}'
                {%- endfor %}
            end as reject_reason

        from {{ relation }}
    ) as checked_rows
{% endmacro %}


{% macro is_in_the_future(event_at, written_at) -%}
    {{ event_at }} > {{ written_at }}
    + interval '{{ cst_var("cst_clock_tolerance_minutes") }}' minute
{%- endmacro %}
