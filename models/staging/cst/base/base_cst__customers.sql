with

{{ source_ctes('customer') }}

-- who the row is about stays in the source: base_cst__customer_details reads
-- it there once it is known who was erased
renamed as {{ not_materialized() }} (

    select
        customer_id,
        merged_into_customer_id,

        member_level,
        lower(acquisition_channel) as acquisition_channel,

        acquisition_cost as acquisition_cost_amount,

        {%- for consent in consents() %}
        {{ stated_consent(consent) }} as {{ consent }},
        {%- endfor %}
        is_deleted,

        {{ business_date('registered_at') }} as registered_date,

        registered_at,
        updated_at,
        ingested_at,

        contract_problem,
        problem_column,
        problem_value,
        nullif(concat_ws(
            ',',
            flags,
            case
                when {{ is_implausible_birth_date(
                    'birth_date', business_date('registered_at')
                ) }}
                    then 'implausible_birth_date'
            end
        ), '') as flags,
        source_row,
        has_null_text,
        has_nobody_id,
        is_repeated

    from source

),

validated_rows as (
{{ validate_rows('renamed', hashed_row_text('customer'),
'customer_id', 'updated_at', reject_reasons={
    'registered_in_the_future': {
        'registered_at': is_in_the_future('registered_at')
    },
    'negative_acquisition_cost': {
        'acquisition_cost_amount': 'acquisition_cost_amount < 0'
    },
    'merged_into_itself': {
        'merged_into_customer_id': 'merged_into_customer_id = customer_id'
    },
}, has_values=false, has_row_texts=true) }}
)

select * from validated_rows
