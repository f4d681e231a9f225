"""Hillstrom's e-mail experiment (2008) as tables of the input contract.

A mail-order company drew lots for 64,000 customers: a third were mailed about
men's articles, a third about women's, a third not at all. Visits, purchases and
spending of the two weeks that followed are public:
https://blog.minethatdata.com/2008/03/minethatdata-e-mail-analytics-and-data.html

Only what each group added up to is kept here: customers, visitors, buyers,
spending in cents and the sum of its squares. Amounts are made up that have
exactly these sums, so means, standard errors and tests are those of the
experiment. What depends on single amounts, such as a capped mean, is not.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

MAILED_AT = pd.Timestamp("2008-03-03 10:00", tz="UTC")
AS_OF_DATE = "2008-06-30"
COST_CENTS = 2


class Group(NamedTuple):
    """What one group of the experiment adds up to."""

    customers: int
    visitors: int
    buyers: int
    cents: int
    squared_cents: int


GROUPS = {
    "mens": Group(21_307, 3_894, 267, 3_031_169, 67_590_244_973),
    "womens": Group(21_387, 3_238, 189, 2_303_811, 49_114_465_763),
    "none": Group(21_306, 2_262, 122, 1_390_833, 28_700_503_621),
}
CAMPAIGNS = ("mens", "womens")


def amounts(count, total, total_of_squares):
    """As many whole, positive numbers with exactly this sum and this sum of
    squares: about those of an exponential distribution."""
    scores = -np.log1p(-(np.arange(count) + 0.5) / count)
    scores = (scores - scores.mean()) / scores.std()
    mean = total / count
    deviation = np.sqrt(total_of_squares / count - mean**2)
    values = np.rint(mean + deviation * scores).astype(np.int64)
    values[count // 2] += total - values.sum()
    # One more here and one less there keeps the sum, and adds twice the
    # difference, and 2, to the squares: first by the two ends,
    missing = (total_of_squares - (values**2).sum()) // 2
    while abs(missing) > values[-1] - values[0]:
        step = 1 if missing > 0 else -1
        missing -= step * (values[-1] - values[0]) + 1
        values[[0, -1]] += [-step, step]
    # then by a pair among the even ones and one among the odd ones.
    even, odd = np.arange(0, count, 2), np.arange(1, count, 2)
    by_even = values[even][:, None] - values[even] + 1
    by_odd = values[odd][:, None] - values[odd] + 1
    for pairs in (by_even, by_odd):
        np.fill_diagonal(pairs, 0)
    up, down = np.argwhere(np.isin(missing - by_even, by_odd))[0]
    rest = missing - by_even[up, down]
    other_up, other_down = np.argwhere(by_odd == rest)[0]
    for members, one, less in (
        (even, up, down), (odd, other_up, other_down),
    ):
        values[members[one]] += 1
        values[members[less]] -= 1
    return values


def customers():
    """One row per customer of the experiment, with what they did before and
    after: visited, cents, cents_before."""
    parts = []
    for name, group in GROUPS.items():
        number = np.arange(group.customers)
        cents = np.zeros(group.customers, np.int64)
        # All buyers are visitors; who spends most comes first.
        cents[: group.buyers] = amounts(
            group.buyers, group.cents, group.squared_cents
        )[::-1]
        parts.append(pd.DataFrame({
            "customer_id": [f"{name}-{i:05d}" for i in number],
            "group": name,
            "visited": number < group.visitors,
            "cents": cents,
            # The same in all groups, and more of those who will spend more,
            # so that it explains a part of that.
            "cents_before": 2_999 + 5_000_000 // (number + 100),
        }))
    return pd.concat(parts, ignore_index=True)


def decimals(cents):
    """Cents as text with two decimals."""
    return [f"{value // 100}.{value % 100:02d}" for value in cents]


def orders(people):
    """An order of each customer in the month before, and what they bought."""
    before = people.assign(
        order_id="before-" + people["customer_id"],
        ordered_at=MAILED_AT - pd.Timedelta(days=20),
        order_amount=decimals(people["cents_before"]),
    )
    bought = people[people["cents"] > 0]
    after = bought.assign(
        order_id="after-" + bought["customer_id"],
        ordered_at=MAILED_AT + pd.Timedelta(days=5),
        order_amount=decimals(bought["cents"]),
    )
    columns = ["order_id", "customer_id", "ordered_at", "order_amount"]
    return pd.concat([before, after])[columns].assign(order_status="completed")


def events(people):
    """A page view of each visitor, and one of somebody before, as the log has
    to reach back."""
    visitors = people[people["visited"]]
    rows = pd.DataFrame({
        "event_id": "visit-" + visitors["customer_id"],
        "customer_id": visitors["customer_id"],
        "occurred_at": MAILED_AT + pd.Timedelta(days=4),
    })
    first = pd.DataFrame({
        "event_id": ["first", "last"],
        "customer_id": [people["customer_id"].iloc[-1]] * 2,
        "occurred_at": [
            MAILED_AT - pd.Timedelta(days=30),
            pd.Timestamp(AS_OF_DATE, tz="UTC") + pd.Timedelta(hours=12),
        ],
    })
    return pd.concat([first, rows]).assign(event_type="page_view")


def campaigns():
    """Both mailings, with no strategy, and half of their customers kept out."""
    return pd.DataFrame({
        "campaign_id": CAMPAIGNS,
        "campaign_name": ["Men's articles", "Women's articles"],
        "control_share": ["0.5", "0.5"],
        "started_at": MAILED_AT,
        "ended_at": MAILED_AT + pd.Timedelta(days=14),
    })


def touches(people):
    """The mailed, and the control group in each of the two campaigns."""
    parts = []
    for campaign in CAMPAIGNS:
        of_campaign = people[people["group"].isin([campaign, "none"])]
        is_control = of_campaign["group"] == "none"
        parts.append(pd.DataFrame({
            "touch_id": campaign + "-" + of_campaign["customer_id"],
            "campaign_id": campaign,
            "customer_id": of_campaign["customer_id"],
            "touched_at": MAILED_AT,
            "touch_channel": "email",
            "is_control": is_control,
            "touch_cost": decimals(np.where(is_control, 0, COST_CENTS)),
        }))
    return pd.concat(parts)


def write_tables(folder, people):
    """The files of the input contract."""
    registered = pd.DataFrame({
        "customer_id": people["customer_id"],
        "registered_at": MAILED_AT - pd.Timedelta(days=25),
        "consent_email": True,
    })
    for name, table in {
        "ods_cst_customer": registered,
        "ods_trd_order": orders(people),
        "ods_log_event": events(people),
        "ods_prm_campaign": campaigns(),
        "ods_prm_touch": touches(people),
    }.items():
        table.to_parquet(
            folder / f"{name}.parquet", index=False, coerce_timestamps="us"
        )
