{#-
    A strategy changes only where the rules recommended the new one on every
    snapshot of retention_cooling_off_days, and it changes there. Each change,
    and each strategy in its cooling-off period, is joined to what the rules
    recommended before: recommended for long enough means that no other
    recommendation is newer than the newest snapshot so many days ago. Where the
    recommendation, or the one before it, has no cooling-off period, it is in
    force at once.
    Of alternatives that were drawn in its place, the rule's own strategy counts.
    It changes with a list: between two of them, the last one stays. Lists that
    were published followed the cooling-off period of then.
-#}
{%- set cooling_off_days = cst_var('retention_cooling_off_days') -%}

with

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

),

retention as (

    select * from {{ ref('dws_cst_retention') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

    where is_list_due or (is_current and not is_published)

),

strategies as (

    select * from {{ ref('dim_cst_strategy') }}

),

history as (

    select
        segmentation.customer_id,
        segmentation.snapshot_date,
        coalesce(retention.recommended_strategy_code, 'none') as recommended,
        coalesce(retention.default_strategy_code, retention.strategy_code)
            as assigned,
        coalesce(
            not strategies.has_cooling_off
            or not lag(strategies.has_cooling_off) over (
                partition by segmentation.customer_id
                order by segmentation.snapshot_date
            ), false
        ) as is_at_once,
        lag(
            coalesce(retention.default_strategy_code, retention.strategy_code)
        ) over (
            partition by segmentation.customer_id
            order by segmentation.snapshot_date
        ) as previously_assigned

    from segmentation

    left join retention
        on
            segmentation.customer_id = retention.customer_id
            and segmentation.snapshot_date = retention.snapshot_date

    left join strategies
        on retention.recommended_strategy_code = strategies.strategy_code

),

in_question as (

    select
        history.*,
        snapshot_dates.is_list_due

    from history

    inner join snapshot_dates
        on history.snapshot_date = snapshot_dates.snapshot_date

    where
        history.assigned != history.previously_assigned
        or history.assigned != history.recommended

),

earlier_recommendations as (

    select
        in_question.customer_id,
        in_question.snapshot_date,
        in_question.recommended,
        in_question.assigned,
        in_question.previously_assigned,
        in_question.is_at_once,
        in_question.is_list_due,
        max(
            case
                when
                    history.snapshot_date <= {{ add_days(
                        'in_question.snapshot_date', -cooling_off_days
                    ) }}
                    then history.snapshot_date
            end
        ) as long_ago_date,
        max(
            case
                when history.recommended != in_question.recommended
                    then history.snapshot_date
            end
        ) as other_recommendation_date

    from in_question

    inner join history
        on
            in_question.customer_id = history.customer_id
            and in_question.snapshot_date >= history.snapshot_date

    group by
        in_question.customer_id,
        in_question.snapshot_date,
        in_question.recommended,
        in_question.assigned,
        in_question.previously_assigned,
        in_question.is_at_once,
        in_question.is_list_due

),

validated as (

    select
        *,
        is_at_once
        or (
            long_ago_date is not null
            and coalesce(other_recommendation_date < long_ago_date, true)
        ) as is_recommended_for_long

    from earlier_recommendations

),

wrong as (

    select * from validated

    where
        -- during the cooling-off period the previous strategy is in force
        (
            assigned != recommended
            and (
                (is_list_due and is_recommended_for_long)
                or previously_assigned is null
                or assigned != previously_assigned
            )
        )
        -- a new strategy is one that was recommended for long
        or (assigned = recommended and not is_recommended_for_long)
        or (assigned != previously_assigned and not is_list_due)

)

select * from wrong
