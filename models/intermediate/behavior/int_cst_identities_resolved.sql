with

events as (

    select * from {{ ref('stg_log__events') }}

),

merged_customers as (

    select * from {{ ref('int_cst_merged_customers') }}

),

device_handovers as (

    select * from {{ ref('int_cst_device_handovers') }}

),

unshared_devices as (

    select
        anonymous_id,
        min(customer_id) as customer_id,
        min(case when customer_id is not null then occurred_at end)
            as signed_in_at

    from events

    where anonymous_id is not null

    group by anonymous_id

    having min(customer_id) = max(customer_id)

),

sign_ins as (

    select
        unshared_devices.anonymous_id,
        coalesce(
            merged_customers.surviving_customer_id, unshared_devices.customer_id
        ) as customer_id,
        unshared_devices.signed_in_at,
        {{ first_instant() }} as valid_from_at

    from unshared_devices

    left join merged_customers
        on unshared_devices.customer_id = merged_customers.customer_id

    union all

    select
        anonymous_id,
        customer_id,
        signed_in_at,
        valid_from_at

    from device_handovers

),

periods as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'anonymous_id', 'valid_from_at'
        ]) }} as identity_key,
        anonymous_id,
        customer_id,

        signed_in_at,
        valid_from_at,
        coalesce(
            lead(valid_from_at) over (
                partition by anonymous_id
                order by valid_from_at
            ),
            {{ last_instant() }}
        ) as valid_to_at

    from sign_ins

)

select * from periods
