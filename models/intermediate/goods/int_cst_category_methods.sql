with

category_tests as (

    select * from {{ ref('int_cst_category_tests') }}

),

popular_tests as (

    select * from category_tests

    where method_code = 'popular'

),

tops as (

    {% for top_count in range(1, goods_prediction_ranks() + 1) -%}
    select {{ top_count }} as top_count
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

compared as (

    select
        category_tests.method_code,
        tops.top_count,
        coalesce(category_tests.hit_rank <= tops.top_count, false) as is_hit,
        coalesce(popular_tests.hit_rank <= tops.top_count, false)
            as is_popular_hit

    from category_tests

    inner join popular_tests
        on category_tests.customer_id = popular_tests.customer_id

    cross join tops

),

category_methods as (

    select
        method_code,
        top_count,
        count(*) as tested_customer_count,
        count(case when is_hit then 1 end) as hit_count,
        count(case when is_popular_hit then 1 end) as popular_hit_count,
        -- every method predicts for the same customers, so methods differ by
        -- those whom one of them alone hits
        count(case when is_hit != is_popular_hit then 1 end)
            as discordant_count

    from compared

    group by
        method_code,
        top_count

)

select * from category_methods
