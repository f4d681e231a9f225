with

versions as (

    select
        customer_id,
        has_contact_consent,
        updated_at,
        coalesce(
            lead(updated_at) over (
                partition by customer_id
                order by updated_at
            ),
            {{ last_instant() }}
        ) as next_updated_at

    from {{ ref('stg_cst__customer_versions') }}

),

refusals as (

    select * from {{ ref('stg_cst__customer_withdrawals') }}

    where contact_consent = 'refused'

),

-- rows that refuse while a version holds need not be versions themselves; one
-- of the same instant is the more protective one
consents as (

    select
        versions.customer_id,

        versions.has_contact_consent
        and count(refusals.customer_id) = 0 as has_contact_consent,

        versions.updated_at

    from versions

    left join refusals
        on
            versions.customer_id = refusals.customer_id
            and versions.updated_at <= refusals.stated_at
            and (
                versions.next_updated_at > refusals.stated_at
                or versions.next_updated_at = {{ last_instant() }}
            )

    group by
        versions.customer_id,
        versions.has_contact_consent,
        versions.updated_at

)

select * from consents
