with

refund_versions as (

    select * from {{ ref('base_trd__refunds') }}

    where row_status != 'rejected'

),

newest_refunds as (

    select * from refund_versions

    where
        row_status = 'accepted'
        and {{ is_one_of(
            'refund_status', cst_var('cst_running_refund_statuses')
        ) }}

),

-- each step of a refund is a version, so it was asked for with the first
first_versions as (

    select
        newest_refunds.refund_id,
        min(refund_versions.updated_at) as requested_at

    from newest_refunds

    inner join refund_versions
        on newest_refunds.refund_id = refund_versions.refund_id

    group by newest_refunds.refund_id

),

running_refunds as (

    select
        newest_refunds.refund_id,
        newest_refunds.order_id,
        newest_refunds.customer_id,

        newest_refunds.refund_reason,
        newest_refunds.refund_status,

        newest_refunds.refund_amount,

        {{ business_date('first_versions.requested_at') }} as requested_date,

        first_versions.requested_at,
        newest_refunds.updated_at

    from newest_refunds

    inner join first_versions
        on newest_refunds.refund_id = first_versions.refund_id

)

select * from running_refunds
