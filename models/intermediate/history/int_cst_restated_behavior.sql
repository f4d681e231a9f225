{#- What was delivered, whatever the rules make of it. -#}
{%- set behavior_counts = [
    'view_count_90d', 'search_count_90d', 'cart_count_90d',
    'checkout_count_90d', 'active_day_count_90d',
] -%}
{%- set service_counts = [
    'ticket_count_90d', 'responded_ticket_count_90d',
    'resolved_ticket_count_90d', 'csat_response_count_90d',
    'nps_response_count_90d',
] -%}

with

behavior_today as (

    select * from {{ ref('int_cst_behavior') }}

),

published as (

    select * from {{ source('published', 'dws_cst_behavior') }}

),

closed_snapshots as (

    select * from {{ ref('int_cst_closed_snapshots') }}

),

corrections as (

    select * from {{ ref('int_cst_customer_corrections') }}

),
{{ differing_rows('dws_cst_behavior', 'behavior_today') }}
unpivoted as (

    select
        customer_id,
        snapshot_date,
        own_cause_code,
        rules_cause_code,
        case
            when row_cause_code is not null then row_cause_code
            when is_erased and {{ are_fewer(behavior_counts) }} then 'erasure'
            when
                {{ any_differs(behavior_counts + ['last_activity_date']) }}
                then 'late_activity'
        end as behavior_cause_code,
        case
            when row_cause_code is not null then row_cause_code
            when is_erased and {{ are_fewer(service_counts) }} then 'erasure'
            when
                {{ any_differs(service_counts + ['last_ticket_date']) }}
                then 'late_activity'
        end as service_cause_code,
        {{ values_unpivoted('dws_cst_behavior') }}

    from differing

),

restated_behavior as (

    select
        customer_id,
        snapshot_date,

        column_name,
        column_group,
        published_value,
        restated_value,
        published_number,
        restated_number,
        case column_group
            when 'behavior'
                then coalesce(
                    behavior_cause_code, own_cause_code, rules_cause_code,
                    'late_activity'
                )
            when 'service'
                then coalesce(
                    service_cause_code, rules_cause_code, 'late_activity'
                )
            else coalesce(own_cause_code, rules_cause_code, 'corrected_order')
        end as cause_code

    from unpivoted

    where published_value is distinct from restated_value

)

select * from restated_behavior
