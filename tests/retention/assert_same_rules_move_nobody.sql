{#-
    A row names a customer who moves though the rules are the same. Segments
    decide on strategies, so the same strategy rules alone prove nothing.
-#}
{%- set seeds = {
    'segment': ['cst_segment_rules', 'cst_segment_rules_challenger'],
    'strategy': ['cst_strategy_rules', 'cst_strategy_rules_challenger'],
} -%}

with

moves as (

    select * from {{ ref('ads_cst_challenger_move') }}

),

{% for kind, (champion, challenger) in seeds.items() -%}
{{ kind }}_differences as (

    (
        select * from {{ ref(challenger) }}

        except

        select * from {{ ref(champion) }}
    )

    union all

    (
        select * from {{ ref(champion) }}

        where exists (select 1 from {{ ref(challenger) }})

        except

        select * from {{ ref(challenger) }}
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
