{#-
    Chance must hold out about its share: of the customers for the program, of
    the episodes of all others for a strategy, whatever segment and strategy
    they begin with, whatever group the customer had before, and independently
    of another salt. Each statistic is a chi-square of 1 degree of freedom;
    chance exceeds 30 less than three times in a million, in groups of at least
    10 expected units. Smaller groups say nothing and are left out.
-#}
{%- set share = cst_var('retention_holdout_share') -%}
{%- set program_share = cst_var('retention_program_holdout_share') -%}
{%- set salt = cst_var('retention_salt') -%}

with

retention as (

    select * from {{ ref('int_cst_retention') }}

),

episodes as (

    select
        customer_id,
        episode_start_date,
        segment_code,
        strategy_code,
        is_holdout,
        is_program_holdout,
        lag(is_holdout) over (
            partition by customer_id
            order by episode_start_date
        ) as was_holdout,
        row_number() over (
            partition by customer_id
            order by episode_start_date
        ) as episode_number,
        {{ is_held_out('customer_id', salt ~ '/2', share) }}
            as is_held_out_by_other_salt

    from retention

    where snapshot_date = episode_start_date

),

groups as (
    {%- for scope, condition, is_held_out, expected_share in [
        (
            'program', 'episode_number = 1', 'is_program_holdout',
            program_share,
        ),
        ('strategy', 'not is_program_holdout', 'is_holdout', share),
    ] %}
    {%- for cut in [
        "'all'", 'segment_code', 'strategy_code', 'was_holdout',
        'is_held_out_by_other_salt',
    ] %}

    select
        '{{ scope }}' as scope_code,
        '{{ cut | replace("'", '') }}' as cut_code,
        cast({{ cut }} as string) as cut_value,
        {{ expected_share }} as expected_share,
        count(*) as unit_count,
        sum(cast({{ is_held_out }} as integer)) as held_out_count

    from episodes

    where {{ condition }}

    group by {{ cut }}
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

statistics as (

    select
        *,
        unit_count * expected_share as expected_count,
        power(held_out_count - unit_count * expected_share, 2)
        / nullif(unit_count * expected_share * (1 - expected_share), 0)
            as chi_square

    from groups

),

unlikely_groups as (

    select * from statistics

    where
        (expected_count >= 10 and chi_square > 30)
        or (expected_share = 0 and held_out_count > 0)

)

select * from unlikely_groups
