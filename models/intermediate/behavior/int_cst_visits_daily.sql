with

sessions as (

    select * from {{ ref('int_cst_sessions') }}

    where customer_id is not null

),

as_of as (

    select max(last_snapshot_date) as as_of_date

    from {{ ref('int_cst_snapshot_dates') }}

),

-- a visit counts on its own date, once it is known whose it was
visits_daily as (

    select
        sessions.customer_id,
        sessions.session_date as visit_date,
        count(*) as visit_count

    from sessions

    inner join as_of
        on sessions.known_date <= as_of.as_of_date

    group by
        sessions.customer_id,
        sessions.session_date

)

select * from visits_daily
