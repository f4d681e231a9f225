{#-
    BG/NBD after Fader, Hardie & Lee (2005), with r, alpha, a and b from the
    row; times in weeks from the first purchase. No gamma function is needed,
    so every engine can score.
-#}
{% macro bgnbd_p_alive(repeat_count, weeks_to_last, weeks_observed) -%}
    {#-
        Probability of being alive: 1 before the first repeat purchase, as in
        this model customers can leave only after one, and 1 without drop-out
        (a = 0), whose logarithm must not be taken. The exponent is capped where
        exp() would overflow: the probability is 0 there in any case.
    -#}
    case
        when {{ repeat_count }} = 0 or a = 0 then cast(1 as double)
        else 1 / (
            1 + exp(least(
                ln(a) - ln(b + {{ repeat_count }} - 1)
                + (r + {{ repeat_count }}) * ln(
                    (alpha + {{ weeks_observed }}) / (alpha + {{ weeks_to_last }})
                ),
                700
            ))
        )
    end
{%- endmacro %}


{% macro bgnbd_expected_purchases(repeat_count, weeks_observed, weeks_ahead) -%}
    {#-
        Purchases of a customer who is alive in the next weeks: the numerator of
        equation 10. With Euler's transformation of 2F1, C = a + b + x - 1,
        c = a + b - 1 - r, e = a - 1, z = t / (alpha + T + t) and L = ln(1 - z),
        it is

            C (1 - exp(e L)) / e - exp(e L) c z S
            S = 1 + s1 (1 + s2 (1 + …))
            sn = (c + n) (e + n) z / ((C + n) (n + 1))

        Without large powers, heavy buyers do not overflow; at a = 1, the first
        term needs no more than the limit of (1 - exp(e L)) / e, which is -L.
        At a = 0, b = 1, where nobody leaves, s1 is 0, and what remains is the
        NBD: (r + x) t / (alpha + T).
        The number of terms is such that less than 1e-14 of the sum is left out.
    -#}
    {%- set share = '(' ~ weeks_ahead ~ ' / (alpha + ' ~ weeks_observed ~ ' + '
        ~ weeks_ahead ~ '))' -%}
    {%- set log_rest = 'ln(1 - ' ~ share ~ ')' -%}
    {%- set growing = '(a + b + ' ~ repeat_count ~ ' - 1)' -%}
    (
        -{{ growing }} * {{ log_rest }}
        * {{ _relative_growth('(a - 1) * ' ~ log_rest) }}
        - exp((a - 1) * {{ log_rest }}) * (a + b - 1 - r) * {{ share }}
        * {{ fold_down(
            'least(ceil((33 + 3 * a) / -ln(' ~ share ~ ')) + 1, 20000)',
            1,
            '1 + total * (a + b - 1 - r + n) * (a - 1 + n) * ' ~ share
            ~ ' / ((' ~ growing ~ ' + n) * (n + 1))'
        ) }}
    )
{%- endmacro %}


{% macro _relative_growth(exponent) -%}
    {#- (exp(u) - 1) / u, as a series where the difference would lose digits. -#}
    case
        when abs({{ exponent }}) < 0.001
            then
                1 + {{ exponent }} / 2 * (
                    1 + {{ exponent }} / 3 * (1 + {{ exponent }} / 4)
                )
        else (exp({{ exponent }}) - 1) / ({{ exponent }})
    end
{%- endmacro %}


{% macro gamma_gamma_order_amount(repeat_count, repeat_amount) -%}
    {#-
        Expected amount of a future purchase (Fader & Hardie 2013), with p, q
        and gamma from the row: the customer's own mean, drawn toward the mean
        of all customers, the more the fewer purchases it is based on.
    -#}
    p * (gamma + {{ repeat_amount }}) / (p * {{ repeat_count }} + q - 1)
{%- endmacro %}


{% macro ltv_order_amount(repeat_count, repeat_amount) -%}
    {#-
        Where Gamma-Gamma must not be used: the customer's own mean, or the mean
        of all customers for one without a repeat purchase.
    -#}
    case
        when spend_reason is null
            then {{ gamma_gamma_order_amount(repeat_count, repeat_amount) }}
        when {{ repeat_count }} = 0 then mean_repeat_amount
        else {{ repeat_amount }} / {{ repeat_count }}
    end
{%- endmacro %}
