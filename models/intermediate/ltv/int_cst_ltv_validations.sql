{%- set weight = ltv_cohort_weight('customers', 'cohorts') -%}

with

customers as (

    select * from {{ ref('int_cst_ltv_validated_customers') }}

),

parameters as (
    {{ ltv_parameter_rows() }}
),

seasons as (

    select * from {{ ref('int_cst_ltv_seasons') }}

),

cohort_customers as (

    select * from {{ ref('int_cst_ltv_cohort_customers') }}

),

cohort_forecasts as (

    select
        snapshot_date,
        acquisition_month,
        sum(validation_amount) as validation_amount

    from {{ ref('int_cst_ltv_cohort_forecasts') }}

    group by
        snapshot_date,
        acquisition_month

),

-- how often customers buy does not depend on when they last did
histories as (

    select distinct
        snapshot_date,
        repeat_count,
        days_observed,
        cast(days_observed as double) / 7 as weeks_observed,
        cast(validation_days as double) / 7 as weeks_ahead

    from customers

),

purchase_rates as (

    select
        histories.snapshot_date,
        histories.repeat_count,
        histories.days_observed,
        parameters.r,
        parameters.alpha,
        parameters.a,
        parameters.b,
        -- DuckDB's `lambda` in it is new to sqlfluff's parser
        -- noqa: disable=PRS
        {{ bgnbd_expected_purchases(
            'repeat_count', 'weeks_observed', 'weeks_ahead'
        ) }} as purchase_count

    from histories
    -- noqa: enable=PRS

    inner join parameters
        on
            histories.snapshot_date = parameters.snapshot_date
            and parameters.reason is null

),

cohorts as (

    select
        cohort_customers.snapshot_date,
        cohort_customers.acquisition_month,
        cohort_customers.is_weighted,
        cast(cohort_forecasts.validation_amount as double)
        / cohort_customers.total_weight
        / nullif(cast(cohort_customers.order_amount as double), 0)
            as purchases_per_weight

    from cohort_customers

    inner join cohort_forecasts
        on
            cohort_customers.snapshot_date = cohort_forecasts.snapshot_date
            and cohort_customers.acquisition_month
            = cohort_forecasts.acquisition_month

),

predicted as (

    select
        customers.snapshot_date,
        customers.validation_date,
        customers.realized_purchase_count,
        purchase_rates.purchase_count * seasons.validation_factor
        * {{ bgnbd_p_alive(
            'customers.repeat_count',
            'cast(customers.days_to_last_purchase as double) / 7',
            'cast(customers.days_observed as double) / 7'
        ) }} as purchase_model_count,
        -- where purchases were worth nothing, money does not tell their number
        case
            when cohorts.snapshot_date is not null
                then coalesce(cohorts.purchases_per_weight * {{ weight }}, 0)
        end as cohort_count,
        {{ ltv_past_rate(
            'customers.repeat_count', 'customers.days_observed'
        ) }} * customers.validation_days * seasons.validation_factor
            as past_rate_count

    from customers

    inner join seasons
        on customers.snapshot_date = seasons.snapshot_date

    left join purchase_rates
        on
            customers.snapshot_date = purchase_rates.snapshot_date
            and customers.repeat_count = purchase_rates.repeat_count
            and customers.days_observed = purchase_rates.days_observed

    left join cohorts
        on
            customers.snapshot_date = cohorts.snapshot_date
            and customers.acquisition_month = cohorts.acquisition_month

),

-- as decimals: a sum of doubles depends on the order of the rows
validations as (

    {%- for family in ltv_families() %}

    select
        snapshot_date,
        '{{ family }}' as method_family,

        validation_date,
        count(*) as customer_count,
        sum(cast({{ family }}_count as decimal(18, 6)))
            as predicted_purchase_count,
        sum(realized_purchase_count) as realized_purchase_count,
        sum(cast(
            power({{ family }}_count - realized_purchase_count, 2)
            as decimal(24, 6)
        )) as squared_error

    from predicted

    where {{ family }}_count is not null

    group by
        snapshot_date,
        validation_date

    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select * from validations
