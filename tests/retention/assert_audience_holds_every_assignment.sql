{#-
    By strategy, customers to be contacted, held out and not contactable are
    together all customers with a strategy at the newest snapshot.
-#}
with

retention as (

    select * from {{ ref('dws_cst_retention') }}

    where is_current

),

audience as (

    select * from {{ ref('ads_cst_audience') }}

    where is_current

),

assigned as (

    select
        strategy_code,
        count(*) as assigned_count,
        sum(case when is_holdout then 1 else 0 end) as held_out_count

    from retention

    group by strategy_code

),

listed as (

    select
        strategy_code,
        sum(case when is_contactable and not is_holdout then 1 else 0 end)
            as to_contact_count,
        sum(case when is_contactable and is_holdout then 1 else 0 end)
            as held_out_contactable_count,
        sum(case when no_contact_reason is not null then 1 else 0 end)
            as not_contactable_count,
        sum(case when is_holdout then 1 else 0 end) as held_out_count

    from audience

    group by strategy_code

),

differences as (

    select
        coalesce(assigned.strategy_code, listed.strategy_code)
            as strategy_code,
        assigned.assigned_count,
        listed.to_contact_count,
        listed.held_out_contactable_count,
        listed.not_contactable_count,
        assigned.held_out_count as assigned_held_out_count,
        listed.held_out_count as listed_held_out_count

    from assigned

    full outer join listed
        on assigned.strategy_code = listed.strategy_code

    where
        assigned.strategy_code is null
        or listed.strategy_code is null
        or assigned.assigned_count
        != listed.to_contact_count
        + listed.held_out_contactable_count
        + listed.not_contactable_count
        or assigned.held_out_count != listed.held_out_count

)

select * from differences
