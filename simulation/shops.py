"""Whole shops of every kind, as rows of customers, orders and refunds.

Each kind is a rhythm and a price list that some rule for "a shop" might not
have thought of. The same call gives the same rows.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

END = pd.Timestamp("2025-06-30")
# Days before END, and an amount in cents, of each purchase of one customer.
Purchases = tuple[np.ndarray, np.ndarray]
Customer = Callable[[np.random.Generator, int], Purchases]


def _until(rng, days, gap, leave):
    """Days of purchases that end by chance, from a first one in the period."""
    day, bought = int(rng.integers(0, days)), []
    while day < days:
        bought.append(day)
        if rng.random() < leave:
            break
        day += max(1, round(gap(rng)))
    return np.array(bought)


def ordinary(rng, days):
    """Own pace and basket; leaves after a purchase in one of twelve cases."""
    pace, basket = rng.gamma(1.5, 40), rng.gamma(4, 1500)
    bought = _until(rng, days, lambda rng: rng.exponential(pace + 2), 1 / 12)
    return bought, rng.gamma(4, basket / 4, len(bought))


def subscription(rng, days):
    """One price, every 30 days, until it is cancelled."""
    bought = _until(rng, days, lambda rng: 30, 0.04)
    return bought, np.full(len(bought), 1990)


def wholesaler(rng, days):
    """Who buys often buys much, and one order may be a year's revenue."""
    pace = rng.gamma(2, 8)
    bought = _until(rng, days, lambda rng: rng.exponential(pace + 1), 0.01)
    return bought, (rng.pareto(1.1, len(bought)) + 1) * 2e6 / (pace + 2)


def one_day(rng, days):
    """A shop that opened today."""
    return np.array([days - 1]), rng.gamma(4, 800, 1)


def one_time(rng, days):
    """Nobody ever comes again."""
    return rng.integers(0, days, 1), rng.gamma(4, 800, 1)


def twice_a_year(rng, days):
    """Tyres: every half year, give or take."""
    bought = _until(rng, days, lambda rng: rng.normal(182, 15), 0.1)
    return bought, rng.gamma(9, 2000, len(bought))


def daily(rng, days):
    """Coffee on the way to work."""
    first, habit = int(rng.integers(0, days)), rng.beta(4, 2)
    last = first + int(rng.exponential(200))
    there = np.arange(first, min(last + 1, days))
    bought = there[(rng.random(len(there)) < habit) & (there % 7 < 5)]
    if not len(bought):
        bought = np.array([first])
    return bought, rng.choice([380, 420, 510], len(bought))


def seasonal(rng, days):
    """As ordinary, five times as much in November and December."""
    bought, amounts = ordinary(rng, days)
    month = (END - pd.to_timedelta(days - 1 - bought, "D")).month
    is_kept = (month >= 11) | (rng.random(len(bought)) < 0.2)
    if not is_kept.any():
        is_kept[0] = True
    return bought[is_kept], amounts[is_kept]


KINDS: dict[str, Customer] = {
    kind.__name__: kind
    for kind in (
        *(ordinary, subscription, wholesaler, one_day, one_time),
        *(twice_a_year, daily, seasonal),
    )
}


def purchases(
    kind: str, customers: int, days: int = 540, seed: int = 1
) -> pd.DataFrame:
    """One row per purchase: customer_id, day (0 is the first of `days`, the
    last is END) and cents."""
    rng = np.random.default_rng(seed)
    parts = []
    for number in range(customers):
        bought, cents = KINDS[kind](rng, days)
        parts.append(pd.DataFrame({
            "customer_id": f"C{number:05}",
            "day": bought.astype(int),
            "cents": np.maximum(np.round(cents), 1).astype("int64"),
        }))
    return pd.concat(parts, ignore_index=True)


def sale(bought: pd.DataFrame, share: float, cents: int) -> pd.DataFrame:
    """The same shop, where on its last day every so many-th customer, who they
    may be, buys for the same amount."""
    people = bought["customer_id"].drop_duplicates()
    chosen = people[np.random.default_rng(2).random(len(people)) < share]
    last_day = pd.DataFrame({
        "customer_id": chosen, "day": bought["day"].max(), "cents": cents,
    })
    return pd.concat([bought, last_day], ignore_index=True)


def write(bought: pd.DataFrame, folder: Path, refunded: bool = False) -> None:
    """The three tables as CSV; all orders refunded after a week, if so said."""
    day = bought["day"].max() - bought["day"]
    ordered_at = END - pd.to_timedelta(day, "D") + pd.Timedelta(hours=4)
    amount = bought["cents"].map(lambda cents: f"{cents // 100}.{cents % 100:02}")
    orders = pd.DataFrame({
        "order_id": [f"O{number:07}" for number in range(len(bought))],
        "customer_id": bought["customer_id"],
        "ordered_at": ordered_at,
        "order_status": "completed",
        "order_amount": amount,
        "updated_at": ordered_at,
    })
    first = orders.groupby("customer_id")["ordered_at"].min().reset_index()
    customers = first.rename(columns={"ordered_at": "registered_at"}).assign(
        updated_at=lambda rows: rows["registered_at"],
        acquisition_channel=lambda rows: np.where(
            rows["customer_id"].str[-1].isin(list("012")), "street", "web"
        ),
    )
    tables = {"ods_cst_customer": customers, "ods_trd_order": orders}
    if refunded:
        refunded_at = ordered_at + pd.Timedelta(days=7)
        is_known = refunded_at <= END
        tables["ods_trd_refund"] = pd.DataFrame({
            "refund_id": "R" + orders["order_id"],
            "order_id": orders["order_id"],
            "refunded_at": refunded_at,
            "refund_amount": amount,
            "updated_at": refunded_at,
        })[is_known]
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_csv(
            folder / f"{name}.csv", index=False,
            date_format="%Y-%m-%dT%H:%M:%SZ",
        )
