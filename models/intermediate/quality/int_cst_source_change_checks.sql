{#- The number of a small source changes by much from day to day. -#}
{%- set few_rows = 100 -%}
{%- set warn_share = cst_var('cst_change_warn_share') -%}
{%- set stop_share = cst_var('cst_change_stop_share') -%}
{%- set stop = 'warn' if cst_var('cst_allow_feed_changes') else 'stop' -%}
{%- set advice = 'set cst_allow_feed_changes to true for one run if it is '
    ~ 'meant.' -%}

with

feed_totals as (

    select * from {{ ref('int_cst_feed_totals') }}

),

published_run as (

    select * from {{ ref('int_cst_published_run') }}

),

sources as (

    select
        feed_totals.source_name,
        feed_totals.delivered_count,
        feed_totals.accepted_count,
        published_run.accepted_count as published_count,
        {{ change_share(
            'feed_totals.accepted_count', 'published_run.accepted_count'
        ) }} as changed_share

    from feed_totals

    inner join published_run
        on feed_totals.source_name = published_run.source_name

),

change_checks as (

    select
        source_name,
        'source_vanished' as check_name,
        '{{ stop }}' as verdict,
        cast(accepted_count as string) as found_text,
        'above 0' as limit_text,
        concat(
            source_name, ': no row delivered that could be accepted, the last ',
            'published run had ', cast(published_count as string),
            '. Deliver the table, ',
            case
                when source_name not in ('customer', 'order')
                    then 'take it out of cst_enabled_sources, '
                else ''
            end,
            'or {{ advice }}'
        ) as message

    from sources

    where
        accepted_count = 0
        and published_count > 0
        -- else int_cst_reject_checks tells why none was accepted
        and delivered_count < 10

    union all

    select
        source_name,
        'row_count' as check_name,
        case
            when
                changed_share > {{ stop_share }}
                and accepted_count < published_count
                then '{{ stop }}'
            else 'warn'
        end as verdict,
        cast(accepted_count as string) as found_text,
        {{ percent_text(stop_share) }} as limit_text,
        concat(
            source_name, ': ', cast(accepted_count as string),
            ' rows were accepted, ',
            {{ change_text('accepted_count', 'published_count') }},
            '. Deliver all history, or {{ advice }}'
        ) as message

    from sources

    where
        published_count >= {{ few_rows }}
        and accepted_count > 0
        and changed_share > {{ warn_share }}

)

select * from change_checks
