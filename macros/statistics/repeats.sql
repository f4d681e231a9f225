{% macro squared_deviations(products, total_1, total_2, value_count) -%}
    {#-
        The sum of the products of two values, each less its mean, from plain
        sums; of one value with itself, the sum of its squared deviations. Null
        where there is no value.
    -#}
    (
        cast({{ products }} as double)
        - cast({{ total_1 }} as double) * cast({{ total_2 }} as double)
        / nullif({{ value_count }}, 0)
    )
{%- endmacro %}


{% macro repeat_variance(pairs, mean_1, value_count_1, mean_2, value_count_2) %}
    {#-
        What customers who are there more than once add to the variance of the
        difference of two means (Liang and Zeger 1986, written out in pairs of
        their values). 0 where nobody is.
    -#}
    {%- set parts = [] -%}
    {%- for groups, first_mean, second_mean, count_1, count_2, sign in [
        ('treated', mean_1, mean_1, value_count_1, value_count_1, ''),
        ('holdout', mean_2, mean_2, value_count_2, value_count_2, ' + '),
        ('mixed', mean_1, mean_2, value_count_1, value_count_2, ' - '),
    ] -%}
        {%- set prefix = pairs ~ '.' ~ groups -%}
        {%- do parts.append(
            sign ~ '('
            ~ 'cast(' ~ prefix ~ '_products as double)'
            ~ ' - ' ~ second_mean ~ ' * cast(' ~ prefix ~ '_firsts as double)'
            ~ ' - ' ~ first_mean ~ ' * cast(' ~ prefix ~ '_seconds as double)'
            ~ ' + ' ~ prefix ~ '_pairs * ' ~ first_mean ~ ' * ' ~ second_mean
            ~ ') / nullif(cast(' ~ count_1 ~ ' as double) * ' ~ count_2
            ~ ', 0e0)'
        ) -%}
    {%- endfor -%}
    {{ return('coalesce(2e0 * (' ~ parts | join ~ '), 0e0)') }}
{% endmacro %}


{% macro shared_slope(groups) %}
    {#-
        How much a value grows with what the same customers spent before, by
        least squares inside of the groups, so that no effect is in it (CUPED:
        Deng et al. 2013). 0 where nobody spent anything before.
    -#}
    {%- set with_value, with_itself = [], [] -%}
    {%- for group in groups -%}
        {%- set prior_total = group ~ '_prior_total' -%}
        {%- set count = group ~ '_entries' -%}
        {%- do with_value.append('coalesce(' ~ squared_deviations(
            group ~ '_products', group ~ '_total', prior_total, count
        ) ~ ', 0e0)') -%}
        {%- do with_itself.append('coalesce(' ~ squared_deviations(
            group ~ '_prior_squares', prior_total, prior_total, count
        ) ~ ', 0e0)') -%}
    {%- endfor -%}
    {{ return(
        'coalesce((' ~ with_value | join(' + ') ~ ') / nullif('
        ~ with_itself | join(' + ') ~ ', 0e0), 0e0)'
    ) }}
{% endmacro %}
