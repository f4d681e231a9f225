with

strategies_in_force as (

    select * from {{ ref('int_cst_strategies_in_force') }}

),

-- the list in use is that of the newest period end
newest_list as (

    select
        max(case when is_current then snapshot_date end) as snapshot_date,
        max(case when is_period_end then snapshot_date end) as list_date

    from {{ ref('int_cst_snapshot_dates') }}

),

strategies as (

    select * from {{ ref('cst_strategies') }}

),

customers_listed as (

    select
        strategies_in_force.customer_id,
        strategies_in_force.snapshot_date,
        newest_list.list_date,

        strategies_in_force.strategy_code,
        strategies.cadence_days

    from strategies_in_force

    inner join newest_list
        on strategies_in_force.snapshot_date = newest_list.snapshot_date

    left join strategies
        on strategies_in_force.strategy_code = strategies.strategy_code

)

select * from customers_listed
