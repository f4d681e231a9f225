with

retention as (

    select * from {{ ref('dws_cst_retention') }}

),

strategies as (

    select * from {{ ref('dim_cst_strategy') }}

),

campaigns as (

    select * from {{ ref('dim_prm_campaign') }}

),

-- all entries of the strategy so far: one month's alone would say little
effects as (

    select * from {{ ref('int_cst_effect_estimates') }}

    where
        scope_code = 'strategy'
        and period_type = 'all'
        and window_days = 30

),

snapshots_ranked as (

    select
        *,
        row_number() over (
            partition by customer_id
            order by
                (
                    is_mature_30d
                    and snapshot_date = episode_start_date
                ) desc nulls last,
                snapshot_date desc
        ) as outcome_rank,
        row_number() over (
            partition by customer_id
            order by
                (campaign_id is not null) desc,
                snapshot_date desc
        ) as campaign_rank

    from retention

),

outcomes as (

    select * from snapshots_ranked

    where
        outcome_rank = 1
        and is_mature_30d
        and snapshot_date = episode_start_date

),

-- one row per customer, also of those whom no campaign ever reached
responses as (

    select
        customer_id,
        campaign_id,
        case when campaign_id is not null then snapshot_date end
            as assigned_date,
        case when campaign_id is not null then strategy_code end
            as strategy_code,
        case when campaign_id is not null then contact_count end
            as contact_count,
        case
            when campaign_id is null then null
            when contact_count = 0 then 'held_out'
            when redemption_count > 0 then 'redeemed'
            when click_count > 0 then 'clicked'
            when open_count > 0 then 'opened'
            else 'no_response'
        end as campaign_response

    from snapshots_ranked

    where campaign_rank = 1

),

last_strategy as (

    select
        responses.customer_id,

        outcomes.snapshot_date as last_assigned_date,
        outcomes.strategy_code as last_strategy_code,
        strategies.strategy_name_zh as last_strategy_name_zh,
        strategies.strategy_name_en as last_strategy_name_en,
        outcomes.segment_code as last_assigned_segment_code,
        outcomes.is_holdout as is_last_holdout,
        outcomes.is_repurchased_within_30d as is_last_repurchased_within_30d,
        outcomes.order_count_next_30d as last_order_count_next_30d,
        outcomes.net_amount_next_30d as last_net_amount_next_30d,

        {% for effect in ['segment_effect', 'effect'] -%}
        {{ effect }}.uplift as last_{{ effect }}_rate_uplift,
        {{ effect }}.uplift_low as last_{{ effect }}_rate_uplift_low,
        {{ effect }}.uplift_high as last_{{ effect }}_rate_uplift_high,
        cast(amount_{{ effect }}.uplift as decimal(24, 2))
            as last_{{ effect }}_amount_uplift,
        {{ labeled_code(
            'case when ' ~ effect ~ '.subject_code is not null then '
            ~ effect ~ '.withheld_reason '
            ~ 'when outcomes.strategy_code is not null '
            ~ "then 'holdout_not_in_use' end",
            'withheld_reason', 'last_' ~ effect ~ '_withheld_reason',
        ) }},

        {% endfor -%}
        responses.campaign_id as last_campaign_id,
        campaigns.campaign_name as last_campaign_name,
        campaigns.campaign_channel as last_campaign_channel,
        responses.assigned_date as last_campaign_assigned_date,
        responses.strategy_code as last_campaign_strategy_code,
        responses.contact_count as last_campaign_contact_count,
        {{ labeled_code(
            'responses.campaign_response', 'campaign_response',
            'last_campaign_response',
        ) }}

    from responses

    left join outcomes
        on responses.customer_id = outcomes.customer_id

    left join strategies
        on outcomes.strategy_code = strategies.strategy_code

    {% for effect, measure_code, segment_code in [
        ('segment_effect', 'repurchase_rate', 'outcomes.segment_code'),
        ('effect', 'repurchase_rate', "'all'"),
        ('amount_segment_effect', 'net_amount', 'outcomes.segment_code'),
        ('amount_effect', 'net_amount', "'all'"),
    ] -%}
    left join effects as {{ effect }}
        on
            outcomes.strategy_code = {{ effect }}.subject_code
            and {{ segment_code }} = {{ effect }}.segment_code
            and {{ effect }}.measure_code = '{{ measure_code }}'

    {% endfor -%}
    left join campaigns
        on responses.campaign_id = campaigns.campaign_id

)

select * from last_strategy
