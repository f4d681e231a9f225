with

contacts as (

    select * from {{ ref('int_cst_contacts') }}

),

strategies_in_force as (

    select * from {{ ref('int_cst_strategies_in_force') }}

),

contacts_matched as (

    select
        contacts.touch_id,
        contacts.campaign_id,
        contacts.customer_id,
        contacts.snapshot_date,

        contacts.arm_code,
        contacts.touch_channel,
        contacts.strategy_code,
        strategies_in_force.strategy_code as strategy_code_in_force,
        case
            when contacts.out_of_scope_reason is not null
                then contacts.out_of_scope_reason
            when strategies_in_force.strategy_code is null then 'not_assigned'
            when contacts.strategy_code != strategies_in_force.strategy_code
                then 'other_strategy'
            else 'matched'
        end as episode_status,

        contacts.contact_cost_amount,

        contacts.is_control,
        contacts.is_opened,
        contacts.is_clicked,
        contacts.is_redeemed,
        strategies_in_force.is_holdout,

        strategies_in_force.episode_start_date,
        contacts.touched_date,

        contacts.touched_at

    from contacts

    left join strategies_in_force
        on
            contacts.customer_id = strategies_in_force.customer_id
            and contacts.snapshot_date = strategies_in_force.snapshot_date

)

select * from contacts_matched
