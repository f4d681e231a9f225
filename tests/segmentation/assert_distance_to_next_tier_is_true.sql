{#-
    Points and steps to the next value tier, put back into the rules: with
    them the tier is reached, with one less it is not, and the high tier has
    none above it.
-#}
{%- set all_steps = 3 * (cst_var('rfm_bins') - 1) -%}

with

customer_360 as (

    select * from {{ ref('ads_cst_customer_360') }}

),

distances as (

    select
        customer_id,
        value_tier,
        value_score,
        next_value_tier,
        points_to_next_value_tier,
        score_steps_to_next_value_tier,
        r_score + f_score + m_score - 3 as steps_taken,
        case next_value_tier
            when 'mid' then {{ cst_var('value_tier_mid_score') }}
            when 'high' then {{ cst_var('value_tier_high_score') }}
        end as next_score

    from customer_360

    where value_tier is not null

),

scores_ahead as (

    select
        *,
        floor(
            (steps_taken + score_steps_to_next_value_tier) * 100
            / {{ all_steps }} + 0.5
        ) as score_with_steps,
        floor(
            (steps_taken + score_steps_to_next_value_tier - 1) * 100
            / {{ all_steps }} + 0.5
        ) as score_with_one_less

    from distances

),

wrong as (

    select * from scores_ahead

    where
        (next_value_tier is null) != (value_tier = 'high')
        or (next_value_tier = 'mid') != (value_tier = 'low')
        or points_to_next_value_tier is null
        or score_steps_to_next_value_tier is null
        or value_score + points_to_next_value_tier != next_score
        or score_with_steps < next_score
        or score_with_one_less >= next_score
        or (
            value_tier = 'high'
            and (
                points_to_next_value_tier != 0
                or score_steps_to_next_value_tier != 0
            )
        )

)

select * from wrong
