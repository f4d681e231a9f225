{%- set zero_count = 'cast(0 as bigint)' -%}
{%- set zero_amount = 'cast(0 as decimal(18, 2))' -%}
{%- set no_text = 'cast(null as string)' -%}

with

ledger_entries as (

    select * from {{ ref('int_cst_ledger_entries') }}

),

contacts as (

    select * from {{ ref('int_cst_contacts') }}

    where not is_control

),

visits_daily as (

    select * from {{ ref('int_cst_visits_daily') }}

),

facts as (

    -- a refund began with its purchase
    select
        concat('ledger/', ledger_entry_id) as fact_id,
        customer_id,
        {{ no_text }} as campaign_id,
        {{ no_text }} as strategy_code,
        order_count,
        gross_amount - refund_amount as net_amount,
        discount_amount,
        coalesce(gross_profit_amount, 0) as gross_profit_amount,
        case
            when gross_profit_amount is null then 0
            else gross_amount - refund_amount
        end as profit_net_amount,
        {{ zero_count }} as contact_count,
        {{ zero_amount }} as contact_cost_amount,
        {{ zero_count }} as visit_count,
        purchase_date as started_date,
        posted_date as fact_date

    from ledger_entries

    union all

    select
        concat('contact/', touch_id) as fact_id,
        customer_id,
        campaign_id,
        strategy_code,
        {{ zero_count }} as order_count,
        {{ zero_amount }} as net_amount,
        {{ zero_amount }} as discount_amount,
        {{ zero_amount }} as gross_profit_amount,
        {{ zero_amount }} as profit_net_amount,
        cast(1 as bigint) as contact_count,
        contact_cost_amount,
        {{ zero_count }} as visit_count,
        touched_date as started_date,
        touched_date as fact_date

    from contacts

    union all

    select
        concat('visits/', customer_id, '/', cast(visit_date as string))
            as fact_id,
        customer_id,
        {{ no_text }} as campaign_id,
        {{ no_text }} as strategy_code,
        {{ zero_count }} as order_count,
        {{ zero_amount }} as net_amount,
        {{ zero_amount }} as discount_amount,
        {{ zero_amount }} as gross_profit_amount,
        {{ zero_amount }} as profit_net_amount,
        {{ zero_count }} as contact_count,
        {{ zero_amount }} as contact_cost_amount,
        visit_count,
        visit_date as started_date,
        visit_date as fact_date

    from visits_daily

)

select * from facts
