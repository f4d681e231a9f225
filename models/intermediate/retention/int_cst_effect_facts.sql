{#- What has no such value has none of it, not an unknown one. -#}
{%- set nothing = {
    'order_count': 'cast(0 as bigint)',
    'net_amount': 'cast(0 as decimal(18, 2))',
    'discount_amount': 'cast(0 as decimal(18, 2))',
    'contact_count': 'cast(0 as bigint)',
    'contact_cost_amount': 'cast(0 as decimal(18, 2))',
    'visit_count': 'cast(0 as bigint)',
} -%}

with

ledger_entries as (

    select * from {{ ref('int_cst_ledger_entries') }}

),

contacts as (

    select * from {{ ref('int_cst_contacts') }}

    where not is_control

),

sessions as (

    select * from {{ ref('int_cst_sessions') }}

    where customer_id is not null

),

as_of as (

    select max(last_snapshot_date) as as_of_date

    from {{ ref('int_cst_snapshot_dates') }}

),

facts as (

    select
        customer_id,
        cast(null as string) as campaign_id,
        cast(null as string) as strategy_code,
        {% for measure, zero in nothing.items() -%}
        {{ {
            'order_count': 'order_count',
            'net_amount': 'gross_amount - refund_amount',
            'discount_amount': 'discount_amount',
        }.get(measure, zero) }} as {{ measure }},
        {% endfor -%}
        -- a refund belongs to its purchase
        purchase_date as started_date,
        posted_date as fact_date

    from ledger_entries

    union all

    select
        customer_id,
        campaign_id,
        strategy_code,
        {% for measure, zero in nothing.items() -%}
        {{ {
            'contact_count': 'cast(1 as bigint)',
            'contact_cost_amount': 'contact_cost_amount',
        }.get(measure, zero) }} as {{ measure }},
        {% endfor -%}
        touched_date as started_date,
        touched_date as fact_date

    from contacts

    union all

    select
        sessions.customer_id,
        cast(null as string) as campaign_id,
        cast(null as string) as strategy_code,
        {% for measure, zero in nothing.items() -%}
        {{ {'visit_count': 'count(*)'}.get(measure, zero) }} as {{ measure }},
        {% endfor -%}
        sessions.session_date as started_date,
        sessions.session_date as fact_date

    from sessions

    cross join as_of

    where sessions.known_date <= as_of.as_of_date

    group by
        sessions.customer_id,
        sessions.session_date

)

select * from facts
