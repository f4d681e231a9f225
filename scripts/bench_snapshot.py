"""Recency, frequency and money of the newest snapshot by pandas and polars.

    <python with both> scripts/bench_snapshot.py <library> <ods> <as-of date>

Prints the number of customers and three sums, to be compared with ours. That is
less than a snapshot here: nothing is validated, explained or kept.
"""

import datetime
import json
import sys
from pathlib import Path

WINDOW_DAYS = 365
# Asia/Shanghai, the default of cst_timezone, has no other offset in these years.
OFFSET_HOURS = 8


def by_pandas(ods: Path, as_of: datetime.date) -> list[float]:
    """Customers, and the sums of recency, frequency and money."""
    import pandas as pd

    def dates(column):
        return (column + pd.Timedelta(hours=OFFSET_HOURS)).dt.normalize()

    orders = pd.read_parquet(ods / "ods_trd_order.parquet")
    orders = orders.sort_values("updated_at").drop_duplicates(
        "order_id", keep="last"
    )
    orders = orders[orders["order_status"] == "paid"]
    orders["date"] = dates(orders["ordered_at"])
    orders = orders[orders["date"] <= pd.Timestamp(as_of)]
    refunds = pd.read_parquet(ods / "ods_trd_refund.parquet")
    refunds = refunds[dates(refunds["refunded_at"]) <= pd.Timestamp(as_of)]
    refunded = refunds.groupby("order_id")["refund_amount"].sum()
    orders["refunded"] = orders["order_id"].map(refunded).fillna(0)
    for name in ("order_amount", "refunded"):
        orders[name] = orders[name].astype(float)
    orders["net"] = orders["order_amount"] - orders["refunded"]
    orders["counts"] = orders["refunded"] < orders["order_amount"]
    since = pd.Timestamp(as_of) - pd.Timedelta(days=WINDOW_DAYS)
    recent = orders[orders["date"] > since].groupby("customer_id")
    last = orders[orders["counts"]].groupby("customer_id")["date"].max()
    return [
        len(last),
        float((pd.Timestamp(as_of) - last).dt.days.sum()),
        float(recent["counts"].sum().sum()),
        float(recent["net"].sum().sum()),
    ]


def by_polars(ods: Path, as_of: datetime.date) -> list[float]:
    """The same, lazily."""
    import polars as pl

    def date(name):
        return pl.col(name).dt.offset_by(f"{OFFSET_HOURS}h").dt.date()

    refunded = (
        pl.scan_parquet(ods / "ods_trd_refund.parquet")
        .filter(date("refunded_at") <= as_of)
        .group_by("order_id")
        .agg(pl.col("refund_amount").sum().alias("refunded"))
    )
    counts = pl.col("refunded") < pl.col("order_amount")
    is_recent = pl.col("date") > as_of - datetime.timedelta(days=WINDOW_DAYS)
    customers = (
        pl.scan_parquet(ods / "ods_trd_order.parquet")
        .sort("updated_at")
        .unique("order_id", keep="last")
        .filter(pl.col("order_status") == "paid")
        .with_columns(date("ordered_at").alias("date"))
        .filter(pl.col("date") <= as_of)
        .join(refunded, on="order_id", how="left")
        .with_columns(pl.col("refunded").fill_null(0))
        .group_by("customer_id")
        .agg(
            pl.col("date").filter(counts).max().alias("last"),
            (counts & is_recent).sum().alias("frequency"),
            (pl.col("order_amount") - pl.col("refunded"))
            .filter(is_recent).sum().alias("money"),
        )
        .collect()
    )
    last = customers["last"].drop_nulls()
    return [
        len(last),
        float((pl.Series([as_of]) - last).dt.total_days().sum()),
        float(customers["frequency"].sum()),
        float(customers["money"].sum()),
    ]


if __name__ == "__main__":
    library, ods, as_of = sys.argv[1:]
    function = {"pandas": by_pandas, "polars": by_polars}[library]
    print(json.dumps(
        function(Path(ods), datetime.date.fromisoformat(as_of))
    ))
