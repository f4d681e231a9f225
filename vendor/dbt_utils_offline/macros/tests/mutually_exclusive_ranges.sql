{#
    Fails for each range that is empty or backwards, or that does not meet
    the next one as `gaps` asks: `allowed` (no overlap), `not_allowed` (ends
    where the next begins), `required` (ends before the next begins). A null
    bound fails, except the upper bound's neighbour of the last range.
#}
{% test mutually_exclusive_ranges(
    model,
    lower_bound_column,
    upper_bound_column,
    partition_by=none,
    gaps='allowed',
    zero_length_range_allowed=false
) %}
    {%- set comparisons = {
        'allowed': '<=',
        'not_allowed': '=',
        'required': '<',
    } -%}
    {%- if gaps not in comparisons -%}
        {{ exceptions.raise_compiler_error(
            "mutually_exclusive_ranges: 'gaps' must be one of "
            ~ comparisons.keys() | join(', ') ~ ', got ' ~ gaps
        ) }}
    {%- endif -%}
    {%- set partition = 'partition by ' ~ partition_by if partition_by else '' -%}

    with

    ranges as (

        select
            {% if partition_by -%}
            {{ partition_by }} as range_partition,
            {% endif -%}
            {{ lower_bound_column }} as lower_bound,
            {{ upper_bound_column }} as upper_bound,
            lead({{ lower_bound_column }}) over (
                {{ partition }}
                order by {{ lower_bound_column }}, {{ upper_bound_column }}
            ) as next_lower_bound,
            count(*) over ({{ partition }}) as range_count,
            row_number() over (
                {{ partition }}
                order by {{ lower_bound_column }}, {{ upper_bound_column }}
            ) as range_number

        from {{ model }}

    )

    select *

    from ranges

    where
        not coalesce(
            lower_bound
            {{ '<=' if zero_length_range_allowed else '<' }} upper_bound,
            false
        )
        or not coalesce(
            upper_bound {{ comparisons[gaps] }} next_lower_bound,
            range_number = range_count
        )
{% endtest %}
