with

retention as (

    select * from {{ ref('dws_cst_retention') }}

    where is_current

),

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

    where is_current

),

customers as (

    select * from {{ ref('dim_cst_customer') }}

    where is_current

),

strategies as (

    select * from {{ ref('dim_cst_strategy') }}

),

candidates as (

    select
        retention.customer_id,
        retention.snapshot_date,

        retention.strategy_code,
        retention.recommended_strategy_code,
        strategies.strategy_name_zh,
        strategies.strategy_name_en,
        strategies.strategy_priority,
        retention.segment_code,
        retention.value_tier,
        retention.assignment_reason_zh,
        retention.assignment_reason_en,
        case
            {%- for channel in contact_channels() %}
            when customers.is_reachable_by_{{ channel }} then '{{ channel }}'
            {%- endfor %}
        end as contact_channel,
        -- consent and erasure as known now, not as on the snapshot date
        case
            when customers.is_deleted then 'erased'
            when not customers.has_contact_consent
                then case
                    when customers.contact_consent = 'unknown'
                        then 'consent_unknown'
                    else 'no_consent'
                end
            when
                not (
                    customers.is_reachable_by_sms
                    {%- for channel in contact_channels() if channel != 'sms' %}
                    or customers.is_reachable_by_{{ channel }}
                    {%- endfor %}
                )
                then 'no_address'
            when
                retention.recent_contact_count
                >= {{ cst_var('retention_contact_cap') }}
                then 'frequency_cap'
        end as no_contact_reason,

        segmentation.value_score,
        segmentation.monetary_amount,
        retention.recent_contact_count,

        retention.is_holdout,
        retention.is_program_holdout,

        retention.episode_start_date

    from retention

    inner join segmentation
        on retention.customer_id = segmentation.customer_id

    inner join customers
        on retention.customer_id = customers.customer_id

    inner join strategies
        on retention.strategy_code = strategies.strategy_code

),

audience as (

    select
        customer_id,
        snapshot_date,

        strategy_code,
        recommended_strategy_code,
        strategy_name_zh,
        strategy_name_en,
        segment_code,
        value_tier,
        assignment_reason_zh,
        assignment_reason_en,
        contact_channel,
        no_contact_reason,

        strategy_priority,
        cast(
            row_number() over (
                partition by strategy_code
                order by
                    value_score desc,
                    monetary_amount desc,
                    customer_id asc
            ) as bigint
        ) as priority,
        recent_contact_count,

        is_holdout,
        is_program_holdout,
        no_contact_reason is null as is_contactable,

        episode_start_date

    from candidates

)

select * from audience
