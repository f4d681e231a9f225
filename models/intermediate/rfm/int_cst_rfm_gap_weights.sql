with

-- nobody where recency has another method, which then costs nothing
purchases as (

    select * from {{ ref('int_cst_purchases') }}

    where '{{ rfm_method_of("recency") }}' = 'rhythm'

),

newest_snapshot as (

    select * from {{ ref('int_cst_snapshot_dates') }}

    where is_current

),

-- who was refunded later had come all the same
purchase_days as (

    select
        customer_id,
        purchase_date,
        lag(purchase_date) over (
            partition by customer_id order by purchase_date
        ) as previous_purchase_date

    from purchases

    group by
        customer_id,
        purchase_date

),

-- a gap is known when it has ended: whoever is still silent has none
gaps as (

    select
        purchase_days.customer_id,
        {{ snapshot_on_or_after(
            'purchase_days.purchase_date', 'newest_snapshot'
        ) }} as snapshot_date,
        {{ days_between(
            'purchase_days.previous_purchase_date',
            'purchase_days.purchase_date'
        ) }} as gap_days

    from purchase_days

    cross join newest_snapshot

    where
        purchase_days.previous_purchase_date is not null
        and purchase_days.purchase_date <= newest_snapshot.snapshot_date

),

gaps_of_length as (

    select
        customer_id,
        snapshot_date,
        gap_days,
        sum(count(*)) over of_length as gap_count,
        lead(snapshot_date) over of_length as next_snapshot_date

    from gaps

    group by
        customer_id,
        snapshot_date,
        gap_days

    window of_length as (
        partition by customer_id, gap_days order by snapshot_date
    )

),

gaps_of_customer as (

    select
        customer_id,
        snapshot_date,
        sum(count(*)) over of_customer as gap_count,
        lead(snapshot_date) over of_customer as next_snapshot_date

    from gaps

    group by
        customer_id,
        snapshot_date

    window of_customer as (partition by customer_id order by snapshot_date)

),

-- a customer weighs one, parted by all their gaps, from each snapshot with a
-- new gap of theirs until the next
weights as (

    select
        gaps_of_customer.snapshot_date,
        gaps_of_customer.next_snapshot_date,
        gaps_of_length.gap_days,
        sum(cast(
            cast(gaps_of_length.gap_count as double)
            / gaps_of_customer.gap_count as decimal(28, 12)
        )) as weight

    from gaps_of_customer

    inner join gaps_of_length
        on
            gaps_of_customer.customer_id = gaps_of_length.customer_id
            and gaps_of_customer.snapshot_date >= gaps_of_length.snapshot_date
            and gaps_of_customer.snapshot_date < coalesce(
                gaps_of_length.next_snapshot_date, date '9999-12-31'
            )

    group by
        gaps_of_customer.snapshot_date,
        gaps_of_customer.next_snapshot_date,
        gaps_of_length.gap_days

)

select * from weights
