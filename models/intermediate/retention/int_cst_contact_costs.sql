with

contacts as (

    select * from {{ ref('int_cst_contacts') }}

    where not is_control

),

-- the list in use is that of the newest period end
newest_list as (

    select
        max(case when is_current then snapshot_date end) as snapshot_date,
        max(case when is_period_end then snapshot_date end) as list_date

    from {{ ref('int_cst_snapshot_dates') }}

),

contact_costs as (

    select
        contacts.strategy_code,
        count(*) as contact_count,
        sum(contacts.contact_cost_amount) as contact_cost_amount,
        sum(
            case
                when contacts.touched_date > newest_list.list_date
                    then contacts.contact_cost_amount
                else 0
            end
        ) as list_cost_amount

    from contacts

    inner join newest_list
        on contacts.touched_date <= newest_list.snapshot_date

    where contacts.strategy_code is not null

    group by contacts.strategy_code

)

select * from contact_costs
