{% macro test_ltv() %}
    {#-
        The paper's example: with CDNOW's parameters, a customer with two repeat
        purchases, the last after 30.43 of 38.86 weeks, is expected to make
        1.226 in the next 39 weeks. A customer without a repeat purchase is
        alive for certain.
    -#}
    {%- set query -%}
        select
            round(
                {{ bgnbd_p_alive('2', '30.43', '38.86') }}
                * {{ bgnbd_expected_purchases('2', '38.86', '39') }}, 3
            ),
            round({{ bgnbd_p_alive('0', '0', '38.86') }}, 3),
            round({{ gamma_gamma_order_amount('2', '70') }}, 2)
        from (
            select
                cast(0.2426 as double) as r,
                cast(4.4136 as double) as alpha,
                cast(0.7929 as double) as a,
                cast(2.4259 as double) as b,
                cast(6.25 as double) as p,
                cast(3.74 as double) as q,
                cast(15.44 as double) as gamma
        ) as parameters
    {%- endset -%}
    {%- do expect_rows('the paper', query, [['1.226', '1.0', '35.04']]) -%}

    {#-
        Without drop-out (a = 0, b = 1) everybody is alive, however long silent,
        and expected to make (r + x) t / (alpha + T) purchases: 2.5 * 6 / 15 and
        0.5 * 6 / 15. An order is worth 2 * (10 + 20) / (2 * 2 + 3 - 1) by
        Gamma-Gamma; where that must not be used, 20 / 2, or the mean of all.
    -#}
    {%- set query -%}
        select
            round({{ bgnbd_p_alive('x', '1', '900') }}, 3),
            round({{ bgnbd_expected_purchases('x', '5', '6') }}, 9),
            round({{ ltv_order_amount('x', 'amount') }}, 2)
        from (
            select
                rows.*,
                cast(0.5 as double) as r,
                cast(10 as double) as alpha,
                cast(0 as double) as a,
                cast(1 as double) as b,
                cast(2 as double) as p,
                cast(3 as double) as q,
                cast(10 as double) as gamma,
                cast(7 as double) as mean_repeat_amount
            from (
                select
                    2 as x,
                    cast(20 as double) as amount,
                    cast(null as {{ dbt.type_string() }}) as spend_reason
                union all
                select 2, 20, 'spend_has_no_mean'
                union all
                select 0, 0, 'spend_has_no_mean'
            ) as rows
        ) as parameters
        order by x desc, spend_reason nulls first
    {%- endset -%}
    {%- do expect_rows('without drop-out', query, [
        ['1.0', '1.0', '10.0'], ['1.0', '1.0', '10.0'], ['1.0', '0.2', '7.0'],
    ]) -%}

    {%- set rate = cst_var('ltv_annual_discount_rate') -%}
    {%- do expect_values({
        'round(' ~ ltv_discount_factor(0) ~ ' * 1000)': '1000.0',
        'round(' ~ ltv_discount_factor(365) ~ ' * ' ~ (1 + rate)
            ~ ' * 1000)': '1000.0',
        'round(' ~ ltv_geometric_sum(0.5, 1) ~ ' * 1000)': '500.0',
        'round(' ~ ltv_geometric_sum(0.5, 3) ~ ' * 1000)': '875.0',
        'round(' ~ ltv_geometric_sum(1, 3) ~ ' * 1000)': '3000.0',
        'round(' ~ ltv_geometric_sum(0, 3) ~ ' * 1000)': '0.0',
        fold_down(3, 1, '2 * total + n'): '25.0',
        decile(0, 7): '1',
        decile(3, 5): '7',
        decile(6, 7): '9',
        decile(9, 10): '10',
    }) -%}

    {#- A part of the horizon is at most a quarter of a year. -#}
    {%- do expect_equal(
        'the parts of the horizon',
        [
            ltv_discount_parts() >= 4,
            ltv_discount_parts() * 92 >= cst_var('ltv_horizon_days'),
        ], [true, true]
    ) -%}

    {#- The last days of a month, then whole months, the shortest of 28 days. -#}
    {%- do expect_equal(
        'the months of the horizon',
        ltv_forecast_months() * 28 >= cst_var('ltv_horizon_days') + 28, true
    ) -%}
    {%- do expect_equal(
        'the months until the validation',
        ltv_forecast_months() * 28 >= cst_var('ltv_horizon_days') / 4 + 59, true
    ) -%}

    {#-
        A tenth less, exactly, is better, less than that is not; nothing is
        better than no error. A rate counts from the first purchase, but over no
        fewer days than customers are new. Money that comes steadily over a
        year is worth the mean of 365 discount factors, but for what lies
        between the days; one that comes in no time is worth nothing.
    -#}
    {%- set new_days = cst_var('lifecycle_new_days') -%}
    {%- set yearly = 1 + cst_var('ltv_annual_discount_rate') -%}
    {%- set factors = [] -%}
    {%- for day in range(365) -%}
        {%- do factors.append(yearly ** (-(day + 0.5) / 365)) -%}
    {%- endfor -%}
    {%- do expect_values({
        ltv_is_better('90', '100'): 'true',
        ltv_is_better('90.1', '100'): 'false',
        ltv_is_better('100', '90'): 'false',
        ltv_is_better('0', '0'): 'false',
        'round(' ~ ltv_past_rate('3', '100000') ~ ' * 100000, 6)': '3.0',
        'round(' ~ ltv_past_rate('3', '0') ~ ' * ' ~ new_days ~ ', 6)': '3.0',
        'round(' ~ ltv_discounted_days(0, 365) ~ ', 3)':
            factors | sum | round(3) | string,
        'round(' ~ ltv_discounted_days(30, 30) ~ ', 3)': '0.0',
    }) -%}
{% endmacro %}


{% macro test_next_purchase() %}
    {#-
        alpha = 10 weeks, r = 1, 30 weeks observed. With one repeat purchase the
        shape is 2: 1 - (40 / 50)^2 within 10 weeks, nothing within none, and back
        again: 0.36 of it in 10 weeks, 3/4 in 40, none of it at once. Silent since
        week 10: (20 / 40)^2; since today: everybody. With none it is 1, and since
        the first purchase: 10 / 40. A shape of a thousandth takes so long that
        the number has no double: it is as large as exp(700).
    -#}
    {%- set query -%}
        select
            round({{ bgnbd_p_purchase('x', '30', '10') }}, 9),
            round({{ bgnbd_p_purchase('x', '30', '0') }}, 9),
            round({{ bgnbd_weeks_to_purchase('x', '30', '0.36') }}, 9),
            round({{ bgnbd_weeks_to_purchase('x', '30', '0.75') }}, 9),
            round({{ bgnbd_weeks_to_purchase('x', '30', '0') }}, 9),
            round({{ bgnbd_silence_share('x', '10 * x', '30') }}, 9),
            round({{ bgnbd_silence_share('x', '30', '30') }}, 9)
        from (
            select
                rows.x,
                cast(1 as double) as r,
                cast(10 as double) as alpha
            from (select 1 as x union all select 0) as rows
        ) as parameters
        order by x desc
    {%- endset -%}
    {%- do expect_rows('the next purchase', query, [
        ['0.36', '0.0', '10.0', '40.0', '0.0', '0.25', '1.0'],
        ['0.2', '0.0', '22.5', '120.0', '0.0', '0.25', '1.0'],
    ]) -%}
    {%- set query -%}
        select
            {{ bgnbd_weeks_to_purchase('0', '30', '0.75') }}
            between 1e300 and 1e306
        from (
            select cast(0.001 as double) as r, cast(10 as double) as alpha
        ) as parameters
    {%- endset -%}
    {%- do expect_rows('a purchase that takes ages', query, [['True']]) -%}

    {%- do expect_equal(
        'the horizons', [
            purchase_horizons() == purchase_horizons() | unique | sort,
            purchase_contract_horizons(),
        ], [true, [7, 30, 90]]
    ) -%}
{% endmacro %}
