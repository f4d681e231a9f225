with

held_consents as (

    select * from {{ ref('int_cst_consents_held') }}

),

-- the general consent stands for channels of which nothing is said; who is
-- reached by their id alone is where they agreed to be, or not there at all
consents_by_channel as (

    select
        customer_id,
        {%- for channel, address in contact_channels().items() %}
        {%- set consent = 'consent_' ~ channel %}
        case
            when
                {{ consent }} = 'granted'
                and not is_{{ channel }}_generally_refused
                then 'granted'
            when {{ consent }} in ('granted', 'refused') then 'refused'
            {%- if address is none %}
            when contact_consent = 'granted' then 'unknown'
            {%- endif %}
            else contact_consent
        end as {{ consent }},
        {%- endfor %}
        updated_at

    from held_consents

),

consents as (

    select
        customer_id,
        case
            when 'granted' in ({{ channel_consents() | join(', ') }})
                then 'granted'
            when 'unknown' in ({{ channel_consents() | join(', ') }})
                then 'unknown'
            else 'refused'
        end as contact_consent,
        {%- for consent in channel_consents() %}
        {{ consent }},
        {%- endfor %}
        updated_at

    from consents_by_channel

)

select * from consents
