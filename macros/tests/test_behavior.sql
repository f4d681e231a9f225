{% macro test_behavior() %}
    {%- set event_at = "cast('2024-01-01 00:00:00' as timestamp)" -%}
    {%- set silent_at = event_at ~ " + interval '"
        ~ cst_var('behavior_session_minutes') ~ "' minute" -%}
    {%- do expect_values({
        is_after_silence(silent_at, event_at): 'true',
        is_after_silence(silent_at ~ " - interval '1' second", event_at):
            'false',
        is_after_silence(event_at, 'cast(null as timestamp)'): 'true',
    }) -%}
{% endmacro %}
