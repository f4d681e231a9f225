with

customers as (

    select * from {{ ref('dim_cst_customer') }}
    where is_current

),

segments as (

    select * from {{ ref('dim_cst_segment') }}

),

rfm_classes as (

    select * from {{ ref('dim_cst_rfm_class') }}

),

audience as (

    select * from {{ ref('ads_cst_audience') }}
    where is_current

),

last_strategies as (

    select * from {{ ref('ads_cst_last_strategy') }}

),

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

customer_tags as (

    select * from {{ ref('ads_cst_customer_tag') }}
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
        {{ labeled_code('segmentation.value_tier', 'value_tier') }},
        customer_tags.tag_codes,
        customer_tags.tag_names_zh,
        customer_tags.tag_names_en,

        segmentation.recency_days,
        segmentation.frequency,
        segmentation.monetary_amount,
        segmentation.average_order_amount,
        segmentation.lifetime_order_count,
        segmentation.lifetime_net_amount,
        segmentation.first_order_date,
        segmentation.last_order_date,
        segmentation.r_score,
        segmentation.f_score,
        segmentation.m_score,
        segmentation.value_score,
        segmentation.r_worse_from_days,
        segmentation.r_better_below_days,
        segmentation.f_worse_up_to_count,
        segmentation.f_better_above_count,
        segmentation.m_worse_up_to_amount,
        segmentation.m_better_above_amount,
        segmentation.r_gap_days,
        segmentation.f_gap_count,
        segmentation.m_gap_amount,
        {{ distance_to_next_value_tier('segmentation') }},

        behavior.session_count_30d,
        behavior.active_day_count_30d,
        behavior.view_count_30d,
        behavior.cart_count_30d,
        behavior.order_count_30d,
        behavior.engagement_score,
        behavior.main_channel,
        behavior.days_since_last_activity,
        behavior.last_ticket_date,
        behavior.ticket_count_90d,
        behavior.open_ticket_count,
        behavior.csat_average_90d,
        behavior.days_since_bad_experience,
        {{ labeled_code('behavior.satisfaction_level', 'satisfaction_level') }},

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

        ltv.historic_ltv_amount,
        ltv.predicted_ltv_amount,
        ltv.ltv_amount,
        ltv.ltv_change_amount,
        ltv.ltv_decile,
        ltv.ltv_tier,
        ltv.p_alive,
        ltv.ltv_method,

        last_strategies.last_assigned_date,
        last_strategies.last_strategy_code,
        last_strategies.last_strategy_name_zh,
        last_strategies.last_strategy_name_en,
        last_strategies.last_assigned_segment_code,
        last_strategies.is_last_holdout,
        last_strategies.is_last_repurchased_within_30d,
        last_strategies.last_order_count_next_30d,
        last_strategies.last_net_amount_next_30d,
        last_strategies.last_segment_effect_rate_uplift,
        last_strategies.last_segment_effect_amount_uplift,
        last_strategies.last_segment_effect_withheld_reason,
        last_strategies.last_segment_effect_withheld_reason_zh,
        last_strategies.last_segment_effect_withheld_reason_en,
        last_strategies.last_effect_rate_uplift,
        last_strategies.last_effect_amount_uplift,
        last_strategies.last_effect_withheld_reason,
        last_strategies.last_effect_withheld_reason_zh,
        last_strategies.last_effect_withheld_reason_en,
        last_strategies.last_campaign_id,
        last_strategies.last_campaign_name,
        last_strategies.last_campaign_channel,
        last_strategies.last_campaign_assigned_date,
        last_strategies.last_campaign_response,
        last_strategies.last_campaign_response_zh,
        last_strategies.last_campaign_response_en

    from segmentation

    inner join segments
        on segmentation.segment_code = segments.segment_code

    left join rfm_classes
        on segmentation.rfm_class_code = rfm_classes.rfm_class_code
    {%- for join, relation in [
        ('inner', 'customers'), ('inner', 'behavior'), ('inner', 'ltv'),
        ('inner', 'customer_tags'), ('left', 'audience'),
        ('left', 'last_strategies'),
    ] %}

    {{ join }} join {{ relation }}
        on segmentation.customer_id = {{ relation }}.customer_id
    {%- endfor %}

)

select * from customer_360
