{% macro test_statistics() %}
    {#-
        Published values and tables, to the digits that they print. Against
        scipy and statsmodels, to many more: tests/python/test_statistics.py.
    -#}
    {%- set expected = {} -%}

    {#- The tables of the normal distribution. -#}
    {%- for z, p in [
        ('0e0', '1.0000'), ('1.959963985e0', '0.0500'),
        ('-1.959963985e0', '0.0500'), ('2.575829304e0', '0.0100'),
        ('8e0', '0.0000'), ('cast(null as double)', none),
    ] -%}
        {%- do expected.update({_four_digits(normal_two_sided_p(z)): p}) -%}
    {%- endfor -%}

    {#- The tables of Student's t: what 95 % stay within. -#}
    {%- for degrees_of_freedom, t in [
        ('19e0', '2.0930'), ('30e0', '2.0423'), ('60e0', '2.0003'),
        ('120e0', '1.9799'), ('1e9', '1.9600'),
    ] -%}
        {%- do expected.update({
            _four_digits(student_t_of_95_percent(degrees_of_freedom)): t,
            _four_digits(student_t_two_sided_p(t ~ 'e0', degrees_of_freedom)):
                '0.0500',
        }) -%}
    {%- endfor -%}

    {#- Newcombe (1998), Statistics in Medicine 17, 857-872: Wilson's score. -#}
    {%- for success_count, total_count, lower, upper in [
        ('81', '263', '0.2553', '0.3662'), ('15', '148', '0.0624', '0.1605'),
        ('0', '20', '0.0000', '0.1611'), ('1', '29', '0.0061', '0.1718'),
        ('0', '0', none, none),
    ] -%}
        {%- do expected.update({
            _four_digits(wilson_bound(success_count, total_count, 'lower')):
                lower,
            _four_digits(wilson_bound(success_count, total_count, 'upper')):
                upper,
        }) -%}
    {%- endfor -%}

    {#- Newcombe (1998), Statistics in Medicine 17, 873-890, method 10. -#}
    {%- for groups, lower, upper in [
        (('56', '70', '48', '80'), '0.0524', '0.3339'),
        (('9', '10', '3', '10'), '0.1705', '0.8090'),
        (('5', '56', '0', '29'), '-0.0381', '0.1926'),
        (('0', '10', '0', '20'), '-0.1611', '0.2775'),
        (('10', '10', '0', '20'), '0.6791', '1.0000'),
    ] -%}
        {%- do expected.update({
            _four_digits(newcombe_bound(*groups, side='lower')): lower,
            _four_digits(newcombe_bound(*groups, side='upper')): upper,
        }) -%}
    {%- endfor -%}

    {#-
        30 % and 10 % of 100 each: pooled 0.2 / sqrt(0.2 · 0.8 · 2 / 100), the
        first minus the second; not pooled sqrt(0.0021 + 0.0009).
    -#}
    {%- do expected.update({
        _four_digits(two_proportion_z('30', '100', '10', '100')): '3.5355',
        _four_digits(two_proportion_z('10', '100', '30', '100')): '-3.5355',
        _four_digits(two_proportion_z('0', '100', '0', '50')): '0.0000',
        _four_digits(two_proportion_z('7', '7', '5', '5')): '0.0000',
        _four_digits(two_proportion_z('1', '2', '0', '0')): none,
        _four_digits(proportion_difference_error('30', '100', '10', '100')):
            '0.0548',
        _four_digits(proportion_difference_error('0', '100', '10', '100')):
            none,
    }) -%}

    {#-
        130 of 1,000 where 100 were to be held out: likelihood ratio of 129.5
        against 100, 8.93 of 1 degree of freedom. Too few, 70, are a little more
        unlikely still, as a share of a tenth is skewed.
    -#}
    {%- do expected.update({
        _four_digits(sample_ratio_p_value('130', '870', 0.1)): '0.0028',
        _four_digits(sample_ratio_p_value('70', '930', 0.1)): '0.0011',
        _four_digits(sample_ratio_p_value('100', '900', 0.1)): '1.0000',
        _four_digits(sample_ratio_p_value('3', '8', 0.05)): '0.0439',
        _four_digits(sample_ratio_p_value('0', '900', 0)): none,
        _four_digits(sample_ratio_p_value('0', '0', 0.1)): none,
    }) -%}

    {#- 1, 2, 3, 4, 5 have a variance of 2.5. -#}
    {%- do expected.update({
        _four_digits(variance_of_mean('15', '55', '5')): '0.5000',
        _four_digits(variance_of_mean('15', '75', '3')): '0.0000',
        _four_digits(variance_of_mean('15', '225', '1')): none,
    }) -%}

    {#-
        1, 2, 3, 4, 5 and 2, 4, 6: squared deviations of 10 and 8 over 4 + 2;
        sqrt(3 (1/5 + 1/3)). A standard error finds 1.9600 + 0.8416 of itself.
    -#}
    {%- do expected.update({
        _four_digits(pooled_variance('15', '55', '5', '12', '56', '3')):
            '3.0000',
        _four_digits(pooled_variance('15', '55', '5', '4', '16', '1')): none,
        _four_digits(pooled_variance('15', '75', '3', '4', '8', '2')): '0.0000',
        _four_digits(difference_error('3e0', '5', '3')): '1.2649',
        _four_digits(difference_error('3e0', '5', '0')): none,
        _four_digits(minimum_detectable_difference('1e0')): '2.8016',
        _four_digits(minimum_detectable_difference('cast(null as double)')):
            none,
    }) -%}

    {#-
        1,000 values find 0.02, a fifth of 0.1: a tenth takes four times as
        many. 1 to 5 against their doubles: products of 110 less 15 · 30 / 5.
    -#}
    {%- do expected.update({
        _four_digits(entries_needed('1000', '2e-2', '1e-1')): '4000.0000',
        _four_digits(entries_needed('1000', '2e-2', '0e0')): none,
        _four_digits(squared_deviations('110', '15', '30', '5')): '20.0000',
        _four_digits(squared_deviations('55', '15', '15', '5')): '10.0000',
        _four_digits(squared_deviations('0', '0', '0', '0')): none,
    }) -%}

    {%- do expect_values(expected) -%}

    {%- do _test_repeats() -%}
    {%- do _test_false_discovery() -%}
{% endmacro %}


{% macro _test_repeats() %}
    {#-
        Treated a 1, a 3, b 2, b 6 (mean 3), held out a 4, c 0 (mean 2). Pairs
        less their means: a treated -2 · 0, b treated -1 · 3, none held out, a
        mixed -2 · 2 and 0 · 2: 2 (-3 / 16 + 4 / 8).
    -#}
    {%- set pairs -%}
        (
            select
                2 as treated_pairs,
                3 as treated_firsts,
                9 as treated_seconds,
                15 as treated_products,
                0 as holdout_pairs,
                0 as holdout_firsts,
                0 as holdout_seconds,
                0 as holdout_products,
                2 as mixed_pairs,
                4 as mixed_firsts,
                8 as mixed_seconds,
                16 as mixed_products
        ) as repeats
    {%- endset -%}
    {%- set added -%}
        {{ _four_digits(repeat_variance('repeats', '3e0', '4', '2e0', '2')) }}
    {%- endset -%}
    {%- do expect_rows(
        'variance of repeats', 'select ' ~ added ~ ' from ' ~ pairs,
        [['0.6250']]
    ) -%}
    {%- do expect_rows(
        'variance without repeats',
        'select ' ~ added ~ ' from (select 1 as entry) as entries left join '
        ~ pairs ~ ' on entries.entry = repeats.treated_pairs',
        [['0.0000']]
    ) -%}

    {#-
        Before 1, 2, 3, 4 and after 2, 4, 6, 8; held out before 5, 7 and after
        20, 18. Within groups the products are 10 and -2, the squares 5 and 2:
        8 / 7. All together it would be 22 / 7.
    -#}
    {%- set slope = _four_digits(shared_slope(['treated', 'holdout'])) -%}
    {%- set groups = 'select 4 as treated_entries, 20 as treated_total, '
        ~ '60 as treated_products, 2 as holdout_entries, '
        ~ '38 as holdout_total, 226 as holdout_products, ' -%}
    {%- do expect_rows(
        'slope', 'select ' ~ slope ~ ' from (' ~ groups
        ~ '10 as treated_prior_total, 30 as treated_prior_squares, '
        ~ '12 as holdout_prior_total, 74 as holdout_prior_squares) as sums',
        [['1.1429']]
    ) -%}
    {%- do expect_rows(
        'slope by nothing', 'select ' ~ slope ~ ' from (' ~ groups
        ~ '0 as treated_prior_total, 0 as treated_prior_squares, '
        ~ '0 as holdout_prior_total, 0 as holdout_prior_squares) as sums',
        [['0.0000']]
    ) -%}
{% endmacro %}


{% macro _test_false_discovery() %}
    {#-
        Benjamini and Hochberg (1995), Journal of the Royal Statistical Society
        B 57, 289-300: fifteen tests in myocardial infarction, of which four are
        rejected at 5 %. As R's p.adjust(method = "BH") prints them. Then equal
        p-values, one without, and a row alone in its part.
    -#}
    {%- set published = [
        '0.0001', '0.0004', '0.0019', '0.0095', '0.0201', '0.0278', '0.0298',
        '0.0344', '0.0459', '0.3240', '0.4262', '0.5719', '0.6528', '0.7590',
        '1.0000',
    ] -%}
    {%- set rows = [] -%}
    {%- for p in published -%}
        {%- do rows.append(('published', loop.index, p)) -%}
    {%- endfor -%}
    {%- for p in ['0.0400', '0.0100', '0.0400', 'null', '0.9000'] -%}
        {%- do rows.append(('ties', loop.index, p)) -%}
    {%- endfor -%}
    {%- do rows.append(('alone', 1, '0.0300')) -%}
    {%- do rows.append(('nothing', 1, 'null')) -%}
    {%- set given = [] -%}
    {%- for part, number, p in rows -%}
        {%- do given.append(
            "select '" ~ part ~ "' as part, " ~ number
            ~ ' as row_number, cast(' ~ p ~ ' as double) as p_value'
        ) -%}
    {%- endfor -%}
    {%- set query -%}
        with

        given as (

            {{ given | join(' union all ') }}

        ),

        bounded as (

            select
                part,
                row_number,
                p_value,

                {{ false_discovery_bound('p_value', 'part') }} as bound

            from given

        )

        select
            part,
            row_number,

            {{ _four_digits(
                false_discovery_q_value('bound', 'p_value', 'part')
            ) }} as q_value

        from bounded

        order by part, row_number
    {%- endset -%}
    {%- set expected = [
        ('alone', ['0.0300']),
        ('nothing', [none]),
        ('published', [
            '0.0015', '0.0030', '0.0095', '0.0356', '0.0603', '0.0639',
            '0.0639', '0.0645', '0.0765', '0.4860', '0.5812', '0.7149',
            '0.7532', '0.8132', '1.0000',
        ]),
        ('ties', ['0.0533', '0.0400', '0.0533', none, '0.9000']),
    ] -%}
    {%- set expected_rows = [] -%}
    {%- for part, q_values in expected -%}
        {%- for q in q_values -%}
            {%- do expected_rows.append([part, loop.index | string, q]) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- do expect_rows('q-values', query, expected_rows) -%}
{% endmacro %}


{% macro _four_digits(expression) -%}
    {#- As text that looks the same on every engine. -#}
    cast(round({{ expression }}, 4) as decimal(10, 4))
{%- endmacro %}
