-- Whoever makes up exactly the distance stands above the edge, and with a
-- little less does not.
select
    customer_id,
    snapshot_date,
    recency_days,
    r_better_below_days,
    days_to_next_r_score,
    frequency,
    f_better_above,
    orders_to_next_f_score,
    monetary_amount,
    m_better_above_amount,
    amount_to_next_m_score

from {{ ref('dws_cst_segmentation') }}

where
    recency_days - days_to_next_r_score >= r_better_below_days
    or recency_days - days_to_next_r_score + 1 < r_better_below_days
    or frequency + orders_to_next_f_score <= f_better_above
    or frequency + orders_to_next_f_score - 1 > f_better_above
    or monetary_amount + amount_to_next_m_score <= m_better_above_amount
    or monetary_amount + amount_to_next_m_score - 0.01 > m_better_above_amount
