{%- set columns = [
    'tag_code', 'measure_code', 'tag_value', 'measure_value',
    'observation_count',
] -%}

with

tag_measures as (

    select * from {{ ref('int_cst_tag_measures') }}

),

tags as (

    select * from {{ ref('cst_tags') }}

),

published as (

    select * from {{ source('published', 'dws_cst_tag') }}

),

customers_on_snapshots as (

    select * from {{ ref('int_cst_customers_on_snapshots') }}

),

snapshots as (

    select
        *,
        {{ day_start_at(add_days('snapshot_date', 1)) }} as day_end_at

    from {{ ref('dim_cst_snapshot') }}

),

customers as (

    select * from {{ ref('dim_cst_customer') }}

),

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

),

-- who is not delivered today keeps what was published, where the facts do
closed_and_open as (

    select
        published.customer_id,
        {%- for column in columns %}
        published.{{ column }},
        {%- endfor %}
        published.snapshot_date

    from published

    inner join snapshots
        on published.snapshot_date = snapshots.snapshot_date

    inner join segmentation
        on
            published.customer_id = segmentation.customer_id
            and published.snapshot_date = segmentation.snapshot_date

    left join customers_on_snapshots
        on
            published.customer_id = customers_on_snapshots.customer_id
            and published.snapshot_date = customers_on_snapshots.snapshot_date

    where
        snapshots.is_closed
        or customers_on_snapshots.customer_id is null

    union all

    select
        tag_measures.customer_id,
        tags.tag_code,
        tag_measures.measure_code,
        tag_measures.text_value as tag_value,
        tag_measures.measure_value,
        tag_measures.observation_count,
        tag_measures.snapshot_date

    from tag_measures

    inner join snapshots
        on tag_measures.snapshot_date = snapshots.snapshot_date

    inner join tags
        on {{ gives_tag('tag_measures', 'tags') }}

    where not snapshots.is_closed

),

tag as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'closed_and_open.customer_id', 'closed_and_open.snapshot_date',
            'closed_and_open.tag_code',
        ]) }} as tag_key,
        customers.customer_key,
        closed_and_open.customer_id,

        closed_and_open.snapshot_date,
        snapshots.is_current,

        {% for column in columns[:-1] -%}
        closed_and_open.{{ column }},
        {% endfor -%}
        closed_and_open.{{ columns[-1] }}

    from closed_and_open

    inner join snapshots
        on closed_and_open.snapshot_date = snapshots.snapshot_date

    inner join customers
        on
            closed_and_open.customer_id = customers.customer_id
            and snapshots.day_end_at > customers.valid_from_at
            and snapshots.day_end_at <= customers.valid_to_at

    inner join customers as customers_today
        on
            closed_and_open.customer_id = customers_today.customer_id
            and customers_today.is_current

    -- a birthday goes with the birth date: an erasure takes it from closed
    -- snapshots, too
    where
        closed_and_open.measure_code != 'months_to_birthday'
        or customers_today.birth_date is not null

)

select * from tag
