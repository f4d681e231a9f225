{%- set horizon_days = cst_var('ltv_horizon_days') -%}
{%- set parts = ltv_discount_parts() -%}

with

cells as (

    select * from {{ ref('int_cst_ltv_cells') }}

),

parameters as (
    {{ ltv_usable_parameters() }}
),

-- the last purchase tells whether a customer is alive, not how often a living
-- one buys
histories as (

    select
        snapshot_date,
        repeat_count,
        days_observed,
        cast(days_observed as double) / 7 as weeks_observed

    from cells

    group by
        snapshot_date,
        repeat_count,
        days_observed

),

purchases_by_part as (

    select
        histories.snapshot_date,
        histories.repeat_count,
        histories.days_observed,
        -- DuckDB's `lambda` in it is new to sqlfluff's parser
        -- noqa: disable=all
        {%- for part in range(1, parts + 1) %}
        {{ bgnbd_expected_purchases(
            'repeat_count',
            'weeks_observed',
            'cast(' ~ (horizon_days * part / parts / 7) ~ ' as double)'
        ) }} as purchases_until_part_{{ part }}
        {{- ',' if not loop.last }}
        {%- endfor %}

    from histories
    -- noqa: enable=all

    inner join parameters
        on
            histories.snapshot_date = parameters.snapshot_date
            and parameters.reason is null

),

purchase_rates as (

    select
        snapshot_date,
        repeat_count,
        days_observed,

        purchases_until_part_{{ parts }} as expected_purchases,
        {%- for part in range(1, parts + 1) %}
        {{ '+ ' if not loop.first }}(
            purchases_until_part_{{ part }}
            {%- if not loop.first %}
            - purchases_until_part_{{ part - 1 }}
            {%- endif %}
        ) * {{ ltv_discount_factor(horizon_days * (part - 0.5) / parts) }}
        {%- endfor %} as discounted_purchases

    from purchases_by_part

)

select * from purchase_rates
