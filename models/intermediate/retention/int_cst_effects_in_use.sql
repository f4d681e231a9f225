{%- set columns = [
    'strategy_code', 'segment_code', 'pooled_uplift', 'segment_uplift',
    'segment_uplift_error', 'between_variance', 'expected_order_uplift',
    'expected_uplift_error',
] -%}

with

expected_effects as (

    select * from {{ ref('int_cst_expected_effects') }}

),

published_effects as (

    select * from {{ source('published', 'ads_cst_expected_effect') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

    where
        is_list_due
        or is_current

),

newest_published as (

    select max(written_as_of_date) as published_as_of_date

    from {{ source('published', 'dim_cst_snapshot') }}

),

-- none where nothing was published
snapshots_decided as (

    select
        snapshot_dates.snapshot_date,
        snapshot_dates.is_current,
        newest_published.published_as_of_date < snapshot_dates.snapshot_date
            as is_published_before

    from snapshot_dates

    cross join newest_published

    where newest_published.published_as_of_date is not null

),

-- a run that is repeated, or is as of an earlier date, knows no more than the
-- first one did
effects_in_use as (

    select
        {%- for column in columns %}
        expected_effects.{{ column }},
        {%- endfor %}
        snapshots_decided.snapshot_date,
        snapshots_decided.is_current

    from expected_effects

    cross join snapshots_decided

    where snapshots_decided.is_published_before

    union all

    select
        {%- for column in columns %}
        published_effects.{{ column }},
        {%- endfor %}
        snapshots_decided.snapshot_date,
        snapshots_decided.is_current

    from published_effects

    inner join snapshots_decided
        on published_effects.snapshot_date = snapshots_decided.snapshot_date

    where not snapshots_decided.is_published_before

)

select * from effects_in_use
