{% macro rfm_edge_below(standing, edges) %}
    {#- The highest edge below a standing; null in the lowest score. -#}
    case
        {%- for edge in edges | reverse %}
        when {{ standing }} > {{ edge }} then {{ edge }}
        {%- endfor %}
    end
{%- endmacro %}


{% macro rfm_edge_above(standing, edges) %}
    {#-
        The lowest edge that a standing must surpass for a better score; null
        in the highest score.
    -#}
    case
        {%- for edge in edges %}
        when {{ standing }} <= {{ edge }} then {{ edge }}
        {%- endfor %}
    end
{%- endmacro %}
