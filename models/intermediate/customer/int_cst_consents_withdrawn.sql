with

consents as (

    select
        *,
        row_number() over (
            partition by customer_id
            order by updated_at desc
        ) as version_rank

    from {{ ref('int_cst_consents') }}

),

statements as (

    select * from {{ ref('stg_cst__customer_withdrawals') }}

),

newest_consents as (

    select * from consents

    where version_rank = 1

),

-- a column in which nobody agrees, broken or never filled, does not tell who
-- agrees no longer
told_consents as (

    select
        {%- for channel, address in contact_channels().items()
            if address is none %}
        count(case when consent_{{ channel }} = 'granted' then 1 end) > 0
            as is_{{ channel }}_told,
        {%- endfor %}
        count(case when contact_consent = 'granted' then 1 end) > 0
            as is_contact_consent_told

    from statements

),

-- whoever has no accepted row may have refused in a rejected one; who agreed to
-- a channel by name, and says nothing of it now, needs no general consent
statements_of_customers as (

    select
        customer_id,
        {%- for channel in contact_channels() %}
        count(
            case
                when 'refused' in (contact_consent, consent_{{ channel }})
                    then 1
            end
        ) > 0 as is_{{ channel }}_refused,
        count(case when consent_{{ channel }} = 'granted' then 1 end) > 0
            as is_{{ channel }}_named,
        {%- endfor %}
        max(stated_at) as last_stated_at

    from statements

    group by customer_id

),

channels as (

    select
        coalesce(newest_consents.customer_id, said.customer_id)
            as customer_id,
        coalesce(newest_consents.contact_consent, 'refused')
            as contact_consent,
        {%- for channel, address in contact_channels().items() %}
        {%- set consent = 'newest_consents.consent_' ~ channel %}
        case
            when newest_consents.customer_id is null
                then said.is_{{ channel }}_refused
            when {{ consent }} = 'refused' then true
            {%- if address is none %}
            when {{ consent }} = 'granted' then false
            else told_consents.is_{{ channel }}_told
            {%- else %}
            when {{ has_consent(consent) }} then false
            else
                told_consents.is_contact_consent_told
                or coalesce(said.is_{{ channel }}_named, false)
            {%- endif %}
        end as is_{{ channel }}_withdrawn,
        {%- endfor %}
        greatest(
            coalesce(newest_consents.updated_at, {{ first_instant() }}),
            coalesce(said.last_stated_at, {{ first_instant() }})
        ) as last_told_at

    from newest_consents

    full outer join statements_of_customers as said
        on newest_consents.customer_id = said.customer_id

    cross join told_consents

),

-- without a channel that has an address, contact is withdrawn as a whole,
-- unless the customer agreed to another one
withdrawn_consents as (

    select
        customer_id,
        case
            when
                not {{ has_consent('contact_consent') }}
                {%- for channel, address in contact_channels().items()
                    if address is not none %}
                and is_{{ channel }}_withdrawn
                {%- endfor %}
                then contact_consent
        end as contact_consent,
        {%- for channel in contact_channels() %}
        is_{{ channel }}_withdrawn,
        {%- endfor %}
        last_told_at

    from channels

)

select * from withdrawn_consents
