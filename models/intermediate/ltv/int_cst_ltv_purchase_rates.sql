{%- set horizon_days = cst_var('ltv_horizon_days') -%}
{%- set parts = ltv_discount_parts() -%}

with

cells as (

    select * from {{ ref('int_cst_ltv_cells') }}

),

parameters as (
    {{ ltv_usable_parameters() }}
),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

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

-- what is due when the next snapshot comes; on the newest one it is not known
days_due as (

    select
        snapshot_date,
        next_snapshot_date is null as is_newest,
        cast(least(
            coalesce(
                {{ days_between('snapshot_date', 'next_snapshot_date') }},
                {{ horizon_days }}
            ),
            {{ horizon_days }}
        ) as double) as day_count

    from snapshot_dates

),

purchases_by_part as (

    select
        histories.snapshot_date,
        histories.repeat_count,
        histories.days_observed,
        -- DuckDB's `lambda` in it is new to sqlfluff's parser
        -- noqa: disable=PRS
        {%- for part in range(1, parts + 1) %}
        {{ bgnbd_expected_purchases(
            'repeat_count',
            'weeks_observed',
            'cast(' ~ (horizon_days * part / parts / 7) ~ ' as double)'
        ) }} as purchases_until_part_{{ part }},
        {%- endfor %}
        {{ bgnbd_expected_purchases(
            'repeat_count', 'weeks_observed', '(days_due.day_count / 7)'
        ) }} as purchases_due,
        days_due.day_count as days_due,
        days_due.is_newest

    from histories
    -- noqa: enable=PRS

    inner join parameters
        on
            histories.snapshot_date = parameters.snapshot_date
            and parameters.reason is null

    inner join days_due
        on histories.snapshot_date = days_due.snapshot_date

),

discounted_rates as (

    select
        snapshot_date,
        repeat_count,
        days_observed,
        purchases_until_part_{{ parts }} as expected_purchase_count,
        {%- for part in range(1, parts + 1) %}
        {{ '+ ' if not loop.first }}(
            purchases_until_part_{{ part }}
            {%- if not loop.first %}
            - purchases_until_part_{{ part - 1 }}
            {%- endif %}
        ) * {{ ltv_discount_factor(horizon_days * (part - 0.5) / parts) }}
        {%- endfor %} as discounted_purchases,
        purchases_due * {{ ltv_discount_factor('(days_due / 2)') }}
            as discounted_purchases_due,
        days_due,
        is_newest

    from purchases_by_part

),

purchase_rates as (

    select
        snapshot_date,
        repeat_count,
        days_observed,

        expected_purchase_count,
        discounted_purchases,
        case
            when is_newest then null
            when days_due < {{ horizon_days }} then discounted_purchases_due
            else discounted_purchases
        end as due_purchases

    from discounted_rates

)

select * from purchase_rates
