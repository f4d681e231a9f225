{%- set margin_rate = 'cast(' ~ (cst_var('ltv_margin_rate') or 1.0)
    ~ ' as decimal(9, 6))' -%}

with

customers_listed as (

    select * from {{ ref('int_cst_customers_listed') }}

),

segments_assigned as {{ not_materialized() }} (

    select * from {{ ref('int_cst_segments_assigned') }}

),

ltv_amounts as (

    select * from {{ ref('int_cst_ltv_amounts') }}

),

ltv_predictions as (

    select * from {{ ref('int_cst_ltv_predictions') }}

),

effects_in_use as (

    select * from {{ ref('int_cst_effects_in_use') }}

    where is_current

),

contact_costs as (

    select * from {{ ref('int_cst_contact_costs') }}

),

-- what an order is worth where nothing is known of the customer's own
mean_orders as (

    select
        snapshot_date,
        {{ average_amount(
            'sum(lifetime_net_amount)', 'sum(lifetime_order_count)'
        ) }} as mean_order_amount

    from segments_assigned

    group by snapshot_date

),

customers_valued as (

    select
        customers_listed.customer_id,
        customers_listed.strategy_code,
        customers_listed.snapshot_date,

        segments_assigned.r_score,
        segments_assigned.monetary_amount,
        ltv_amounts.predicted_ltv_amount,

        effects_in_use.expected_order_uplift,
        cast(
            coalesce(
                cast(
                    ltv_predictions.expected_order_amount as decimal(18, 2)
                ),
                {{ average_amount(
                    'segments_assigned.lifetime_net_amount',
                    'segments_assigned.lifetime_order_count',
                ) }},
                mean_orders.mean_order_amount
            ) * {{ margin_rate }} as decimal(18, 2)
        ) as order_value_amount,
        customers_listed.list_date,
        contact_costs.contact_count,
        contact_costs.contact_cost_amount,
        contact_costs.list_cost_amount

    from customers_listed

    left join segments_assigned
        on
            customers_listed.customer_id = segments_assigned.customer_id
            and customers_listed.snapshot_date
            = segments_assigned.snapshot_date
    {%- for relation in ['ltv_amounts', 'ltv_predictions'] %}

    left join {{ relation }}
        on
            customers_listed.customer_id = {{ relation }}.customer_id
            and customers_listed.snapshot_date = {{ relation }}.snapshot_date
    {%- endfor %}

    left join mean_orders
        on customers_listed.snapshot_date = mean_orders.snapshot_date

    left join effects_in_use
        on
            customers_listed.strategy_code = effects_in_use.strategy_code
            and segments_assigned.segment_code = effects_in_use.segment_code

    left join contact_costs
        on customers_listed.strategy_code = contact_costs.strategy_code

),

gains as (

    select
        *,
        cast(
            expected_order_uplift * cast(order_value_amount as double)
            as decimal(24, 2)
        ) as expected_gain_amount

    from customers_valued

),

-- who gains nothing by the strategy is not worth the less, the more they spend:
-- among them, as where no effect is known, lifetime value decides
list_priorities as (

    select
        customer_id,
        strategy_code,
        snapshot_date,

        case
            when expected_gain_amount is null then 'effect_unknown'
            when expected_gain_amount > 0 then 'expected_gain'
            else 'no_gain'
        end as priority_basis,
        cast(
            row_number() over (
                partition by strategy_code
                order by
                    greatest(coalesce(expected_gain_amount, 0), 0) desc,
                    predicted_ltv_amount desc nulls last,
                    r_score desc nulls last,
                    monetary_amount desc nulls last,
                    customer_id asc
            ) as bigint
        ) as priority,
        {{ dbt.hash(dbt.concat([
            "'" ~ cst_var('retention_salt') | replace("'", "''") ~ "/explore:'",
            'customer_id', "':'", 'cast(list_date as string)',
        ])) }} as exploration_draw,

        expected_order_uplift,
        order_value_amount,
        expected_gain_amount,
        contact_count,
        contact_cost_amount,
        list_cost_amount

    from gains

)

select * from list_priorities
