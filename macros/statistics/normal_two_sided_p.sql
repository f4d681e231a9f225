{% macro normal_two_sided_p(z) %}
    {#-
        The probability that a standard normal variable is at least as far from
        0 as z. Hart (1968), algorithm 5666, in the form of West (2005): within
        1e-14 of the truth, and to 7 digits however small it is. Neither engine
        has an error function.
    -#}
    {{ return(adapter.dispatch('normal_two_sided_p', 'cst')(z)) }}
{% endmacro %}


{% macro default__normal_two_sided_p(z) -%}
    {#- Not least(): it passes over a null. -#}
    {%- set x -%}
        case when abs({{ z }}) > 40e0 then 40e0 else abs({{ z }}) end
    {%- endset -%}
    {%- set x = '(' ~ x ~ ')' -%}
    {%- set numerator = [
        '3.52624965998911e-2', '7.00383064443688e-1', '6.37396220353165e0',
        '3.3912866078383e1', '1.12079291497871e2', '2.21213596169931e2',
        '2.20206867912376e2',
    ] -%}
    {%- set denominator = [
        '8.83883476483184e-2', '1.75566716318264e0', '1.6064177579207e1',
        '8.67807322029461e1', '2.96564248779674e2', '6.37333633378831e2',
        '7.93826512519948e2', '4.40413735824752e2',
    ] -%}
    2e0 * exp(-{{ x }} * {{ x }} / 2e0) * case
        when {{ x }} < 7.07106781186547e0
            then
                ({{ polynomial(numerator, x) }})
                / ({{ polynomial(denominator, x) }})
        else
            1e0 / (
                2.506628274631e0 * (
                    {{ x }} + 1e0 / (
                        {{ x }} + 2e0 / (
                            {{ x }} + 3e0 / ({{ x }} + 4e0 / ({{ x }} + 0.65e0))
                        )
                    )
                )
            )
    end
{%- endmacro %}


{% macro polynomial(coefficients, x) -%}
    {#- Horner's scheme; the coefficient of the highest power comes first. -#}
    {{ '(' * (coefficients | length - 1) }}{{ coefficients[0] }}
    {%- for coefficient in coefficients[1:] %} * {{ x }} + {{ coefficient }})
    {%- endfor %}
{%- endmacro %}
