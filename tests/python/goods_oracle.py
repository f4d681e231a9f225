"""Affinity and the next category, once more in pandas, from the public lines."""

import duckdb
import numpy as np
import pandas as pd

WINDOW, TEST, TOP = 365, 90, 3
METHODS = ("popular", "habit", "sequence")
Z = 1.959964


def read_lines(connection) -> pd.DataFrame:
    """Lines that count and have a category, with the number of their order."""
    return connection.execute("""
        select
            item.customer_id, item.order_id, item.category_1 as category,
            item.gross_amount, item.net_amount, item.quantity,
            item.purchase_date, sale.order_number
        from cst_dwd.dwd_trd_order_item as item
        inner join cst_dwd.dwd_trd_order as sale using (order_id)
        where item.is_counted and item.category_1 is not null
    """).df()


def category_orders(lines: pd.DataFrame) -> pd.DataFrame:
    """A row per order and category; `is_main` for the dearest, then by name."""
    rows = lines.groupby(
        ["customer_id", "order_id", "order_number", "purchase_date", "category"]
    )[["gross_amount", "net_amount", "quantity"]].sum().reset_index()
    rows["place"] = rows.gross_amount.astype(float)
    rows = rows.sort_values(
        ["order_id", "place", "category"], ascending=[True, False, True]
    )
    rows["is_main"] = ~rows.duplicated("order_id")
    return rows


def predict(rows: pd.DataFrame, day: pd.Timestamp) -> dict[str, dict[str, list]]:
    """By method and customer, three categories in order, knowing the window of
    a year up to the day."""
    known = rows[rows.purchase_date <= day]
    start = day - pd.Timedelta(days=WINDOW)
    recent = known[known.purchase_date > start]
    everything = sorted(
        recent.category.unique(),
        key=lambda name: (
            -int(recent[recent.is_main].category.eq(name).sum()), name,
        ),
    )
    place = {name: number for number, name in enumerate(everything)}
    follows: dict[str, dict[str, int]] = {name: {} for name in everything}
    mains = known[known.is_main].sort_values("order_number")
    for _, one in mains.groupby("customer_id"):
        pairs = zip(one.category, one.category[1:], one.purchase_date[1:])
        for before, after, bought in pairs:
            if bought > start and before in follows:
                follows[before][after] = follows[before].get(after, 0) + 1
    found: dict[str, dict[str, list]] = {name: {} for name in METHODS}
    for customer, own in recent.groupby("customer_id"):
        found["popular"][customer] = everything[:TOP]
        counts = {
            name: (
                -int(part.is_main.sum()), -len(part),
                -part.purchase_date.max().value, place[name],
            )
            for name, part in own.groupby("category")
        }
        habit = sorted(counts, key=counts.get)
        habit += [name for name in everything[:TOP] if name not in counts]
        found["habit"][customer] = habit[:TOP]
        last = own[own.is_main].sort_values("order_number").category.iloc[-1]
        found["sequence"][customer] = sorted(
            everything,
            key=lambda name: (-follows[last].get(name, 0), place[name]),
        )[:TOP]
    return found


def newest_day(connection: duckdb.DuckDBPyConnection) -> pd.Timestamp:
    """Date of the newest snapshot."""
    return pd.Timestamp(connection.execute(
        "select max(snapshot_date) from cst_dim.dim_cst_snapshot"
    ).fetchone()[0])


def hit_rates(rows: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """What `ads_cst_next_category_method` ought to say on that day: customers
    tested, hits, and the difference to popular with the lower end of its 95 %
    interval, by method and number of categories."""
    before = day - pd.Timedelta(days=TEST)
    predictions = predict(rows, before)
    later = rows[rows.is_main & (rows.purchase_date > before)]
    came = later.sort_values("order_number").groupby(
        "customer_id"
    ).category.first()
    tested = [it for it in came.index if it in predictions["popular"]]
    found = {}
    for top in range(1, TOP + 1):
        hits = {
            method: np.array([
                came[it] in predictions[method][it][:top] for it in tested
            ]).astype(int)
            for method in METHODS
        }
        for method in METHODS:
            gain = hits[method] - hits["popular"]
            found[method, top] = {
                "tested_customer_count": len(tested),
                "hit_count": hits[method].sum(),
                "hit_rate_difference": gain.mean(),
                "hit_rate_difference_low":
                    gain.mean() - Z * gain.std() / np.sqrt(len(gain))
                    if np.abs(gain).sum() >= 10 else np.nan,
                # what chance alone does once in 40 times
                "is_better": float(
                    np.abs(gain).sum() >= 10
                    and gain.sum() > Z * np.sqrt(np.abs(gain).sum())
                ),
            }
    return pd.DataFrame(found).T.rename_axis(
        ["method_code", "top_count"]
    ).sort_index()
