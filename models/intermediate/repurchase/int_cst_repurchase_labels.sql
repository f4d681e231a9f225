with

segments as (

    select * from {{ ref('cst_segments') }}

),

strategies as (

    select * from {{ ref('cst_strategies') }}

),

measures as (

    select
        'assigned' as measure_code,
        '策略后复购率' as measure_name_zh,
        'Repurchase rate after assignment' as measure_name_en,
        '分配策略后N天内再次购买的客户 ÷ 分配策略的已购客户' as measure_formula_zh,
        'bought again within N days of being assigned a strategy '
        || '÷ assigned and had bought before' as measure_formula_en

    union all

    select
        'after_first' as measure_code,
        '首购后复购率' as measure_name_zh,
        'Repurchase rate after the first purchase' as measure_name_en,
        '首购后N天内再次购买的客户 ÷ 首购已满N天的客户' as measure_formula_zh,
        'bought again within N days of the first purchase '
        || '÷ first purchase at least N days back' as measure_formula_en

    union all

    select
        'in_window' as measure_code,
        '窗口内复购率' as measure_name_zh,
        'Share of repeat buyers in the window' as measure_name_en,
        '窗口内购买两次及以上的客户 ÷ 窗口内购买过的客户' as measure_formula_zh,
        'two or more purchases in the window ÷ one or more'
            as measure_formula_en

),

cuts as (

    {% for cut_code, cut_value, name_zh, name_en in [
        ('total', "'all'", "'全部'", "'All'"),
        ('cohort', 'cast(null as string)', 'cast(null as string)',
         'cast(null as string)'),
        ('strategy', "'none'", "'无策略'", "'No strategy'"),
        ('holdout', "'treated'", "'策略组'", "'Treated'"),
        ('holdout', "'holdout'", "'对照组'", "'Held out'"),
    ] -%}
    select
        '{{ cut_code }}' as cut_code,
        {{ cut_value }} as cut_value,
        {{ name_zh }} as cut_value_zh,
        {{ name_en }} as cut_value_en

    union all

    {% endfor -%}
    select
        'segment' as cut_code,
        segment_code as cut_value,
        segment_name_zh as cut_value_zh,
        segment_name_en as cut_value_en

    from segments

    union all

    select
        'strategy' as cut_code,
        strategy_code as cut_value,
        strategy_name_zh as cut_value_zh,
        strategy_name_en as cut_value_en

    from strategies

),

repurchase_labels as (

    select
        measures.measure_code,
        cuts.cut_code,
        cuts.cut_value,

        measures.measure_name_zh,
        measures.measure_name_en,
        measures.measure_formula_zh,
        measures.measure_formula_en,
        cuts.cut_value_zh,
        cuts.cut_value_en

    from measures

    cross join cuts

)

select * from repurchase_labels
