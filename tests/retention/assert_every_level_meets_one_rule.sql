{#-
    Every combination of levels and segments, whether it occurs or not, meets a
    rule, and no rule stands behind others that leave nothing for it. A row names
    the combination, or the rule. Conditions are levels that exist.
-#}
{%- set conditions = strategy_conditions() -%}
{%- set levels = conditions | reject('equalto', 'segment_code') | list -%}

with

rules as (

    select * from {{ ref('cst_strategy_rules') }}

),

combinations as (

    select
        {% for level in levels -%}
        {{ level }}s.level_code as {{ level }},
        {% endfor -%}
        segments.segment_code

    from {{ ref('cst_segments') }} as segments
    {%- for level in levels %}

    cross join (
        {%- for code in code_labels()[level] %}
        select '{{ code }}' as level_code
        {{ 'union all' if not loop.last }}
        {%- endfor %}
    ) as {{ level }}s
    {%- endfor %}

),

first_rules as (

    select
        {% for condition in conditions -%}
        combinations.{{ condition }},
        {% endfor -%}
        min(rules.rule_priority) as rule_priority

    from combinations

    left join rules
        on
            {% for condition in conditions -%}
            coalesce(rules.{{ condition }}, combinations.{{ condition }})
            = combinations.{{ condition }}
            {{- '\n            and ' if not loop.last }}
            {%- endfor %}

    group by
        {% for condition in conditions -%}
        combinations.{{ condition }}{{ ',\n        ' if not loop.last }}
        {%- endfor %}

)

select
    'no rule is met' as problem,
    cast(null as string) as rule_id,
    {{ conditions | join(', ') }}

from first_rules

where rule_priority is null

union all

select
    'rule is never the first' as problem,
    rules.rule_id,
    {% for condition in conditions -%}
    rules.{{ condition }}{{ ',\n    ' if not loop.last }}
    {%- endfor %}

from rules

left join first_rules
    on rules.rule_priority = first_rules.rule_priority

where first_rules.rule_priority is null
