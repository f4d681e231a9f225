{% macro is_held_out(unit, salt, share) %}
    {#-
        Whether chance holds a customer, or an episode, out: the first 32 bits
        of an md5 of salt and unit, against the share. Nothing else enters, so
        a unit stays in the same group whatever is added to the data, on every
        engine.
    -#}
    {%- if share is not number or share is boolean or share < 0 or share >= 1
    -%}
        {{ exceptions.raise_compiler_error(
            "is_held_out: 'share' must be a number from 0 to below 1, got "
            ~ (share | tojson)
        ) }}
    {%- endif -%}
    {{ return(adapter.dispatch('is_held_out', 'cst')(
        unit, salt, share
    )) }}
{% endmacro %}


{#
    Eight hex digits compare as text as they do as numbers, so no engine's own
    way to read hex is needed.
#}
{% macro default__is_held_out(unit, salt, share) -%}
    {%- set limit = (share * 4294967296) | int -%}
    {%- set hex_digits = [] -%}
    {%- for position in range(7, -1, -1) -%}
        {%- do hex_digits.append(
            '0123456789abcdef'[(limit // 16 ** position) % 16]
        ) -%}
    {%- endfor -%}
    {%- set prefix = "'" ~ salt | replace("'", "''") ~ ":'" -%}
    substr({{ dbt.hash(dbt.concat([prefix, unit])) }}, 1, 8)
    < '{{ hex_digits | join }}'
{%- endmacro %}


{% macro is_program_holdout(customer_id) -%}
    {#-
        Whether a customer is in the permanent hold-out of the whole program. The
        salt has a suffix, so that this draw says nothing about those of episodes.
    -#}
    {{ is_held_out(
        customer_id, cst_var('retention_salt') ~ '/program',
        cst_var('retention_program_holdout_share'),
    ) }}
{%- endmacro %}


{% macro is_episode_holdout(customer_id, strategy_code, episode_start_date) -%}
    {#-
        Whether an episode is held out, by a draw of its own. Its date stands for
        its number, which would change for everybody where the oldest years of a
        history are cut off.
    -#}
    {%- set unit = dbt.concat([
        customer_id, "':'", strategy_code, "':'",
        'cast(' ~ episode_start_date ~ ' as string)',
    ]) -%}
    {{ is_held_out(
        unit, cst_var('retention_salt'), cst_var('retention_holdout_share')
    ) }}
{%- endmacro %}


{% macro of_episode(value) -%}
    {#-
        What a customer's episode began with: as it was published, or on its
        first date. Of published rows any says it, as the first may be missing.
    -#}
    max(
        case
            when
                published_default_code is not null
                or snapshot_date = episode_start_date
                then {{ value }}
        end
    ) over (partition by customer_id, episode_start_date)
{%- endmacro %}


{% macro choice_order(customer_id, snapshot_date, strategy_code, is_leading) -%}
    {#-
        Text by which the option that an episode gets sorts first: for a share
        of the episodes, drawn by chance, any option alike, as its hash is the
        smallest; for the rest the leading one.
    -#}
    {%- set share = cst_var('retention_exploration_share') -%}
    {%- set salt = cst_var('retention_salt') -%}
    {%- set unit = dbt.concat([
        customer_id, "':'", 'cast(' ~ snapshot_date ~ ' as string)',
    ]) -%}
    case
        when {{ is_held_out(unit, salt ~ '/choice', share)
            if share < 1 else 'true' }}
            then {{ dbt.hash(dbt.concat([
                "'" ~ salt | replace("'", "''") ~ "/option:'",
                strategy_code, "':'", unit,
            ])) }}
        when {{ is_leading }} then ''
        else 'led'
    end
{%- endmacro %}


{% macro retention_holdout_since() %}
    {#-
        The date of the first list whose hold-out was respected, or none. The
        company of the sample has used its lists since a date of its own.
    -#}
    {%- set since = cst_var('retention_holdout_since') -%}
    {%- if since is none and cst_var('cst_use_sample_data') -%}
        {%- set since = '2024-06-30' -%}
    {%- endif -%}
    {{ return(since) }}
{% endmacro %}
