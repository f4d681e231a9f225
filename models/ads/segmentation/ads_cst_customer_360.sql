{%- set mid_score = cst_var('value_tier_mid_score') -%}
{%- set high_score = cst_var('value_tier_high_score') -%}
{#- The value score is the part of these steps that was taken, of 100. -#}
{%- set all_steps = 3 * (cst_var('rfm_bins') - 1) -%}
{%- set scores_and_edges = [
    'recency_days', 'frequency', 'monetary_amount', 'average_order_amount',
    'lifetime_order_count', 'lifetime_net_amount', 'first_order_date',
    'last_order_date', 'r_score', 'f_score', 'm_score', 'value_score',
    'r_worse_from_days', 'r_better_below_days', 'f_worse_up_to_count',
    'f_better_above_count', 'm_worse_up_to_amount', 'm_better_above_amount',
    'r_gap_days', 'f_gap_count', 'm_gap_amount',
] -%}
{%- set behavior_and_service = [
    'session_count_30d', 'active_day_count_30d', 'view_count_30d',
    'cart_count_30d', 'order_count_30d', 'engagement_score', 'main_channel',
    'days_since_last_activity', 'last_ticket_date', 'ticket_count_90d',
    'open_ticket_count', 'csat_average_90d', 'days_since_bad_experience',
] -%}
{%- set value_over_life = [
    'historic_ltv_amount', 'predicted_ltv_amount', 'ltv_amount',
    'ltv_change_amount', 'ltv_decile', 'ltv_tier', 'p_alive',
] -%}
{%- set answer_of_last_strategy = [
    'last_assigned_date', 'last_strategy_code', 'last_strategy_name_zh',
    'last_strategy_name_en', 'last_assigned_segment_code', 'is_last_holdout',
    'is_last_repurchased_within_30d', 'last_order_count_next_30d', 'last_net_amount_next_30d',
    'last_segment_effect_rate_uplift', 'last_segment_effect_amount_uplift',
    'last_segment_effect_withheld_reason',
    'last_segment_effect_withheld_reason_zh',
    'last_segment_effect_withheld_reason_en',
    'last_effect_rate_uplift', 'last_effect_amount_uplift',
    'last_effect_withheld_reason', 'last_effect_withheld_reason_zh',
    'last_effect_withheld_reason_en',
    'last_campaign_id', 'last_campaign_name', 'last_campaign_channel',
    'last_campaign_assigned_date', 'last_campaign_response',
    'last_campaign_response_zh',
] -%}

with

customers as (

    select * from {{ ref('dim_cst_customer') }}

    where is_current

),

{% for name, relation in [
    ('segments', 'dim_cst_segment'),
    ('rfm_classes', 'dim_cst_rfm_class'),
    ('strategies', 'dim_cst_strategy'),
    ('audience', 'ads_cst_audience'),
    ('last_strategies', 'ads_cst_last_strategy'),
] -%}
{{ name }} as (

    select * from {{ ref(relation) }}

),

{% endfor -%}

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

    where is_current

),

behavior as (

    select * from {{ ref('dws_cst_behavior') }}

    where is_current

),

ltv as (

    select * from {{ ref('ads_cst_ltv') }}

    where is_current

),

customer_360 as (

    select
        segmentation.customer_id,
        segmentation.snapshot_date,

        customers.city,
        customers.province,
        customers.member_level,
        customers.registered_date,
        customers.is_deleted,

        segmentation.segment_code,
        segments.segment_name_zh,
        segments.segment_name_en,
        segmentation.previous_segment_code,
        {{ labeled_code('segmentation.movement', 'movement') }},
        {{ labeled_code('segmentation.movement_cause', 'movement_cause') }},
        {{ labeled_code('segmentation.lifecycle_stage', 'lifecycle_stage') }},
        segmentation.rfm_class_code,
        rfm_classes.rfm_class_name_zh,
        rfm_classes.rfm_class_name_en,
        segmentation.value_tier,
        tiers.value_tier_name_zh,
        tiers.value_tier_name_en,

        {% for column in scores_and_edges -%}
        segmentation.{{ column }},
        {% endfor -%}
        case segmentation.value_tier
            when 'low' then 'mid'
            when 'mid' then 'high'
        end as next_value_tier,
        cast(
            case segmentation.value_tier
                when 'low' then {{ mid_score }} - segmentation.value_score
                when 'mid' then {{ high_score }} - segmentation.value_score
                when 'high' then 0
            end as integer
        ) as points_to_next_value_tier,
        cast(
            case segmentation.value_tier
                when 'low'
                    then {{ (mid_score * all_steps + 99) // 100 }}
                when 'mid'
                    then {{ (high_score * all_steps + 99) // 100 }}
                when 'high' then segmentation.rfm_score - 3
            end - (segmentation.rfm_score - 3) as integer
        ) as score_steps_to_next_value_tier,

        {% for column in behavior_and_service -%}
        behavior.{{ column }},
        {% endfor -%}
        {{ labeled_code(
            'behavior.satisfaction_level', 'satisfaction_level'
        ) }},

        audience.strategy_code,
        audience.recommended_strategy_code,
        audience.strategy_name_zh,
        audience.strategy_name_en,
        audience.assignment_reason_zh,
        audience.assignment_reason_en,
        audience.is_holdout,
        audience.is_contactable,
        {{ labeled_code('audience.no_contact_reason', 'no_contact_reason') }},
        audience.contact_channel,

        {% for column in value_over_life -%}
        ltv.{{ column }},
        {% endfor -%}
        ltv.ltv_method,

        {% for column in answer_of_last_strategy -%}
        last_strategies.{{ column }},
        {% endfor -%}
        last_strategies.last_campaign_response_en

    from segmentation

    inner join segments
        on segmentation.segment_code = segments.segment_code

    inner join customers
        on segmentation.customer_id = customers.customer_id

    inner join behavior
        on segmentation.customer_id = behavior.customer_id

    inner join ltv
        on segmentation.customer_id = ltv.customer_id

    left join rfm_classes
        on segmentation.rfm_class_code = rfm_classes.rfm_class_code

    left join strategies as tiers
        on segmentation.value_tier = tiers.value_tier

    left join audience
        on segmentation.customer_id = audience.customer_id

    left join last_strategies
        on segmentation.customer_id = last_strategies.customer_id

)

select * from customer_360
