{#-
    Who is in ads_cst_strategy_outcome is in ads_cst_strategy_ltv_outcome, with
    a lifetime value on both dates or without; and there is a follow-up as soon
    as the window is over.
-#}
with

outcomes as (

    select * from {{ ref('ads_cst_strategy_outcome') }}

),

ltv_outcomes as (

    select * from {{ ref('ads_cst_strategy_ltv_outcome') }}

),

differences as (

    select
        outcomes.strategy_outcome_key,
        ltv_outcomes.strategy_ltv_outcome_key,
        outcomes.is_mature,
        ltv_outcomes.follow_up_date,
        outcomes.treated_customers,
        ltv_outcomes.treated_customers
        + ltv_outcomes.treated_customers_without_ltv as all_treated,
        outcomes.holdout_customers,
        ltv_outcomes.holdout_customers
        + ltv_outcomes.holdout_customers_without_ltv as all_holdout

    from outcomes

    full outer join ltv_outcomes
        on outcomes.strategy_outcome_key = ltv_outcomes.strategy_ltv_outcome_key

    where
        outcomes.strategy_outcome_key is null
        or ltv_outcomes.strategy_ltv_outcome_key is null
        or outcomes.is_mature != (ltv_outcomes.follow_up_date is not null)
        or outcomes.treated_customers
        != ltv_outcomes.treated_customers
        + ltv_outcomes.treated_customers_without_ltv
        or outcomes.holdout_customers
        != ltv_outcomes.holdout_customers
        + ltv_outcomes.holdout_customers_without_ltv

)

select * from differences
