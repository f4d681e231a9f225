{% macro distance_to_next_value_tier(segmentation) -%}
{#-
    Three columns: the value tier above, and how far it is in points of
    value_score and in steps of scores. Points come in steps, as each score
    that rises by one adds 100 / all_steps of them; half a point counts as one.
-#}
{%- set mid_score = cst_var('value_tier_mid_score') -%}
{%- set high_score = cst_var('value_tier_high_score') -%}
{%- set all_steps = 3 * (cst_var('rfm_bins') - 1) -%}
{%- set mid_steps = ((2 * mid_score - 1) * all_steps + 199) // 200 -%}
{%- set high_steps = ((2 * high_score - 1) * all_steps + 199) // 200 -%}
case {{ segmentation }}.value_tier
            when 'low' then 'mid'
            when 'mid' then 'high'
        end as next_value_tier,
        cast(
            case {{ segmentation }}.value_tier
                when 'low' then {{ mid_score }} - {{ segmentation }}.value_score
                when 'mid' then {{ high_score }} - {{ segmentation }}.value_score
                when 'high' then 0
            end as integer
        ) as points_to_next_value_tier,
        cast(
            case {{ segmentation }}.value_tier
                when 'low' then {{ mid_steps }}
                when 'mid' then {{ high_steps }}
                when 'high' then {{ segmentation }}.rfm_score - 3
            end - ({{ segmentation }}.rfm_score - 3) as integer
        ) as score_steps_to_next_value_tier
{%- endmacro %}
