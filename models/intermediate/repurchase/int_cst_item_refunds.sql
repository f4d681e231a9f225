with

refunds as (

    select * from {{ ref('stg_trd__refunds') }}

    where item_id is not null

),

refunds_posted as (

    select * from {{ ref('int_cst_refunds_posted') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

    where is_current

),

-- as the newest snapshot knows them
item_refunds as (

    select
        refunds.order_id,
        refunds.item_id,
        cast(sum(refunds_posted.posted_amount) as decimal(18, 2))
            as refund_amount

    from refunds

    inner join refunds_posted
        on refunds.refund_id = refunds_posted.refund_id

    inner join snapshot_dates
        on refunds_posted.posted_date <= snapshot_dates.snapshot_date

    group by
        refunds.order_id,
        refunds.item_id

)

select * from item_refunds
