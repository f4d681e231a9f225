with

customers as (

    select * from {{ ref('base_cst__customers') }}

    where customer_id is not null

),

-- an is_deleted that cannot be read refuses without naming a consent
refusals as (

    select
        {%- for consent in consents() %}
        max(case when {{ consent }} = 'refused' then '{{ consent }}' end)
            as {{ consent }},
        {%- endfor %}
        customer_id

    from customers

    where coalesce(flags, '') not like '%unreadable_is_deleted%'

    group by customer_id

),

refused_consents as (

    select
        customer_id,
        concat_ws(',', {{ consents() | join(', ') }}) as refused_consents

    from refusals

    where coalesce({{ consents() | join(', ') }}) is not null

)

select * from refused_consents
