{%- set statements = consents() + ['is_deleted', 'updated_at'] -%}

with

-- a withdrawal counts though its row is rejected, or arrived after
-- cst_known_at
customers as (
    {%- for model in ['base_cst__customers', 'base_cst__later_customers'] %}

    select
        customer_id,
        {{ statements | join(',\n        ') }}

    from {{ ref(model) }}

    where customer_id is not null
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

-- without a date, it may be the newest
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
