{%- set channels = contact_channels() -%}

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

obstacles as (

    select * from {{ ref('int_cst_contact_obstacles') }}

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
        strategies.preferred_channel,
        customers.is_deleted,
        customers.contact_consent,
        customers.has_contact_consent,
        {%- for channel in channels %}
        customers.is_reachable_by_{{ channel }},
        customers.is_reachable_by_{{ channel }}
        and not coalesce(obstacles.is_{{ channel }}_refused, false)
            as is_permitted_by_{{ channel }},
        customers.is_reachable_by_{{ channel }}
        and not coalesce(obstacles.is_{{ channel }}_refused, false)
        and not coalesce(obstacles.is_{{ channel }}_capped, false)
            as is_free_by_{{ channel }},
        {%- endfor %}
        obstacles.has_open_ticket,
        obstacles.has_bad_experience,
        obstacles.has_just_bought,
        obstacles.is_in_quiet_period,
        obstacles.is_within_cadence,

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

    left join obstacles
        on retention.customer_id = obstacles.customer_id

),

-- consent and erasure as known now, not as on the snapshot date
judged as (

    select
        *,
        case
            {%- for channel in channels %}
            when
                preferred_channel = '{{ channel }}'
                and is_free_by_{{ channel }}
                then '{{ channel }}'
            {%- endfor %}
            {%- for channel in channels %}
            when is_free_by_{{ channel }} then '{{ channel }}'
            {%- endfor %}
        end as contact_channel,
        case
            when is_deleted then 'erased'
            when not has_contact_consent
                then case
                    when contact_consent = 'unknown' then 'consent_unknown'
                    else 'no_consent'
                end
            when not ({{ any_channel('is_reachable_by_') }})
                then 'no_address'
            when not ({{ any_channel('is_permitted_by_') }})
                then 'same_address_opted_out'
            when has_open_ticket then 'open_ticket'
            when has_bad_experience then 'bad_experience'
            when has_just_bought then 'just_bought'
            when recent_contact_count >= {{ cst_var('retention_contact_cap') }}
                then 'frequency_cap'
            when not ({{ any_channel('is_free_by_') }}) then 'channel_cap'
            when is_in_quiet_period then 'quiet_period'
            when is_within_cadence then 'cadence'
        end as no_contact_reason

    from candidates

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

    from judged

)

select * from audience
