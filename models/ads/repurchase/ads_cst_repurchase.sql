{%- set measures = repurchase_measures() -%}
{%- set rfm_window_days = cst_var('rfm_window_days') -%}
{%- set cuts = {
    'total': "'all'",
    'cohort': 'substr(cast(cohort_month as string), 1, 7)',
    'segment': 'segment_code',
    'strategy': 'strategy_code',
    'holdout': 'holdout_group',
} -%}

with

retention as (

    select * from {{ ref('dws_cst_retention') }}

),

segmentation as (

    select
        *,
        cast({{ dbt.date_trunc('month', 'first_order_date') }} as date)
            as cohort_month

    from {{ ref('dws_cst_segmentation') }}

),

cohort_repurchases as (

    select * from {{ ref('int_cst_cohort_repurchases') }}

),

segments as (

    select * from {{ ref('dim_cst_segment') }}

),

strategies as (

    select * from {{ ref('dim_cst_strategy') }}

),

snapshots as (

    select
        snapshot_date,
        is_current,
        snapshot_date = max(snapshot_date) over (
            partition by {{ dbt.date_trunc('month', 'snapshot_date') }}
        ) as is_last_of_month

    from segmentation

    group by
        snapshot_date,
        is_current

),

assigned as (

    select
        retention.*,
        segmentation.cohort_month,
        case when retention.is_holdout then 'holdout' else 'treated' end
            as holdout_group

    from retention

    inner join segmentation
        on
            retention.customer_id = segmentation.customer_id
            and retention.snapshot_date = segmentation.snapshot_date

),

orders_known as (

    select min(first_order_date) as from_date

    from segmentation

),

buyers as (

    select
        segmentation.*,
        -- erased customers have bought, but have no strategy
        coalesce(retention.strategy_code, 'none') as strategy_code,
        {% if rfm_window_days is none -%}
        true as is_window_known,
        true as is_cohort_known
        {%- else -%}
        {{ add_days('orders_known.from_date', rfm_window_days - 1) }}
        <= segmentation.snapshot_date as is_window_known,
        {{ add_days(
            'last_day(segmentation.cohort_month)', rfm_window_days - 1
        ) }} <= segmentation.snapshot_date as is_cohort_known
        {%- endif %}

    from segmentation

    cross join orders_known

    left join retention
        on
            segmentation.customer_id = retention.customer_id
            and segmentation.snapshot_date = retention.snapshot_date

    where segmentation.frequency >= 1

),

-- small enough to be added up once per cut
cells as (

    {% for window in retention_windows() -%}
    select
        'assigned' as measure_code,
        snapshot_date,
        {{ window }} as window_days,
        cohort_month,
        segment_code,
        strategy_code,
        holdout_group,
        bool_and(is_mature_{{ window }}d) as is_cohort_mature,
        count(*) as customer_count,
        sum(case when is_mature_{{ window }}d then 1 else 0 end)
            as mature_count,
        sum(case when is_repurchased_within_{{ window }}d then 1 else 0 end)
            as repurchased_count

    from assigned

    group by
        snapshot_date,
        cohort_month,
        segment_code,
        strategy_code,
        holdout_group

    union all

    {% endfor -%}
    select
        'after_first' as measure_code,
        as_of_date as snapshot_date,
        window_days,
        cohort_month,
        cast(null as string) as segment_code,
        cast(null as string) as strategy_code,
        cast(null as string) as holdout_group,
        is_mature as is_cohort_mature,
        customer_count,
        mature_customer_count as mature_count,
        repurchased_customer_count as repurchased_count

    from cohort_repurchases

    union all

    select
        'in_window' as measure_code,
        snapshot_date,
        {{ 'cast(null as integer)' if rfm_window_days is none
            else rfm_window_days }} as window_days,
        cohort_month,
        segment_code,
        strategy_code,
        cast(null as string) as holdout_group,
        is_cohort_known as is_cohort_mature,
        count(*) as customer_count,
        sum(case when is_window_known then 1 else 0 end) as mature_count,
        sum(case when is_window_known and frequency >= 2 then 1 else 0 end)
            as repurchased_count

    from buyers

    group by
        snapshot_date,
        cohort_month,
        segment_code,
        strategy_code,
        is_cohort_known

),

groups as (

    {% for cut_code, cut_value in cuts.items() -%}
    select
        measure_code,
        snapshot_date,
        window_days,
        '{{ cut_code }}' as cut_code,
        {{ cut_value }} as cut_value,
        {{ 'bool_and(is_cohort_mature)' if cut_code == 'cohort'
            else 'sum(mature_count) > 0' }} as is_mature,
        sum(customer_count) as customer_count,
        sum(mature_count) as mature_count,
        sum(repurchased_count) as repurchased_count

    from cells

    where {{ cut_value }} is not null

    group by
        measure_code,
        snapshot_date,
        window_days,
        {{ cut_value }}
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}

),

repurchase as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'groups.measure_code', 'groups.snapshot_date',
            'groups.window_days', 'groups.cut_code', 'groups.cut_value',
        ]) }} as repurchase_key,
        groups.measure_code,
        {% for label in ['name_zh', 'name_en', 'formula_zh', 'formula_en'] -%}
        case groups.measure_code
            {%- for measure_code, labels in measures.items() %}
            when '{{ measure_code }}' then '{{ labels[label] }}'
            {%- endfor %}
        end as measure_{{ label }},
        {% endfor -%}
        groups.window_days,

        groups.snapshot_date,
        cast({{ dbt.date_trunc('month', 'groups.snapshot_date') }} as date)
            as snapshot_month,
        snapshots.is_current,
        snapshots.is_last_of_month,

        groups.cut_code,
        groups.cut_value,
        {% for language, all_customers, treated, holdout, none_in_force in [
            ('zh', '全部', '策略组', '对照组', '无策略'),
            ('en', 'All', 'Treated', 'Held out', 'No strategy'),
        ] -%}
        case
            when groups.cut_code = 'segment'
                then segments.segment_name_{{ language }}
            when groups.cut_code = 'strategy' and groups.cut_value = 'none'
                then '{{ none_in_force }}'
            when groups.cut_code = 'strategy'
                then strategies.strategy_name_{{ language }}
            when groups.cut_value = 'all' then '{{ all_customers }}'
            when groups.cut_value = 'treated' then '{{ treated }}'
            when groups.cut_value = 'holdout' then '{{ holdout }}'
            else groups.cut_value
        end as cut_value_{{ language }},
        {% endfor %}
        groups.is_mature,

        cast(groups.customer_count as bigint) as customer_count,
        cast(case when groups.is_mature then groups.mature_count end as bigint)
            as denominator_count,
        cast(
            case when groups.is_mature then groups.repurchased_count end
            as bigint
        ) as numerator_count,
        case
            when groups.is_mature
                then
                    cast(groups.repurchased_count as double)
                    / groups.mature_count
        end as repurchase_rate

    from groups

    inner join snapshots
        on groups.snapshot_date = snapshots.snapshot_date

    left join segments
        on
            groups.cut_code = 'segment'
            and groups.cut_value = segments.segment_code

    left join strategies
        on
            groups.cut_code = 'strategy'
            and groups.cut_value = strategies.strategy_code

)

select * from repurchase
