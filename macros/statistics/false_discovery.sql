{#
    Benjamini and Hochberg (1995) in two steps, as a window cannot stand in
    another one: first the bound, then, in the next CTE, the q-value.

    Both windows are ordered by the p-value alone, and on purpose: rows of the
    same p-value are one step of the range and get the same number, whatever
    their order. Rows without a p-value count nowhere.
#}
{% macro false_discovery_bound(p_value, partition_by=none) -%}
    {#-
        The share of false discoveries to be expected, at most, if all rows up
        to this p-value were called effects: how many chance brings, over how
        many there are. Divided first, so that rounding never brings it below
        the p-value.
    -#}
    {{ p_value }} * (
        cast(
            count({{ p_value }}) over ({{ _partition(partition_by) }})
            as double
        ) / nullif(count({{ p_value }}) over (
            {{ _partition(partition_by) }} order by {{ p_value }}
        ), 0)
    )
{%- endmacro %}


{% macro false_discovery_q_value(bound, p_value, partition_by=none) -%}
    {#-
        The lowest bound of all lists that this row is on. Never above 1, as the
        bound of the largest p-value is that p-value.
    -#}
    case
        when {{ p_value }} is not null
            then min({{ bound }}) over (
                {{ _partition(partition_by) }} order by {{ p_value }} desc
            )
    end
{%- endmacro %}


{% macro _partition(partition_by) -%}
    {%- if partition_by is not none -%}
        partition by {{ partition_by }}
    {%- endif -%}
{%- endmacro %}
