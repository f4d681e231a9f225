"""What Complete Journey's own lines say of each period, and what the overview
says: the same, if the warehouse is right."""

from pathlib import Path

import duckdb
import pandas as pd

from examples.complete_journey.prepare import TIME_ZONE, read_table

PERIODS = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}


def read_receipts() -> pd.DataFrame:
    """Lines as the package has them: the day in the stores' time, whole cents,
    and the department of the product as `category`."""
    lines = read_table("transactions").merge(
        read_table("products")[["product_id", "department"]],
        on="product_id", how="left", validate="many_to_one",
    )
    utc = lines["transaction_timestamp"].dt.tz_localize("UTC")
    store_time = utc.dt.tz_convert(TIME_ZONE).dt.tz_localize(None)
    return lines.assign(
        date=store_time.dt.normalize(),
        cents=lines["sales_value"].mul(100).round().astype(int),
        category=lines["department"].fillna("unknown"),
        shop=lines["store_id"].astype(str),
        total="all",
    )


def of_receipts(
    receipts: pd.DataFrame, period_type: str, cut: str
) -> pd.DataFrame:
    """Buyers, baskets, cents and units by first day of the period and value of
    the cut, `total`, `category` or `shop`."""
    periods = receipts["date"].dt.to_period(PERIODS[period_type])
    starts = periods.dt.start_time.dt.normalize().rename("start")
    groups = receipts.groupby([starts, receipts[cut].rename("cut_value")])
    return pd.DataFrame({
        "buyer_count": groups["household_id"].nunique(),
        "order_count": groups["basket_id"].nunique(),
        "cents": groups["cents"].sum(),
        "units": groups["quantity"].sum(),
    }).astype(float)


def of_overview(database: Path, period_type: str, cut: str) -> pd.DataFrame:
    """The same of `ads_cst_overview` in a database."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(
            """
            select
                cast(period_start_date as timestamp) as start, cut_value,
                buyer_count, order_count,
                cast(net_amount * 100 as bigint) as cents, units
            from cst_ads.ads_cst_overview
            where period_type = ? and cut_code = ? and order_count > 0
            """,
            [period_type, cut],
        ).df().set_index(["start", "cut_value"]).sort_index().astype(float)
