{% macro usual_days(relation, day) %}
    with

    days as (

        select
            {{ day }} as day,
            count(*) as row_count

        from {{ relation }}

        group by {{ day }}

        having count({{ day }}) > 0

    ),

    silences as (

        select
            *,
            {{ days_between('lag(day) over (order by day)', 'day') }}
                as silent_days,
            row_number() over (order by day desc) as days_from_end

        from days

    ),

    ranked_silences as (

        select
            *,
            count(*) over () as day_count,
            row_number() over (order by silent_days desc nulls last, day)
                as silence_rank

        from silences

    ),

    -- a few rows with a wrong clock make neither days nor silences usual
    usual as (

        select
            max(
                case
                    when silence_rank >= 3 and silence_rank * 10 >= day_count
                        then silent_days
                end
            ) as silent_days,
            median(case when days_from_end <= 28 then row_count end)
                as row_count

        from ranked_silences

    ),

    periods as (

        select
            silences.day,
            silences.row_count >= least(usual.row_count, 2) as is_usual,
            sum(
                case
                    when silences.silent_days > 3 * usual.silent_days then 1
                    else 0
                end
            ) over (order by silences.day) as period,
            sum(
                case
                    when
                        silences.silent_days > greatest(
                            3 * usual.silent_days,
                            {{ cst_var('cst_longest_silence_days') }}
                        )
                        then 1
                    else 0
                end
            ) over (order by silences.day) as long_period

        from silences

        cross join usual

    ),

    day_counts as (

        select
            *,
            count(*) over (partition by period) as period_days,
            count(*) over (partition by long_period) as long_period_days

        from periods

    )

    select
        coalesce(
            min(case when long_period_days >= 3 then day end), min(day)
        ) as first_date,
        min(case when period_days >= 3 then day end) as first_usual_date,
        coalesce(
            max(case when is_usual and period_days >= 3 then day end),
            max(case when is_usual then day end)
        ) as last_date

    from day_counts
{% endmacro %}


{% macro is_after_usual_days(day) -%}
    {{ day }} > {{ _last_usual_day() }}
{%- endmacro %}


{% macro is_before_usual_days(day) -%}
    {{ day }} < usual_days.first_usual_date
{%- endmacro %}


{% macro is_outside_usual_days(day, has_first_day) -%}
    {%- if has_first_day -%}
        {{ day }} < usual_days.first_date or
    {% endif -%}
    {{ day }} > {{ add_days(_last_usual_day(), 366) }}
{%- endmacro %}


{% macro _last_usual_day() %}
    {{ return(
        'greatest(usual_days.last_date, '
        ~ date_literal(cst_var('cst_as_of_date')) ~ ')'
    ) }}
{% endmacro %}
