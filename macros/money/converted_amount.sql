{% macro converted_amount(amount, rate) -%}
    {#- Nearly all money is the company's own, and multiplying takes long. -#}
    case
        when {{ rate }} = 1 then {{ _up_to_largest(amount) }}
        else {{ _up_to_largest(unrounded_amount(amount, rate)) }}
    end
{%- endmacro %}


{% macro _up_to_largest(amount) -%}
    {%- set largest = cst_var('cst_largest_amount') -%}
    cast(
        case
            when {{ amount }} > {{ largest }} then {{ largest }}
            else {{ amount }}
        end as decimal(18, 2)
    )
{%- endmacro %}


{% macro unrounded_amount(amount, rate) -%}
    {#- Of two numbers of 18 digits, DuckDB makes one of 18; Spark has 38. -#}
    cast({{ amount }} as decimal(19, 2)) * cast({{ rate }} as decimal(18, 10))
{%- endmacro %}


{% macro converted_part(amount, so_far, rate) -%}
    {#-
        A running total is converted and rounded, not its parts, so that these
        add up to what the whole is worth, to the cent.
    -#}
    cast(
        {{ converted_amount(so_far, rate) }}
        - {{ converted_amount('(' ~ so_far ~ ' - ' ~ amount ~ ')', rate) }}
        as decimal(18, 2)
    )
{%- endmacro %}
