{%- set horizon_days = cst_var('ltv_horizon_days') -%}
{%- set keys = ['scope_code', 'subject_code', 'arm_code', 'window_days'] -%}

with

observations as (

    select * from {{ ref('int_cst_effect_observations') }}

    where
        is_compared
        and is_mature
        and window_days in ({{ realized_value_windows() | join(', ') }})

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

-- what was forecast on a closed snapshot is what was published of it
ltv_seen as (
    {%- for relation in [
        source('published', 'ads_cst_ltv'), ref('int_cst_ltv_amounts')
    ] %}

    select
        forecasts.customer_id,
        forecasts.snapshot_date,
        forecasts.predicted_ltv_amount

    from {{ relation }} as forecasts

    inner join snapshot_dates
        on
            forecasts.snapshot_date = snapshot_dates.snapshot_date
            and snapshot_dates.is_closed = {{ loop.first | lower }}
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

snapshots_predicted as (

    select snapshot_date

    from ltv_seen

    where predicted_ltv_amount is not null

    group by snapshot_date

),

-- the prediction begins where the window ends, or at the next snapshot
follow_ups as (

    select
        observations.window_end_date,
        min(snapshot_dates.snapshot_date) as follow_up_date

    from observations

    inner join snapshot_dates
        on observations.window_end_date <= snapshot_dates.snapshot_date

    group by observations.window_end_date

),

predictions as (

    select
        {% for key in keys -%}
        observations.{{ key }},
        {% endfor -%}
        observations.customer_id,
        observations.segment_code,
        observations.is_compared,
        observations.is_holdout,
        observations.entry_date,
        observations.as_of_date,
        follow_ups.follow_up_date,
        -- who has bought nothing yet is worth nothing to the model; without
        -- them, only those whom the program made customers would come in
        coalesce(ltv_seen.predicted_ltv_amount, 0)
            as predicted_ltv_amount,
        {{ add_days('follow_ups.follow_up_date', horizon_days) }}
        <= observations.as_of_date as is_over

    from observations

    inner join follow_ups
        on observations.window_end_date = follow_ups.window_end_date

    inner join snapshots_predicted
        on follow_ups.follow_up_date = snapshots_predicted.snapshot_date

    left join ltv_seen
        on
            observations.customer_id = ltv_seen.customer_id
            and follow_ups.follow_up_date = ltv_seen.snapshot_date

)

select * from predictions
