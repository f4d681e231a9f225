{% macro two_proportion_z(
    success_count_1, total_count_1, success_count_2, total_count_2
) -%}
    {#-
        Standard errors, pooled, between two proportions. 0 where nobody
        or everybody succeeded: then there is no difference to be seen. Null
        where a group is empty.
    -#}
    {%- set rate_1 = _share(success_count_1, total_count_1) -%}
    {%- set rate_2 = _share(success_count_2, total_count_2) -%}
    {%- set pooled = _share(
        '(' ~ success_count_1 ~ ' + ' ~ success_count_2 ~ ')',
        '(' ~ total_count_1 ~ ' + ' ~ total_count_2 ~ ')'
    ) -%}
    case
        when {{ total_count_1 }} = 0 or {{ total_count_2 }} = 0 then null
        when
            {{ success_count_1 }} + {{ success_count_2 }}
            in (0, {{ total_count_1 }} + {{ total_count_2 }})
            then 0e0
        else
            ({{ rate_1 }} - {{ rate_2 }}) / sqrt(
                {{ pooled }} * (1e0 - {{ pooled }}) * (
                    1e0 / {{ total_count_1 }} + 1e0 / {{ total_count_2 }}
                )
            )
    end
{%- endmacro %}


{% macro proportion_difference_error(
    success_count_1, total_count_1, success_count_2, total_count_2
) -%}
    {#-
        The standard error of the difference of two proportions, each with a
        variance of its own. Null where in a group nobody or everybody
        succeeded, or nobody is: such a group would look certain, however small
        it is.
    -#}
    {%- set rate_1 = _share(success_count_1, total_count_1) -%}
    {%- set rate_2 = _share(success_count_2, total_count_2) -%}
    sqrt(
        nullif({{ rate_1 }} * (1e0 - {{ rate_1 }}), 0e0)
        / nullif({{ total_count_1 }}, 0)
        + nullif({{ rate_2 }} * (1e0 - {{ rate_2 }}), 0e0)
        / nullif({{ total_count_2 }}, 0)
    )
{%- endmacro %}


{% macro wilson_bound(success_count, total_count, side) -%}
    {#-
        An end of Wilson's 95 % score interval of a proportion: side is lower
        or upper. Null where the group is empty.
    -#}
    {%- if side not in ['lower', 'upper'] -%}
        {{ exceptions.raise_compiler_error(
            "wilson_bound: 'side' must be lower or upper, got " ~ side
        ) }}
    {%- endif -%}
    {%- set z = z_of_95_percent() -%}
    {%- set total = 'cast(' ~ total_count ~ ' as double)' -%}
    {#- Rounding would put the end of a share of 1 above 1. -#}
    case
        when {{ total_count }} > 0 then
            {{ 'greatest(0e0, ' if side == 'lower' else 'least(1e0, ' -}}
            (
                {{ success_count }} + {{ z }} * {{ z }} / 2e0
                {{ '-' if side == 'lower' else '+' }} {{ z }} * sqrt(
                    {{ success_count }} * (
                        1e0 - {{ _share(success_count, total_count) }}
                    ) + {{ z }} * {{ z }} / 4e0
                )
            ) / ({{ total }} + {{ z }} * {{ z }}))
    end
{%- endmacro %}


{% macro newcombe_bound(
    success_count_1, total_count_1, success_count_2, total_count_2, side
) -%}
    {#-
        An end of the 95 % interval of the difference of two proportions, first
        minus second: Newcombe (1998), method 10, from the two score intervals.
        Holds what it promises in small groups and near 0 and 1.
    -#}
    {%- set rate_1 = _share(success_count_1, total_count_1) -%}
    {%- set rate_2 = _share(success_count_2, total_count_2) -%}
    {%- set other_side = 'upper' if side == 'lower' else 'lower' -%}
    {{ rate_1 }} - {{ rate_2 }} {{ '-' if side == 'lower' else '+' }} sqrt(
        power(
            {{ rate_1 }}
            - {{ wilson_bound(success_count_1, total_count_1, side) }}, 2
        ) + power(
            {{ rate_2 }}
            - {{ wilson_bound(success_count_2, total_count_2, other_side) }}, 2
        )
    )
{%- endmacro %}


{% macro _share(part_count, total_count) -%}
    (cast({{ part_count }} as double) / nullif({{ total_count }}, 0))
{%- endmacro %}


{% macro z_of_95_percent() -%}
    {#- 97.5 % of a standard normal variable's values lie below. -#}
    1.959963984540054e0
{%- endmacro %}
