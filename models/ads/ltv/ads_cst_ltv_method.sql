{%- set columns = [
    'ltv_method_key', 'snapshot_date', 'ltv_family', 'ltv_family_zh',
    'ltv_family_en', 'ltv_method', 'is_available', 'is_chosen',
    'ltv_method_reason', 'ltv_method_reason_zh', 'ltv_method_reason_en',
    'validation_count', 'predicted_purchase_count', 'realized_purchase_count',
    'squared_error_ratio',
] -%}

with

methods as (

    select * from {{ ref('int_cst_ltv_methods') }}

),

published as (

    select * from {{ source('published', 'ads_cst_ltv_method') }}

),

snapshots as (

    select * from {{ ref('dim_cst_snapshot') }}

),

methods_today as (

    select
        {{ dbt_utils.generate_surrogate_key(
            ['snapshot_date', 'method_family']
        ) }} as ltv_method_key,

        snapshot_date,
        {{ labeled_code('method_family', 'ltv_family') }},
        method as ltv_method,

        unavailable_reason is null as is_available,
        is_chosen,
        {{ labeled_code(
            'coalesce(unavailable_reason, choice_reason)', 'ltv_method_reason'
        ) }},

        validation_count,
        cast(predicted_purchase_count as decimal(24, 2))
            as predicted_purchase_count,
        realized_purchase_count,
        squared_error_ratio

    from methods

),

ltv_method as (
    {%- for relation in ['published', 'methods_today'] %}

    select
        {% for column in columns[:-1] -%}
        {{ relation }}.{{ column }},
        {% endfor -%}
        {{ relation }}.{{ columns[-1] }}

    from {{ relation }}

    inner join snapshots
        on {{ relation }}.snapshot_date = snapshots.snapshot_date

    where {{ '' if relation == 'published' else 'not ' }}snapshots.is_closed
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

)

select * from ltv_method
