with

strategies_in_force as (

    select * from {{ ref('int_cst_strategies_in_force') }}

),

lists_due as (

    select * from {{ ref('int_cst_lists_due') }}

    where is_current

),

strategies as (

    select * from {{ ref('cst_strategies') }}

),

customers_listed as (

    select
        strategies_in_force.customer_id,
        strategies_in_force.snapshot_date,
        lists_due.list_date,

        strategies_in_force.strategy_code,
        strategies.cadence_days

    from strategies_in_force

    inner join lists_due
        on strategies_in_force.snapshot_date = lists_due.snapshot_date

    left join strategies
        on strategies_in_force.strategy_code = strategies.strategy_code

)

select * from customers_listed
