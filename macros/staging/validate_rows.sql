{% macro validate_rows(
    relation, row_text, key, version, reject_reasons, flags={}, time=[],
    has_first_day=true, later_first=[], identity=[], has_values=true,
    has_row_texts=false
) %}
    {%- if time -%}
        {%- set started_at, started_date = time -%}
        {%- do reject_reasons.update({'implausible_' ~ started_at: {
            started_at: is_outside_usual_days(started_date, has_first_day)
        }}) -%}
        {%- do flags.update({
            'dated_early': is_before_usual_days(started_date),
            'dated_ahead': is_after_usual_days(started_date),
        }) -%}
    {%- endif -%}
    {%- set rules = [] -%}
    {%- for reason, conditions in reject_reasons.items() -%}
        {%- for column, condition in (
            conditions if conditions is mapping else {none: conditions}
        ).items() -%}
            {%- do rules.append({
                'condition': condition,
                'reject_reason': "'" ~ reason ~ "'",
                'problem_column': "'" ~ column ~ "'" if column else 'null',
                'problem_value': 'cast(' ~ column ~ ' as string)'
                    if column and has_values else 'null',
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set versions = 'partition by ' ~ key ~ ', reject_reason is null' -%}
    {%- set equal_versions = versions ~ ', ' ~ version %}
    with

    judged_rows as {{ not_materialized() }} (
        select
            {{ all_but(relation, [
                'problem_column', 'problem_value', 'flags',
            ]) }},
            {%- for item, broken_contract in {
                'reject_reason': 'contract_problem',
                'problem_column': 'problem_column',
                'problem_value': 'problem_value',
            }.items() %}
            case
                when contract_problem is not null then {{ broken_contract }}
                {%- for rule in rules %}
                when {{ rule.condition }} then {{ rule[item] }}
                {%- endfor %}
            end as {{ item }},
            {%- endfor %}
            concat_ws(
                ',',
                flags,
                case when has_nobody_id then 'nobody_id' end,
                case when has_null_text then 'null_text' end
                {%- for flag, condition in flags.items() %},
                case when {{ condition }} then '{{ flag }}' end
                {%- endfor %}
            ) as row_flags

        from {{ relation }}
        {{- ' cross join usual_days' if time }}
    ),

    repeated_rows as (
        select
            judged_rows.*,
            {{ row_text }} as row_text

        from judged_rows

        where is_repeated
    ),

    -- most rows are the only one of their key and need no order
    ranked_rows as (
        select
            *,
            {%- if has_row_texts %}
            {{ row_text }} as row_text,
            {%- else %}
            case when reject_reason is not null then {{ row_text }} end
                as row_text,
            {%- endif %}
            1 as version_number,
            false as has_equal_version,
            false as is_collision

        from judged_rows

        where not is_repeated

        union all

        select
            *,
            row_number() over (
                {{ versions }}
                order by
                    {{ version }} desc nulls last,
                    {%- for column in later_first %}
                    {{ column }} desc nulls last,
                    {%- endfor %}
                    row_text
            ) as version_number,
            min(row_text) over ({{ equal_versions }})
            != max(row_text) over ({{ equal_versions }}) as has_equal_version,
            {%- for column in identity %}
            min({{ column }}) over ({{ versions }})
            != max({{ column }}) over ({{ versions }})
            {{- ' and' if not loop.last }}
            {%- else %}
            false
            {%- endfor %} as is_collision

        from repeated_rows
    )

    select
        {{ all_but('ranked_rows', [
            'source_row', 'is_repeated', 'row_text', 'row_flags',
            'reject_reason', 'problem_column', 'problem_value',
            'version_number', 'has_equal_version', 'is_collision',
        ]) }},
        {% if has_row_texts -%}
        row_text,
        {%- else -%}
        case when reject_reason is not null then row_text end as row_text,
        {%- endif %}
        reject_reason,
        problem_column,
        problem_value,
        case
            when reject_reason is not null then 'rejected'
            when version_number = 1 then 'accepted'
            else 'superseded'
        end as row_status,
        nullif(concat_ws(
            ',',
            nullif(row_flags, ''),
            case when has_equal_version then 'ambiguous_version' end,
            case when is_collision then 'key_collision' end
        ), '') as flags

    from ranked_rows
    -- sqlfluff resolves a CTE once, and two read judged_rows -- noqa: disable=AM04
{% endmacro %}


{% macro is_in_the_future(
    event_at, written_at='coalesce(ingested_at, updated_at)'
) -%}
    {{ is_well_after(event_at, written_at) }}
{%- endmacro %}


{% macro is_well_after(later_at, earlier_at) -%}
    {{ later_at }} > {{ earlier_at }}
    + interval '{{ cst_var("cst_clock_tolerance_minutes") }}' minute
{%- endmacro %}


{% macro not_before(instant, started_at) -%}
    case
        when {{ instant }} < {{ started_at }} then {{ started_at }}
        else {{ instant }}
    end
{%- endmacro %}
