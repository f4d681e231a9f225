with

ranked as (
    {%- for measure in rfm_measures() %}

    select
        snapshot_date,
        '{{ measure.name }}' as measure,
        customer_id,
        {{ measure.score }} as score,
        lag({{ measure.score }}) over (
            partition by snapshot_date
            order by {{ measure.standing }}, {{ measure.score }}, customer_id
        ) as score_of_a_worse_value

    from {{ ref('dws_cst_segmentation') }}

    where last_order_date is not null
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

)

select * from ranked

where score < score_of_a_worse_value
