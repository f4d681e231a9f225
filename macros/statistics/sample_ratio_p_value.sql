{% macro sample_ratio_p_value(holdout_count, treated_count, share) -%}
    {#-
        How likely chance alone splits the customers as far from the intended
        share as they are, or farther: chi-square of 1 degree of freedom. Null
        where the share is 0 or nobody is there.
    -#}
    {%- set total = '(' ~ holdout_count ~ ' + ' ~ treated_count ~ ')' -%}
    {%- set z -%}
        (
            ({{ holdout_count }} - {{ total }} * cast({{ share }} as double))
            / nullif(
                sqrt(
                    {{ total }} * cast({{ share * (1 - share) }} as double)
                ), 0e0
            )
        )
    {%- endset -%}
    {{ normal_two_sided_p(z) }}
{%- endmacro %}
