with

snapshots as (

    select
        snapshot_date,
        max(days_observed) as longest_days_observed

    from {{ ref('int_cst_ltv_customers') }}

    group by snapshot_date

),

parameters as (
    {{ ltv_parameter_rows() }}
),

cohorts as (

    select distinct snapshot_date

    from {{ ref('int_cst_ltv_cohort_forecasts') }}

),

-- a rate seen for less than a quarter of the horizon says little of it
reasons as (

    select
        snapshots.snapshot_date,
        case when parameters.is_drop_out_known then 'bgnbd' else 'nbd' end
            as purchase_method,
        case
            when
                snapshots.longest_days_observed * 4
                < {{ cst_var('ltv_horizon_days') }}
                then 'history_too_short'
            when parameters.snapshot_date is null then 'no_parameters'
            else parameters.reason
        end as purchase_reason,
        case
            when cohorts.snapshot_date is null then 'history_too_short'
        end as cohort_reason

    from snapshots

    left join parameters
        on snapshots.snapshot_date = parameters.snapshot_date

    left join cohorts
        on snapshots.snapshot_date = cohorts.snapshot_date

),

families as (

    {%- for family, method, reason in [
        ('purchase_model', 'purchase_method', 'purchase_reason'),
        ('cohort', "'cohort'", 'cohort_reason'),
        ('past_rate', "'past_rate'", 'null'),
    ] %}

    select
        snapshot_date,
        '{{ family }}' as method_family,
        {{ method }} as method,
        {{ reason }} as unavailable_reason

    from reasons

    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select * from families
