{#- Decimal, so that the result does not depend on the order of adding. -#}
{%- set sums = {
    'weight_total': 'weight',
    'weight_squares': 'weight * weight',
    'weighted_total': 'weight * uplift',
    'weighted_squares': 'weight * uplift * uplift',
} -%}

with

effects as (

    select
        *,
        -- half of what holds the effect in 95 of 100 cases
        (uplift_high - uplift_low) / 2e0 / 1.96e0 as uplift_error

    from {{ source('published', 'ads_cst_effect') }}

    where
        scope_code = 'strategy'
        and period_type = 'all'
        and measure_code = 'order_count'
        and window_days = {{ retention_windows() | max }}
        and uplift is not null

),

segments as (

    select * from {{ ref('cst_segments') }}

),

-- weights by the most certain segment's, so that no sum outgrows its type
cells as (

    select
        *,
        min(uplift_error) over (partition by subject_code) as smallest_error,
        power(
            min(uplift_error) over (partition by subject_code) / uplift_error, 2
        ) as weight

    from effects

    where
        segment_code != 'all'
        and uplift_error > 0

),

cell_sums as (

    select
        subject_code as strategy_code,
        {%- for name, term in sums.items() %}
        cast(sum(cast({{ term }} as decimal(38, 12))) as double) as {{ name }},
        {%- endfor %}
        min(smallest_error * smallest_error) as smallest_variance,
        count(*) as cell_count

    from cells

    group by subject_code

),

-- DerSimonian and Laird: how much effects differ between segments, beyond what
-- chance makes of them
between_segments as (

    select
        strategy_code,
        greatest(
            (
                weighted_squares
                - weighted_total * weighted_total / weight_total
                - (cell_count - 1) * smallest_variance
            )
            / nullif(weight_total - weight_squares / weight_total, 0e0),
            0e0
        ) as between_variance

    from cell_sums

    where cell_count > 1

),

-- the better a segment's own effect is known against how much segments differ,
-- the more it counts; the rest is the strategy's
weighed as (

    select
        pooled.subject_code as strategy_code,
        segments.segment_code,

        pooled.uplift as pooled_uplift,
        pooled.uplift_error as pooled_error,
        cells.uplift as segment_uplift,
        cells.uplift_error as segment_uplift_error,
        between_segments.between_variance,
        coalesce(
            between_segments.between_variance
            / (
                between_segments.between_variance
                + cells.uplift_error * cells.uplift_error
            ), 0e0
        ) as own_share

    from effects as pooled

    cross join segments

    left join cells
        on
            pooled.subject_code = cells.subject_code
            and segments.segment_code = cells.segment_code

    left join between_segments
        on pooled.subject_code = between_segments.strategy_code

    where pooled.segment_code = 'all'

),

expected_effects as (

    select
        strategy_code,
        segment_code,

        pooled_uplift,
        segment_uplift,
        segment_uplift_error,
        between_variance,
        pooled_uplift
        + coalesce((segment_uplift - pooled_uplift) * own_share, 0e0)
            as expected_order_uplift,
        sqrt(
            coalesce(between_variance, 0e0) * (1e0 - own_share)
            + power((1e0 - own_share) * pooled_error, 2)
        ) as expected_uplift_error

    from weighed

)

select * from expected_effects
