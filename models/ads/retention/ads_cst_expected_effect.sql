{%- set key = dbt_utils.generate_surrogate_key([
    'snapshot_date', 'strategy_code', 'segment_code'
]) -%}
{%- set columns = [
    'snapshot_date', 'strategy_code', 'segment_code', 'pooled_uplift',
    'segment_uplift', 'segment_uplift_error', 'between_variance',
    'expected_order_uplift', 'expected_uplift_error',
] -%}

with

effects_in_use as (

    select * from {{ ref('int_cst_effects_in_use') }}

),

published as (

    select * from {{ source('published', 'ads_cst_expected_effect') }}

),

snapshots as (

    select * from {{ ref('dim_cst_snapshot') }}

),

-- a list is first published on its date, or later
earlier_lists as (

    select snapshot_date from {{ ref('int_cst_lists_published') }}

    union distinct

    select snapshot_date from snapshots

    except

    select snapshot_date from snapshots

    where is_current

    except

    select snapshot_date from effects_in_use

),

-- what earlier lists went by stays
expected_effect as (

    select
        published.expected_effect_key,
        {%- for column in columns %}
        published.{{ column }},
        {%- endfor %}
        false as is_current

    from published

    inner join earlier_lists
        on published.snapshot_date = earlier_lists.snapshot_date

    union all

    select
        {{ key }} as expected_effect_key,
        {%- for column in columns %}
        {{ column }},
        {%- endfor %}
        is_current

    from effects_in_use

)

select * from expected_effect
