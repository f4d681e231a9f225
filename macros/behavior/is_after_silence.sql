{% macro is_after_silence(event_at, previous_event_at) -%}
    {#- Nothing before it, or `behavior_session_minutes` or more since then. -#}
    coalesce(
        {{ event_at }} >= {{ previous_event_at }}
        + interval '{{ cst_var("behavior_session_minutes") }}' minute,
        true
    )
{%- endmacro %}
