{%- set keys = [
    'policy_code', 'subject_code', 'period_type', 'period_code', 'measure_code',
] -%}

with

policy_entries as (

    select * from {{ ref('int_cst_policy_entries') }}

    where measured is not null

),

means as (

    select * from {{ ref('int_cst_policy_means') }}

),

-- by how much a customer's entries move the mean of each policy; decimal, so
-- that the result does not depend on the order of adding
influences as (

    select
        {% for key in keys -%}
        means.{{ key }},
        {% endfor -%}
        {% for side, weight in {
            'policy': 'weight', 'default': 'default_weight'
        }.items() -%}
        cast(
            sum(
                cast(
                    cast(policy_entries.{{ weight }} as double)
                    * (policy_entries.measured - means.{{ side }}_mean)
                    * means.entries / nullif(means.{{ side }}_weight, 0e0)
                    as decimal(38, 12)
                )
            ) as double
        ) as {{ side }}_influence,
        {% endfor -%}
        means.entries

    from policy_entries

    inner join means
        on
            {% for key in keys[:-1] -%}
            policy_entries.{{ key }} = means.{{ key }}
            and {% endfor -%}
            policy_entries.measure_code = means.measure_code

    group by
        {% for key in keys -%}
        means.{{ key }},
        {% endfor -%}
        means.entries,
        policy_entries.customer_id

),

policy_errors as (

    select
        {% for key in keys -%}
        {{ key }},
        {% endfor -%}
        {% for error, influence in {
            'policy': 'policy_influence',
            'difference': '(policy_influence - default_influence)',
        }.items() -%}
        {%- set square = influence ~ ' * ' ~ influence -%}
        sqrt(
            cast(sum(cast({{ square }} as decimal(38, 12))) as double)
        ) / entries as {{ error }}_error,
        {% endfor -%}
        entries

    from influences

    group by
        {% for key in keys -%}
        {{ key }},
        {% endfor -%}
        entries

)

select * from policy_errors
