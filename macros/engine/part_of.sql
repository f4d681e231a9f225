{% macro part_of(amount, weight) -%}
    {#-
        Parts are differences of running totals that are each rounded, so they
        add up to the amount to the cent, in any order that is total. Of most
        amounts there is nothing to divide, and dividing takes long.
    -#}
    case
        when {{ weight }}_total > 0 and {{ amount }} = 0 then {{ amount }}
        when {{ weight }}_total > 0 and {{ weight }} = {{ weight }}_total
            then {{ amount }}
        else
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
    end
{%- endmacro %}
