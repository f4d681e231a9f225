{% macro overview_periods() %}
    {#- Kinds of periods, and the days or months that each lasts. -#}
    {{ return({
        'day': {'days': 1},
        'week': {'days': 7},
        'month': {'months': 1},
        'quarter': {'months': 3},
        'year': {'months': 12},
    }) }}
{% endmacro %}


{% macro period_moved(count) -%}
    {#- First day of the period so many later than that of the row. -#}
    case period_type
        {%- for period_type, length in overview_periods().items() %}
        when '{{ period_type }}'
            then {{ add_days('period_start_date', count * length.days)
                if length.days
                else add_months('period_start_date', count * length.months) }}
        {%- endfor %}
    end
{%- endmacro %}


{% macro overview_windows() %}
    {#- Days of the windows of ads_cst_overview_rolling. -#}
    {{ return([7, 30, 365]) }}
{% endmacro %}
