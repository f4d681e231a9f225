with

rfm_classes as (

    select * from {{ ref('cst_rfm_classes') }}

),

classes_labeled as (

    select
        rfm_class_code,
        rfm_class_name_zh,
        rfm_class_name_en,

        is_recent,
        is_frequent,
        is_high_spending

    from rfm_classes

)

select * from classes_labeled
