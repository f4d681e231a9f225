with

forecast_periods as (

    select * from {{ ref('int_cst_ltv_forecast_periods') }}

),

-- of no days, nothing depends on the factor
seasons as (

    select
        snapshot_date
        {%- for name, days in [
            ('horizon', 'day_count'),
            ('due', 'due_day_count'),
            ('entered', 'entered_day_count'),
            ('rest', 'rest_day_count'),
            ('validation', 'validation_day_count'),
        ] %},
        case
            when sum({{ days }}) > 0
                then
                    cast(sum(
                        cast(season_index * {{ days }} as decimal(28, 12))
                    ) as double) / sum({{ days }})
            when sum({{ days }}) = 0 then cast(1 as double)
        end as {{ name }}_factor
        {%- endfor %}

    from forecast_periods

    group by snapshot_date

)

select * from seasons
