with

contacts as (

    select * from {{ ref('int_cst_contacts') }}

    where not is_control

),

lists_due as (

    select * from {{ ref('int_cst_lists_due') }}

    where is_current

),

contact_costs as (

    select
        contacts.strategy_code,
        count(*) as contact_count,
        sum(contacts.contact_cost_amount) as contact_cost_amount,
        sum(
            case
                when contacts.touched_date > lists_due.list_date
                    then contacts.contact_cost_amount
                else 0
            end
        ) as list_cost_amount

    from contacts

    inner join lists_due
        on contacts.touched_date <= lists_due.snapshot_date

    where contacts.strategy_code is not null

    group by contacts.strategy_code

)

select * from contact_costs
