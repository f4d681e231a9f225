{#-
    A row names a customer who moves though the rules are the same. Segments
    decide on strategies, so the same strategy rules alone prove nothing.
-#}
{%- set seeds = {
    'segment': ['segment_rules', 'segment_rules_tried'],
    'strategy': ['strategy_rules', 'strategy_rules_tried'],
} -%}

with

moves as (

    select * from {{ ref('ads_cst_challenger_move') }}

),

segment_rules as (

    select * from {{ ref('cst_segment_rules') }}

),

segment_rules_tried as (

    select * from {{ ref('cst_segment_rules_challenger') }}

),

strategy_rules as (

    select * from {{ ref('cst_strategy_rules') }}

),

strategy_rules_tried as (

    select * from {{ ref('cst_strategy_rules_challenger') }}

),

{% for kind, (champion, challenger) in seeds.items() -%}
{{ kind }}_differences as (

    (
        select * from {{ challenger }}

        except

        select * from {{ champion }}
    )

    union all

    (
        select * from {{ champion }}

        where exists (select 1 from {{ challenger }})

        except

        select * from {{ challenger }}
    )

),

{% endfor -%}
wrong_moves as (

    select
        customer_id,
        champion_segment_rule_id,
        challenger_segment_rule_id,
        champion_strategy_rule_id,
        challenger_strategy_rule_id

    from moves

    where
        not exists (select 1 from segment_differences)
        and (
            is_segment_moved
            or champion_segment_rule_id
            is distinct from challenger_segment_rule_id
            or (
                not exists (select 1 from strategy_differences)
                and (
                    is_strategy_moved
                    or champion_strategy_rule_id
                    is distinct from challenger_strategy_rule_id
                )
            )
        )

)

select * from wrong_moves
