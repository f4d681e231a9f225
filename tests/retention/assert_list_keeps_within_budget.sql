{#-
    A strategy with a budget contacts as many as it pays for, at what a contact
    has cost so far, and those from whom the most is expected; chance has the
    share of its places that is its own, and no other.
-#}
{%- set share = cst_var('retention_exploration_share') -%}
with

audience as (

    select
        *,
        is_contactable and not is_holdout as is_to_contact,
        no_contact_reason = 'over_budget' and not is_holdout as is_left_out

    from {{ ref('ads_cst_audience') }}

    where is_current

),

strategies as (

    select * from {{ ref('dim_cst_strategy') }}

),

contacts as (

    select * from {{ ref('dwd_prm_contact') }}

    where not is_control

),

snapshots as (

    select
        max(snapshot_date) as snapshot_date,
        max(case when is_period_end then snapshot_date end) as list_date

    from {{ ref('dim_cst_snapshot') }}

),

costs as (

    select
        contacts.strategy_code,
        cast(sum(contacts.contact_cost_amount) as double) / count(*)
            as mean_cost_amount,
        sum(
            case
                when contacts.contact_date > snapshots.list_date
                    then contacts.contact_cost_amount
                else 0
            end
        ) as list_cost_amount

    from contacts

    inner join snapshots
        on contacts.contact_date <= snapshots.snapshot_date

    group by contacts.strategy_code

),

lists as (

    select
        audience.strategy_code,
        max(
            case
                when strategies.budget_amount = 0 then 0e0
                when strategies.budget_amount > 0 then cast(
                    greatest(
                        strategies.budget_amount - costs.list_cost_amount, 0
                    ) as double
                ) / nullif(costs.mean_cost_amount, 0)
            end
        ) as affordable_count,
        sum(case when audience.is_to_contact then 1 else 0 end)
            as contact_count,
        sum(
            case
                when audience.is_to_contact and audience.is_explored then 1
                else 0
            end
        ) as explored_count,
        sum(
            case
                when
                    audience.is_left_out
                    and audience.priority_basis != 'no_gain'
                    then 1
                else 0
            end
        ) as left_out_count,
        max(
            case
                when audience.is_to_contact and not audience.is_explored
                    then audience.priority
            end
        ) as last_priority,
        min(
            case
                when
                    audience.is_left_out
                    and audience.priority_basis != 'no_gain'
                    then audience.priority
            end
        ) as first_left_out_priority

    from audience

    inner join strategies
        on audience.strategy_code = strategies.strategy_code

    left join costs
        on audience.strategy_code = costs.strategy_code

    group by audience.strategy_code

),

differences as (

    select *

    from lists

    where
        contact_count > affordable_count + 1e-9
        or (
            left_out_count > 0
            and coalesce(contact_count + 1 <= affordable_count - 1e-9, true)
        )
        or explored_count > coalesce(ceil(affordable_count * {{ share }}), 0)
        or last_priority > first_left_out_priority

)

select * from differences
