-- An alternative is another strategy than its rule's own, and there is one.
with

alternatives as (

    select * from {{ ref('cst_strategy_alternatives') }}

),

rules as (

    select * from {{ ref('cst_strategy_rules') }}

)

select
    alternatives.rule_id,
    alternatives.strategy_code,
    rules.strategy_code as own_strategy_code

from alternatives

inner join rules
    on alternatives.rule_id = rules.rule_id

where
    rules.strategy_code is null
    or rules.strategy_code = alternatives.strategy_code
