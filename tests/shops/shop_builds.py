"""Builds of shops, real and simulated, and of what was changed in them."""

from pathlib import Path

import duckdb
from warehouse import PROJECT, Warehouse

from examples.cdnow.prepare import prepare as prepare_cdnow
from examples.complete_journey.prepare import TIME_ZONE
from examples.complete_journey.prepare import prepare as prepare_journey
from simulation import shops

# All public tables.
EVERYTHING = ["path:models", "path:seeds/rules", "path:seeds/calendar"]
NEEDED = [
    "+ads_cst_ltv", "+ads_cst_ltv_backtest", "+ads_cst_ltv_method",
    "+ads_cst_segment_transition",
]
# In the tables of the input contract; what no column holds is left alone.
MONEY = {
    "ods_trd_order": [
        "order_amount", "discount_amount", "freight_amount", "coupon_amount",
    ],
    "ods_trd_order_item": ["item_amount", "discount_amount", "cost_amount"],
    "ods_trd_refund": ["refund_amount"],
    "ods_prm_touch": ["touch_cost"],
    "ods_cst_customer": ["acquisition_cost"],
}
SIMULATED = {
    "cst_enabled_sources": ["customer", "order"],
    "cst_timezone": "UTC",
    "cst_as_of_date": str(shops.END.date()),
    # The simulated shops are followed for eighteen months.
    "ltv_horizon_days": 180,
    "retention_holdout_share": 0,
}
REFUNDED = SIMULATED | {"cst_enabled_sources": ["customer", "order", "refund"]}
REAL = {
    "sample": {},
    "cdnow": {
        "cst_enabled_sources": ["customer", "order"],
        "cst_timezone": "UTC",
        "cst_as_of_date": "1998-06-30",
        "cst_currency_code": "USD",
        "retention_holdout_share": 0,
    },
    "complete_journey": {
        "cst_enabled_sources": ["customer", "order", "order_item", "product"],
        "cst_timezone": TIME_ZONE,
        "cst_as_of_date": "2017-12-31",
        "cst_currency_code": "USD",
        "retention_holdout_share": 0,
        # One year of data: a horizon that is over on several dates.
        "ltv_horizon_days": 180,
    },
}


def prepare(shop: str, folder: Path) -> Path:
    """The files of a real shop, or the sample's."""
    if shop == "sample":
        return PROJECT / "seeds" / "ods"
    {"cdnow": prepare_cdnow, "complete_journey": prepare_journey}[shop](folder)
    return folder


def change(ods: Path, folder: Path, **selects: str) -> Path:
    """Copy the files of `ods`, a table's rows through a query in which
    `source` are its rows: change(ods, folder, ods_trd_order="select …")."""
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        for file in sorted(ods.glob("ods_*.*")):
            kind = file.suffix[1:]
            read = (
                f"read_csv('{file}', all_varchar = true)"
                if kind == "csv" else f"read_parquet('{file}')"
            )
            query = selects.get(file.stem, "select * from source")
            connection.execute(
                f"copy (with source as (select * from {read}) {query}) "
                f"to '{folder / file.name}' (format {kind})"
            )
    return folder


def in_other_money(ods: Path, folder: Path, k: int) -> Path:
    """The files with every amount times k; what is no amount stays as it is."""
    def times(table: str, file: Path) -> str:
        with duckdb.connect() as connection:
            there = {
                name: kind for name, kind, *_ in connection.execute(
                    f"describe select * from '{file}'"
                    if file.suffix == ".parquet" else
                    f"describe from read_csv('{file}', all_varchar = true)"
                ).fetchall()
            }
        columns = ", ".join(
            f"coalesce(cast(cast(try_cast({name} as decimal(18, 2)) * {k} "
            f"as decimal(18, 2)) as {there[name]}), {name}) as {name}"
            for name in MONEY[table] if name in there
        )
        return f"select * replace ({columns}) from source" if columns else (
            "select * from source"
        )

    return change(ods, folder, **{
        file.stem: times(file.stem, file)
        for file in ods.glob("ods_*.*") if file.stem in MONEY
    })


# The most frequent buyer's purchase in the middle of their history.
FREQUENT = """
    buyers as (
        select customer_id, count(*) as orders
        from source
        where customer_id is not null and order_status = 'completed'
        group by customer_id
    ),
    numbered as (
        select
            *,
            row_number() over (
                partition by customer_id order by ordered_at, order_id
            ) as number
        from source
        inner join buyers using (customer_id)
        where order_status = 'completed'
    )
    select order_id
    from numbered
    where number = (orders + 1) // 2
    order by orders desc, customer_id
    limit 1
"""


def with_one_large_order(ods: Path, folder: Path) -> tuple[Path, str]:
    """The files where one order of a frequent buyer is of 1,000,000, and that
    buyer. No date changes, so that money alone can be the cause."""
    (file,) = ods.glob("ods_trd_order.*")
    rows = (
        f"select * from '{file}'" if file.suffix == ".parquet"
        else f"from read_csv('{file}', all_varchar = true)"
    )
    with duckdb.connect() as connection:
        ((order,),) = connection.execute(
            f"with source as ({rows}), {FREQUENT}"
        ).fetchall()
        ((buyer,),) = connection.execute(
            f"with source as ({rows}) select distinct customer_id from source "
            f"where order_id = '{order}'"
        ).fetchall()
    return change(ods, folder, ods_trd_order=f"""
        select * replace (
            case
                when order_id = '{order}' then '1000000.00' else order_amount
            end as order_amount
        )
        from source
    """), buyer


def shuffled(ods: Path, folder: Path) -> Path:
    """The files with their rows in another order."""
    query = "select * from source order by md5(cast(source as varchar))"
    return change(ods, folder, **{
        file.stem: query for file in ods.glob("ods_*.*")
    })


def build(ods: Path, folder: Path, *select: str, **dbt_vars) -> Path:
    """Build a warehouse over files; returns its database."""
    warehouse = Warehouse(folder, **{**dbt_vars, "cst_ods_path": str(ods)})
    result = warehouse.build(*(select or NEEDED))
    assert result.returncode == 0, result.text[-2500:]
    return warehouse.database
