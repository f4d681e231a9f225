{#-
    The snapshot rows of a strategy in ads_cst_effect, which are computed from
    entries, say what the assignments with is_compared say: how many customers
    in each group, which share of them bought, how often, and for how much. The
    lists are those whose outcomes this run measures.
-#}
with

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

),

lists_measured as (

    select * from {{ ref('int_cst_windows_closed') }}

),

-- in the segment that people saw
retention as (

    select
        {{ all_but('retention', ['segment_code']) }},
        segmentation.segment_code

    from {{ ref('int_cst_retention') }} as retention

    left join segmentation
        on
            retention.customer_id = segmentation.customer_id
            and retention.snapshot_date = segmentation.snapshot_date

    where retention.is_compared

),

effects as (

    select * from {{ ref('ads_cst_effect') }}

    where
        scope_code = 'strategy'
        and period_type = 'snapshot'
        and measure_code in ('repurchase_rate', 'order_count', 'net_amount')
        and coalesce(withheld_reason, '') != 'holdout_not_in_use'
        and period_code in (
            select cast(lists_measured.snapshot_date as string)
            from lists_measured
        )

),

entries as (
    {%- for window in retention_windows() %}
    {%- for measure, value in {
        'repurchase_rate': 'cast(is_repurchased_within_' ~ window
            ~ 'd as integer)',
        'order_count': 'order_count_next_' ~ window ~ 'd',
        'net_amount': 'net_amount_next_' ~ window ~ 'd',
    }.items() %}
    {%- for segment in ['segment_code', "'all'"] %}

    select
        strategy_code,
        cast(snapshot_date as string) as period_code,
        {{ segment }} as segment_code,
        {{ window }} as window_days,
        '{{ measure }}' as measure_code,
        is_holdout,
        is_mature_{{ window }}d as is_mature,
        cast({{ value }} as double) as outcome

    from retention

    where {{ segment }} is not null
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

from_retention as (

    select
        strategy_code,
        period_code,
        segment_code,
        window_days,
        measure_code,
        sum(cast(is_mature and not is_holdout as integer)) as treated_entries,
        sum(cast(is_mature and is_holdout as integer)) as holdout_entries,
        sum(cast(not is_mature as integer)) as open_entries,
        coalesce(avg(case when not is_holdout then outcome end), 0)
            as treated_mean,
        coalesce(avg(case when is_holdout then outcome end), 0)
            as holdout_mean

    from entries

    group by
        strategy_code,
        period_code,
        segment_code,
        window_days,
        measure_code

),

differences as (

    select
        coalesce(from_retention.strategy_code, effects.subject_code)
            as strategy_code,
        coalesce(from_retention.period_code, effects.period_code)
            as period_code,
        coalesce(from_retention.segment_code, effects.segment_code)
            as segment_code,
        coalesce(from_retention.window_days, effects.window_days)
            as window_days,
        coalesce(from_retention.measure_code, effects.measure_code)
            as measure_code,
        from_retention.treated_entries,
        effects.treated_entries as treated_entries_of_effect,
        from_retention.holdout_entries,
        effects.holdout_entries as holdout_entries_of_effect,
        from_retention.open_entries,
        effects.open_entries as open_entries_of_effect,
        from_retention.treated_mean,
        effects.treated_mean as treated_mean_of_effect,
        from_retention.holdout_mean,
        effects.holdout_mean as holdout_mean_of_effect

    from from_retention

    full outer join effects
        on
            from_retention.strategy_code = effects.subject_code
            and from_retention.period_code = effects.period_code
            and from_retention.segment_code = effects.segment_code
            and from_retention.window_days = effects.window_days
            and from_retention.measure_code = effects.measure_code

    where
        from_retention.strategy_code is null
        or effects.subject_code is null
        or from_retention.treated_entries != effects.treated_entries
        or from_retention.holdout_entries != effects.holdout_entries
        or from_retention.open_entries != effects.open_entries
        or abs(
            from_retention.treated_mean - coalesce(effects.treated_mean, 0)
        ) > 1e-6
        or abs(
            from_retention.holdout_mean - coalesce(effects.holdout_mean, 0)
        ) > 1e-6

)

select * from differences
