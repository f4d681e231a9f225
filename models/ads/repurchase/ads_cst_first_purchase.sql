with

cohort_repurchases as (

    select * from {{ ref('int_cst_cohort_repurchases') }}

),

groups as (

    select
        cut_code,
        cut_value,
        window_days,
        as_of_date,
        cast(sum(customer_count) as bigint) as customer_count,
        sum(first_net_amount) as first_net_amount,
        cast(sum(mature_customer_count) as bigint) as mature_customer_count,
        cast(sum(repurchased_customer_count) as bigint)
            as repurchased_customer_count

    from cohort_repurchases

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
