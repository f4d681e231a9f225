{#-
    On open snapshots, of who is delivered today: each tag that the dimension's
    rule gives by the public facts is there, and no other. Measures that only
    their own models know (shares of orders and views) are left to unit tests.
-#}
with

tags as (

    select * from {{ ref('dws_cst_tag') }}

),

rules as (

    select * from {{ ref('dim_cst_tag') }}

    where is_active

),

ltv as (

    select * from {{ ref('ads_cst_ltv') }}

),

customers as (

    select * from {{ ref('dim_cst_customer') }}

    where is_current

),

customers_on_snapshots as (

    select * from {{ ref('int_cst_customers_on_snapshots') }}

    where is_due

),

open_snapshots as (

    select * from {{ ref('dim_cst_snapshot') }}

    where not is_closed

),

people as (

    select
        customers_on_snapshots.customer_id,
        customers_on_snapshots.snapshot_date,
        ltv.p_alive,
        mod(
            extract(month from customers.birth_date) + 12 - extract(
                month from {{ add_days('open_snapshots.snapshot_date', 1) }}
            ), 12
        ) as months_to_birthday

    from customers_on_snapshots

    inner join open_snapshots
        on customers_on_snapshots.snapshot_date = open_snapshots.snapshot_date

    inner join customers
        on customers_on_snapshots.customer_id = customers.customer_id

    inner join ltv
        on
            customers_on_snapshots.customer_id = ltv.customer_id
            and customers_on_snapshots.snapshot_date = ltv.snapshot_date

),

expected as (
    {%- for measure in ['p_alive', 'months_to_birthday'] %}

    select
        people.customer_id,
        people.snapshot_date,
        rules.tag_code

    from people

    inner join rules
        on
            rules.measure_code = '{{ measure }}'
            and (
                rules.minimum is null
                or people.{{ measure }} >= rules.minimum
            )
            and (
                rules.maximum is null
                or people.{{ measure }} < rules.maximum
            )
            and rules.minimum_count is null
            and rules.only_value is null

    where people.{{ measure }} is not null
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

),

given as (

    select
        tags.customer_id,
        tags.snapshot_date,
        tags.tag_code

    from tags

    inner join people
        on
            tags.customer_id = people.customer_id
            and tags.snapshot_date = people.snapshot_date

    where tags.measure_code in ('p_alive', 'months_to_birthday')

),

only_expected as (

    select * from expected

    except all

    select * from given

),

only_given as (

    select * from given

    except all

    select * from expected

),

differences as (

    select
        customer_id,
        snapshot_date,
        tag_code,
        'not given' as problem

    from only_expected

    union all

    select
        customer_id,
        snapshot_date,
        tag_code,
        'given without reason' as problem

    from only_given

)

select * from differences
