{% macro sample_ratio_p_value(holdout_count, treated_count, share) -%}
    {#-
        How likely chance alone splits the customers as far from the intended
        share as they are, or farther: the likelihood ratio of the split, half a
        customer nearer to the share, as whole customers cannot be split finer.
        So chance alone is below a limit of 0.001 never more often than that,
        however few they are; chi-square is so six times as often. Null where
        the share is 0 or unknown, or nobody is there.
    -#}
    {{ normal_two_sided_p(
        sample_ratio_z(holdout_count, treated_count, share)
    ) }}
{%- endmacro %}


{% macro sample_ratio_z(holdout_count, treated_count, share) -%}
    {#-
        The standard normal value of sample_ratio_p_value, never below 0. In a
        model, a column of its own: the probability repeats it many times.
    -#}
    {%- set held = 'cast(' ~ holdout_count ~ ' as double)' -%}
    {%- set total = '(' ~ holdout_count ~ ' + ' ~ treated_count ~ ')' -%}
    {%- set meant -%}
        nullif({{ total }} * cast({{ share }} as double), 0e0)
    {%- endset -%}
    {%- set nearer -%}
        ({{ meant }} + sign({{ held }} - {{ meant }}) * greatest(
            abs({{ held }} - {{ meant }}) - 0.5e0, 0e0
        ))
    {%- endset -%}
    sqrt(2e0 * abs(
        {{ nearer }} * ln({{ nearer }} / {{ meant }})
        + ({{ total }} - {{ nearer }}) * ln(
            ({{ total }} - {{ nearer }}) / ({{ total }} - {{ meant }})
        )
    ))
{%- endmacro %}
