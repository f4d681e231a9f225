with

methods as (

    select * from {{ ref('int_cst_ltv_methods') }}

),

ltv_method as (

    select
        {{ dbt_utils.generate_surrogate_key(
            ['snapshot_date', 'method_family']
        ) }} as ltv_method_key,

        snapshot_date,
        {{ labeled_code('method_family', 'ltv_family') }},
        method as ltv_method,

        unavailable_reason is null as is_available,
        is_chosen,
        {{ labeled_code(
            'coalesce(unavailable_reason, choice_reason)', 'ltv_method_reason'
        ) }},

        validation_count,
        cast(predicted_purchase_count as decimal(24, 2))
            as predicted_purchase_count,
        realized_purchase_count,
        squared_error_ratio

    from methods

)

select * from ltv_method
