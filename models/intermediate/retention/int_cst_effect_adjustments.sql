{%- set groups = ['treated', 'holdout'] -%}
{%- set sums = [
    'treated_adjusted_total', 'treated_adjusted_squares', 'treated_entries',
    'holdout_adjusted_total', 'holdout_adjusted_squares', 'holdout_entries',
] -%}

with

moments as (

    select * from {{ ref('int_cst_effect_moments') }}

    where measure_code not in ('repurchase_rate', 'visit_rate')

),

slopes as (

    select
        *,
        {{ shared_slope(groups) }} as prior_slope

    from moments

),

-- the same sums of what past spending does not explain
adjusted_sums as (

    select
        {% for group in groups -%}
        {{ group }}_total - prior_slope * {{ group }}_prior_total
            as {{ group }}_adjusted_total,
        {{ group }}_squares - 2e0 * prior_slope * {{ group }}_products
        + prior_slope * prior_slope * {{ group }}_prior_squares
            as {{ group }}_adjusted_squares,
        {% endfor -%}
        *

    from slopes

),

adjustments as (

    select
        {% for key in effect_keys() -%}
        {{ key }},
        {% endfor -%}
        treated_adjusted_total / nullif(treated_entries, 0)
        - holdout_adjusted_total / nullif(holdout_entries, 0)
            as adjusted_uplift,
        sqrt(
            {{ variance_of_mean(*sums[:3]) }}
            + {{ variance_of_mean(*sums[3:]) }}
        ) as adjusted_own_error,
        {{ difference_error(
            pooled_variance(*sums), 'treated_entries', 'holdout_entries'
        ) }} as adjusted_pooled_error

    from adjusted_sums

)

select * from adjustments
