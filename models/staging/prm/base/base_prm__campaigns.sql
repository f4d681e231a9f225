with

{{ source_ctes('campaign') }}

renamed as {{ not_materialized() }} (

    select
        campaign_id,
        lower(strategy_code) as strategy_code,

        campaign_name,
        lower(channel) as campaign_channel,

        budget_amount,
        cast(control_share as double) as control_share,

        {{ business_date('started_at') }} as started_date,
        {{ business_date('ended_at') }} as ended_date,

        started_at,
        ended_at,
        updated_at,
        ingested_at,

        {{ row_facts() }}

    from source

),

validated_rows as (
{{ validate_rows('renamed', hashed_row_text('campaign'),
'campaign_id', 'updated_at', reject_reasons={
    'ended_before_started': {'ended_at': 'ended_at < started_at'},
    'negative_budget': {'budget_amount': 'budget_amount < 0'},
    'implausible_control_share': {
        'control_share': 'control_share <= 0 or control_share >= 1'
    },
}, later_first=['ended_at', 'started_at']) }}
)

select * from validated_rows
