{%- set tail_months = ltv_tail_months() -%}
{%- set earlier_amount = 'cast(sum(triangle.cumulative_gross_amount '
    ~ '- triangle.gross_amount) as decimal(24, 2))' -%}
{%- set later_amount =
    'cast(sum(triangle.cumulative_gross_amount) as decimal(24, 2))' -%}

with

triangle as (

    select * from {{ ref('int_cst_ltv_triangle') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

months_ahead as (
    {{ numbers(1, ltv_forecast_months()) }}
),

-- without an amount at both ages there is no ratio, so growth stands still
factors as (

    select
        snapshot_dates.snapshot_date,
        triangle.age_months,
        count(*) as cohort_count,
        {{ earlier_amount }} as earlier_amount,
        {{ later_amount }} as later_amount,
        case
            when {{ earlier_amount }} > 0 and {{ later_amount }} > 0
                then
                    cast({{ later_amount }} as double)
                    / cast({{ earlier_amount }} as double)
            else cast(1 as double)
        end as development_factor

    from triangle

    inner join snapshot_dates
        on triangle.month_end_date <= snapshot_dates.snapshot_date

    group by
        snapshot_dates.snapshot_date,
        triangle.age_months

),

-- The product of the factors, by their logarithms. These are added up as
-- decimals: a sum of doubles depends on the order of the rows.
observed_ages as (

    select
        *,
        max(age_months) over (partition by snapshot_date) as oldest_age_months,
        round(exp(cast(
            sum(cast(ln(development_factor) as decimal(28, 15))) over (
                partition by snapshot_date
                order by age_months
                rows between unbounded preceding and current row
            ) as double
        )), 12) as growth

    from factors

),

-- the mean growth of the last months continues, fading from month to month
tail as (

    select
        oldest_age.snapshot_date,
        oldest_age.age_months + months_ahead.number as age_months,
        oldest_age.oldest_age_months,
        round(
            oldest_age.growth
            + (oldest_age.growth - age_before_tail.growth) / {{ tail_months }}
            * {{ ltv_geometric_sum(
                cst_var('ltv_tail_ratio'), 'months_ahead.number'
            ) }},
            12
        ) as growth

    from observed_ages as oldest_age

    inner join observed_ages as age_before_tail
        on
            oldest_age.snapshot_date = age_before_tail.snapshot_date
            and oldest_age.age_months
            = age_before_tail.age_months + {{ tail_months }}

    cross join months_ahead

    where oldest_age.age_months = oldest_age.oldest_age_months

),

development as (

    select
        snapshot_date,
        age_months,
        oldest_age_months,

        cohort_count,
        case when age_months > 0 then earlier_amount end as earlier_amount,
        later_amount,
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
        cast(null as decimal(24, 2)) as earlier_amount,
        cast(null as decimal(24, 2)) as later_amount,
        cast(null as double) as development_factor,
        growth,

        true as is_tail

    from tail

)

select * from development
