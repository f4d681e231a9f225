with

touches as (

    select * from {{ ref('base_prm__touches') }}

    where row_status = 'accepted'

),

newest_touches as (

    select
        touch_id,
        campaign_id,
        customer_id,

        touch_channel,
        arm_code,

        contact_cost_amount,

        is_control,

        touched_date,

        touched_at,
        {{ not_before('opened_at', 'touched_at') }} as opened_at,
        {{ not_before('clicked_at', 'touched_at') }} as clicked_at,
        {{ not_before('redeemed_at', 'touched_at') }} as redeemed_at,
        updated_at

    from touches

)

select * from newest_touches
