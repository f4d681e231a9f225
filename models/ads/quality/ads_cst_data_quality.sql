with

row_counts as (

    select * from {{ ref('int_cst_source_row_counts') }}

),

quality_reasons as (

    select * from {{ ref('cst_quality_reasons') }}

),

counts_explained as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'row_counts.source_name',
            'row_counts.row_status',
            'row_counts.reason_code',
        ]) }} as data_quality_key,
        row_counts.source_name,

        row_counts.row_status,
        row_counts.reason_code,
        {% for language in ['zh', 'en'] -%}
        {{ reason_label(
            'row_counts.reason_code',
            'quality_reasons.reason_' ~ language,
            language
        ) }} as reason_{{ language }},
        {% endfor %}
        row_counts.row_count,
        cast(row_counts.row_count as double) / sum(row_counts.row_count) over (
            partition by row_counts.source_name
        ) as row_share

    from row_counts

    left join quality_reasons
        on row_counts.reason_code = quality_reasons.reason_code

)

select * from counts_explained
