with

customers_on_snapshots as (

    select * from {{ ref('int_cst_customers_on_snapshots') }}

    where is_due

),

order_habits as (

    select * from {{ ref('int_cst_order_habits') }}

),

main_values as (

    select * from {{ ref('int_cst_main_values') }}

),

predictions as (

    select * from {{ ref('int_cst_ltv_predictions') }}

),

customer_details as (

    select * from {{ ref('base_cst__customer_details') }}

),

newest_periods as (

    select * from {{ ref('int_cst_customer_periods') }}

    where valid_to_at = {{ last_instant() }}

),

-- the list of a snapshot is used from the day after it on
birthdays as (

    select
        customers_on_snapshots.customer_id,
        customers_on_snapshots.snapshot_date,
        (
            extract(month from customer_details.birth_date) + 12
            - extract(month from {{ add_days(
                'customers_on_snapshots.snapshot_date', 1
            ) }})
        ) % 12 as months_to_birthday

    from customers_on_snapshots

    inner join newest_periods
        on customers_on_snapshots.customer_id = newest_periods.customer_id

    inner join customer_details
        on
            newest_periods.customer_id = customer_details.customer_id
            and newest_periods.updated_at = customer_details.updated_at

),

measures as (
    {%- for measure_code, relation, value, count, text in [
        (
            'discounted_order_share', 'order_habits',
            'cast(discounted_order_count as double) / order_count',
            'order_count', 'null',
        ),
        (
            'discount_share', 'order_habits',
            'cast(discount_amount as double)'
            ~ ' / nullif(order_amount + discount_amount, 0)',
            'order_count', 'null',
        ),
        (
            'night_order_share', 'order_habits',
            'cast(night_order_count as double) / nullif(timed_order_count, 0)',
            'timed_order_count', 'null',
        ),
        (
            'main_category_share', 'main_values',
            'cast(main_category_view_count as double) / category_view_count',
            'category_view_count', 'main_category',
        ),
        (
            'months_to_birthday', 'birthdays',
            'cast(months_to_birthday as double)', 'null', 'null',
        ),
        ('p_alive', 'predictions', 'p_alive', 'null', 'null'),
    ] %}

    select
        customer_id,
        snapshot_date,
        '{{ measure_code }}' as measure_code,
        {{ value }} as measure_value,
        cast({{ text }} as string) as text_value,
        cast({{ count }} as bigint) as observation_count

    from {{ relation }}
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

),

tag_measures as (

    select
        measures.customer_id,
        measures.snapshot_date,
        measures.measure_code,

        measures.measure_value,
        measures.text_value,
        measures.observation_count

    from measures

    inner join customers_on_snapshots
        on
            measures.customer_id = customers_on_snapshots.customer_id
            and measures.snapshot_date = customers_on_snapshots.snapshot_date

    where measures.measure_value is not null

)

select * from tag_measures
