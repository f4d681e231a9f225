{#-
    No ref(): what is read is what the run before left, and this run replaces
    it only after it was compared.
-#}
{%- set active_days = cst_var('cst_active_days') -%}
{%- set quality = published_relation('ads_cst_data_quality', 'is_sample') -%}
{%- set segmentation = published_relation(
    'dws_cst_segmentation', 'recency_days'
) -%}

with

published_rows as (

    {% if quality is none -%}
    select
        cast(null as string) as source_name,
        cast(null as bigint) as accepted_count,
        cast(null as bigint) as guest_order_count

    where 1 = 0
    {%- else -%}
    select
        source_name,
        sum(case when row_status = 'accepted' then row_count end)
            as accepted_count,
        sum(case when reason_code = 'guest_order' then row_count end)
            as guest_order_count

    from {{ quality }}

    -- the first run of own tables is not compared with the sample
    where is_sample = {{ cst_var('cst_use_sample_data') }}

    group by source_name
    {%- endif %}

),

published_snapshot as (

    {% if segmentation is none -%}
    select
        cast(null as date) as as_of_date,
        cast(null as bigint) as active_customer_count
    {%- else -%}
    select
        max(snapshot_date) as as_of_date,
        count(case when recency_days <= {{ active_days }} then 1 end)
            as active_customer_count

    from {{ segmentation }}

    where is_current
    {%- endif %}

),

published_run as (

    select
        published_rows.source_name,
        coalesce(published_rows.accepted_count, 0) as accepted_count,
        coalesce(published_rows.guest_order_count, 0) as guest_order_count,
        published_snapshot.active_customer_count,
        published_snapshot.as_of_date

    from published_rows

    cross join published_snapshot
    {%- if cst_var('cst_known_at') is not none %}

    -- a state of the past is compared with the one before it, not after it
    where published_snapshot.as_of_date <= {{ known_date() }}
    {%- endif %}

)

select * from published_run
