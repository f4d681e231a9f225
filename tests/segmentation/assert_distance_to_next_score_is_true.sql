-- With exactly the distance a customer is above the cut point, and with a day,
-- an order or a cent less is not.
select
    customer_id,
    snapshot_date,
    recency_days,
    r_better_below_days,
    r_gap_days,
    frequency,
    f_better_above_count,
    f_gap_count,
    monetary_amount,
    m_better_above_amount,
    m_gap_amount

from {{ ref('int_cst_segmentation') }}

where
    recency_days - r_gap_days >= r_better_below_days
    or recency_days - r_gap_days + 1 < r_better_below_days
    or frequency + f_gap_count <= f_better_above_count
    or frequency + f_gap_count - 1 > f_better_above_count
    or monetary_amount + m_gap_amount <= m_better_above_amount
    or monetary_amount + m_gap_amount - 0.01 > m_better_above_amount
