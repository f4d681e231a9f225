"""The same hostile feed in typed columns, as a lake delivers them.

Rows are those of simulation/bulk.py. A typed column holds no words, but null,
the ends of its type, not-a-number and the first and last year there is.
"""

import random
from collections import Counter
from datetime import datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

from simulation.hostile import OF_NOBODY, catalog, changed_value

FAULTS = {
    "timestamp": {
        "null": None,
        "year_one": datetime(1, 1, 1),
        "unix_zero": datetime(1970, 1, 1),
        "months_ahead": datetime(2026, 11, 20),
        "year_2099": datetime(2099, 1, 1),
        "year_9999": datetime(9999, 12, 31, 23, 59, 59),
    },
    "decimal": {
        "null": None,
        "negative": Decimal("-1.00"),
        "ten_million": Decimal("10000000.00"),
        "largest": Decimal("9999999999999999.99"),
    },
    "double": {
        "null": None, "nan": float("nan"), "infinite": float("inf"),
        "minus_infinite": float("-inf"), "largest": 1e308, "tiny": 1e-12,
    },
    "bool": {"null": None, "yes": True, "no": False},
    "int32": {"null": None, "negative": -1, "largest": 2**31 - 1},
}
KEYS = {
    "ods_cst_customer": "customer_id", "ods_trd_order": "order_id",
    "ods_trd_order_item": "item_id", "ods_trd_refund": "refund_id",
    "ods_prd_product": "product_id", "ods_log_event": "event_id",
    "ods_svc_ticket": "ticket_id", "ods_prm_campaign": "campaign_id",
    "ods_prm_touch": "touch_id",
}


def read_tables(folder):
    """Tables of a folder of parquet files; order amounts become doubles."""
    tables = {
        name: nullable(pq.read_table(folder / f"{name}.parquet"))
        for name in KEYS
    }
    orders = tables["ods_trd_order"]
    at = orders.schema.get_field_index("order_amount")
    tables["ods_trd_order"] = orders.set_column(
        at, "order_amount", orders["order_amount"].cast(pa.float64())
    )
    return tables


def nullable(table):
    """The table, whose columns may all be null."""
    return table.cast(pa.schema([
        field.with_nullable(True) for field in table.schema
    ]))


def values_of(data_type):
    """Hostile values of an arrow type, by name."""
    for name, values in FAULTS.items():
        if str(data_type).startswith(name):
            return values
    assert pa.types.is_string(data_type), data_type
    return catalog()["string"]


def add_hostile(tables, count, touched, seed=1):
    """Add hostile rows of touched customers to each table, a seventh of it at
    most; returns the tables and the faults counted."""
    chance, faults, result = random.Random(seed), Counter(), {}
    orders = tables["ods_trd_order"].to_pylist()
    owner = {row["order_id"]: row["customer_id"] for row in orders}
    total = sum(table.num_rows for table in tables.values())
    for name, table in tables.items():
        room = min(
            table.num_rows // 7, 1 + count * table.num_rows // total + 100
        )
        pairs = [
            (field, fault, value)
            for field in table.schema
            for fault, value in values_of(field.type).items()
        ]
        pool = [
            row for row in table.to_pylist()
            if name in OF_NOBODY
            or row.get("customer_id", owner.get(row.get("order_id")))
            in touched
        ]
        rows = []
        for number in range(room if pool else 0):
            field, fault, value = pairs[number % len(pairs)]
            row = dict(chance.choice(pool))
            if name != "ods_cst_customer":
                row[KEYS[name]] = f"H{number}-{row[KEYS[name]]}"
            elif row.get("updated_at"):
                row["updated_at"] = datetime(2025, 12, 1)
            row[field.name] = (
                changed_value(value, row[field.name])
                if isinstance(value, str) else value
            )
            rows.append(row)
            faults[name, field.name, fault] += 1
        result[name] = pa.concat_tables([
            table, pa.Table.from_pylist(rows, schema=table.schema)
        ])
    return result, faults


def write_tables(tables, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")


def write_beyond_the_engine(tables, folder):
    """One order whose instant no engine can hold, in milliseconds."""
    write_tables(tables, folder)
    orders = tables["ods_trd_order"]
    at = orders.schema.get_field_index("ordered_at")
    instants = orders["ordered_at"].cast(pa.timestamp("ms")).cast(pa.int64())
    instants = [10**16, *instants.to_pylist()[1:]]
    pq.write_table(
        orders.set_column(
            at, "ordered_at",
            pa.array(instants, pa.int64()).cast(pa.timestamp("ms")),
        ),
        folder / "ods_trd_order.parquet",
    )
