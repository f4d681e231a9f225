{#-
    Each part of a customer's row, compared as a whole with the table that it
    is taken from, both ways: a row that is missing, doubled or altered is in
    one and not in the other.
-#}
{%- set parts = [
    {
        'source': 'dws_cst_segmentation',
        'filter': 'is_current',
        'columns': [
            'snapshot_date', 'segment_code', 'previous_segment_code',
            'movement', 'movement_cause', 'lifecycle_stage',
            'rfm_class_code', 'value_tier', 'recency_days', 'frequency',
            'monetary_amount', 'average_order_amount',
            'lifetime_order_count', 'lifetime_net_amount',
            'first_order_date', 'last_order_date', 'r_score', 'f_score',
            'm_score', 'value_score', 'r_worse_from_days',
            'r_better_below_days', 'f_worse_up_to_count', 'f_better_above_count',
            'm_worse_up_to_amount', 'm_better_above_amount',
            'r_gap_days', 'f_gap_count',
            'm_gap_amount',
        ],
    },
    {
        'source': 'dws_cst_behavior',
        'filter': 'is_current',
        'columns': [
            'session_count_30d', 'active_day_count_30d', 'view_count_30d',
            'cart_count_30d', 'order_count_30d', 'engagement_score',
            'main_channel', 'days_since_last_activity', 'last_ticket_date',
            'ticket_count_90d', 'open_ticket_count', 'csat_average_90d',
            'days_since_bad_experience', 'satisfaction_level',
        ],
    },
    {
        'source': 'ads_cst_ltv',
        'filter': 'is_current',
        'columns': [
            'historic_ltv_amount', 'predicted_ltv_amount', 'ltv_amount',
            'ltv_change_amount', 'ltv_decile', 'ltv_tier', 'p_alive',
            'ltv_method',
        ],
    },
    {
        'source': 'ads_cst_customer_tag',
        'filter': 'is_current',
        'columns': ['tag_codes', 'tag_names_zh', 'tag_names_en'],
    },
    {
        'source': 'ads_cst_audience',
        'filter': 'is_current',
        'own_filter': 'strategy_code is not null',
        'columns': [
            'strategy_code', 'recommended_strategy_code',
            'strategy_name_zh', 'strategy_name_en', 'assignment_reason_zh',
            'assignment_reason_en', 'is_holdout', 'is_contactable',
            'no_contact_reason', 'contact_channel',
        ],
    },
    {
        'source': 'ads_cst_last_strategy',
        'own_filter': 'last_assigned_date is not null '
            ~ 'or last_campaign_id is not null',
        'filter': 'last_assigned_date is not null '
            ~ 'or last_campaign_id is not null',
        'columns': [
            'last_assigned_date', 'last_strategy_code',
            'last_assigned_segment_code', 'is_last_holdout',
            'is_last_repurchased_within_30d', 'last_order_count_next_30d',
            'last_net_amount_next_30d', 'last_segment_effect_rate_uplift',
            'last_segment_effect_amount_uplift',
            'last_segment_effect_withheld_reason',
            'last_effect_rate_uplift', 'last_effect_amount_uplift',
            'last_effect_withheld_reason', 'last_campaign_id',
            'last_campaign_assigned_date', 'last_campaign_response',
        ],
    },
] -%}

with

customer_360 as (

    select * from {{ ref('ads_cst_customer_360') }}

),

{% for part in parts -%}
{%- set renamed = part.get('renamed', {}) -%}
{{ part.source }} as (

    select
        {% for column in part.columns -%}
        {{ column }},
        {% endfor -%}
        customer_id

    from {{ ref(part.source) }}

    where {{ part.get('filter', 'true') }}

),

taken_from_{{ part.source }} as (

    select
        {% for column in part.columns -%}
        {{ renamed.get(column, column) }},
        {% endfor -%}
        customer_id

    from customer_360

    where {{ part.get('own_filter', 'true') }}

),

only_in_{{ part.source }} as (

    select * from {{ part.source }}

    except all

    select * from taken_from_{{ part.source }}

),

not_in_{{ part.source }} as (

    select * from taken_from_{{ part.source }}

    except all

    select * from {{ part.source }}

),

{% endfor -%}

differences as (

    {% for part in parts -%}
    select
        customer_id,
        'only in {{ part.source }}' as problem

    from only_in_{{ part.source }}

    union all

    select
        customer_id,
        'not in {{ part.source }}' as problem

    from not_in_{{ part.source }}

    {% if not loop.last -%}
    union all

    {% endif -%}
    {% endfor -%}
)

select * from differences
