with

first_purchases as (

    select * from {{ ref('int_cst_first_purchases') }}

),

first_purchase_cuts as (

    {% for cut_code in first_purchase_cuts() -%}
    select
        customer_id,

        '{{ cut_code }}' as cut_code,
        {{ "'all'" if cut_code == 'total'
            else "coalesce(" ~ cut_code ~ ", 'unknown')" }} as cut_value,

        first_net_amount,

        first_purchase_date,
        second_purchase_date,
        as_of_date

    from first_purchases

    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from first_purchase_cuts
