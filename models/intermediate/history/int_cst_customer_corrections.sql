with

purchases_compared as (

    select * from {{ ref('int_cst_purchases_compared') }}

),

merged_and_survivors as (

    select * from {{ ref('int_cst_merged_and_survivors') }}

),

erased_customers as (

    select * from {{ ref('base_cst__erased_customers') }}

    where is_deleted

),

causes as (

    select
        purchases_compared.customer_id,
        purchases_compared.snapshot_date,

        -- the first that holds
        case
            when merged_and_survivors.customer_id is not null then 'merge'
            when
                erased_customers.customer_id is not null
                and (
                    purchases_compared.is_gone
                    or purchases_compared.lifetime_order_count_difference < 0
                )
                then 'erasure'
            when
                purchases_compared.is_late
                and not purchases_compared.has_orders
                then 'late_customer'
            when
                purchases_compared.is_gone
                and not purchases_compared.has_orders
                then 'vanished_customer'
            when
                purchases_compared.lifetime_order_count_difference > 0
                or purchases_compared.new_order_count_difference > 0
                then 'late_order'
            -- no more is missing than was returned
            when
                purchases_compared.lifetime_net_amount_difference < 0
                and -purchases_compared.lifetime_net_amount_difference
                <= purchases_compared.late_refund_amount
                then 'late_refund'
            when
                purchases_compared.is_late
                or purchases_compared.is_gone
                or purchases_compared.is_redated
                or purchases_compared.lifetime_order_count_difference != 0
                or purchases_compared.lifetime_net_amount_difference != 0
                or purchases_compared.new_order_count_difference != 0
                or purchases_compared.new_refund_amount_difference != 0
                then 'corrected_order'
        end as cause_code,
        merged_and_survivors.customer_id is not null
        or purchases_compared.is_late
        or purchases_compared.is_gone as is_whole_row,
        erased_customers.customer_id is not null as is_erased,
        purchases_compared.next_late_refund_amount

    from purchases_compared

    left join merged_and_survivors
        on
            purchases_compared.customer_id = merged_and_survivors.customer_id
            and purchases_compared.snapshot_date
            = merged_and_survivors.snapshot_date

    left join erased_customers
        on purchases_compared.customer_id = erased_customers.customer_id

),

customer_corrections as (

    select
        customer_id,
        snapshot_date,

        cause_code,
        is_whole_row,
        is_erased,
        next_late_refund_amount

    from causes

    where
        cause_code is not null
        or next_late_refund_amount != 0
        or is_erased

)

select * from customer_corrections
