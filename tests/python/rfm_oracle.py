"""RFM scores in plain Python, from purchase days and the written definitions.

Exact: weights are fractions, so no rounding decides where a cut point lies.
"""

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

import pandas as pd

BINS = 5
SHARES = [Fraction(text) for text in ("0.5", "0.75", "0.9", "0.97")]
FEWEST_CUSTOMERS = 50
FIXED_DAYS = [30, 60, 90, 180]
LAPSED, ACTIVE = 1, 3
NEW_DAYS = 30


def rhythm_days(days: pd.DataFrame, snapshot: pd.Timestamp) -> list[int]:
    """The longest silences, in days, of scores 5, 4, 3 and 2.

    `days` has customer_id and date, one row per purchase or more. Of the gaps
    between a customer's days until the snapshot each weighs one, divided by
    their number; a cut is the shortest gap up to which the weights reach its
    share of the customers.
    """
    known = days[days["date"] <= snapshot].drop_duplicates(
        ["customer_id", "date"]
    )
    ordered = known.sort_values(["customer_id", "date"])
    by_customer = ordered.groupby("customer_id")["date"]
    gaps = pd.DataFrame({
        "length": by_customer.diff().dt.days,
        "count": by_customer.transform("size") - 1,
    }).dropna()
    customers = int((by_customer.size() > 1).sum())
    weights: Counter[int] = Counter()
    for (length, count), rows in gaps.value_counts().items():
        weights[int(length)] += Fraction(rows, int(count))
    if customers < FEWEST_CUSTOMERS:
        return FIXED_DAYS
    cuts = []
    for share in SHARES:
        reached = Fraction(0)
        for gap in sorted(weights):
            reached += weights[gap]
            if reached >= share * customers:
                cuts.append(gap)
                break
    return cuts


def recency_scores(recency: pd.Series, cuts: Iterable[int]) -> pd.Series:
    """The best score up to the first silence, one less beyond each."""
    return BINS - sum((recency > cut).astype(int) for cut in cuts)


def rank_scores(
    values: pd.Series, is_buyer: pd.Series, tie: Fraction
) -> pd.Series:
    """Scores by the share of buyers that a value surpasses.

    Of a tie `tie` is surpassed: 0 where it takes the lowest of its ranks, a
    half where it takes the middle. There, the best of several values gets the
    best score. Customers who are no buyers get that of their value, too; below
    every buyer it is 1.
    """
    counts = values[is_buyer].value_counts().sort_index()
    total = int(counts.sum())
    score_of, below = {}, 0
    for value, count in counts.items():
        surpassed = below + tie * int(count)
        score_of[value] = 1 + int(BINS * surpassed / total)
        below += int(count)
    if tie and len(counts) > 1:
        score_of[counts.index[-1]] = BINS
    scores = pd.Series(score_of, dtype=int)
    return values.map(scores).fillna(1).astype(int)


def lifecycle_stages(
    r_score: pd.Series, days_since_first: pd.Series
) -> pd.Series:
    """Stages of customers who have bought."""
    stages = pd.Series("active", index=r_score.index)
    stages[days_since_first <= NEW_DAYS] = "new"
    stages[r_score < ACTIVE] = "dormant"
    stages[r_score <= LAPSED] = "lapsed"
    return stages


