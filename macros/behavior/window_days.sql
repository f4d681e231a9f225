{% macro window_days(days=90) %}
    select
        snapshot_date,
        {{ date_series(
            add_days('snapshot_date', 1 - days), 'snapshot_date'
        ) }} as business_date

    from {{ ref('int_cst_snapshots_due') }}

    where is_due
{% endmacro %}
