"""CDNOW purchase log as tables of the input contract."""

from pathlib import Path

import pandas as pd

from examples.common import money, package_dir, write_tables

MASTER_COLUMNS = ["customer_id", "date", "number_of_cds", "dollar_value"]
# The sample file numbers its customers anew beside the id of the master log.
SAMPLE_COLUMNS = ["customer_id", "sample_customer_id", *MASTER_COLUMNS[1:]]


def read_log(sample: bool = False) -> pd.DataFrame:
    """Purchase log, one row per purchase, every column text as delivered.

    `dollar_value` has two decimals, `date` is YYYYMMDD, ids have five digits.
    69,659 rows of 23,570 customers; the 1/10 sample: 6,919 rows of 2,357.
    """
    folder = package_dir("lifetimes") / "lifetimes" / "datasets"
    return pd.read_csv(
        folder / ("CDNOW_sample.txt" if sample else "CDNOW_master.txt"),
        sep=r"\s+",
        # The master file has a header line, the sample file none.
        skiprows=0 if sample else 1,
        names=SAMPLE_COLUMNS if sample else MASTER_COLUMNS,
        dtype=str,
    )


def orders(log: pd.DataFrame) -> pd.DataFrame:
    """`ods_trd_order`: one row per row of the log, midnight UTC of its day.

    Rows of one customer and day are numbered by content, so that an id does
    not depend on the order of the file and is the same in both files.
    Identical rows are separate purchases and get separate numbers.
    """
    ordered = log.assign(
        number_of_cds=log["number_of_cds"].astype(int),
        cents=log["dollar_value"].str.replace(".", "").astype(int),
    ).sort_values(["customer_id", "date", "number_of_cds", "cents"])
    customer_day = ordered.groupby(["customer_id", "date"])
    number = (customer_day.cumcount() + 1).astype(str)
    ordered_at = pd.to_datetime(ordered["date"], format="%Y%m%d", utc=True)
    return pd.DataFrame(
        {
            "order_id": (
                ordered["customer_id"] + "-" + ordered["date"] + "-" + number
            ),
            "customer_id": ordered["customer_id"],
            "ordered_at": ordered_at,
            "order_status": "completed",
            "order_amount": money(ordered["cents"]),
            "updated_at": ordered_at,
        }
    )


def customers(purchases: pd.DataFrame) -> pd.DataFrame:
    """`ods_cst_customer`: one row per customer, registered with its first
    purchase."""
    first = purchases.groupby("customer_id")["ordered_at"].min()
    registered = first.rename("registered_at").reset_index()
    return registered.assign(updated_at=registered["registered_at"])


def prepare(out_dir: Path, sample: bool = False) -> None:
    """Write the two tables as parquet into `out_dir`."""
    purchases = orders(read_log(sample))
    write_tables(
        {
            "ods_cst_customer": customers(purchases),
            "ods_trd_order": purchases,
        },
        out_dir,
    )
