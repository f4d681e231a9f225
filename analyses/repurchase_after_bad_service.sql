-- How many points less do customers buy again after a low score than after a
-- high one, and could that be chance? No experiment: they differ otherwise.
with

service_impact as (

    select * from {{ ref('ads_cst_service_impact') }}

    where
        period_code = 'all'
        and is_mature

),

low_scores as (

    select * from service_impact

    where service_level = 'low'

),

high_scores as (

    select * from service_impact

    where service_level = 'high'

),

differences as (

    select
        low_scores.window_days,
        low_scores.denominator_count as low_customer_count,
        high_scores.denominator_count as high_customer_count,
        low_scores.repurchase_rate as low_repurchase_rate,
        high_scores.repurchase_rate as high_repurchase_rate,
        low_scores.repurchase_rate - high_scores.repurchase_rate
            as rate_difference,
        {%- for side in ['lower', 'upper'] %}
        {{ newcombe_bound(
            'low_scores.numerator_count', 'low_scores.denominator_count',
            'high_scores.numerator_count', 'high_scores.denominator_count',
            side,
        ) }} as rate_difference_{{ side }},
        {%- endfor %}
        low_scores.caveat_en

    from low_scores

    inner join high_scores
        on low_scores.window_days = high_scores.window_days

)

select * from differences

order by window_days
