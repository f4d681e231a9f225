{% macro repurchase_measures() %}
    {#-
        The measures that all go by the name of repurchase rate: what people
        call them, and what is divided by what.
    -#}
    {{ return({
        'assigned': {
            'name_zh': '策略后复购率',
            'name_en': 'Repurchase rate after assignment',
            'formula_zh': '分配策略后N天内购买的客户 ÷ 分配策略的客户',
            'formula_en':
                'bought within N days of being assigned a strategy ÷ assigned',
        },
        'after_first': {
            'name_zh': '首购后复购率',
            'name_en': 'Repurchase rate after the first purchase',
            'formula_zh': '首购后N天内再次购买的客户 ÷ 首购已满N天的客户',
            'formula_en': 'bought again within N days of the first purchase '
                ~ '÷ first purchase at least N days back',
        },
        'in_window': {
            'name_zh': '窗口内复购率',
            'name_en': 'Share of repeat buyers in the window',
            'formula_zh': '窗口内购买两次及以上的客户 ÷ 窗口内购买过的客户',
            'formula_en':
                'two or more purchases in the window ÷ one or more',
        },
    }) }}
{% endmacro %}
