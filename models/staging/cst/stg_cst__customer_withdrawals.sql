with

customers as (

    select * from {{ ref('base_cst__customers') }}

    where customer_id is not null

),

-- a withdrawal counts though its row is rejected; without a date, it may be
-- the newest
withdrawals as (

    select distinct
        customer_id,

        {%- for consent in consents() %}
        {{ consent }},
        {%- endfor %}
        is_deleted,

        coalesce(updated_at, {{ last_instant() }}) as stated_at

    from customers

    where
        coalesce({{ consents() | join(', ') }}) is not null
        or is_deleted is not null

)

select * from withdrawals
