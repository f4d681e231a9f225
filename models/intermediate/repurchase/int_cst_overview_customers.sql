with

periods as (

    select * from {{ ref('int_cst_customer_periods') }}

    where valid_to_at = {{ last_instant() }}

),

versions as (

    select * from {{ ref('stg_cst__customer_versions') }}

),

program_groups as (

    select * from {{ ref('int_cst_program_groups') }}

),

overview_customers as (

    select
        periods.customer_id,
        coalesce(versions.acquisition_channel, 'unknown')
            as acquisition_channel,
        case
            when program_groups.is_program_holdout then 'held_out'
            else 'in_program'
        end as program_group

    from periods

    left join versions
        on
            periods.customer_id = versions.customer_id
            and periods.updated_at = versions.updated_at

    left join program_groups
        on periods.customer_id = program_groups.customer_id

)

select * from overview_customers
