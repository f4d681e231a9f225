{%- set horizon_days = cst_var('ltv_horizon_days') -%}
{%- set parts = ltv_discount_parts() -%}

with

histories as (

    select distinct
        snapshot_date,
        repeat_count,
        days_observed,
        cast(days_observed as double) / 7 as weeks_observed

    from {{ ref('int_cst_ltv_customers') }}

),

parameters as (
    {{ ltv_parameter_rows() }}
),

-- what is due by the next snapshot is unknown on the newest one
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

    from {{ ref('int_cst_snapshot_dates') }}

),

expected_purchases as (

    select
        histories.snapshot_date,
        histories.repeat_count,
        histories.days_observed,
        days_due.is_newest,
        days_due.day_count as days_due,
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
        ) }} as purchases_due

    from histories
    -- noqa: enable=PRS

    inner join parameters
        on
            histories.snapshot_date = parameters.snapshot_date
            and parameters.reason is null

    inner join days_due
        on histories.snapshot_date = days_due.snapshot_date

),

discounted_purchases as (

    select
        *,
        {%- for part in range(1, parts + 1) %}
        {{ '+ ' if not loop.first }}(
            purchases_until_part_{{ part }}
            {%- if not loop.first %}
            - purchases_until_part_{{ part - 1 }}
            {%- endif %}
        ) * {{ ltv_discount_factor(horizon_days * (part - 0.5) / parts) }}
        {%- endfor %} as discounted_purchases

    from expected_purchases

),

purchase_rates as (

    select
        snapshot_date,
        repeat_count,
        days_observed,

        purchases_until_part_{{ parts }} as expected_purchase_count,
        discounted_purchases,
        case
            when is_newest then null
            when days_due < {{ horizon_days }}
                then purchases_due * {{ ltv_discount_factor('(days_due / 2)') }}
            else discounted_purchases
        end as due_purchases

    from discounted_purchases

)

select * from purchase_rates
