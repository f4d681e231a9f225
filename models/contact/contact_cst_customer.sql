with

customers as (

    select * from {{ ref('dim_cst_customer') }}

    where
        is_current
        and not is_merged

),

periods as (

    select * from {{ ref('int_cst_customer_periods') }}

    where valid_to_at = {{ last_instant() }}

),

customer_details as (

    select * from {{ ref('base_cst__customer_details') }}

),

-- an address that no channel may use does not leave the staging area
addresses as (

    select
        customers.customer_id,

        case when customers.is_reachable_by_email then customer_details.email
        end as email,
        case
            when
                customers.is_reachable_by_sms
                or customers.is_reachable_by_phone
                then customer_details.mobile
        end as mobile

    from customers

    inner join periods
        on customers.customer_id = periods.customer_id

    inner join customer_details
        on
            periods.customer_id = customer_details.customer_id
            and periods.updated_at = customer_details.updated_at

    where
        customers.is_reachable_by_email
        or customers.is_reachable_by_sms
        or customers.is_reachable_by_phone

)

select * from addresses
