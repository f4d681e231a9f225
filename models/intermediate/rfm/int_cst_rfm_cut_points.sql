{%- set bins = cst_var('rfm_bins') -%}
{%- set uses_ntile = rfm_measures_by('ntile') != '(null)' -%}

with

-- the edges are drawn from the customers who bought in the window
rfm_values as (

    select * from {{ ref('int_cst_rfm_values') }}

    where frequency > 0

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

fixed_edges as (

    select * from {{ ref('cst_rfm_fixed_cut_points') }}

    where
        score < {{ bins }}
        and measure in {{ rfm_measures_by('fixed') }}

),

fixed_measures as (

    select distinct measure from fixed_edges

),

scores as (
    {{ numbers(1, bins) }}
),

standings as (
    {%- for measure in rfm_measures() %}

    select
        customer_id,
        snapshot_date,
        '{{ measure.name }}' as measure,
        cast({{ measure.standing }} as decimal(18, 2)) as standing

    from rfm_values
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

standing_counts as (

    select
        snapshot_date,
        measure,
        standing,
        count(*) as customer_count

    from standings

    group by
        snapshot_date,
        measure,
        standing

),

cumulative_counts as (

    select
        snapshot_date,
        measure,
        standing,
        sum(customer_count) over (
            partition by snapshot_date, measure
            order by standing
            rows between unbounded preceding and current row
        ) as cumulative_count,
        sum(customer_count) over (
            partition by snapshot_date, measure
        ) as total_count

    from standing_counts

    where measure in {{ rfm_measures_by('quantile') }}

),

quantile_edges as (

    select
        snapshot_date,
        {% for score in range(1, bins) -%}
        {{ rfm_quantile_edge(
            'standing', 'cumulative_count', 'total_count', score, bins
        ) }} as edge_{{ score }},
        {% endfor -%}
        measure

    from cumulative_counts

    group by
        snapshot_date,
        measure

),
{% if uses_ntile %}
ntile_scores as (

    select
        snapshot_date,
        measure,
        standing,
        {{ rfm_ntile_score(
            'standing', 'snapshot_date, measure', 'customer_id', bins
        ) }} as score

    from standings

    where measure in {{ rfm_measures_by('ntile') }}

),
{% endif %}
edges as (

    select
        quantile_edges.snapshot_date,
        quantile_edges.measure,
        scores.number as score,
        'quantile' as method,
        case scores.number
            {%- for score in range(1, bins) %}
            when {{ score }} then quantile_edges.edge_{{ score }}
            {%- endfor %}
        end as edge_standing

    from quantile_edges

    cross join scores

    union all

    select
        snapshot_dates.snapshot_date,
        fixed_measures.measure,
        scores.number as score,
        'fixed' as method,
        cast(
            case
                when fixed_measures.measure = 'recency'
                    then -fixed_edges.edge_value
                else fixed_edges.edge_value
            end as decimal(18, 2)
        ) as edge_standing

    from snapshot_dates

    cross join fixed_measures

    cross join scores

    left join fixed_edges
        on
            fixed_measures.measure = fixed_edges.measure
            and scores.number = fixed_edges.score
    {%- if uses_ntile %}

    union all

    select
        ntile_scores.snapshot_date,
        ntile_scores.measure,
        scores.number as score,
        'ntile' as method,
        case
            when scores.number < {{ bins }} then max(ntile_scores.standing)
        end as edge_standing

    from ntile_scores

    inner join scores
        on ntile_scores.score <= scores.number

    group by
        ntile_scores.snapshot_date,
        ntile_scores.measure,
        scores.number
    {%- endif %}

),

bins as (

    select
        snapshot_date,
        measure,
        score,
        method,
        edge_standing,
        lag(edge_standing) over (
            partition by snapshot_date, measure
            order by score
        ) as edge_below

    from edges

),

customers_in_bins as (

    select
        bins.snapshot_date,
        bins.measure,
        bins.score,
        bins.method,
        bins.edge_standing,
        bins.edge_below,
        cast(coalesce(sum(standing_counts.customer_count), 0) as bigint)
            as customer_count

    from bins

    left join standing_counts
        on
            bins.snapshot_date = standing_counts.snapshot_date
            and bins.measure = standing_counts.measure
            and (
                bins.score = 1 or bins.edge_below < standing_counts.standing
            )
            and (
                bins.score = {{ bins }}
                or bins.edge_standing >= standing_counts.standing
            )

    group by
        bins.snapshot_date,
        bins.measure,
        bins.score,
        bins.method,
        bins.edge_standing,
        bins.edge_below

),

cut_points as (

    select
        snapshot_date,
        measure,
        score,

        method,
        'window_{{ cst_var("rfm_window_days") or "life" }}_bins_{{ bins }}'
            as rule_version,

        edge_standing,
        case when measure = 'recency' then -edge_standing else edge_below end
            as lower_edge,
        case when measure = 'recency' then -edge_below else edge_standing end
            as upper_edge,
        customer_count,

        customer_count = 0 as is_empty

    from customers_in_bins

)

select * from cut_points