# What no row of dws_cst_segmentation (s), with its recommended strategy (r),
# may be. Each is a claim that people read off a name.
CONTRADICTIONS = {
    "lost is lapsed": "(segment_code = 'lost') != (lifecycle_stage = 'lapsed')",
    "lost is a recency score of 1":
        "(segment_code = 'lost') != coalesce(r_score = 1, false)",
    "dormant are three segments":
        "(lifecycle_stage = 'dormant') != (segment_code in"
        " ('cannot_lose', 'at_risk', 'hibernating'))",
    "dormant is a recency score of 2":
        "(lifecycle_stage = 'dormant') != coalesce(r_score = 2, false)",
    "a new customer is new":
        "segment_code = 'new_customer' and lifecycle_stage != 'new'",
    "a new customer has bought within 30 days":
        "(lifecycle_stage = 'new' or segment_code = 'new_customer')"
        " and tenure_days > 30",
    "who has bought within 30 days is not called promising":
        "segment_code = 'promising' and tenure_days <= 30",
    "champions are of high value":
        "segment_code = 'champions' and value_tier != 'high'",
    "the highest dormant segment is of high value":
        "segment_code = 'cannot_lose' and value_tier != 'high'",
    "the lowest dormant segment is of low value":
        "segment_code = 'hibernating' and value_tier != 'low'",
    "prospects have never bought":
        "(segment_code = 'prospect') != (last_order_date is null)",
    "prospects are prospects":
        "(segment_code = 'prospect') != (lifecycle_stage = 'prospect')",
    "prospects have no scores and no tier":
        "(segment_code = 'prospect') != (r_score is null)"
        " or (segment_code = 'prospect') != (value_tier is null)",
    "churned have become lapsed":
        "(movement = 'churned') != (lifecycle_stage = 'lapsed'"
        " and previous_stage not in ('lapsed', 'prospect'))",
    "reactivated were lapsed and have bought":
        "movement = 'reactivated' and not (previous_stage = 'lapsed'"
        " and lifecycle_stage not in ('lapsed', 'prospect')"
        " and new_order_count > 0)",
    "who leaves the lapsed by buying is reactivated":
        "previous_stage = 'lapsed' and new_order_count > 0"
        " and lifecycle_stage not in ('lapsed', 'prospect')"
        " and movement != 'reactivated'",
    "time lifts nobody":
        "movement_cause = 'time_passed'"
        " and movement not in ('down', 'churned')",
    "nobody rises by what they did without an order or a refund":
        "movement in ('up', 'reactivated')"
        " and movement_cause = 'customer_acted'"
        " and new_order_count = 0 and new_refund_amount = 0",
    "nobody falls by what they did without a refund":
        "movement in ('down', 'churned')"
        " and movement_cause = 'customer_acted' and new_refund_amount = 0",
    "who is silent is to be woken up, but who still visits or is dissatisfied":
        "lifecycle_stage in ('dormant', 'lapsed') and not is_deleted"
        " and coalesce(engagement_level, 'unknown') not in ('high', 'mid')"
        " and coalesce(satisfaction_level, 'unknown') != 'dissatisfied'"
        " and recommended_strategy_code is distinct from 'wake_up'",
    "up and down follow the order of segments":
        "(movement = 'up' and segment_rank <= previous_rank)"
        " or (movement in ('down', 'churned')"
        " and segment_rank >= previous_rank)"
        " or (movement = 'same' and segment_rank != previous_rank)",
    "a class follows the means":
        "rfm_class_code like 'important%'"
        " and monetary_amount < mean_monetary_amount - 0.005",
}

ROWS = """
    with states as (
        select
            s.*,
            r.recommended_strategy_code,
            b.engagement_level,
            b.satisfaction_level,
            c.is_deleted,
            n.segment_rank,
            lag(s.lifecycle_stage) over of_customer as previous_stage,
            lag(n.segment_rank) over of_customer as previous_rank
        from cst_dws.dws_cst_segmentation as s
        left join cst_dws.dws_cst_retention as r
            using (customer_id, snapshot_date)
        left join cst_dws.dws_cst_behavior as b
            using (customer_id, snapshot_date)
        left join cst_dim.dim_cst_customer as c
            on s.customer_id = c.customer_id and c.is_current
        left join cst_dim.dim_cst_segment as n
            on s.segment_code = n.segment_code
        window of_customer as (
            partition by s.customer_id order by s.snapshot_date
        )
    )
"""


def contradictions(connection) -> dict[str, int]:
    """How many rows of a built warehouse contradict each claim."""
    counts = ", ".join(
        f"count(*) filter (where {condition})"
        for condition in CONTRADICTIONS.values()
    )
    found = connection.execute(f"{ROWS} select {counts} from states").fetchone()
    return {
        claim: count
        for claim, count in zip(CONTRADICTIONS, found, strict=True) if count
    }


def shares_back(connection, days: int = 90) -> list[tuple]:
    """Score, customers, share of them who buy within so many days: over all
    snapshots that far back."""
    return connection.execute(
        """
        with newest as (
            select max(snapshot_date) as snapshot_date
            from cst_dws.dws_cst_segmentation
        ),

        states as (
            select
                states.r_score,
                exists (
                    select 1
                    from cst_intermediate.int_cst_purchases as purchases
                    where
                        purchases.customer_id = states.customer_id
                        and purchases.purchase_date > states.snapshot_date
                        and purchases.purchase_date
                        <= states.snapshot_date + ?
                ) as is_back
            from cst_dws.dws_cst_segmentation as states
            cross join newest
            where
                states.r_score is not null
                and states.snapshot_date + ? <= newest.snapshot_date
        )

        select r_score, count(*), avg(cast(is_back as integer))
        from states
        group by r_score
        order by r_score
        """,
        [days, days],
    ).fetchall()
