with

-- of two versions written at the same instant, the one that also wins in
-- stg_cst__customers, but a consent only where both say so
ranked_versions as (

    select
        customer_id,
        merged_into_customer_id,

        member_level,
        acquisition_channel,

        acquisition_cost_amount,

        {%- for consent in consents() %}
        nullif(min(coalesce({{ consent }}, '')) over same_instant, '')
            as {{ consent }},
        {%- endfor %}

        registered_date,

        registered_at,
        -- a row without an instant is the first
        coalesce(updated_at, {{ first_instant() }}) as updated_at,

        row_text,
        row_number() over (
            partition by customer_id, updated_at
            order by row_status asc, row_text asc
        ) as version_rank

    from {{ ref('base_cst__customers') }}

    where row_status in ('accepted', 'superseded')

    window same_instant as (partition by customer_id, updated_at)

),

customer_versions as (

    select
        customer_id,
        merged_into_customer_id,
        member_level,
        acquisition_channel,
        acquisition_cost_amount,
        {{ consents() | join(',\n        ') }},
        registered_date,
        registered_at,
        updated_at,
        row_text

    from ranked_versions

    where version_rank = 1

)

select * from customer_versions
