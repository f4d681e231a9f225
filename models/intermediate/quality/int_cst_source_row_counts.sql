with

validated_rows as (

    select * from {{ ref('int_cst_validated_rows') }}

),

flagged_rows as (

    select * from {{ ref('int_cst_flagged_rows') }}

),

quality_reasons as (

    select * from {{ ref('cst_quality_reasons') }}

),

reasoned_rows as (

    select
        validated_rows.source_name,
        validated_rows.row_status,
        -- a null text says less than any other flag
        coalesce(
            validated_rows.reject_reason,
            flagged_rows.flag_code,
            case
                when
                    validated_rows.row_status = 'accepted'
                    and validated_rows.has_null_text
                    then 'null_text'
            end
        ) as reason_code

    from validated_rows

    -- a key is unique among the accepted rows of its source alone
    left join flagged_rows
        on
            validated_rows.source_name = flagged_rows.source_name
            and validated_rows.source_key = flagged_rows.source_key
            and validated_rows.row_status = 'accepted'

),

row_counts as (

    select
        source_name,
        row_status,
        reason_code,
        count(*) as row_count

    from reasoned_rows

    group by
        source_name,
        row_status,
        reason_code

),

explained_counts as (

    select
        row_counts.source_name,
        row_counts.row_status,
        row_counts.reason_code,
        {% for language in ['zh', 'en'] -%}
        {{ reason_label(
            'row_counts.reason_code',
            'quality_reasons.reason_' ~ language,
            language
        ) }} as reason_{{ language }},
        {% endfor -%}
        row_counts.row_count

    from row_counts

    left join quality_reasons
        on row_counts.reason_code = quality_reasons.reason_code

)

select * from explained_counts
