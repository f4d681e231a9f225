{%- set horizon_days = cst_var('ltv_horizon_days') -%}
{%- set parts = ltv_discount_parts() -%}
{%- set part_days = horizon_days / parts -%}

with

histories as (

    select distinct
        snapshot_date,
        repeat_count,
        days_observed,
        cast(days_observed as double) / 7 as weeks_observed

    from {{ ref('int_cst_ltv_customers') }}

    where is_needed

),

parameters as (
    {{ ltv_parameter_rows() }}
),

spans as (

    select
        *,
        cast(coalesce(due_days, {{ horizon_days }}) as double) as days_due,
        -- days of this horizon that lay in the previous one as well
        cast({{ horizon_days }} - coalesce(entered_days, 0) as double)
            as days_rest

    from {{ ref('int_cst_ltv_spans') }}

),

seasons as (

    select * from {{ ref('int_cst_ltv_seasons') }}

),

expected_purchases as (

    select
        histories.snapshot_date,
        parameters.snapshot_date as parameters_date,
        histories.repeat_count,
        histories.days_observed,
        spans.days_due,
        spans.days_rest,
        -- DuckDB's `lambda` in it is new to sqlfluff's parser
        -- noqa: disable=PRS
        cast(0 as double) as purchases_until_part_0,
        {%- for part in range(1, parts + 1) %}
        {{ bgnbd_expected_purchases(
            'repeat_count', 'weeks_observed',
            'cast(' ~ (part_days * part / 7) ~ ' as double)'
        ) }} as purchases_until_part_{{ part }},
        {%- endfor %}
        {{ bgnbd_expected_purchases(
            'repeat_count', 'weeks_observed', '(spans.days_due / 7)'
        ) }} as purchases_due,
        case
            when spans.days_rest > 0
                then {{ bgnbd_expected_purchases(
                    'repeat_count', 'weeks_observed',
                    '(greatest(spans.days_rest, 1) / 7)'
                ) }}
            else 0
        end as purchases_rest

    from histories
    -- noqa: enable=PRS

    inner join spans
        on histories.snapshot_date = spans.snapshot_date

    -- its own parameters, and those of the snapshot before
    inner join parameters
        on
            (
                histories.snapshot_date = parameters.snapshot_date
                or spans.previous_snapshot_date = parameters.snapshot_date
            )
            and parameters.reason is null

),

-- A part of the horizon is discounted from its middle, or from the middle of
-- what lies of it in the span.
discounted_purchases as (

    select
        {%- for span, days in [
            ('discounted', horizon_days), ('due', 'days_due'),
            ('rest', 'days_rest'),
        ] %}
        {%- for part in range(1, parts + 1) %}
        {%- set start_days = part_days * (part - 1) %}
        {{ '+ ' if not loop.first }}greatest(
            {% if span == 'discounted' -%}
            purchases_until_part_{{ part }}
            {%- else -%}
            least(purchases_until_part_{{ part }}, purchases_{{ span }})
            {%- endif %}
            - purchases_until_part_{{ part - 1 }},
            0
        ) * {{ ltv_discount_factor(
            '(' ~ start_days ~ ' + least(' ~ days ~ ', '
            ~ part_days * part ~ ')) / 2'
        ) }}
        {%- endfor %} as {{ span }}_worth,
        {%- endfor %}
        *

    from expected_purchases

),

purchase_rates as (

    select
        discounted_purchases.snapshot_date,
        discounted_purchases.parameters_date,
        discounted_purchases.repeat_count,
        discounted_purchases.days_observed,

        discounted_purchases.purchases_until_part_{{ parts }}
        * seasons.horizon_factor as expected_purchase_count,
        discounted_purchases.discounted_worth * seasons.horizon_factor
            as discounted_purchases,
        -- what depends on another snapshot has no factor without it
        discounted_purchases.due_worth * seasons.due_factor as due_purchases,
        greatest(
            discounted_purchases.discounted_worth
            - discounted_purchases.rest_worth,
            0
        ) * seasons.entered_factor as entered_purchases,
        discounted_purchases.rest_worth * seasons.rest_factor as rest_purchases

    from discounted_purchases

    inner join seasons
        on discounted_purchases.snapshot_date = seasons.snapshot_date

)

select * from purchase_rates
