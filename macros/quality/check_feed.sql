{% macro check_feed(feed_checks) %}
    {#-
        Raises, so that whatever reads the guard is skipped. `dbt compile` and
        the like judge nothing.
    -#}
    {%- if not execute or flags.WHICH in ['compile', 'generate', 'show']
        or load_relation(feed_checks) is none -%}
        {{ return('') }}
    {%- endif -%}
    {%- set stops = [] -%}
    {%- for severity, message in run_query(
        'select severity, message from ' ~ feed_checks
        ~ ' order by source_name, check_name'
    ).rows -%}
        {#- Values come from the feed: a line stays a line. -#}
        {%- set line = modules.re.sub('[\\s\x00-\x1f\x7f]+', ' ', message) -%}
        {%- if severity == 'stop' -%}
            {%- do stops.append(line) -%}
        {%- else -%}
            {%- do exceptions.warn('Warning: ' ~ line) -%}
        {%- endif -%}
    {%- endfor -%}
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


{% macro after_feed_guard() %}
    {#- A hook of every public model that does nothing but come later. -#}
    {%- do ref('int_cst_feed_guard') -%}
{% endmacro %}
