with

feed_checks as (
    {%- for model in [
        'int_cst_delivery_checks', 'int_cst_reject_checks',
        'int_cst_source_change_checks', 'int_cst_order_change_checks',
    ] %}

    select
        source_name,
        check_name,
        verdict,
        found_text,
        limit_text,
        message

    from {{ ref(model) }}
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

)

select * from feed_checks
