with

first_purchase_cuts as (

    select * from {{ ref('int_cst_first_purchase_cuts') }}

),

windows as (

    {% for window in retention_windows() -%}
    select cast({{ window }} as integer) as window_days
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

customers as (

    select
        first_purchase_cuts.*,
        windows.window_days,
        {{ add_days(
            'first_purchase_cuts.first_purchase_date', 'windows.window_days'
        ) }} as window_end_date

    from first_purchase_cuts

    cross join windows

),

groups as (

    select
        cut_code,
        cut_value,
        window_days,
        as_of_date,
        count(*) as customer_count,
        sum(first_net_amount) as first_net_amount,
        count(case when window_end_date <= as_of_date then 1 end)
            as mature_customer_count,
        count(
            case
                when
                    window_end_date <= as_of_date
                    and second_purchase_date <= window_end_date
                    then 1
            end
        ) as repurchased_customer_count

    from customers

    group by
        cut_code,
        cut_value,
        window_days,
        as_of_date

),

totals as (

    select * from groups

    where cut_code = 'total'

),

first_purchase as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'groups.cut_code', 'groups.cut_value', 'groups.window_days'
        ]) }} as first_purchase_key,
        {{ labeled_code('groups.cut_code', 'first_purchase_cut', 'cut_code') }},
        groups.cut_value,
        groups.window_days,
        groups.as_of_date,

        groups.customer_count,
        {{ average_amount('groups.first_net_amount', 'groups.customer_count') }}
            as average_first_net_amount,
        groups.mature_customer_count,
        groups.repurchased_customer_count,
        cast(groups.repurchased_customer_count as double)
        / nullif(groups.mature_customer_count, 0) as repurchase_rate,
        {% for name, side in [('low', 'lower'), ('high', 'upper')] -%}
        {{ wilson_bound(
            'groups.repurchased_customer_count',
            'groups.mature_customer_count', side
        ) }} as repurchase_rate_{{ name }},
        {% endfor -%}
        cast(totals.repurchased_customer_count as double)
        / nullif(totals.mature_customer_count, 0) as total_repurchase_rate

    from groups

    inner join totals
        on groups.window_days = totals.window_days

)

select * from first_purchase
