{%- set bins = cst_var('rfm_bins') -%}
{%- set uses_ntile = rfm_measures_by('ntile') != '(null)' -%}

with

cut_points as (

    select * from {{ ref('int_cst_rfm_cut_points') }}

),

-- who never bought has nothing to score
rfm_values as (

    select * from {{ ref('int_cst_rfm_values') }}

    where last_order_date is not null

),

standings as (

    select
        customer_id,
        snapshot_date,
        previous_snapshot_date,
        {%- for measure in rfm_measures() %}
        {{ measure.standing }} as {{ measure.name }}_standing,
        {%- endfor %}
        frequency > 0 as is_active

    from rfm_values

),

edges as (

    select
        {% for measure in rfm_measures() -%}
        {% for score in range(1, bins) -%}
        max(
            case
                when measure = '{{ measure.name }}' and score = {{ score }}
                    then edge_standing
            end
        ) as {{ measure.name }}_edge_{{ score }},
        {% endfor -%}
        {% endfor -%}
        snapshot_date

    from cut_points

    group by snapshot_date

),
{% if uses_ntile %}
ntile_scores as (

    select
        customer_id,
        snapshot_date
        {%- for measure in rfm_measures()
            if rfm_method_of(measure.name) == 'ntile' %},
        {{ rfm_ntile_score(
            measure.name ~ '_standing', 'snapshot_date', 'customer_id', bins
        ) }} as {{ measure.score }}
        {%- endfor %}

    from standings

    where is_active

),
{% endif %}
active_totals as (

    select
        snapshot_date,
        {% for measure in rfm_measures() -%}
        sum({{ measure.name }}_standing) as {{ measure.name }}_total,
        {% endfor -%}
        count(*) as customer_count

    from standings

    where is_active

    group by snapshot_date

),

rfm_scores as (

    select
        standings.customer_id,
        standings.snapshot_date
        {%- for measure in rfm_measures() %}
        {%- set standing = 'standings.' ~ measure.name ~ '_standing' %}
        {%- set edges = [] %}
        {%- set previous_edges = [] %}
        {%- for score in range(1, bins) %}
        {%- set edge = measure.name ~ '_edge_' ~ score %}
        {%- do edges.append('edges.' ~ edge) %}
        {%- do previous_edges.append('previous_edges.' ~ edge) %}
        {%- endfor %},

        {% if rfm_method_of(measure.name) == 'ntile' -%}
        coalesce(ntile_scores.{{ measure.score }}, 1)
        {%- else -%}
        {{ rfm_edge_score(standing, edges) }}
        {%- endif %} as {{ measure.score }},
        {{ rfm_edge_score(standing, previous_edges) }}
            as {{ measure.score }}_at_previous_cut_points,
        -- better than the mean of those who bought in the window, undivided
        coalesce(
            {{ standing }} * active_totals.customer_count
            > active_totals.{{ measure.name }}_total,
            false
        ) as {{ measure.above_mean }},
        {{ rfm_edge_below(standing, edges) }} as {{ measure.name }}_edge_below,
        {{ rfm_edge_above(standing, edges) }} as {{ measure.name }}_edge_above
        {%- endfor %}

    from standings

    left join edges
        on standings.snapshot_date = edges.snapshot_date

    left join edges as previous_edges
        on standings.previous_snapshot_date = previous_edges.snapshot_date

    left join active_totals
        on standings.snapshot_date = active_totals.snapshot_date
    {%- if uses_ntile %}

    left join ntile_scores
        on
            standings.customer_id = ntile_scores.customer_id
            and standings.snapshot_date = ntile_scores.snapshot_date
    {%- endif %}

)

select * from rfm_scores
