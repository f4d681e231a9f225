{%- set few_rows = 10 -%}
{%- set valid_statuses = cst_var('cst_valid_order_statuses') | join(', ')
    | replace("'", "''") -%}
{%- set stop = 'warn' if cst_var('cst_allow_feed_changes') else 'stop' -%}

with

feed_totals as (

    select * from {{ ref('int_cst_feed_totals') }}

),

feed_activity as (

    select * from {{ ref('int_cst_feed_activity') }}

),

delivery_checks as (

    -- a shop of guests has no customers, but orders that name none either
    select
        feed_totals.source_name,
        'nothing_delivered' as check_name,
        case
            when
                feed_totals.source_name = 'order'
                or feed_activity.named_order_count > 0
                then '{{ stop }}'
            else 'warn'
        end as verdict,
        '0 rows' as found_text,
        'above 0 rows' as limit_text,
        concat(
            feed_totals.source_name, ': no row was delivered, ',
            cast(feed_activity.named_order_count as string),
            ' orders name a customer. Deliver the table, or set ',
            'cst_allow_feed_changes to true for one run if it is meant.'
        ) as message

    from feed_totals

    cross join feed_activity

    where
        feed_totals.source_name in ('customer', 'order')
        and feed_totals.delivered_count = 0

    union all

    select
        'order' as source_name,
        'no_valid_status' as check_name,
        case
            when order_count >= {{ few_rows }} then 'stop' else 'warn'
        end as verdict,
        statuses_text as found_text,
        '{{ valid_statuses }}' as limit_text,
        concat(
            'order: none of ', cast(order_count as string),
            ' accepted orders counts as a purchase, their statuses are ',
            statuses_text, '. Name those that do in cst_valid_order_statuses.'
        ) as message

    from feed_activity

    where
        order_count > 0
        and valid_order_count = 0

)

select * from delivery_checks
