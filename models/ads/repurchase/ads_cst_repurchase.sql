{%- set cuts = {
    'total': "'all'", 'cohort': 'substr(cast(cohort_month as string), 1, 7)',
    'segment': 'segment_code', 'strategy': 'strategy_code',
    'holdout': 'holdout_group',
} -%}

with

retention as {{ not_materialized() }} (

    select * from {{ ref('dws_cst_retention') }}

),

segmentation as (

    select
        *,
        cast({{ dbt.date_trunc('month', 'first_order_date') }} as date)
            as cohort_month

    from {{ ref('dws_cst_segmentation') }}

),

repurchase_cells as (

    select * from {{ ref('int_cst_repurchase_cells') }}

),

labels as (

    select * from {{ ref('int_cst_repurchase_labels') }}

),

published as (

    select * from {{ source('published', 'ads_cst_repurchase') }}

    where measure_code = 'in_window'

),

snapshots as (

    select * from {{ ref('dim_cst_snapshot') }}

),

-- the facts of a closed snapshot are as published, and so is its window
open_cells as (

    select repurchase_cells.*

    from repurchase_cells

    inner join snapshots
        on repurchase_cells.snapshot_date = snapshots.snapshot_date

    where
        repurchase_cells.measure_code != 'in_window'
        or not snapshots.is_closed

),

repurchases as (

    {% for days in retention_windows() -%}
    select
        'assigned' as measure_code,
        retention.snapshot_date,
        retention.is_current,
        {{ days }} as window_days,
        segmentation.cohort_month,
        retention.segment_code,
        retention.strategy_code,
        -- at entry alone: later on, groups are what contacts made of them
        case
            when retention.is_compared and retention.is_holdout then 'holdout'
            when retention.is_compared then 'treated'
        end as holdout_group,
        retention.is_mature_{{ days }}d as is_cohort_mature,
        1 as customer_count,
        cast(retention.is_mature_{{ days }}d as integer) as mature_count,
        case when retention.is_repurchased_within_{{ days }}d then 1 else 0 end
            as repeat_count

    from retention

    inner join segmentation
        on
            retention.customer_id = segmentation.customer_id
            and retention.snapshot_date = segmentation.snapshot_date
            and segmentation.value_tier is not null

    union all

    {% endfor -%}
    select * from open_cells

),

groups as (

    {% for cut_code, cut_value in cuts.items() -%}
    select
        measure_code,
        snapshot_date,
        is_current,
        window_days,
        '{{ cut_code }}' as cut_code,
        {{ cut_value }} as cut_value,
        {{ 'bool_and(is_cohort_mature)' if cut_code == 'cohort'
            else 'sum(mature_count) > 0' }} as is_mature,
        sum(customer_count) as customer_count,
        sum(mature_count) as mature_count,
        sum(repeat_count) as repeat_count

    from repurchases

    where {{ cut_value }} is not null

    group by
        measure_code,
        snapshot_date,
        is_current,
        window_days,
        {{ cut_value }}

    union all

    {% endfor -%}
    select
        published.measure_code,
        published.snapshot_date,
        snapshots.is_current,
        published.window_days,
        published.cut_code,
        published.cut_value,
        published.is_mature,
        published.customer_count,
        published.denominator_count as mature_count,
        published.numerator_count as repeat_count

    from published

    inner join snapshots
        on published.snapshot_date = snapshots.snapshot_date

    where snapshots.is_closed

),

repurchase as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'groups.measure_code', 'groups.snapshot_date',
            'groups.window_days', 'groups.cut_code', 'groups.cut_value',
        ]) }} as repurchase_key,
        groups.measure_code,
        {% for column in ['name_zh', 'name_en', 'formula_zh', 'formula_en'] -%}
        labels.measure_{{ column }},
        {% endfor -%}
        groups.window_days,
        groups.snapshot_date,
        cast({{ dbt.date_trunc('month', 'groups.snapshot_date') }} as date)
            as snapshot_month,
        groups.is_current,
        groups.snapshot_date = max(groups.snapshot_date) over (
            partition by {{ dbt.date_trunc('month', 'groups.snapshot_date') }}
        ) as is_last_of_month,
        groups.cut_code,
        groups.cut_value,
        coalesce(labels.cut_value_zh, groups.cut_value) as cut_value_zh,
        coalesce(labels.cut_value_en, groups.cut_value) as cut_value_en,
        groups.is_mature,
        cast(groups.customer_count as bigint) as customer_count,
        cast(case when groups.is_mature then groups.mature_count end as bigint)
            as denominator_count,
        cast(case when groups.is_mature then groups.repeat_count end as bigint)
            as numerator_count,
        case
            when groups.is_mature
                then cast(groups.repeat_count as double) / groups.mature_count
        end as repurchase_rate

    from groups

    inner join labels
        on
            groups.measure_code = labels.measure_code
            and groups.cut_code = labels.cut_code
            and groups.cut_value = coalesce(labels.cut_value, groups.cut_value)

)

select * from repurchase
