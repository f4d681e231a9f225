{%- set columns = [
    'strategy_code', 'segment_code', 'pooled_uplift', 'segment_uplift',
    'segment_uplift_error', 'between_variance', 'expected_order_uplift',
] -%}

with

expected_effects as (

    select * from {{ ref('int_cst_expected_effects') }}

),

published_effects as (

    select * from {{ source('published', 'ads_cst_expected_effect') }}

),

-- none where nothing was published
newest_snapshot as (

    select
        snapshot_dates.snapshot_date,
        max(published.written_as_of_date) as published_as_of_date

    from {{ ref('int_cst_snapshot_dates') }} as snapshot_dates

    cross join {{ source('published', 'dim_cst_snapshot') }} as published

    where snapshot_dates.is_current

    group by snapshot_dates.snapshot_date

),

-- a run that is repeated, or is as of an earlier date, knows no more than the
-- first one did
effects_in_use as (

    select
        {%- for column in columns %}
        expected_effects.{{ column }},
        {%- endfor %}
        newest_snapshot.snapshot_date

    from expected_effects

    cross join newest_snapshot

    where newest_snapshot.published_as_of_date < newest_snapshot.snapshot_date

    union all

    select
        {%- for column in columns %}
        published_effects.{{ column }},
        {%- endfor %}
        newest_snapshot.snapshot_date

    from published_effects

    inner join newest_snapshot
        on published_effects.snapshot_date = newest_snapshot.snapshot_date

    where newest_snapshot.published_as_of_date >= newest_snapshot.snapshot_date

)

select * from effects_in_use
