{%- set horizon_days = cst_var('ltv_horizon_days') -%}
{%- set horizons = purchase_horizons() -%}
{#- What of the chance lies before the window, and as much behind it. -#}
{%- set tail = (1 - cst_var('purchase_window_share')) / 2 -%}

with

customers as (

    select
        customer_id,
        snapshot_date,
        repeat_count,
        cast(days_to_last_purchase as double) / 7 as weeks_to_last,
        cast(days_observed as double) / 7 as weeks_observed

    from {{ ref('int_cst_ltv_customers') }}

),

parameters as (
    {{ ltv_parameter_rows() }}
),

methods as (

    select * from {{ ref('int_cst_ltv_methods') }}

    where is_chosen and method_family = 'purchase_model'

),

-- whom to call now, and what can be tested by now
snapshots_asked as (

    select snapshot_date

    from {{ ref('int_cst_snapshot_dates') }}

    where is_current

    union distinct

    select snapshot_date

    from {{ ref('int_cst_ltv_horizons_due') }}

),

chances_if_alive as (

    select
        customers.customer_id,
        customers.snapshot_date,
        customers.repeat_count,
        customers.weeks_observed,
        methods.method,
        parameters.r,
        parameters.alpha,
        {%- for days in horizons %}
        {{ bgnbd_p_purchase(
            'repeat_count', 'weeks_observed',
            '(cast(' ~ days ~ ' as double) / 7)'
        ) }} as p_within_{{ days }}d,
        {%- endfor %}
        {{ bgnbd_p_purchase(
            'repeat_count', 'weeks_observed',
            '(cast(' ~ horizon_days ~ ' as double) / 7)'
        ) }} as p_within_horizon,
        {{ bgnbd_p_alive('repeat_count', 'weeks_to_last', 'weeks_observed') }}
            as p_alive,
        {{ bgnbd_silence_share(
            'repeat_count', 'weeks_to_last', 'weeks_observed'
        ) }} as silence_share

    from customers

    inner join snapshots_asked
        on customers.snapshot_date = snapshots_asked.snapshot_date

    inner join methods
        on customers.snapshot_date = methods.snapshot_date

    inner join parameters
        on
            customers.snapshot_date = parameters.snapshot_date
            and parameters.reason is null

),

purchase_chances as (

    select
        customer_id,
        snapshot_date,
        method,

        {%- for days in purchase_contract_horizons() %}
        {% if days in horizons -%}
        p_alive * p_within_{{ days }}d
        {%- else -%}
        cast(null as double)
        {%- endif %} as p_purchase_within_{{ days }}d,
        {%- endfor %}
        p_alive * p_within_horizon as p_purchase_within_horizon,
        -- where within the horizon the purchase comes, if one does: whether the
        -- customer has left makes no difference to that. Rounded, as a whole
        -- number of days is not one to the last digit.
        {%- for name, share in [('first', tail), ('last', 1 - tail)] %}
        cast(ceil(round(7 * {{ bgnbd_weeks_to_purchase(
            'repeat_count', 'weeks_observed',
            '(' ~ share ~ ' * p_within_horizon)'
        ) }}, 6)) as bigint) as days_to_window_{{ name }},
        {%- endfor %}

        silence_share,
        -- one purchase is no rhythm to be late by
        repeat_count > 0
        and silence_share <= {{ cst_var('purchase_overdue_silence_share') }}
        and p_alive >= {{ cst_var('purchase_overdue_min_p_alive') }}
            as is_overdue

    from chances_if_alive

)

select * from purchase_chances
