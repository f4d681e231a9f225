{% macro test_behavior() %}
    {%- set measures = behavior_measures() -%}
    {%- do expect_equal(
        'the number of measures',
        measures | map(attribute='name') | unique | list | length,
        measures | length
    ) -%}
    {%- for measure in measures -%}
        {%- do expect_equal(
            'the windows of ' ~ measure.name,
            measure.windows | reject('in', [7, 30, 90]) | list, []
        ) -%}
        {#- Orders come from trade; all else is known from the log alone. -#}
        {%- do expect_equal(
            measure.name ~ ' is logged',
            measure.is_logged, measure.name != 'order_count'
        ) -%}
    {%- endfor -%}
    {%- do expect_equal(
        'the event types', behavior_event_types() | sort,
        ['cart', 'checkout', 'order', 'page_view', 'product_view', 'search']
    ) -%}

    {%- set event_at = "cast('2024-01-01 00:00:00' as timestamp)" -%}
    {%- set silent_at = event_at ~ " + interval '"
        ~ cst_var('behavior_session_minutes') ~ "' minute" -%}
    {%- do expect_values({
        is_after_silence(silent_at, event_at): 'true',
        is_after_silence(silent_at ~ " - interval '1' second", event_at):
            'false',
        is_after_silence(event_at, 'cast(null as timestamp)'): 'true',
    }) -%}

    {%- do expect_rows(
        'window_steps',
        'select step_days, change_7d, change_30d from (' ~ window_steps([7, 30])
        ~ ') as steps order by step_days',
        [['0', '1', '1'], ['7', '-1', '0'], ['30', '0', '-1']]
    ) -%}

    {%- set query -%}
        select cast({{ step_snapshot('days', 'steps', 'bounds') }} as string)
        from (
            select
                {{ date_literal('2024-02-10') }} as business_date,
                {{ date_literal('2024-02-10') }} as known_date
            union all
            select {{ date_literal('2024-02-09') }},
                {{ date_literal('2024-05-15') }}
        ) as days
        cross join (select 7 as step_days) as steps
        cross join (
            select
                {{ date_literal('2024-02-29') }} as first_snapshot_date,
                {{ date_literal('2024-05-15') }} as last_snapshot_date
        ) as bounds
        order by days.business_date desc
    {%- endset -%}
    {%- do expect_rows(
        'step_snapshot', query, [['2024-02-29'], ['2024-05-15']]
    ) -%}
{% endmacro %}
