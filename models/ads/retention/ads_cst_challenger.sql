{%- set rule_sets = ['champion', 'challenger'] -%}

with

moves as (

    select * from {{ ref('ads_cst_challenger_move') }}

),

audience as (

    select * from {{ ref('ads_cst_audience') }}

    where is_current

),

expectations as (

    select * from {{ ref('int_cst_strategy_expectations') }}

),

segments as (

    select * from {{ ref('dim_cst_segment') }}

),

move_counts as (

    select
        moves.snapshot_date,
        {% for rule_set in rule_sets -%}
        moves.{{ rule_set }}_segment_code,
        moves.{{ rule_set }}_strategy_code,
        {% endfor -%}
        moves.is_segment_moved,
        moves.is_strategy_moved,
        count(*) as customer_count,
        count(
            case
                when audience.is_contactable and not audience.is_holdout then 1
            end
        ) as reach_count,
        count(*) - count(audience.customer_id) as unlisted_count

    from moves

    left join audience
        on moves.customer_id = audience.customer_id

    group by
        moves.snapshot_date,
        {% for rule_set in rule_sets -%}
        moves.{{ rule_set }}_segment_code,
        moves.{{ rule_set }}_strategy_code,
        {% endfor -%}
        moves.is_segment_moved,
        moves.is_strategy_moved

),

-- no strategy costs nothing and brings nothing
challenger as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'move_counts.champion_segment_code',
            'move_counts.challenger_segment_code',
            'move_counts.champion_strategy_code',
            'move_counts.challenger_strategy_code',
        ]) }} as challenger_key,
        move_counts.snapshot_date,
        {% for rule_set in rule_sets -%}
        {% set expected = rule_set ~ '_expectations' -%}
        {% set code = 'move_counts.' ~ rule_set ~ '_strategy_code' -%}
        move_counts.{{ rule_set }}_segment_code,
        {{ rule_set }}_segments.segment_name_zh
            as {{ rule_set }}_segment_name_zh,
        {{ rule_set }}_segments.segment_name_en
            as {{ rule_set }}_segment_name_en,
        {{ code }},
        coalesce({{ rule_set }}_expectations.strategy_name_zh, '无策略')
            as {{ rule_set }}_strategy_name_zh,
        coalesce({{ rule_set }}_expectations.strategy_name_en, 'No strategy')
            as {{ rule_set }}_strategy_name_en,

        case
            when {{ code }} is null then 0
            else {{ average_amount(
                expected ~ '.treated_contact_cost * move_counts.customer_count',
                expected ~ '.treated_entries',
            ) }}
        end as {{ rule_set }}_cost_amount,
        {% for measure in ['buyers', 'amount'] -%}
        {% for bound in ['', '_low', '_high'] -%}
        case
            when {{ code }} is null then 0e0
            else
                {{ expected }}.{{ measure }}_uplift{{ bound }}
                * move_counts.customer_count
        end as {{ rule_set }}_extra_{{ measure }}{{ bound }},
        {% endfor -%}
        {{ labeled_code(
            expected ~ '.' ~ measure ~ '_reason', 'expectation_reason',
            rule_set ~ '_' ~ measure ~ '_reason',
        ) }},
        {% endfor -%}
        {% endfor -%}
        move_counts.is_segment_moved,
        move_counts.is_strategy_moved,

        move_counts.customer_count,
        move_counts.reach_count,
        move_counts.unlisted_count

    from move_counts

    inner join segments as champion_segments
        on
            move_counts.champion_segment_code
            = champion_segments.segment_code

    left join expectations as champion_expectations
        on
            move_counts.champion_strategy_code
            = champion_expectations.strategy_code

    inner join segments as challenger_segments
        on
            move_counts.challenger_segment_code
            = challenger_segments.segment_code

    left join expectations as challenger_expectations
        on
            move_counts.challenger_strategy_code
            = challenger_expectations.strategy_code

)

select * from challenger
