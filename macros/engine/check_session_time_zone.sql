{% macro check_session_time_zone() %}
    {%- set query = adapter.dispatch('session_time_zone', 'cst')() -%}
    {%- set zone = run_query(query).rows[0][0] -%}
    {%- if zone not in ['UTC', 'Etc/UTC', 'GMT', 'Etc/GMT', 'Z', '+00:00'] -%}
        {{ exceptions.raise_compiler_error(
            "The session's time zone is '" ~ zone ~ "', expected UTC. Set it "
            ~ "in the profile, as profiles.yml of this project does."
        ) }}
    {%- endif -%}
{% endmacro %}


{% macro duckdb__session_time_zone() -%}
    select current_setting('TimeZone')
{%- endmacro %}


{% macro spark__session_time_zone() -%}
    select current_timezone()
{%- endmacro %}
