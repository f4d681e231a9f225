{% macro part_of(amount, weight) -%}
    {#-
        Parts are differences of running totals that are each rounded, so they
        add up to the amount to the cent, in any order that is total.
    -#}
    cast(
        {{ average_amount(
            amount ~ ' * ' ~ weight ~ '_so_far', weight ~ '_total'
        ) }}
        - {{ average_amount(
            amount ~ ' * (' ~ weight ~ '_so_far - ' ~ weight ~ ')',
            weight ~ '_total'
        ) }}
        as decimal(18, 2)
    )
{%- endmacro %}


{% macro weight_totals(weight, of, key) -%}
    {{ weight }},
        cast(
            sum({{ weight }}) over (partition by {{ of }} order by {{ key }})
            as bigint
        ) as {{ weight }}_so_far,
        cast(sum({{ weight }}) over (partition by {{ of }}) as bigint)
            as {{ weight }}_total
{%- endmacro %}
