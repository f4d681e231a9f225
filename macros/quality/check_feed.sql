{% macro check_feed(feed_checks) %}
    {%- for message in _feed_messages(feed_checks, 'warn') -%}
        {%- do exceptions.warn('Warning: ' ~ message) -%}
    {%- endfor -%}
    {%- do _stop_where_the_feed_is_unusable(feed_checks) -%}
{% endmacro %}


{% macro after_feed_guard() %}
    {#-
        A hook of every public model. Whatever reads the guard is skipped where
        it stops; a later run of some models alone must not publish that feed.
    -#}
    {%- set guard = ref('int_cst_feed_guard') -%}
    {%- do _stop_where_the_feed_is_unusable(guard.incorporate(
        path={'identifier': 'int_cst_feed_checks'}
    )) -%}
{% endmacro %}


{% macro _stop_where_the_feed_is_unusable(feed_checks) %}
    {%- set stops = _feed_messages(feed_checks, 'stop') -%}
    {%- if stops -%}
        {{ exceptions.raise_compiler_error(
            'The feed is not usable, so no public table was replaced. '
            ~ stops | join(' ') ~ ' All findings: ' ~ feed_checks
            ~ "; the rows: " ~ feed_checks.incorporate(
                path={'identifier': 'int_cst_validated_rows'}
            ) ~ " where row_status = 'rejected'."
        ) }}
    {%- endif -%}
{% endmacro %}


{% macro _feed_messages(feed_checks, verdict) %}
    {#- `dbt compile` and the like judge nothing. -#}
    {%- if not execute or flags.WHICH in ['compile', 'generate', 'show']
        or load_relation(feed_checks) is none -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set messages = [] -%}
    {%- for row in run_query(
        'select message from ' ~ feed_checks ~ " where verdict = '" ~ verdict
        ~ "' order by source_name, check_name"
    ).rows -%}
        {#- Values come from the feed: a line stays a line. -#}
        {%- do messages.append(
            modules.re.sub('[\\s\x00-\x1f\x7f]+', ' ', row[0])
        ) -%}
    {%- endfor -%}
    {{ return(messages) }}
{% endmacro %}
