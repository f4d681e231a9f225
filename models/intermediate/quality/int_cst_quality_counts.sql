with

row_counts as (

    select * from {{ ref('int_cst_source_row_counts') }}

),

flagged_rows as (

    select * from {{ ref('int_cst_flagged_rows') }}

),

quality_reasons as (

    select * from {{ ref('cst_quality_reasons') }}

),

counts as (

    select
        source_name,
        row_status,
        reason_code,
        row_count,
        order_amount

    from row_counts

    union all

    -- flagged rows are accepted rows, so they are counted a second time
    select
        source_name,
        'flagged' as row_status,
        flag_code as reason_code,
        count(*) as row_count,
        cast(sum(order_amount) as decimal(38, 2)) as order_amount

    from flagged_rows

    group by
        source_name,
        flag_code

),

quality_counts as (

    select
        counts.source_name,
        counts.row_status,
        counts.reason_code,
        {% for language in ['zh', 'en'] -%}
        {{ reason_label(
            'counts.reason_code', 'quality_reasons.reason_' ~ language, language
        ) }} as reason_{{ language }},
        {% endfor %}
        counts.row_count,
        counts.order_amount

    from counts

    left join quality_reasons
        on counts.reason_code = quality_reasons.reason_code

)

select * from quality_counts
