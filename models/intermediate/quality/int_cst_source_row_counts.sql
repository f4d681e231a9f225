with

validated_rows as (

    select * from {{ ref('int_cst_validated_rows') }}

),

row_counts as (

    select
        source_name,
        row_status,
        reject_reason as reason_code,

        min(problem_value) as example_value,

        count(*) as row_count,
        -- a sum of any amounts has room in it
        cast(sum(order_amount) as decimal(38, 2)) as order_amount

    from validated_rows

    group by
        source_name,
        row_status,
        reject_reason

)

select * from row_counts
