{#- The number of a small shop changes by much from day to day. -#}
{%- set few_customers = 100 -%}
{%- set warn_share = cst_var('cst_change_warn_share') -%}
{%- set stop_share = cst_var('cst_change_stop_share') -%}
{%- set jump_days = cst_var('cst_as_of_jump_days') -%}
{%- set active_days = cst_var('cst_active_days') -%}
{%- set stop = 'warn' if cst_var('cst_allow_feed_changes') else 'stop' -%}
{%- set advice = 'set cst_allow_feed_changes to true for one run if it is '
    ~ 'meant.' -%}

with

feed_activity as (

    select * from {{ ref('int_cst_feed_activity') }}

),

published_run as (

    select * from {{ ref('int_cst_published_run') }}

),

orders as (

    select
        feed_activity.*,
        published_run.accepted_count - published_run.guest_order_count
            as published_named_count,
        published_run.as_of_date as published_date,
        published_run.active_customer_count as published_active_count,
        {{ days_between(
            'published_run.as_of_date', 'feed_activity.as_of_date'
        ) }} as days_ahead,
        {{ change_share(
            'feed_activity.active_customer_count',
            'published_run.active_customer_count'
        ) }} as changed_share

    from feed_activity

    inner join published_run
        on published_run.source_name = 'order'

),

change_checks as (

    select
        'order' as source_name,
        'orders_of_nobody' as check_name,
        '{{ stop }}' as verdict,
        '0' as found_text,
        'above 0' as limit_text,
        concat(
            'order: all ', cast(order_count as string), ' accepted orders are ',
            'of nobody (customer_id is empty, or in cst_nobody_ids), the last ',
            'published run had ', cast(published_named_count as string),
            ' of customers. Deliver customer_id, or {{ advice }}'
        ) as message

    from orders

    where
        order_count > 0
        and named_order_count = 0
        and published_named_count > 0
    {%- if cst_var('cst_as_of_date') is none %}

    union all

    select
        'order' as source_name,
        'as_of_date' as check_name,
        '{{ stop }}' as verdict,
        cast(as_of_date as string) as found_text,
        cast(
            {{ add_days('published_date', jump_days) }} as string
        ) as limit_text,
        concat(
            'order: the as-of date would go from ',
            cast(published_date as string), ' to ', cast(as_of_date as string),
            ', ', cast(abs(days_ahead) as string), ' days ',
            case
                when days_ahead < 0 then 'back'
                else 'ahead (cst_as_of_jump_days: {{ jump_days }})'
            end,
            '. Look at the dates of the newest orders, set cst_as_of_date to ',
            'the day that is meant, or {{ advice }}'
        ) as message

    from orders

    where days_ahead not between 0 and {{ jump_days }}

    union all

    select
        'order' as source_name,
        'active_customers' as check_name,
        case
            when changed_share > {{ stop_share }} then '{{ stop }}' else 'warn'
        end as verdict,
        cast(active_customer_count as string) as found_text,
        {{ percent_text(stop_share) }} as limit_text,
        concat(
            'order: ', cast(active_customer_count as string),
            ' customers bought in the {{ active_days }} days to ',
            cast(as_of_date as string), ', ',
            {{ change_text(
                'active_customer_count', 'published_active_count'
            ) }},
            '. Look at customer_id, order_status and dates of the newest ',
            'orders, or {{ advice }}'
        ) as message

    from orders

    where
        published_active_count >= {{ few_customers }}
        and changed_share > {{ warn_share }}
        -- else another check tells why nobody is active
        and valid_order_count > 0
        and named_order_count > 0
    {%- endif %}

)

select * from change_checks
