with

quality_counts as (

    select * from {{ ref('int_cst_quality_counts') }}

),

data_quality as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'source_name', 'row_status', 'reason_code'
        ]) }} as data_quality_key,
        {{ labeled_code('source_name', 'source_name') }},

        {{ labeled_code('row_status', 'row_status') }},
        reason_code,
        reason_zh,
        reason_en,

        row_count,
        cast(row_count as double) / sum(
            case when row_status != 'flagged' then row_count end
        ) over (partition by source_name) as row_share,
        order_amount,

        {{ cst_var('cst_use_sample_data') }} as is_sample

    from quality_counts

)

select * from data_quality
