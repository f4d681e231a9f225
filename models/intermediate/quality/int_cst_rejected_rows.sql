with

rejected_rows as (

    select * from {{ ref('int_cst_validated_rows') }}

    where row_status = 'rejected'

),

quality_reasons as (

    select * from {{ ref('cst_quality_reasons') }}

),

explained_rows as (

    select
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
        rejected_rows.problem_column,
        rejected_rows.problem_value,
        rejected_rows.row_text,

        -- the same broken row can be delivered several times
        row_number() over (
            partition by rejected_rows.source_name, rejected_rows.row_text
            order by rejected_rows.reject_reason
        ) as delivery_number

    from rejected_rows

    left join quality_reasons
        on rejected_rows.reject_reason = quality_reasons.reason_code

)

select * from explained_rows
