select
    coalesce(behavior.customer_id, segmentation.customer_id) as customer_id,
    coalesce(behavior.snapshot_date, segmentation.snapshot_date)
        as snapshot_date,
    behavior.customer_key,
    segmentation.customer_key as segmentation_customer_key,
    case
        when behavior.customer_id is null then 'lost'
        when segmentation.customer_id is null then 'too many'
        else 'other version of the customer'
    end as problem

from {{ ref('dws_cst_segmentation') }} as segmentation

full outer join {{ ref('dws_cst_behavior') }} as behavior
    on
        segmentation.customer_id = behavior.customer_id
        and segmentation.snapshot_date = behavior.snapshot_date

where
    behavior.customer_id is null
    or segmentation.customer_id is null
    or behavior.customer_key != segmentation.customer_key
