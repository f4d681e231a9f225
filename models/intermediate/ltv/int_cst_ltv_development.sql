{%- set tail_months = ltv_tail_months() -%}
{%- set tail_ratio = cst_var('ltv_tail_ratio') -%}

with

triangle as (

    select * from {{ ref('int_cst_ltv_triangle') }}

    where is_mature

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

months_ahead as (
    {{ numbers(1, ltv_forecast_months()) }}
),

-- each cohort's month beside the month before it; age 0 has none before it
cohort_steps as (

    select
        later_months.age_months,
        later_months.month_end_date,
        earlier_months.cumulative_net_amount as earlier_amount,
        later_months.cumulative_net_amount as later_amount

    from triangle as later_months

    left join triangle as earlier_months
        on
            later_months.acquisition_month = earlier_months.acquisition_month
            and later_months.age_months = earlier_months.age_months + 1

),

step_sums as (

    select
        snapshot_dates.snapshot_date,
        cohort_steps.age_months,
        count(*) as cohort_count,
        sum(cohort_steps.earlier_amount) as earlier_amount,
        sum(cohort_steps.later_amount) as later_amount

    from cohort_steps

    inner join snapshot_dates
        on cohort_steps.month_end_date <= snapshot_dates.snapshot_date

    group by
        snapshot_dates.snapshot_date,
        cohort_steps.age_months

),

-- where there is nothing to multiply, or nothing left, nothing is developed
factors as (

    select
        snapshot_date,
        age_months,
        cohort_count,
        earlier_amount,
        later_amount,
        case
            when earlier_amount > 0 and later_amount > 0
                then
                    cast(later_amount as double)
                    / cast(earlier_amount as double)
            else cast(1 as double)
        end as development_factor

    from step_sums

),

-- logarithms are added up as decimals, as doubles add up differently from run
-- to run
log_growth_to_age as (

    select
        snapshot_date,
        age_months,
        cohort_count,
        earlier_amount,
        later_amount,
        development_factor,
        sum(cast(ln(development_factor) as decimal(28, 15))) over (
            partition by snapshot_date
            order by age_months
            rows between unbounded preceding and current row
        ) as log_growth

    from factors

),

growth_to_age as (

    select
        snapshot_date,
        age_months,
        cohort_count,
        earlier_amount,
        later_amount,
        development_factor,
        round(exp(cast(log_growth as double)), 12) as growth

    from log_growth_to_age

),

observed_ages as (

    select
        snapshot_date,
        age_months,
        cohort_count,
        earlier_amount,
        later_amount,
        development_factor,
        growth,
        lag(growth, {{ tail_months }}) over (
            partition by snapshot_date
            order by age_months
        ) as growth_before_tail,
        max(age_months) over (partition by snapshot_date) as oldest_age_months

    from growth_to_age

),

-- development goes on from the mean of the last months, ever less of it
tails as (

    select
        observed_ages.snapshot_date,
        observed_ages.oldest_age_months + months_ahead.number as age_months,
        observed_ages.oldest_age_months,
        round(
            observed_ages.growth
            + greatest(
                observed_ages.growth - observed_ages.growth_before_tail,
                cast(0 as double)
            )
            / {{ tail_months }}
            * {{ ltv_geometric_sum(tail_ratio, 'months_ahead.number') }},
            12
        ) as growth

    from observed_ages

    cross join months_ahead

    where
        observed_ages.age_months = observed_ages.oldest_age_months
        and observed_ages.oldest_age_months >= {{ tail_months }}

),

development as (

    select
        snapshot_date,
        cast(age_months as integer) as age_months,
        oldest_age_months,

        cast(cohort_count as bigint) as cohort_count,
        cast(earlier_amount as decimal(18, 2)) as earlier_amount,
        cast(later_amount as decimal(18, 2)) as later_amount,
        development_factor,
        growth,

        false as is_tail

    from observed_ages

    union all

    select
        snapshot_date,
        cast(age_months as integer) as age_months,
        oldest_age_months,

        cast(null as bigint) as cohort_count,
        cast(null as decimal(18, 2)) as earlier_amount,
        cast(null as decimal(18, 2)) as later_amount,
        cast(null as double) as development_factor,
        growth,

        true as is_tail

    from tails

)

select * from development
