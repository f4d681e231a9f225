{#-
    Both ways: the tags of closed snapshots are those that were published, but
    birthdays of who has no birth date today.
-#}
with

closed_snapshots as (

    select snapshot_date

    from {{ ref('dim_cst_snapshot') }}

    where is_closed

),

customers as (

    select * from {{ ref('dim_cst_customer') }}

    where is_current

),

built as (

    select {{ all_but('tags', ['customer_key', 'is_current']) }}

    from {{ ref('dws_cst_tag') }} as tags

    inner join closed_snapshots
        on tags.snapshot_date = closed_snapshots.snapshot_date

),

published as (

    select {{ all_but('tags', ['customer_key', 'is_current']) }}

    from {{ source('published', 'dws_cst_tag') }} as tags

    inner join closed_snapshots
        on tags.snapshot_date = closed_snapshots.snapshot_date

    inner join customers
        on tags.customer_id = customers.customer_id

    where
        tags.measure_code != 'months_to_birthday'
        or customers.birth_date is not null

),

lost as (

    select * from published

    except all

    select * from built

),

added as (

    select * from built

    except all

    select * from published

),

differences as (

    select
        customer_id,
        snapshot_date,
        tag_code,
        'lost' as problem

    from lost

    union all

    select
        customer_id,
        snapshot_date,
        tag_code,
        'new' as problem

    from added

)

select * from differences
