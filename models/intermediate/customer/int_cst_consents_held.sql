with

versions as (

    select
        *,
        lag(updated_at) over (
            partition by customer_id
            order by updated_at
        ) is null as is_first,
        lead(updated_at) over (
            partition by customer_id
            order by updated_at
        ) as next_updated_at

    from {{ ref('stg_cst__customer_versions') }}

),

withdrawals as (

    select * from {{ ref('stg_cst__customer_withdrawals') }}

),

-- rows that refuse while a version holds need not be versions themselves
refusals as (

    select
        versions.customer_id,
        {%- for consent in consents() %}
        versions.{{ consent }},
        case when versions.{{ consent }} = 'granted' then versions.updated_at
        end as {{ consent }}_granted_at,
        max(
            case
                when withdrawals.{{ consent }} = 'refused'
                    then withdrawals.stated_at
            end
        ) as {{ consent }}_refused_at,
        {%- endfor %}
        {%- for channel in contact_channels() %}
        -- a general refusal that does not except the channel
        count(
            case
                when
                    withdrawals.contact_consent = 'refused'
                    and withdrawals.consent_{{ channel }} is null
                    and withdrawals.stated_at >= versions.updated_at
                    then 1
            end
        ) > 0 as is_{{ channel }}_generally_refused,
        {%- endfor %}
        versions.updated_at

    from versions

    left join withdrawals
        on
            versions.customer_id = withdrawals.customer_id
            and (
                versions.is_first
                or versions.updated_at <= withdrawals.stated_at
            )
            and (
                versions.next_updated_at is null
                or versions.next_updated_at > withdrawals.stated_at
            )

    group by
        versions.customer_id,
        {%- for consent in consents() %}
        versions.{{ consent }},
        {%- endfor %}
        versions.updated_at

),

-- a refusal holds until a newer version grants the same consent; at one
-- instant, it wins
held_consents as (

    select
        customer_id,
        {%- for consent in consents() %}
        case
            when
                max({{ consent }}_refused_at) over versions_so_far
                >= coalesce(
                    max({{ consent }}_granted_at) over versions_so_far,
                    {{ first_instant() }}
                )
                then 'refused'
            else coalesce({{ consent }}, 'unknown')
        end as {{ consent }},
        {%- endfor %}
        {%- for channel in contact_channels() %}
        is_{{ channel }}_generally_refused,
        {%- endfor %}
        updated_at

    from refusals

    window versions_so_far as (partition by customer_id order by updated_at)

)

select * from held_consents
