with

rejected_rows as (

    select * from {{ ref('int_cst_rejected_rows') }}

),

keyed_rows as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'source_name', 'row_text', 'delivery_number'
        ]) }} as rejected_row_key,
        source_name,
        source_key,

        reject_reason,
        reason_zh,
        reason_en,
        problem_column,
        problem_value,
        cast(delivery_number as bigint) as delivery_number

    from rejected_rows

)

select * from keyed_rows
