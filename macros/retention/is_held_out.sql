{% macro is_held_out(customer_id, salt, share) %}
    {#-
        Whether chance holds a customer out: the first 32 bits of an md5 of salt
        and id, against the share. Nothing else enters, so a customer stays in
        the same group whatever is added to the data, on every engine.
    -#}
    {%- if share is not number or share is boolean or share < 0 or share >= 1
    -%}
        {{ exceptions.raise_compiler_error(
            "is_held_out: 'share' must be a number from 0 to below 1, got "
            ~ (share | tojson)
        ) }}
    {%- endif -%}
    {{ return(adapter.dispatch('is_held_out', 'cst')(
        customer_id, salt, share
    )) }}
{% endmacro %}


{#
    Eight hex digits compare as text as they do as numbers, so no engine's own
    way to read hex is needed.
#}
{% macro default__is_held_out(customer_id, salt, share) -%}
    {%- set limit = (share * 4294967296) | int -%}
    {%- set hex_digits = [] -%}
    {%- for position in range(7, -1, -1) -%}
        {%- do hex_digits.append(
            '0123456789abcdef'[(limit // 16 ** position) % 16]
        ) -%}
    {%- endfor -%}
    {%- set prefix = "'" ~ salt | replace("'", "''") ~ ":'" -%}
    substr({{ dbt.hash(dbt.concat([prefix, customer_id])) }}, 1, 8)
    < '{{ hex_digits | join }}'
{%- endmacro %}
