with

purchase_chances as (

    select * from {{ ref('int_cst_ltv_purchase_chances') }}

),

horizons_due as (

    select * from {{ ref('int_cst_ltv_horizons_due') }}

),

purchase_days as (

    select * from {{ ref('int_cst_purchase_days') }}

),

-- who bought, once: a purchase counts unless it was refunded in full by then
buyers as (

    select distinct
        horizons_due.snapshot_date,
        horizons_due.horizon_days,
        purchase_days.customer_id

    from horizons_due

    inner join purchase_days
        on
            horizons_due.snapshot_date < purchase_days.purchase_date
            and horizons_due.horizon_end_date >= purchase_days.purchase_date
            and (
                purchase_days.fully_refunded_date is null
                or horizons_due.horizon_end_date
                < purchase_days.fully_refunded_date
            )

),

chances_tested as (

    select
        purchase_chances.customer_id,
        purchase_chances.snapshot_date,
        horizons_due.horizon_days,

        purchase_chances.method,
        purchase_chances.is_overdue,
        -- as a decimal, sums do not depend on the order of the rows
        cast(
            case horizons_due.horizon_days
                {%- for days in purchase_contract_horizons() %}
                when {{ days }}
                    then purchase_chances.p_purchase_within_{{ days }}d
                {%- endfor %}
            end as decimal(18, 12)
        ) as p_purchase,
        buyers.customer_id is not null as is_buyer

    from purchase_chances

    inner join horizons_due
        on purchase_chances.snapshot_date = horizons_due.snapshot_date

    left join buyers
        on
            purchase_chances.customer_id = buyers.customer_id
            and horizons_due.snapshot_date = buyers.snapshot_date
            and horizons_due.horizon_days = buyers.horizon_days

)

select * from chances_tested
