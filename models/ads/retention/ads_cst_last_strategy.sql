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

effects as (

    select * from {{ ref('ads_cst_strategy_effect') }}

    where window_days = 30

),

ranked as (

    select
        *,
        row_number() over (
            partition by customer_id
            order by
                is_mature_30d desc nulls last,
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

    select * from ranked

    where
        is_mature_30d
        and outcome_rank = 1

),

answers as (

    select
        *,
        case
            when contact_count = 0 then 'held_out'
            when redemption_count > 0 then 'redeemed'
            when click_count > 0 then 'clicked'
            when open_count > 0 then 'opened'
            else 'no_response'
        end as campaign_response

    from ranked

    where
        campaign_id is not null
        and campaign_rank = 1

),

assigned_customers as (

    select customer_id

    from retention

    group by customer_id

),

last_strategy as (

    select
        assigned_customers.customer_id,

        outcomes.snapshot_date as last_assigned_date,
        outcomes.strategy_code as last_strategy_code,
        strategies.strategy_name_zh as last_strategy_name_zh,
        strategies.strategy_name_en as last_strategy_name_en,
        outcomes.segment_code as last_assigned_segment_code,
        outcomes.is_holdout as is_last_holdout,
        outcomes.is_repurchased_within_30d as is_last_repurchased_within_30d,
        outcomes.order_count_next_30d as last_order_count_next_30d,
        outcomes.net_amount_next_30d as last_net_amount_next_30d,

        {% for effect, name in [
            ('segment_effects', 'last_segment_effect'),
            ('total_effects', 'last_effect'),
        ] -%}
        {% for measure in [
            'rate_uplift', 'rate_uplift_low', 'rate_uplift_high',
            'amount_uplift',
        ] -%}
        {{ effect }}.{{ measure }} as {{ name }}_{{ measure }},
        {% endfor -%}
        {{ labeled_code(
            effect ~ '.withheld_reason', 'withheld_reason',
            name ~ '_withheld_reason',
        ) }},
        {% endfor %}

        answers.campaign_id as last_campaign_id,
        campaigns.campaign_name as last_campaign_name,
        campaigns.campaign_channel as last_campaign_channel,
        answers.snapshot_date as last_campaign_assigned_date,
        answers.strategy_code as last_campaign_strategy_code,
        answers.contact_count as last_campaign_contact_count,
        {{ labeled_code(
            'answers.campaign_response', 'campaign_response',
            'last_campaign_response',
        ) }}

    from assigned_customers

    left join outcomes
        on assigned_customers.customer_id = outcomes.customer_id

    left join strategies
        on outcomes.strategy_code = strategies.strategy_code

    left join effects as segment_effects
        on
            outcomes.snapshot_date = segment_effects.snapshot_date
            and outcomes.strategy_code = segment_effects.strategy_code
            and outcomes.segment_code = segment_effects.segment_code

    left join effects as total_effects
        on
            outcomes.snapshot_date = total_effects.snapshot_date
            and outcomes.strategy_code = total_effects.strategy_code
            and total_effects.segment_code = 'all'

    left join answers
        on assigned_customers.customer_id = answers.customer_id

    left join campaigns
        on answers.campaign_id = campaigns.campaign_id

)

select * from last_strategy
