{#
    Fails for each row outside the range. The bounds are SQL expressions,
    the row's own columns included; a null value passes.
#}
{% test accepted_range(
    model, column_name, min_value=none, max_value=none, inclusive=true
) %}
    {%- set misses = [] -%}
    {%- if min_value is not none -%}
        {%- do misses.append(
            column_name ~ (' < ' if inclusive else ' <= ') ~ min_value
        ) -%}
    {%- endif -%}
    {%- if max_value is not none -%}
        {%- do misses.append(
            column_name ~ (' > ' if inclusive else ' >= ') ~ max_value
        ) -%}
    {%- endif -%}

    select *

    from {{ model }}

    where {{ misses | join(' or ') if misses else 'false' }}
{% endtest %}
