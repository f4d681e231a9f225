with

enabled_sources as (
    {%- for source_name in cst_var('cst_enabled_sources') %}

    select '{{ source_name }}' as source_name
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

row_counts as (

    select
        *,
        row_number() over (
            partition by source_name, row_status
            order by row_count desc, reason_code asc
        ) = 1 as is_main

    from {{ ref('int_cst_source_row_counts') }}

),

feed_totals as (

    select
        enabled_sources.source_name,

        max(
            case
                when row_counts.row_status = 'rejected' and row_counts.is_main
                    then row_counts.reason_code
            end
        ) as main_reason_code,
        max(
            case
                when row_counts.row_status = 'rejected' and row_counts.is_main
                    then row_counts.example_value
            end
        ) as example_value,

        coalesce(sum(row_counts.row_count), 0) as delivered_count,
        coalesce(sum(
            case
                when row_counts.row_status = 'accepted'
                    then row_counts.row_count
            end
        ), 0) as accepted_count,
        coalesce(sum(
            case
                when row_counts.row_status = 'rejected'
                    then row_counts.row_count
            end
        ), 0) as rejected_count,
        max(
            case
                when row_counts.row_status = 'rejected'
                    then row_counts.row_count
            end
        ) as main_reason_count

    from enabled_sources

    left join row_counts
        on enabled_sources.source_name = row_counts.source_name

    group by enabled_sources.source_name

)

select * from feed_totals
