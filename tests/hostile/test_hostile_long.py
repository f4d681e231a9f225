"""Ten thousand hostile rows and more over all nine sources, as text and as
typed columns: `make test-hostile`, some minutes. The report of a run is the
file target/hostile_<kind>.txt, with the rows of each fault."""

import sys
from pathlib import Path

import duckdb
import pytest

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "python"))

from case_data import TABLES
from checks import COUNTED, NEEDED, check_feed
from oracle import count_rows
from simulation import hostile, hostile_typed
from simulation.bulk import write_sources
from warehouse import Warehouse

CUSTOMERS = 3_000
HOSTILE_ROWS = 10_500
VARS = {"cst_start_date": "2024-01-01", "cst_as_of_date": "2025-12-31"}


@pytest.fixture(scope="module")
def bulk(tmp_path_factory):
    """Healthy rows as parquet and as CSV."""
    folder = tmp_path_factory.mktemp("bulk")
    write_sources(CUSTOMERS, folder / "parquet")
    (folder / "csv").mkdir()
    with duckdb.connect() as connection:
        for table in TABLES.values():
            connection.execute(
                f"copy (from '{folder}/parquet/{table}.parquet') "
                f"to '{folder}/csv/{table}.csv' (header)"
            )
    return folder


@pytest.fixture(scope="module")
def clean(bulk, tmp_path_factory):
    """The warehouse of the healthy rows."""
    warehouse = Warehouse(tmp_path_factory.mktemp("clean"), **{
        **VARS, "cst_ods_path": str(bulk / "parquet"),
    })
    result = warehouse.build(*NEEDED)
    assert result.returncode == 0, result.text[-1500:]
    return warehouse


def report(kind, faults):
    path = PROJECT / "target" / f"hostile_{kind}.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(
        f"{count:6} {table}.{column} {fault}\n"
        for (table, column, fault), count in sorted(faults.items())
    ))


@pytest.mark.parametrize("seed", [1])
def test_text(bulk, clean, tmp_path, seed):
    rows = hostile.read_folder(bulk / "csv")
    feed = hostile.make_hostile(rows, HOSTILE_ROWS, seed)
    report("text", feed.faults)
    assert feed.faults.total() >= 10_000
    assert {table for table, _, _ in feed.faults} == set(TABLES.values())
    warehouse = Warehouse(tmp_path, **VARS)
    hostile.write_folder(feed.rows, warehouse.ods)
    check_feed(
        warehouse, feed.rows["ods_cst_customer"],
        hostile.connected(rows, feed.touched), clean.rows,
    )


def test_typed(bulk, clean, tmp_path):
    rows = hostile.read_folder(bulk / "csv")
    touched = {f"C{number}" for number in range(0, CUSTOMERS, 8)}
    tables, faults = hostile_typed.add_hostile(
        hostile_typed.read_tables(bulk / "parquet"), HOSTILE_ROWS, touched
    )
    report("typed", faults)
    assert faults.total() >= 10_000
    warehouse = Warehouse(tmp_path, **VARS)
    hostile_typed.write_tables(tables, warehouse.ods)
    check_feed(
        warehouse, tables["ods_cst_customer"].to_pylist(),
        hostile.connected(rows, touched), clean.rows,
    )


def test_an_instant_beyond_the_engine(bulk, tmp_path):
    """One such row is rejected by reason, or stops its source's model: the
    engine cannot read even the statistics of such a file."""
    warehouse = Warehouse(tmp_path, **VARS)
    hostile_typed.write_beyond_the_engine(
        hostile_typed.read_tables(bulk / "parquet"), warehouse.ods
    )
    result = warehouse.build("+ads_cst_data_quality", "+ads_cst_rejected_row")
    if result.returncode:
        assert "Failure in model base_trd__orders" in result.text
        assert not warehouse.public_tables()
        return
    counted = dict(warehouse.rows(COUNTED))
    assert counted["order"] == count_rows(warehouse.ods)["ods_trd_order"]
    assert warehouse.rows(
        "select reject_reason from cst_ads.ads_cst_rejected_row "
        "where source_name = 'order'"
    ) == [("implausible_ordered_at",)]


def test_the_report_counts_every_row(bulk):
    """Rows added = rows of the faults: nothing is mutated unsaid."""
    rows = hostile.read_folder(bulk / "csv")
    feed = hostile.make_hostile(rows, 1_000, seed=7)
    for table, table_rows in rows.items():
        added = sum(n for (t, _, _), n in feed.faults.items() if t == table)
        assert len(feed.rows[table]) == len(table_rows) + added
        kept = csv_rows(feed.rows[table])
        assert all(row in kept for row in csv_rows(table_rows))


def csv_rows(rows):
    return {tuple(sorted(row.items())) for row in rows}
