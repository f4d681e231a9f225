with

rfm_values as {{ not_materialized() }} (

    select * from {{ ref('int_cst_rfm_values') }}

),

purchase_changes as (

    select * from {{ ref('int_cst_ltv_purchase_changes') }}

),

ledger_entries as (

    select * from {{ ref('int_cst_ledger_entries') }}

),

acquisitions as (

    select * from {{ ref('int_cst_ltv_acquisitions') }}

),

purchase_counts as (

    select
        rfm_values.customer_id,
        rfm_values.snapshot_date,
        rfm_values.is_needed,
        sum(coalesce(purchase_changes.purchase_change, 0)) over (
            partition by rfm_values.customer_id
            order by rfm_values.snapshot_date
            rows between unbounded preceding and current row
        ) as purchase_count,
        rfm_values.lifetime_net_amount,
        rfm_values.monetary_amount as window_net_amount,
        rfm_values.first_order_date,
        rfm_values.last_order_date

    from rfm_values

    left join purchase_changes
        on
            rfm_values.customer_id = purchase_changes.customer_id
            and rfm_values.snapshot_date = purchase_changes.snapshot_date

),

first_purchase_amounts as (

    select
        rfm_values.customer_id,
        rfm_values.snapshot_date,
        sum(ledger_entries.gross_amount - ledger_entries.refund_amount)
            as net_amount

    from rfm_values

    inner join ledger_entries
        on
            rfm_values.customer_id = ledger_entries.customer_id
            and rfm_values.first_order_date = ledger_entries.purchase_date
            and rfm_values.snapshot_date >= ledger_entries.posted_date

    group by
        rfm_values.customer_id,
        rfm_values.snapshot_date

),

customers as (

    select
        purchase_counts.customer_id,
        purchase_counts.snapshot_date,
        acquisitions.acquisition_month,
        purchase_counts.is_needed,

        cast(purchase_counts.purchase_count as bigint) as purchase_count,
        cast(purchase_counts.purchase_count - 1 as bigint) as repeat_count,
        {{ days_between(
            'purchase_counts.first_order_date',
            'purchase_counts.last_order_date'
        ) }} as days_to_last_purchase,
        {{ days_between(
            'purchase_counts.first_order_date',
            'purchase_counts.snapshot_date'
        ) }} as days_observed,

        purchase_counts.lifetime_net_amount,
        cast(
            purchase_counts.lifetime_net_amount
            - first_purchase_amounts.net_amount as decimal(24, 2)
        ) as repeat_net_amount,
        purchase_counts.window_net_amount,

        purchase_counts.first_order_date

    from purchase_counts

    inner join acquisitions
        on purchase_counts.customer_id = acquisitions.customer_id

    -- customers whose purchases are all refunded in full have no first
    -- purchase and leave here
    inner join first_purchase_amounts
        on
            purchase_counts.customer_id = first_purchase_amounts.customer_id
            and purchase_counts.snapshot_date
            = first_purchase_amounts.snapshot_date

)

select * from customers
