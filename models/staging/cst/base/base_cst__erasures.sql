with

withdrawals as (

    select * from {{ ref('stg_cst__customer_withdrawals') }}

),

statements as (

    select
        customer_id,
        is_deleted,
        stated_at,
        max(
            case
                when not is_deleted and stated_at < {{ last_instant() }}
                    then stated_at
            end
        ) over (partition by customer_id) as last_revoked_at

    from withdrawals

),

-- an erasure holds until an explicit false with a date; of one instant, it wins
erasures as (

    select
        customer_id,

        min(
            case
                when last_revoked_at > stated_at then null
                else stated_at
            end
        ) as erased_at,
        max(stated_at) as last_erased_at

    from statements

    where is_deleted

    group by customer_id

)

select * from erasures
