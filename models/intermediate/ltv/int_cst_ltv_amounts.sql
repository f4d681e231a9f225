{%- set margin_rate = 'cast(' ~ (cst_var('ltv_margin_rate') or 1.0)
    ~ ' as decimal(9, 6))' -%}
{#- Customers with a value are ranked among themselves. -#}
{%- set peers = 'partition by snapshot_date, predicted is null' -%}

with

rfm_values as (

    select * from {{ ref('int_cst_rfm_values') }}

    where is_needed

),

predictions as (

    select * from {{ ref('int_cst_ltv_predictions') }}

),

-- customers without purchases stay: with them, a customer's row before is the
-- one of the previous snapshot
amounts as (

    select
        rfm_values.customer_id,
        rfm_values.snapshot_date,
        rfm_values.is_due,
        {%- for name, amount in [
            ('historic', 'rfm_values.lifetime_net_amount'),
            ('predicted', 'predictions.discounted_amount'),
            ('due', 'predictions.due_amount'),
            ('entered', 'predictions.entered_amount'),
            ('rest', 'predictions.rest_amount_before_refit'),
        ] %}
        cast({{ amount }} * {{ margin_rate }} as decimal(24, 2))
            as {{ name }},
        {%- endfor %}
        predictions.method_family

    from rfm_values

    left join predictions
        on
            rfm_values.customer_id = predictions.customer_id
            and rfm_values.snapshot_date = predictions.snapshot_date

),

amounts_before as (

    select
        *,
        lag(snapshot_date) over by_customer as snapshot_date_before,
        lag(method_family) over by_customer as family_before,
        lag(historic) over by_customer as historic_before,
        lag(predicted) over by_customer as predicted_before,
        lag(due) over by_customer as due_before

    from amounts

    window by_customer as (partition by customer_id order by snapshot_date)

),

-- what was left of the previous prediction, as it was worth then and now; and
-- what it would be by what is known of the customer today
rests as (

    select
        *,
        predicted_before - due_before as rest_before,
        cast(
            cast(predicted_before - due_before as double) / {{
                ltv_discount_factor(
                    days_between('snapshot_date_before', 'snapshot_date')
                )
            }} as decimal(24, 2)
        ) as rest_before_now,
        case when method_family = family_before then rest end as rest_known

    from amounts_before

),

ltv_amounts as (

    select
        customer_id,
        snapshot_date,

        historic as historic_ltv_amount,
        predicted as predicted_ltv_amount,
        cast(historic + predicted as decimal(24, 2)) as ltv_amount,

        -- without a prediction on both snapshots there is no change to split
        cast(
            historic + predicted - historic_before - predicted_before
            as decimal(24, 2)
        ) as ltv_change_amount,
        case
            when predicted is not null and predicted_before is not null
                then cast(historic - historic_before as decimal(24, 2))
        end as ltv_realized_change_amount,
        case
            when predicted is not null
                then cast(-due_before as decimal(24, 2))
        end as ltv_time_change_amount,
        -- across a change of the method, nothing is said of the outlook
        case
            when predicted is not null
                then cast(
                    coalesce(rest_known, rest_before_now) - rest_before_now
                    as decimal(24, 2)
                )
        end as ltv_outlook_change_amount,
        case
            when predicted is not null
                then cast(
                    entered + rest_before_now - rest_before as decimal(24, 2)
                )
        end as ltv_horizon_change_amount,
        cast(
            predicted - entered - coalesce(rest_known, rest_before_now)
            as decimal(24, 2)
        ) as ltv_refit_change_amount,

        case
            when predicted is not null
                then {{ decile(
                    'rank() over (' ~ peers
                    ~ ' order by historic + predicted) - 1',
                    'count(*) over (' ~ peers ~ ')'
                ) }}
        end as ltv_decile

    from rests

    where is_due

)

select * from ltv_amounts
