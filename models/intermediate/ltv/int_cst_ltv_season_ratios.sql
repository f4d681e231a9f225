with

purchases as (

    select * from {{ ref('int_cst_purchases') }}

),

newest_snapshot as (

    select * from {{ ref('int_cst_snapshot_dates') }}

    where is_current

),

-- what is refunded later still shows when people buy
purchase_days as (

    select
        customer_id,
        purchase_date,
        row_number() over (
            partition by customer_id
            order by purchase_date
        ) as purchase_number

    from purchases

    group by
        customer_id,
        purchase_date

),

-- First purchases follow from how customers are won, not from how those who are
-- there buy.
daily_counts as (

    select
        purchase_date,
        count(case when purchase_number > 1 then 1 end) as purchase_count

    from purchase_days

    group by purchase_date

),

bounds as (

    select
        min(daily_counts.purchase_date) as first_date,
        max(newest_snapshot.snapshot_date) as last_date

    from daily_counts

    cross join newest_snapshot

),

calendar as (

    select {{ date_series('first_date', 'last_date') }} as calendar_date

    from bounds

    where first_date <= last_date

),

-- neither the month in progress nor a first one that is there in part
whole_months as (

    select
        last_day(calendar.calendar_date) as month_end_date,
        count(*) as day_count,
        coalesce(sum(daily_counts.purchase_count), 0) as purchase_count

    from calendar

    left join daily_counts
        on calendar.calendar_date = daily_counts.purchase_date

    group by last_day(calendar.calendar_date)

    having count(*) = extract(day from last_day(calendar.calendar_date))

),

-- Twelve months around each: with the half months at both ends, a year whose
-- middle is the middle of the month. Counted twice, to stay whole numbers.
years_around as (

    select
        *,
        {%- for number in ['purchase_count', 'day_count'] %}
        sum({{ number }}) over with_both_ends
        + sum({{ number }}) over without_ends as twice_{{ number }},
        {%- endfor %}
        count(*) over with_both_ends as month_count,
        max(month_end_date) over with_both_ends as known_date

    from whole_months

    window
        with_both_ends as (
            order by month_end_date rows between 6 preceding and 6 following
        ),
        without_ends as (
            order by month_end_date rows between 5 preceding and 5 following
        )

),

season_ratios as (

    select
        month_end_date,
        known_date,
        cast(extract(month from month_end_date) as integer) as calendar_month,

        purchase_count,
        cast(purchase_count as double) * twice_day_count
        / (cast(twice_purchase_count as double) * day_count) as season_ratio

    from years_around

    where
        month_count = 13
        and twice_purchase_count > 0

)

select * from season_ratios
