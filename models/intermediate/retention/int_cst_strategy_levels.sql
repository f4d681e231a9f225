with

segments_assigned as (

    select * from {{ ref('int_cst_segments_assigned') }}

),

activity as (

    select * from {{ ref('int_cst_activity') }}

),

service_experience as (

    select * from {{ ref('int_cst_service_experience') }}

),

ltv_amounts as (

    select * from {{ ref('int_cst_ltv_amounts') }}

),

tag_measures as (

    select * from {{ ref('int_cst_tag_measures') }}

),

tags as (

    select * from {{ ref('cst_tags') }}

),

snapshot_dates as (

    select
        *,
        -- lists that were published stay, whatever the rules say of them now
        is_list_due or not is_published as is_decided,
        -- a filter would have DuckDB expect few rows, and hold all twice
        case when is_list_due or is_current then snapshot_date end as due_date

    from {{ ref('int_cst_snapshot_dates') }}

),

tags_joined as (

    select
        tag_measures.customer_id,
        tag_measures.snapshot_date,
        {{ joined_in_order('tags.tag_code', 'tags.tag_rank', ',') }}
            as tag_codes

    from tag_measures

    inner join snapshot_dates
        on tag_measures.snapshot_date = snapshot_dates.due_date

    inner join tags
        on {{ gives_tag('tag_measures', 'tags') }}

    group by
        tag_measures.customer_id,
        tag_measures.snapshot_date

),

-- a source that is switched off is a level, too
strategy_levels as (

    select
        segments_assigned.customer_id,
        segments_assigned.snapshot_date,

        coalesce(segments_assigned.value_tier, 'none') as value_tier,
        segments_assigned.segment_code,
        segments_assigned.lifecycle_stage,
        coalesce(activity.engagement_level, 'unknown') as engagement_level,
        coalesce(service_experience.satisfaction_level, 'unknown')
            as satisfaction_level,
        case
            when service_experience.open_ticket_count > 0 then 'open'
            when service_experience.open_ticket_count = 0 then 'none'
            else 'unknown'
        end as service_state,
        coalesce({{ ltv_tier('ltv_amounts.ltv_decile') }}, 'unknown')
            as ltv_tier,
        coalesce(tags_joined.tag_codes, 'none') as tag_codes,

        snapshot_dates.is_list_due,
        snapshot_dates.is_decided

    from segments_assigned

    inner join snapshot_dates
        on segments_assigned.snapshot_date = snapshot_dates.due_date
    {%- for relation in [
        'activity', 'service_experience', 'ltv_amounts', 'tags_joined',
    ] %}

    left join {{ relation }}
        on
            segments_assigned.customer_id = {{ relation }}.customer_id
            and segments_assigned.snapshot_date = {{ relation }}.snapshot_date
    {%- endfor %}

)

select * from strategy_levels
