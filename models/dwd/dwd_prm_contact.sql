with

contacts_matched as (

    select * from {{ ref('int_cst_contacts_matched') }}

),

customers as (

    select * from {{ ref('dim_cst_customer') }}

),

contacts as (

    select
        {{ dbt_utils.generate_surrogate_key(['contacts_matched.touch_id']) }}
            as contact_key,
        contacts_matched.touch_id,
        customers.customer_key,
        contacts_matched.customer_id,
        contacts_matched.campaign_id,

        contacts_matched.snapshot_date,

        contacts_matched.arm_code,
        contacts_matched.touch_channel as contact_channel,
        contacts_matched.strategy_code,
        contacts_matched.strategy_code_in_force,
        {{ labeled_code('contacts_matched.episode_status', 'episode_status') }},

        contacts_matched.contact_cost_amount,

        contacts_matched.is_control,
        contacts_matched.is_opened,
        contacts_matched.is_clicked,
        contacts_matched.is_redeemed,
        contacts_matched.is_holdout,
        customers.is_program_holdout,

        contacts_matched.episode_start_date,
        contacts_matched.touched_date as contact_date,

        contacts_matched.touched_at as contacted_at

    from contacts_matched

    -- the first version of a customer also holds for the time before it, so
    -- every moment has exactly one
    inner join customers
        on
            contacts_matched.customer_id = customers.customer_id
            and contacts_matched.touched_at >= customers.valid_from_at
            and contacts_matched.touched_at < customers.valid_to_at

)

select * from contacts
