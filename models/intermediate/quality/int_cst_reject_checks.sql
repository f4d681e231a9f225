{#- Three rows of which one is broken are no reason to stop. -#}
{%- set few_rows = 10 -%}
{%- set warn_share = cst_var('cst_rejected_warn_share') -%}
{%- set stop_share = cst_var('cst_rejected_stop_share') -%}

with

feed_totals as (

    select
        *,
        cast(rejected_count as double) / nullif(delivered_count, 0)
            as rejected_share,
        concat(
            cast(main_reason_count as string), ' of them for ',
            main_reason_code,
            coalesce(
                ' (such as ' || substr(example_value, 1, 40) || ')', ''
            )
        ) as reason_text,
        -- what decides about the reason, where a var does
        case
            when main_reason_code = 'other_currency'
                then
                    'cst_currency_code (or cst_enabled_sources, with '
                    || 'exchange_rate)'
            when main_reason_code like '%_in_the_future'
                then 'cst_clock_tolerance_minutes'
            when main_reason_code = 'implausible_amount'
                then 'cst_largest_amount'
            when
                main_reason_code in (
                    'implausible_ordered_at', 'implausible_occurred_at'
                )
                then 'cst_longest_silence_days or cst_earliest_date'
            when main_reason_code like 'implausible_%'
                then 'cst_earliest_date'
            when main_reason_code = 'missing_customer_id'
                then 'cst_nobody_ids'
        end as reason_var,
        case
            when main_reason_code = 'no_exchange_rate'
                then 'Deliver the rates of these days in ods_fin_exchange_rate'
            else 'Mend the delivery'
        end as advice_text

    from {{ ref('int_cst_feed_totals') }}

),

reject_checks as (

    select
        source_name,
        'nothing_accepted' as check_name,
        case
            when
                source_name in ('customer', 'order')
                or delivered_count >= {{ few_rows }}
                then 'stop'
            else 'warn'
        end as verdict,
        '0 rows' as found_text,
        'above 0 rows' as limit_text,
        concat(
            source_name, ': none of ', cast(delivered_count as string),
            ' rows was accepted, ', reason_text, '. ', advice_text,
            coalesce(', or set ' || reason_var || ' if it is meant', ''),
            case
                when source_name not in ('customer', 'order')
                    then ', or take it out of cst_enabled_sources'
                else ''
            end,
            '.'
        ) as message

    from feed_totals

    where
        delivered_count > 0
        and accepted_count = 0

    union all

    select
        source_name,
        'rejected_share' as check_name,
        case
            when
                rejected_share > {{ stop_share }}
                and rejected_count >= {{ few_rows }}
                then 'stop'
            else 'warn'
        end as verdict,
        {{ percent_text('rejected_share') }} as found_text,
        {{ percent_text(warn_share) }} as limit_text,
        concat(
            source_name, ': ', {{ percent_text('rejected_share') }}, ' of ',
            cast(delivered_count as string), ' rows were rejected, ',
            reason_text, '. ', advice_text,
            coalesce(', or set ' || reason_var || ' if it is meant', ''),
            '; above cst_rejected_stop_share (now {{ stop_share }}) nothing ',
            'is published.'
        ) as message

    from feed_totals

    where
        rejected_share > {{ warn_share }}
        and accepted_count > 0

)

select * from reject_checks
