with

category_methods as (

    select * from {{ ref('int_cst_category_methods') }}

),

moments as (

    select
        min(moment_date) as trained_to_date,
        max(moment_date) as tested_to_date

    from {{ ref('int_cst_category_counts') }}

),

rates as (

    select
        *,
        cast(hit_count as double) / tested_customer_count as hit_rate,
        cast(hit_count - popular_hit_count as double)
        / tested_customer_count as hit_rate_difference,
        sqrt(
            discordant_count
            - power(hit_count - popular_hit_count, 2)
            / cast(tested_customer_count as double)
        ) / tested_customer_count as difference_error

    from category_methods

),

-- another method leads only where it is better by more than chance explains;
-- of a few customers whom one method alone hits, nothing follows
judged as (

    select
        *,
        discordant_count >= 10 as has_interval,
        discordant_count >= 10
        and hit_count - popular_hit_count
        > {{ z_of_95_percent() }} * sqrt(discordant_count) as is_better

    from rates

),

chosen as (

    select
        method_code,
        row_number() over (
            order by
                case when is_better then hit_count else 0 end desc,
                method_code = 'popular' desc,
                method_code asc
        ) as method_rank

    from judged

    where top_count = 1

),

next_category_method as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'judged.method_code', 'judged.top_count'
        ]) }} as next_category_method_key,
        {{ labeled_code(
            'judged.method_code', 'category_method', 'method_code'
        ) }},
        judged.top_count,
        moments.trained_to_date,
        moments.tested_to_date,
        judged.tested_customer_count,
        judged.hit_count,
        judged.hit_rate,
        judged.hit_rate_difference,
        {% for name, sign in [('low', '-'), ('high', '+')] -%}
        case
            when judged.has_interval
                then
                    judged.hit_rate_difference
                    {{ sign }} {{ z_of_95_percent() }} * judged.difference_error
        end as hit_rate_difference_{{ name }},
        {% endfor -%}
        chosen.method_rank = 1 as is_chosen

    from judged

    inner join chosen
        on judged.method_code = chosen.method_code

    cross join moments

)

select * from next_category_method
