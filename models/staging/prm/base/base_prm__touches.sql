with

{{ source_ctes('touch', 'touched_at') }}

renamed as {{ not_materialized() }} (

    select
        touch_id,
        campaign_id,
        customer_id,

        lower(touch_channel) as touch_channel,
        -- the control group is every arm's; an arm named all is no single one
        case
            when not coalesce(is_control, false)
                then nullif(lower(arm_code), 'all')
        end as arm_code,

        coalesce(touch_cost, 0) as contact_cost_amount,

        coalesce(is_control, false) as is_control,

        {{ business_date('touched_at') }} as touched_date,

        touched_at,
        opened_at,
        clicked_at,
        redeemed_at,
        updated_at,
        ingested_at,

        {{ row_facts() }}

    from source

),

validated_rows as (
{{ validate_rows('renamed', hashed_row_text('touch'),
'touch_id', 'updated_at', reject_reasons={
    'negative_cost': {'contact_cost_amount': 'contact_cost_amount < 0'},
    'response_before_touch': {
        'opened_at': is_well_after('touched_at', 'opened_at'),
        'clicked_at': is_well_after('touched_at', 'clicked_at'),
        'redeemed_at': is_well_after('touched_at', 'redeemed_at'),
    },
    'touched_in_the_future': {'touched_at': is_in_the_future('touched_at')},
}, time=['touched_at', 'touched_date'], has_first_day=false,
later_first=['redeemed_at', 'clicked_at', 'opened_at'],
identity=['customer_id', 'touched_at']) }}
)

select * from validated_rows
