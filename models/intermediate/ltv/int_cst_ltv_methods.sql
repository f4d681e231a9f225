{%- set asked = cst_var('ltv_method') -%}
{%- set recently -%}
    families.snapshot_date >= tested.validation_date
            and families.snapshot_date < {{ add_days(
                'tested.validation_date', cst_var('ltv_horizon_days')
            ) }}
{%- endset -%}
{#- Each contest: its name, the error of the first, and of the other. -#}
{%- set contests = [
    ('between_both', 'purchase_models.duel_error', 'cohorts.duel_error'),
    ('purchase_model', 'purchase_models.squared_error',
     'purchase_models.past_rate_error'),
    ('cohort', 'cohorts.squared_error', 'cohorts.past_rate_error'),
] -%}

with

families as (

    select * from {{ ref('int_cst_ltv_families') }}

),

validations as (

    select * from {{ ref('int_cst_ltv_validations') }}

),

-- what a family would have predicted where it could not be used does not count
tested as (

    select
        {%- for family in ltv_families() %}
        max(case
            when validations.method_family = '{{ family }}'
                then validations.squared_error
        end) over (partition by validations.snapshot_date)
            as {{ family }}_error,
        {%- endfor %}
        validations.*

    from validations

    inner join families
        on
            validations.snapshot_date = families.snapshot_date
            and validations.method_family = families.method_family
            and families.unavailable_reason is null

),

results as (

    select
        families.snapshot_date,
        families.method_family,
        families.method,
        families.unavailable_reason,
        sum(tested.customer_count) as validation_count,
        sum(tested.predicted_purchase_count) as predicted_purchase_count,
        sum(tested.realized_purchase_count) as realized_purchase_count,
        sum(tested.squared_error) as squared_error,
        sum(tested.past_rate_error) as past_rate_error,
        -- of the snapshots on which both rivals could be used
        sum(case
            when
                tested.purchase_model_error is not null
                and tested.cohort_error is not null
                then tested.squared_error
        end) as duel_error

    from families

    left join tested
        on
            families.method_family = tested.method_family
            and {{ recently }}

    group by
        families.snapshot_date,
        families.method_family,
        families.method,
        families.unavailable_reason

),

-- one row per snapshot: 1 where the first loses by a tenth, 0 where it wins so
contests as (

    select
        {%- for contest, error, other_error in contests %}
        case
            {%- if contest == 'between_both' %}
            -- one that was in use and validated makes no room without a contest
            when
                purchase_models.unavailable_reason is not null
                and cohorts.unavailable_reason is null
                and cohorts.squared_error is not null
                then 1
            {%- endif %}
            when {{ ltv_is_better(other_error, error) }} then 1
            when {{ ltv_is_better(error, other_error) }} then 0
        end as {{ contest }}_result,
        {%- endfor %}
        purchase_models.unavailable_reason as purchase_model_reason,
        purchase_models.squared_error is null as is_purchase_model_untested,
        cohorts.unavailable_reason as cohort_reason,
        purchase_models.snapshot_date

    from results as purchase_models

    inner join results as cohorts
        on purchase_models.snapshot_date = cohorts.snapshot_date

    where
        purchase_models.method_family = 'purchase_model'
        and cohorts.method_family = 'cohort'

),

numbered as (

    select
        {%- for contest, _, _ in contests %}
        count({{ contest }}_result) over (
            order by snapshot_date
            rows between unbounded preceding and current row
        ) as {{ contest }}_number,
        {%- endfor %}
        *

    from contests

),

-- the last clear result stands until the next one
standing as (

    select
        {%- for contest, _, _ in contests %}
        coalesce(
            max({{ contest }}_result) over (partition by {{ contest }}_number),
            0
        ) = 1 as is_{{ contest }}_lost,
        {%- endfor %}
        purchase_model_reason,
        is_purchase_model_untested,
        cohort_reason,
        snapshot_date

    from numbered

),

choices as (

    select
        *,
        {{ ltv_chosen_family(asked) }} as chosen_family

    from standing

),

methods as (

    select
        results.snapshot_date,
        results.method_family,

        results.method,
        results.unavailable_reason,

        cast(coalesce(results.validation_count, 0) as bigint)
            as validation_count,
        results.predicted_purchase_count,
        cast(results.realized_purchase_count as bigint)
            as realized_purchase_count,
        cast(results.squared_error as double)
        / nullif(cast(results.past_rate_error as double), 0)
            as squared_error_ratio,

        coalesce(results.method_family = choices.chosen_family, false)
            as is_chosen,
        case
            when results.method_family = choices.chosen_family
                then {{ ltv_choice_reason(asked) }}
        end as choice_reason

    from results

    inner join choices
        on results.snapshot_date = choices.snapshot_date

)

select * from methods
