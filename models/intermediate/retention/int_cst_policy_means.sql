{%- set keys = [
    'policy_code', 'subject_code', 'period_type', 'period_code', 'measure_code',
] -%}
{%- set sides = {'policy': 'weight', 'default': 'default_weight'} -%}

with

policy_entries as (

    select * from {{ ref('int_cst_policy_entries') }}

),

totals as (

    select
        {% for key in keys -%}
        {{ key }},
        {% endfor -%}
        {% for side, weight in sides.items() -%}
        {%- set is_match =
            'measured is not null and is_option and ' ~ weight ~ ' > 0' -%}
        count(case when {{ is_match }} then 1 end)
            as {{ side }}_matching_entries,
        count(case when {{ is_match }} and is_contacted then 1 end)
            as {{ side }}_contacted_entries,
        {% for sum, term, whose in [
            ('weight', weight, 'true'),
            ('weighted_total', weight ~ ' * measured', 'true'),
            ('option_weight', weight, 'is_option'),
            ('option_squares', weight ~ ' * ' ~ weight, 'is_option'),
        ] -%}
        cast(
            sum(
                case
                    when measured is not null and {{ whose }} then {{ term }}
                end
            ) as double
        ) as {{ side }}_{{ sum }},
        {% endfor -%}
        {% endfor -%}

        count(measured) as entries,
        count(case when is_option then measured end) as option_entries,
        count(case when measured is null then 1 end) as open_entries,
        count(case when is_option and is_buyer then 1 end) as option_buyers,
        min(entry_date) as first_entry_date,
        max(entry_date) as last_entry_date

    from policy_entries

    group by
        {% for key in keys[:-1] -%}
        {{ key }},
        {% endfor -%}
        {{ keys[-1] }}

),

-- where it has a choice, the weights of a policy add up to all entries, but for
-- chance
policy_means as (

    select
        *,
        {% for side in sides -%}
        {{ side }}_weighted_total / nullif({{ side }}_weight, 0e0)
            as {{ side }}_mean,
        {{ side }}_option_weight * {{ side }}_option_weight
        / nullif({{ side }}_option_squares, 0e0)
            as {{ side }}_effective_entries,
        ({{ side }}_option_weight - option_entries) / nullif(
            sqrt(
                option_entries
                * ({{ side }}_option_squares - {{ side }}_option_weight)
                / nullif({{ side }}_option_weight, 0e0)
            ), 0e0
        ) as {{ side }}_weight_z,
        {% endfor -%}
        cast(option_buyers as double) / nullif(option_entries, 0)
            as option_buyer_rate

    from totals

)

select * from policy_means
