with

rfm_values as (

    select * from {{ ref('int_cst_rfm_values') }}

),

rfm_scores as (

    select * from {{ ref('int_cst_rfm_scores') }}

),

triples as (

    select * from {{ ref('int_cst_rfm_cells') }}

),

rfm_classes as (

    select * from {{ ref('cst_rfm_classes') }}

),

-- points above the lowest triple, of 100
value_scores as (

    select
        customer_id,
        snapshot_date,
        cast(
            floor(
                (r_score + f_score + m_score - 3) * 100
                / {{ 3 * (cst_var('rfm_bins') - 1) }}
            ) as integer
        ) as value_score

    from rfm_scores

),

value_tiers as (

    select
        customer_id,
        snapshot_date,
        value_score,
        case
            when value_score >= {{ cst_var('value_tier_high_score') }}
                then 'high'
            when value_score >= {{ cst_var('value_tier_mid_score') }}
                then 'mid'
            else 'low'
        end as value_tier

    from value_scores

),

segments_assigned as (

    select
        rfm_values.customer_id,
        rfm_values.snapshot_date,

        coalesce(triples.segment_code, 'prospect') as segment_code,
        triples.rule_id as segment_rule_id,
        case
            when rfm_values.last_order_date is null then 'prospect'
            else previous_triples.segment_code
        end as segment_code_at_previous_cut_points,
        rfm_classes.rfm_class_code,
        value_tiers.value_score,
        value_tiers.value_tier,
        case
            when rfm_values.last_order_date is null then 'prospect'
            when
                {{ days_between(
                    'rfm_values.first_order_date', 'rfm_values.snapshot_date'
                ) }} <= {{ cst_var('lifecycle_new_days') }}
                then 'new'
            when
                rfm_values.recency_days
                <= {{ cst_var('lifecycle_active_days') }}
                then 'active'
            when
                rfm_values.recency_days
                <= {{ cst_var('lifecycle_dormant_days') }}
                then 'dormant'
            else 'lapsed'
        end as lifecycle_stage

    from rfm_values

    left join rfm_scores
        on
            rfm_values.customer_id = rfm_scores.customer_id
            and rfm_values.snapshot_date = rfm_scores.snapshot_date

    left join triples
        on
            rfm_scores.r_score = triples.r_score
            and rfm_scores.f_score = triples.f_score
            and rfm_scores.m_score = triples.m_score

    left join triples as previous_triples
        on
            rfm_scores.r_score_at_previous_cut_points = previous_triples.r_score
            and rfm_scores.f_score_at_previous_cut_points = previous_triples.f_score
            and rfm_scores.m_score_at_previous_cut_points = previous_triples.m_score

    left join rfm_classes
        on
            rfm_scores.is_recent = rfm_classes.is_recent
            and rfm_scores.is_frequent = rfm_classes.is_frequent
            and rfm_scores.is_high_spending = rfm_classes.is_high_spending

    left join value_tiers
        on
            rfm_values.customer_id = value_tiers.customer_id
            and rfm_values.snapshot_date = value_tiers.snapshot_date

)

select * from segments_assigned
