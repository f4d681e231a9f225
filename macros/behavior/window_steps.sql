{% macro window_steps(windows) %}
    {#-
        A query of the steps that a day's row takes through trailing windows:
        at step_days 0 it enters all of them, at step_days 30 it leaves the one
        of 30 days. change_30d is 1, -1 or 0: what the step does to that window.
    -#}
    {%- if windows is string or windows | length == 0 -%}
        {{ exceptions.raise_compiler_error(
            "window_steps: 'windows' must be a list of at least one number of "
            ~ "days, got " ~ (windows | tojson)
        ) }}
    {%- endif -%}
    {%- for step_days in [0] + windows -%}
        select
            {{ step_days }} as step_days
            {%- for window_days in windows %},
            {{ 1 if step_days == 0 else -1 if step_days == window_days else 0 }}
                as change_{{ window_days }}d
            {%- endfor %}
        {%- if not loop.last %}

        union all

        {% endif %}
    {%- endfor %}
{%- endmacro %}


{% macro step_snapshot(row, step, snapshot_bounds) %}
    {#-
        The snapshot at which a row takes a step: the first one on or after the
        day on which the step falls, but never before the row was known. Null
        where there is none yet. row has business_date and known_date.
    -#}
    {%- set step_date = add_days(row ~ '.business_date', step ~ '.step_days') -%}
    {{ return(snapshot_on_or_after(
        'greatest(' ~ step_date ~ ', ' ~ row ~ '.known_date)', snapshot_bounds
    )) }}
{% endmacro %}
