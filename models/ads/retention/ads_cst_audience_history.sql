{%- set columns = [
    'strategy_code', 'recommended_strategy_code', 'segment_code', 'value_tier',
    'contact_channel', 'no_contact_reason', 'strategy_priority', 'priority',
    'priority_basis', 'expected_gain_amount', 'recent_contact_count',
    'is_holdout', 'is_program_holdout', 'is_contactable', 'is_explored',
    'episode_start_date',
] -%}

with

audience as (

    select * from {{ ref('ads_cst_audience') }}

),

snapshots as (

    select * from {{ ref('dim_cst_snapshot') }}

),

published as (

    select * from {{ source('published', 'ads_cst_audience_history') }}

),

-- the list in use is that of the newest period end
newest_list as (

    select max(snapshot_date) as list_date

    from snapshots

    where is_period_end

),

newest_published as (

    select max(published.list_date) as list_date

    from published

    inner join newest_list
        on published.list_date <= newest_list.list_date

),

lists as (

    select
        published.customer_id,
        published.list_date,
        {%- for column in columns %}
        published.{{ column }},
        {%- endfor %}
        published.snapshot_date

    from published

    inner join newest_list
        on published.list_date <= newest_list.list_date

    union all

    select
        audience.customer_id,
        newest_list.list_date,
        {%- for column in columns %}
        audience.{{ column }},
        {%- endfor %}
        audience.snapshot_date

    from audience

    cross join newest_list

    cross join newest_published

    where newest_list.list_date > coalesce(
        newest_published.list_date, {{ date_literal('1900-01-01') }}
    )

),

audience_history as (

    select
        {{ dbt_utils.generate_surrogate_key(['customer_id', 'list_date']) }}
            as audience_history_key,
        customer_id,

        list_date,
        snapshot_date,

        {% for column in columns[:-1] -%}
        {{ column }},
        {% endfor -%}
        {{ columns[-1] }}

    from lists

)

select * from audience_history
