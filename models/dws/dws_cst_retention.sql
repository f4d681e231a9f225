{#- What was acted on: published once, it stays. -#}
{%- set assigned = [
    'segment_code', 'value_tier', 'strategy_code', 'default_strategy_code',
    'choice_probability', 'recommended_strategy_code', 'strategy_rule_id',
    'assignment_reason_en', 'assignment_reason_zh',
    'is_in_cooling_off', 'episode_start_date', 'is_holdout',
    'is_program_holdout', 'is_compared', 'recent_contact_count',
] -%}
{#- What came of it is measured until it closes. -#}
{%- set measured = outcome_windows() -%}

with

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

),

retention_today as {{ not_materialized() }} (

    select * from {{ ref('int_cst_retention') }}

),

lists as (

    -- a filter would have DuckDB expect few of the rows that are joined
    select
        *,
        case when published_date is null then snapshot_date end as new_date

    from {{ ref('int_cst_lists') }}

),

published as (

    select * from {{ source('published', 'dws_cst_retention') }}

),

-- nobody can measure what came of a customer who is no longer delivered
published_assignments as (

    select
        {% for column, window in measured.items() -%}
        case
            when
                lists.is_settled
                or retention_today.customer_id is null
                or (
                    lists.is_{{ window }}d_closed
                    and published.is_mature_{{ window }}d
                )
                then published.{{ column }}
            else retention_today.{{ column }}
        end as {{ column }},
        {% endfor -%}
        {% for column in assigned -%}
        published.{{ column }},
        {% endfor -%}
        published.customer_id,
        published.snapshot_date

    from published

    inner join lists
        on published.snapshot_date = lists.published_date

    left join retention_today
        on
            published.customer_id = retention_today.customer_id
            and published.snapshot_date = retention_today.snapshot_date

),

assignments as (

    select * from published_assignments

    union all

    select
        {% for column in (measured | list) + assigned -%}
        retention_today.{{ column }},
        {% endfor -%}
        retention_today.customer_id,
        retention_today.snapshot_date

    from retention_today

    inner join lists
        on retention_today.snapshot_date = lists.new_date

),

retention as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'assignments.customer_id', 'assignments.snapshot_date',
        ]) }} as retention_key,
        segmentation.customer_key,
        assignments.customer_id,
        assignments.campaign_id,

        assignments.snapshot_date,
        segmentation.is_current,
        {%- for column in assigned[:-1] %}
        assignments.{{ column }},
        {%- endfor %}
        assignments.is_contaminated_holdout,
        assignments.recent_contact_count,
        {%- for column in measured if column not in [
            'campaign_id', 'is_contaminated_holdout', 'days_to_repurchase'
        ] %}
        assignments.{{ column }},
        {%- endfor %}
        assignments.days_to_repurchase

    from assignments

    inner join segmentation
        on
            assignments.customer_id = segmentation.customer_id
            and assignments.snapshot_date = segmentation.snapshot_date

)

select * from retention
