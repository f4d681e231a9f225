{% macro sample_ratio_p_value(holdout_count, treated_count, share) -%}
    {#-
        How likely chance alone splits the customers as far from the intended
        share as they are, or farther: chi-square of 1 degree of freedom. Null
        where the share is 0 or nobody is there.
    -#}
    {%- set share = 'cast(' ~ share ~ ' as double)' -%}
    {%- set total = '(' ~ holdout_count ~ ' + ' ~ treated_count ~ ')' -%}
    {%- set z -%}
        (
            ({{ holdout_count }} - {{ total }} * {{ share }})
            / nullif(
                sqrt(
                    {{ total }} * {{ share }} * (1e0 - {{ share }})
                ), 0e0
            )
        )
    {%- endset -%}
    {{ normal_two_sided_p(z) }}
{%- endmacro %}
