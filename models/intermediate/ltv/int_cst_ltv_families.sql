with

customers as (

    select * from {{ ref('int_cst_ltv_customers') }}

),

parameters as (
    {{ ltv_parameter_rows() }}
),

cohort_forecasts as (

    select * from {{ ref('int_cst_ltv_cohort_forecasts') }}

),

snapshots as (

    select
        snapshot_date,
        max(days_observed) as longest_days_observed

    from customers

    group by snapshot_date

),

snapshots_with_cohorts as (

    select distinct snapshot_date

    from cohort_forecasts

),

families as (

    select
        snapshots.snapshot_date,
        'purchase_model' as method_family,

        case when parameters.is_drop_out_known then 'bgnbd' else 'nbd' end
            as method,
        -- a rate seen for less than a quarter of the horizon says little of it
        case
            when
                snapshots.longest_days_observed * 4
                < {{ cst_var('ltv_horizon_days') }}
                then 'history_too_short'
            when parameters.snapshot_date is null then 'no_parameters'
            else parameters.reason
        end as unavailable_reason

    from snapshots

    left join parameters
        on snapshots.snapshot_date = parameters.snapshot_date

    union all

    select
        snapshots.snapshot_date,
        'cohort' as method_family,

        'cohort' as method,
        case
            when snapshots_with_cohorts.snapshot_date is null
                then 'history_too_short'
        end as unavailable_reason

    from snapshots

    left join snapshots_with_cohorts
        on snapshots.snapshot_date = snapshots_with_cohorts.snapshot_date

    union all

    select
        snapshot_date,
        'past_rate' as method_family,

        'past_rate' as method,
        cast(null as {{ dbt.type_string() }}) as unavailable_reason

    from snapshots

)

select * from families
