with

source as (

    select * from {{ cst_source('customer') }}

),

renamed as (

    select
        customer_id,
        merged_into_customer_id,

        lower(gender) as gender,
        city,
        province,
        member_level,
        lower(acquisition_channel) as acquisition_channel,
        email,
        mobile,

        acquisition_cost as acquisition_cost_amount,

        -- what cannot be read may be a withdrawal
        case
            when
                not contact_consent
                or flags like '%unreadable_contact_consent%'
                or flags like '%unreadable_is_deleted%'
                then 'refused'
            when contact_consent then 'granted'
        end as contact_consent,
        is_deleted,

        birth_date,
        {{ business_date('registered_at') }} as registered_date,

        registered_at,
        updated_at,
        ingested_at,

        contract_problem,
        problem_column,
        problem_value,
        flags,
        row_text,
        has_null_text,
        has_nobody_id

    from source

),

validated_rows as (
{{ validate_rows('renamed', 'customer_id', 'updated_at', reject_reasons={
    'registered_in_the_future': is_in_the_future('registered_at', 'updated_at'),
    'born_after_registration': 'birth_date > registered_date',
    'negative_acquisition_cost': 'acquisition_cost_amount < 0',
    'merged_into_itself': 'merged_into_customer_id = customer_id',
}) }}
)

select * from validated_rows
