with

predictions as (

    select * from {{ ref('int_cst_category_predictions') }}

    where not is_test

),

methods as (

    select * from {{ ref('ads_cst_next_category_method') }}

    where is_chosen

),

category_counts as (

    select * from {{ ref('int_cst_category_counts') }}

    where not is_test

),

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

    where is_current

),

-- before anything was tested, only the most popular is known
chosen as (

    select coalesce(max(method_code), 'popular') as method_code

    from methods

),

next_category as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'predictions.customer_id', 'predictions.prediction_rank'
        ]) }} as next_category_key,
        segmentation.customer_key,
        segmentation.customer_id,
        segmentation.snapshot_date,
        cast(predictions.prediction_rank as integer) as prediction_rank,
        predictions.category,
        category_counts.customer_id is null as is_new_category,
        {{ labeled_code(
            'predictions.method_code', 'category_method', 'method_code'
        ) }},
        methods.hit_rate as hit_rate_up_to_rank

    from predictions

    inner join chosen
        on predictions.method_code = chosen.method_code

    inner join segmentation
        on predictions.customer_id = segmentation.customer_id

    left join methods
        on predictions.prediction_rank = methods.top_count

    left join category_counts
        on
            predictions.customer_id = category_counts.customer_id
            and predictions.category = category_counts.category

)

select * from next_category
