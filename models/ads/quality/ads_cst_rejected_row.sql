with

rejected_rows as (

    select * from {{ ref('int_cst_rejected_rows') }}

),

quality_reasons as (

    select * from {{ ref('cst_quality_reasons') }}

),

rows_explained as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'rejected_rows.source_name',
            'rejected_rows.row_text',
            'rejected_rows.delivery_number',
        ]) }} as rejected_row_key,
        rejected_rows.source_name,
        rejected_rows.source_key,

        rejected_rows.reject_reason,
        {% for language in ['zh', 'en'] -%}
        {{ reason_label(
            'rejected_rows.reject_reason',
            'quality_reasons.reason_' ~ language,
            language
        ) }} as reason_{{ language }},
        {% endfor -%}
        rejected_rows.row_text

    from rejected_rows

    left join quality_reasons
        on rejected_rows.reject_reason = quality_reasons.reason_code

)

select * from rows_explained
