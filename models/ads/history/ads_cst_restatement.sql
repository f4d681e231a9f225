with
{{ restated_rows() }}
restatement as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'customer_id', 'snapshot_date', 'table_name', 'column_name'
        ]) }} as restatement_key,
        customer_id,

        snapshot_date,

        table_name,
        column_name,
        {{ labeled_code('column_group', 'column_group') }},

        published_value,
        restated_value,
        published_number,
        restated_number,
        -- who has no row adds nothing
        cast(
            case
                when coalesce(published_number, restated_number) is not null
                    then
                        coalesce(restated_number, 0)
                        - coalesce(published_number, 0)
            end as decimal(38, 6)
        ) as difference,

        {{ labeled_code('cause_code', 'restatement_cause', 'cause_code') }}

    from restated

)

select * from restatement
