{% macro variance_of_mean(total, total_of_squares, value_count) -%}
    {#-
        The sample variance over the number of values, from their sum and the
        sum of their squares. Null below two values. The sums are decimal, so
        that the result does not depend on the order of adding.
    -#}
    case
        when {{ value_count }} > 1 then
            {{ _squared_deviations(total, total_of_squares, value_count) }}
            / (cast({{ value_count }} as double) - 1e0) / {{ value_count }}
    end
{%- endmacro %}


{% macro _squared_deviations(total, total_of_squares, value_count) -%}
    greatest(
        cast({{ total_of_squares }} as double)
        - cast({{ total }} as double) * cast({{ total }} as double)
        / {{ value_count }},
        0e0
    )
{%- endmacro %}


{% macro pooled_variance(
    total_1, total_of_squares_1, value_count_1,
    total_2, total_of_squares_2, value_count_2
) -%}
    {#-
        The sample variance that two groups have in common, each around its own
        mean. A small group's own variance is lowest where its mean is, so that
        a test by it takes chance for an effect: amounts among which few are
        not 0 are compared by this one. Null below two values in a group.
    -#}
    case
        when {{ value_count_1 }} > 1 and {{ value_count_2 }} > 1 then
            (
                {{ _squared_deviations(
                    total_1, total_of_squares_1, value_count_1
                ) }}
                + {{ _squared_deviations(
                    total_2, total_of_squares_2, value_count_2
                ) }}
            )
            / (
                cast({{ value_count_1 }} as double) - 1e0
                + cast({{ value_count_2 }} as double) - 1e0
            )
    end
{%- endmacro %}


{% macro difference_error(variance, value_count_1, value_count_2) -%}
    {#-
        The standard error of the difference of two means, from the variance
        that the groups have in common. Null where a group is empty.
    -#}
    sqrt({{ variance }} * (
        1e0 / nullif({{ value_count_1 }}, 0)
        + 1e0 / nullif({{ value_count_2 }}, 0)
    ))
{%- endmacro %}


{% macro minimum_detectable_difference(standard_error) -%}
    {#-
        The smallest difference that four of five experiments like this one
        find: the standard errors up to the 95 % limit, and those that 80 % of
        all estimates stay above.
    -#}
    {%- set z_of_80_percent_power = '8.416212335729143e-1' -%}
    ({{ z_of_95_percent() }} + {{ z_of_80_percent_power }})
    * {{ standard_error }}
{%- endmacro %}


{% macro pooled_degrees_of_freedom(value_count_1, value_count_2) -%}
    {#-
        Of a variance that two groups have in common. Null where it has none, as
        Spark stops at a division by 0.
    -#}
    case
        when {{ value_count_1 }} + {{ value_count_2 }} > 2
            then cast({{ value_count_1 }} + {{ value_count_2 }} - 2 as double)
    end
{%- endmacro %}


{#
    w = sqrt(df ln(1 + t²/df)) turns the t density into the normal one times
    sqrt(y / (1 - exp(-y))), y = w²/df. That factor is expanded in powers of y,
    and each power integrated over the tail exactly.
#}
{% macro student_t_two_sided_p(t, degrees_of_freedom) -%}
    {#-
        The probability that Student's t is at least as far from 0 as t, for
        any real degrees of freedom from 19 up: within 1e-11 of the truth, from
        29 up within 1e-13.
    -#}
    {%- set expansion = [
        1, 0.25, 1.04166666666666667e-2, -2.60416666666666667e-3,
        -9.765625e-5, 5.15407986111111111e-5, 1.27560247189153439e-6,
        -1.11009708788029101e-6, -1.96705840041818232e-8,
        2.48363198847156774e-8, 3.39666199603867451e-10,
    ] -%}
    {%- set order = expansion | length - 1 -%}
    {#- Beyond, the probability is 0 and atanh() would be infinite. -#}
    {%- set t_squared -%}
        (case
            when abs({{ t }}) > 1e3 * sqrt({{ degrees_of_freedom }})
                then 1e6 * {{ degrees_of_freedom }}
            else {{ t }} * {{ t }}
        end)
    {%- endset -%}
    {%- set w_squared -%}
        (2e0 * {{ degrees_of_freedom }} * atanh(
            {{ t_squared }}
            / (2e0 * {{ degrees_of_freedom }} + {{ t_squared }})
        ))
    {%- endset -%}
    {%- set two_over_root_two_pi = '7.978845608028654e-1' -%}
    {%- set inverse = '(1e0 / ' ~ degrees_of_freedom ~ ')' -%}

    {#- Powers of 1 / df times the odd factorials; highest first. -#}
    {%- set whole = [] -%}
    {%- set tail = [] -%}
    {%- for power_of_w in range(order, -1, -1) -%}
        {%- do whole.append(
            'cast('
            ~ (expansion[power_of_w] * _odd_factorial(power_of_w))
            ~ ' as double)'
        ) -%}
    {%- endfor -%}
    {%- for power_of_w in range(order, 0, -1) -%}
        {%- set by_df = [] -%}
        {%- for power_of_df in range(order, power_of_w - 1, -1) -%}
            {%- do by_df.append(
                'cast('
                ~ (
                    expansion[power_of_df] * _odd_factorial(power_of_df)
                    / _odd_factorial(power_of_w)
                )
                ~ ' as double)'
            ) -%}
        {%- endfor -%}
        {%- do tail.append(
            '(' ~ polynomial(by_df, inverse) ~ ') * power('
            ~ inverse ~ ', ' ~ power_of_w ~ ')'
        ) -%}
    {%- endfor -%}
    (
        {{ normal_two_sided_p('sqrt(' ~ w_squared ~ ')') }}
        + {{ two_over_root_two_pi }} * exp(-{{ w_squared }} / 2e0)
        * sqrt({{ w_squared }})
        * ({{ polynomial(tail, w_squared) }})
        / ({{ polynomial(whole, inverse) }})
    )
{%- endmacro %}


{% macro _odd_factorial(number) %}
    {#- 1 · 3 · 5 · … · (2 number - 1). -#}
    {%- set result = namespace(value=1) -%}
    {%- for factor in range(1, 2 * number, 2) -%}
        {%- set result.value = result.value * factor -%}
    {%- endfor -%}
    {{ return(result.value) }}
{% endmacro %}


{% macro student_t_of_95_percent(degrees_of_freedom) -%}
    {#-
        The value that Student's t stays within with 95 %: Cornish and Fisher's
        expansion around the normal value, within 1e-11 from 19 degrees of
        freedom up. The first four coefficients are those of Abramowitz and
        Stegun 26.7.5; all were computed with 80 digits.
    -#}
    {%- set coefficients = [
        '-1.7139281826235218e0', '1.2881285359619748e-1',
        '6.2748046095107356e-1', '7.328982119816057e-1',
        '1.5895340533938235e0', '2.5558496795077233e0',
        '2.8224986157396118e0', '2.3722712302985628e0', z_of_95_percent(),
    ] -%}
    {{ polynomial(coefficients, '(1e0 / ' ~ degrees_of_freedom ~ ')') }}
{%- endmacro %}


{% macro entries_needed(entry_count, detectable, mean) -%}
    {#-
        How many values it takes to find a difference of a tenth of the mean in
        four of five experiments, split as these are: the number grows with the
        square of what is asked for. Null where the mean is not above 0, or so
        near to it that no shop has as many customers, nor an integer digits.
    -#}
    {%- set needed -%}
        ({{ entry_count }})
        * power({{ detectable }} / nullif(0.1e0 * {{ mean }}, 0e0), 2)
    {%- endset -%}
    cast(
        case
            when {{ mean }} > 0 and {{ needed }} < 1e15
                then ceil({{ needed }})
        end as bigint
    )
{%- endmacro %}
