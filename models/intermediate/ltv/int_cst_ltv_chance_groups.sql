{%- set bounds = [0] + cst_var('purchase_probability_cuts') + [1] -%}
{#- A group has all customers for whom its number is not null. -#}
{%- set groups = {'total': '0', 'band': 'band',
    'overdue': 'case when is_overdue then 0 end'} -%}

with

chances_tested as (

    select
        *,
        case
            {%- for bound in bounds[:-1] | reverse %}
            when p_purchase >= {{ bound }} then {{ loop.revindex }}
            {%- endfor %}
        end as band

    from {{ ref('int_cst_ltv_chances_tested') }}

),

grouped as (

    {%- for group_type, group_number in groups.items() %}

    select
        '{{ group_type }}' as group_type,
        {{ group_number }} as group_number,
        chances_tested.*

    from chances_tested

    where {{ group_number }} is not null

    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

chance_groups as (

    select
        snapshot_date,
        horizon_days,
        method,
        group_type,
        group_number as band,
        {%- for name, first in [('from', 0), ('to', 1)] %}
        cast(
            case group_number
                {%- for bound in bounds[:-1] %}
                when {{ loop.index }} then {{ bounds[loop.index0 + first] }}
                {%- endfor %}
            end as decimal(7, 6)
        ) as probability_{{ name }},
        {%- endfor %}

        count(*) as customer_count,
        sum(p_purchase) as expected_buyer_count,
        count(case when is_buyer then 1 end) as buyer_count,
        sum(cast(
            cast(p_purchase as double) * (1 - p_purchase) as decimal(18, 12)
        )) as variance,
        sum(cast(
            power(p_purchase - cast(is_buyer as integer), 2) as decimal(18, 12)
        )) as squared_error

    from grouped

    group by
        snapshot_date,
        horizon_days,
        method,
        group_type,
        group_number

)

select * from chance_groups
