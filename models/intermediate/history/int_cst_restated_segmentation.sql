with

segmentation_today as (

    select * from {{ ref('int_cst_segmentation') }}

),

published as (

    select * from {{ source('published', 'dws_cst_segmentation') }}

),

closed_snapshots as (

    select * from {{ ref('int_cst_closed_snapshots') }}

),

corrections as (

    select * from {{ ref('int_cst_customer_corrections') }}

),
{{ differing_rows('dws_cst_segmentation', 'segmentation_today') }}
corrected_snapshots as (

    select
        snapshot_date,
        count(cause_code) as correction_count

    from corrections

    group by snapshot_date

),

-- a segment is acted on from its first publication, before it closes
unpivoted as (

    select
        differing.customer_id,
        differing.snapshot_date,
        coalesce(differing.own_cause_code, differing.rules_cause_code)
            as known_cause_code,
        case
            when corrected_snapshots.correction_count > 0
                then 'others_corrected'
            else 'corrected_before_close'
        end as segment_cause_code,
        {{ values_unpivoted('dws_cst_segmentation') }}

    from differing

    left join corrected_snapshots
        on differing.snapshot_date = corrected_snapshots.snapshot_date

),

restated_segmentation as (

    select
        customer_id,
        snapshot_date,

        column_name,
        column_group,
        published_value,
        restated_value,
        published_number,
        restated_number,
        coalesce(
            known_cause_code,
            case column_group
                when 'segment' then segment_cause_code
                when 'purchases' then 'corrected_order'
                else 'others_corrected'
            end
        ) as cause_code

    from unpivoted

    where published_value is distinct from restated_value

)

select * from restated_segmentation
