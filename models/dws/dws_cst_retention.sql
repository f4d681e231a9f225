with

strategy_assignments as (

    select * from {{ ref('int_cst_strategy_assignments') }}

),

repurchase_outcomes as (

    select * from {{ ref('int_cst_repurchase_outcomes') }}

),

recent_contacts as (

    select * from {{ ref('int_cst_recent_contacts') }}

),

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

),

retention as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'strategy_assignments.customer_id',
            'strategy_assignments.snapshot_date',
        ]) }} as retention_key,
        segmentation.customer_key,
        strategy_assignments.customer_id,
        strategy_assignments.campaign_id,

        strategy_assignments.snapshot_date,
        segmentation.is_current,

        segmentation.segment_code,
        segmentation.value_tier,
        strategy_assignments.strategy_code,
        strategy_assignments.recommended_strategy_code,
        strategy_assignments.recommendation_source,
        strategy_assignments.assignment_reason_en,
        strategy_assignments.assignment_reason_zh,
        strategy_assignments.is_in_cooling_off,

        strategy_assignments.is_holdout,
        strategy_assignments.holdout_source,
        strategy_assignments.is_contaminated_holdout,

        recent_contacts.recent_contact_count,
        strategy_assignments.contact_count,
        strategy_assignments.first_contact_date,
        strategy_assignments.open_count,
        strategy_assignments.click_count,
        strategy_assignments.redemption_count,
        strategy_assignments.contact_cost_amount,

        {% for window in retention_contract_windows() -%}
        repurchase_outcomes.is_mature_{{ window }}d,
        repurchase_outcomes.is_repurchased_within_{{ window }}d,
        repurchase_outcomes.order_count_next_{{ window }}d,
        repurchase_outcomes.net_amount_next_{{ window }}d,

        {% endfor -%}
        repurchase_outcomes.days_to_repurchase

    from strategy_assignments

    inner join segmentation
        on
            strategy_assignments.customer_id = segmentation.customer_id
            and strategy_assignments.snapshot_date = segmentation.snapshot_date

    inner join repurchase_outcomes
        on
            strategy_assignments.customer_id = repurchase_outcomes.customer_id
            and strategy_assignments.snapshot_date
            = repurchase_outcomes.snapshot_date

    inner join recent_contacts
        on
            strategy_assignments.customer_id = recent_contacts.customer_id
            and strategy_assignments.snapshot_date
            = recent_contacts.snapshot_date

)

select * from retention
