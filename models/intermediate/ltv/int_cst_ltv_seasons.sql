with

forecast_periods as (

    select * from {{ ref('int_cst_ltv_forecast_periods') }}

),

-- of no days, nothing depends on the factor
factors as (

    select
        {%- for name, days in [
            ('horizon', 'day_count'),
            ('due', 'due_day_count'),
            ('entered', 'entered_day_count'),
            ('rest', 'rest_day_count'),
            ('validation', 'validation_day_count'),
        ] %}
        case
            when sum({{ days }}) > 0
                then
                    cast(sum(
                        cast(season_index * {{ days }} as decimal(28, 12))
                    ) as double) / sum({{ days }})
            when sum({{ days }}) = 0 then cast(1 as double)
        end as {{ name }}_factor,
        {%- endfor %}
        snapshot_date

    from forecast_periods

    group by snapshot_date

),

seasons as (

    select
        snapshot_date,

        horizon_factor,
        due_factor,
        entered_factor,
        rest_factor,
        validation_factor

    from factors

)

select * from seasons
