{#-
    Long and wide, both ways: each tag of the fact is on the row of its customer
    and snapshot, as often as it is given, and no other.
-#}
with

tags as (

    select * from {{ ref('dws_cst_tag') }}

),

customer_tags as (

    select * from {{ ref('ads_cst_customer_tag') }}

),

long_form as (

    select
        customer_id,
        snapshot_date,
        tag_code

    from tags

),

wide_form as (

    select
        customer_id,
        snapshot_date,
        {{ split_items('tag_codes') }} as tag_code

    from customer_tags

    where tag_codes is not null

),

only_long as (

    select * from long_form

    except all

    select * from wide_form

),

only_wide as (

    select * from wide_form

    except all

    select * from long_form

),

differences as (

    select
        customer_id,
        snapshot_date,
        tag_code,
        'not on the row' as problem

    from only_long

    union all

    select
        customer_id,
        snapshot_date,
        tag_code,
        'not in the fact' as problem

    from only_wide

)

select * from differences
