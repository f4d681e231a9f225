-- how recently (R) and how often (F) customers buy, the highest score is best
with

customers as (

    select customer_id, r_score, f_score, monetary_amount
    from cst_dws.dws_cst_segmentation
    where is_current and r_score is not null

),

scores as (

    select unnest(range(1, max(greatest(r_score, f_score)) + 1)) as score
    from customers

)

select
    recency.score as r_score,
    frequency.score as f_score,
    count(customers.customer_id) as customer_count,
    avg(customers.monetary_amount) as average_monetary_amount
from scores as recency
cross join scores as frequency
left join customers
    on recency.score = customers.r_score
    and frequency.score = customers.f_score
group by recency.score, frequency.score
order by recency.score desc, frequency.score
