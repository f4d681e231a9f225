"""A feed with faults in it, whose effect is known: none on anybody else.

Takes healthy rows and adds copies of rows of a few customers, each with one
cell changed as the catalog hostile_faults.yml says. What is known then: how
many rows there are, whose numbers cannot have changed, and who is withdrawn.

    python -m simulation.hostile FOLDER OUT --rows 500 --seed 1
"""

import argparse
import csv
import random
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import yaml

PROJECT = Path(__file__).resolve().parents[1]
CATALOG = Path(__file__).with_name("hostile_faults.yml")
CONTRACT = PROJECT / "models" / "staging" / "_ods__sources.yml"

# Which rows are a customer's: the columns that name one.
CUSTOMER_COLUMNS = {
    "ods_cst_customer": "customer_id", "ods_trd_order": "customer_id",
    "ods_log_event": "customer_id", "ods_svc_ticket": "customer_id",
    "ods_prm_touch": "customer_id",
}
OF_NOBODY = ("ods_prm_campaign", "ods_prd_product", "ods_fin_exchange_rate")
VERSIONS = ("updated_at", "ingested_at")


@dataclass
class HostileFeed:
    rows: dict  # table to rows, each a mapping of column to text
    faults: Counter  # (table, column, fault) to rows
    touched: set  # customers of whom a row was changed


def contract():
    """Column types by table, as the page for people states them."""
    sources = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))
    return {
        table["name"]: {
            column["name"]: column["data_type"].split("(")[0]
            for column in table["columns"]
        }
        for source in sources["sources"]
        for table in source["tables"]
    }


def catalog():
    """Values by type and name; all are text."""
    return yaml.load(CATALOG.read_text(encoding="utf-8"), yaml.BaseLoader)


def read_folder(folder):
    """The rows of a folder of CSVs, by table."""
    rows = {}
    for path in sorted(Path(folder).glob("ods_*.csv")):
        with open(path, newline="", encoding="utf-8") as file:
            rows[path.stem] = list(csv.DictReader(file))
    return rows


def cell(text):
    """A cell of a CSV; unlike Python's own writer, one with a CR is quoted."""
    if re.search('[",\r\n]', text):
        return '"' + text.replace('"', '""') + '"'
    return text


def write_table(path, rows, columns=None):
    """One CSV, with every column that any of its rows has."""
    columns = columns or list(dict.fromkeys(c for row in rows for c in row))
    lines = [columns, *([row.get(c, "") for c in columns] for row in rows)]
    text = "".join(",".join(map(cell, line)) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8", newline="")


def write_folder(rows, folder):
    """One CSV per table."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, table_rows in rows.items():
        write_table(folder / f"{table}.csv", table_rows)


def connected(rows, customers):
    """Customers whose numbers may hang on these: by a merge or a device."""
    links = [
        (row["customer_id"], f"merge {row['merged_into_customer_id']}")
        for row in rows["ods_cst_customer"]
        if row.get("merged_into_customer_id")
    ]
    links += [
        (into.removeprefix("merge "), into) for _, into in list(links)
    ]
    links += [
        (row["customer_id"], f"device {row['anonymous_id']}")
        for row in rows["ods_log_event"]
        if row["customer_id"] and row["anonymous_id"]
    ]
    reached, before = set(customers), -1
    while len(reached) != before:
        before = len(reached)
        shared = {link for customer, link in links if customer in reached}
        reached |= {customer for customer, link in links if link in shared}
    return reached


def changed_value(template, value):
    """`{}` and `{upper}` stand for what was in the cell."""
    return (
        template.replace("{}", value or "x")
        .replace("{upper}", (value or "x").upper())
    )


def parent_customers(rows):
    """Customer of each order, for lines and refunds."""
    return {row["order_id"]: row["customer_id"] for row in rows["ods_trd_order"]}


def candidates(rows, table, touched):
    """The rows of a table that may be copied."""
    if table in OF_NOBODY:
        return rows[table]
    if table in ("ods_trd_refund", "ods_trd_order_item"):
        owner = parent_customers(rows)
        return [r for r in rows[table] if owner.get(r["order_id"]) in touched]
    column = CUSTOMER_COLUMNS[table]
    return [row for row in rows[table] if row[column] in touched]


def mutated(row, table, column, template, number, chance, key):
    """A copy of a row with one cell changed: a newer version, or a new key.

    Campaigns, products and rates, which are nobody's, only come under new keys.
    """
    row = dict(row)
    is_version = table not in OF_NOBODY and chance.random() < 1 / 3
    if table == "ods_cst_customer" or is_version:
        for version in VERSIONS:
            if row.get(version):
                row[version] = "2025-12-01T00:00:00Z"
    else:
        row[key] = f"H{number}-{row[key]}"
    row[column] = changed_value(template, row.get(column, ""))
    return row


def make_hostile(rows, count, seed=1, share=0.12):
    """Add `count` hostile rows to healthy ones; the same seed, the same rows.

    `share` of the customers are touched. A table gets at most a seventh of its
    rows more, so that rejects stay few enough for a build to go on.
    """
    chance, values = random.Random(seed), catalog()
    types = {table: of for table, of in contract().items() if table in rows}
    customers = sorted({r["customer_id"] for r in rows["ods_cst_customer"]})
    touched = set(chance.sample(customers, int(len(customers) * share)))
    room = {table: len(rows[table]) // 7 for table in types}
    pairs = [
        (table, column, name, template)
        for table, columns in types.items()
        for column, kind in columns.items()
        for name, template in values[kind].items()
    ]
    result = {table: list(table_rows) for table, table_rows in rows.items()}
    pool = {table: candidates(rows, table, touched) for table in types}
    faults, number = Counter(), 0
    while number < count:
        # Round after round, so that every pair comes before one comes twice.
        chance.shuffle(pairs)
        before = number
        for table, column, name, template in pairs:
            if number == count:
                break
            if not room[table] or not pool[table]:
                continue
            key = next(iter(types[table]))
            row = mutated(
                chance.choice(pool[table]), table, column, template, number,
                chance, key,
            )
            result[table].append(row)
            faults[table, column, name] += 1
            room[table] -= 1
            number += 1
        if number == before:
            raise ValueError(f"room for {number} hostile rows, not {count}")
    for table_rows in result.values():
        chance.shuffle(table_rows)
    return HostileFeed(result, faults, touched)


WHITE = (
    "[\\s\u0085\u00a0\u1680\u2000-\u200d\u2028\u2029\u202f\u205f\u2060\u3000"
    "\ufeff]+"
)


def trimmed(text):
    """A text without any white space around it."""
    return re.sub(f"^{WHITE}|{WHITE}$", "", text or "")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--rows", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    feed = make_hostile(
        read_folder(arguments.folder), arguments.rows, arguments.seed
    )
    write_folder(feed.rows, arguments.out)
    for (table, column, fault), count in sorted(feed.faults.items()):
        print(f"{count:6} {table}.{column} {fault}")


if __name__ == "__main__":
    main()
