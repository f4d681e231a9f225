with

{{ source_ctes('ticket', 'created_at') }}

renamed as {{ not_materialized() }} (

    select
        ticket_id,
        customer_id,
        order_id,

        lower(ticket_status) as ticket_status,
        lower(channel) as ticket_channel,
        category,

        csat_score,
        nps_score,

        {{ business_date('created_at') }} as created_date,

        created_at,
        first_responded_at,
        resolved_at,
        updated_at,
        ingested_at,

        {{ row_facts() }}

    from source

),

validated_rows as (
{{ validate_rows('renamed', hashed_row_text('ticket'),
'ticket_id', 'updated_at', reject_reasons={
    'csat_not_1_to_5': {'csat_score': 'csat_score not between 1 and 5'},
    'nps_not_0_to_10': {'nps_score': 'nps_score not between 0 and 10'},
    'responded_before_created': {
        'first_responded_at': is_well_after('created_at', 'first_responded_at')
    },
    'resolved_before_created': {
        'resolved_at': is_well_after('created_at', 'resolved_at')
    },
    'created_in_the_future': {'created_at': is_in_the_future('created_at')},
}, time=['created_at', 'created_date'], has_first_day=false, later_first=[
    'case when ' ~ is_one_of(
        'ticket_status', cst_var('service_closed_ticket_statuses')
    ) ~ ' then 1 else 0 end',
    'resolved_at',
    'first_responded_at',
], identity=['customer_id', 'created_at']) }}
)

select * from validated_rows
