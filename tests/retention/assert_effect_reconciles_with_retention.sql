{#-
    The snapshot rows of a strategy in ads_cst_effect, which are computed from
    entries, say what the rows of dws_cst_retention with is_compared say: how
    many customers in each group, how many of them bought, how often, and for
    how much.
-#}
with

retention as (

    select * from {{ ref('dws_cst_retention') }}

    where is_compared

),

effects as (

    select * from {{ ref('ads_cst_effect') }}

    where
        scope_code = 'strategy'
        and period_type = 'snapshot'
        and coalesce(withheld_reason, '') != 'holdout_not_in_use'

),

entries as (
    {%- for window in retention_windows() %}
    {%- for segment in ['segment_code', "'all'"] %}

    select
        strategy_code,
        snapshot_date,
        {{ segment }} as segment_code,
        {{ window }} as window_days,
        is_holdout,
        is_mature_{{ window }}d as is_mature,
        is_repurchased_within_{{ window }}d as is_repurchased,
        order_count_next_{{ window }}d as order_count,
        net_amount_next_{{ window }}d as net_amount

    from retention
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
        cast(snapshot_date as string) as period_code,
        segment_code,
        window_days,
        sum(cast(is_mature and not is_holdout as integer)) as treated_entries,
        sum(cast(is_mature and is_holdout as integer)) as holdout_entries,
        sum(cast(not is_mature as integer)) as open_entries,
        sum(case when not is_holdout and is_repurchased then 1 else 0 end)
            as treated_buyers,
        sum(case when is_holdout and is_repurchased then 1 else 0 end)
            as holdout_buyers,
        avg(case when not is_holdout then cast(order_count as double) end)
            as treated_orders,
        avg(case when is_holdout then cast(order_count as double) end)
            as holdout_orders,
        avg(case when not is_holdout then cast(net_amount as double) end)
            as treated_amount,
        avg(case when is_holdout then cast(net_amount as double) end)
            as holdout_amount

    from entries

    group by
        strategy_code,
        cast(snapshot_date as string),
        segment_code,
        window_days

),

from_effect as (

    select
        subject_code as strategy_code,
        period_code,
        segment_code,
        window_days,
        max(treated_entries) as treated_entries,
        max(holdout_entries) as holdout_entries,
        max(open_entries) as open_entries,
        max(case when measure_code = 'repurchase_rate' then treated_buyers end)
            as treated_buyers,
        max(case when measure_code = 'repurchase_rate' then holdout_buyers end)
            as holdout_buyers,
        max(case when measure_code = 'order_count' then treated_mean end)
            as treated_orders,
        max(case when measure_code = 'order_count' then holdout_mean end)
            as holdout_orders,
        max(case when measure_code = 'net_amount' then treated_mean end)
            as treated_amount,
        max(case when measure_code = 'net_amount' then holdout_mean end)
            as holdout_amount

    from effects

    where measure_code in ('repurchase_rate', 'order_count', 'net_amount')

    group by
        subject_code,
        period_code,
        segment_code,
        window_days

),

differences as (

    select
        coalesce(from_retention.strategy_code, from_effect.strategy_code)
            as strategy_code,
        coalesce(from_retention.period_code, from_effect.period_code)
            as period_code,
        coalesce(from_retention.segment_code, from_effect.segment_code)
            as segment_code,
        coalesce(from_retention.window_days, from_effect.window_days)
            as window_days,
        {%- set counts = [
            'treated_entries', 'holdout_entries', 'open_entries',
            'treated_buyers', 'holdout_buyers',
        ] %}
        {%- set means = [
            'treated_orders', 'holdout_orders', 'treated_amount',
            'holdout_amount',
        ] %}
        {%- for measure in counts + means %}
        from_retention.{{ measure }},
        from_effect.{{ measure }} as {{ measure }}_of_effect
        {{- ',' if not loop.last }}
        {%- endfor %}

    from from_retention

    full outer join from_effect
        on
            from_retention.strategy_code = from_effect.strategy_code
            and from_retention.period_code = from_effect.period_code
            and from_retention.segment_code = from_effect.segment_code
            and from_retention.window_days = from_effect.window_days

    where
        from_retention.strategy_code is null
        or from_effect.strategy_code is null
        {%- for measure in counts %}
        or from_retention.{{ measure }} != from_effect.{{ measure }}
        {%- endfor %}
        {%- for measure in means %}
        or coalesce(
            abs(from_retention.{{ measure }} - from_effect.{{ measure }})
            > 1e-6,
            (from_retention.{{ measure }} is null)
            != (from_effect.{{ measure }} is null)
        )
        {%- endfor %}

)

select * from differences
