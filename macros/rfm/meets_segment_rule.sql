{% macro meets_segment_rule(cells, rules) -%}
    {#- The ranges of a rule hold both ends; an empty is_new is met by all. -#}
    {%- for score in ['r', 'f', 'm', 'fm'] %}
    {{ cells }}.{{ score }}_score
    between {{ rules }}.{{ score }}_from and {{ rules }}.{{ score }}_to
    and
    {%- endfor %}
    {{ cells }}.is_new = coalesce({{ rules }}.is_new, {{ cells }}.is_new)
{%- endmacro %}
