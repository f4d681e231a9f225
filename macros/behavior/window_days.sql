{% macro window_days() %}
    select
        snapshot_date,
        {{ date_series(add_days('snapshot_date', -89), 'snapshot_date') }}
            as business_date

    from {{ ref('int_cst_snapshots_due') }}

    where is_due
{% endmacro %}
