with

contacts as (

    select * from {{ ref('int_cst_contacts') }}

    where out_of_scope_reason is null

),

contacts_ranked as (

    select
        *,
        row_number() over (
            partition by
                customer_id,
                snapshot_date,
                strategy_code
            order by
                is_control,
                touched_at,
                touch_id
        ) as contact_rank

    from contacts

),

contacts_by_strategy as (

    select
        customer_id,
        snapshot_date,
        strategy_code,

        max(case when contact_rank = 1 then campaign_id end) as campaign_id,

        count(case when not is_control then touch_id end) as contact_count,
        count(case when not is_control and is_opened then touch_id end)
            as open_count,
        count(case when not is_control and is_clicked then touch_id end)
            as click_count,
        count(case when not is_control and is_redeemed then touch_id end)
            as redemption_count,
        cast(sum(contact_cost_amount) as decimal(24, 2))
            as contact_cost_amount,

        min(case when not is_control then touched_date end)
            as first_contact_date

    from contacts_ranked

    group by
        customer_id,
        snapshot_date,
        strategy_code

)

select * from contacts_by_strategy
