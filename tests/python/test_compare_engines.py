"""The comparison of the two engines sees what it has to see."""

import os
import sys

import duckdb
import pytest
from conftest import PROJECT

sys.path.insert(0, str(PROJECT / "scripts"))

import compare_engines
from compare_engines import compare_tables

KEY = ["customer_id", "snapshot_date"]
COLUMNS = {
    "customer_id": "varchar",
    "snapshot_date": "date",
    "amount": "decimal(18, 2)",
    "rate": "double",
    "orders": "bigint",
    "score": "integer",
    "name": "varchar",
    "is_current": "boolean",
    "seen_at": "timestamp",
}
JANUARY = ("C1", "2026-01-31", "12.50", 0.25, 3, 5, "张三", True, "2026-01-02")
FEBRUARY = ("C1", "2026-02-28", None, None, 0, None, "", False, None)
ROWS = [JANUARY, FEBRUARY]


def changed(**values):
    """January's row with other values."""
    return tuple({**dict(zip(COLUMNS, JANUARY)), **values}.values())


@pytest.fixture
def differences():
    """What differs between ROWS and other rows, maybe of other types."""
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")

    def create(table, rows, types):
        columns = ", ".join(f"{name} {kind}" for name, kind in types.items())
        connection.execute(f"create table {table} ({columns})")
        marks = ", ".join("?" for _ in types)
        for row in rows:
            connection.execute(f"insert into {table} values ({marks})", row)

    def compare(theirs, ours=ROWS, key=KEY, **types):
        create("ours", ours, COLUMNS)
        create("theirs", theirs, {**COLUMNS, **types})
        count, problems = compare_tables(connection, "ours", "theirs", key)
        assert count == len(ours)
        return problems

    return compare


def test_the_same_rows_in_any_order_are_equal(differences):
    assert differences([FEBRUARY, JANUARY]) == []


def test_two_empty_tables_are_equal(differences):
    assert differences([], ours=[]) == []


def test_a_missing_row_is_named(differences):
    (problem,) = differences([JANUARY])
    assert problem == (
        "only on DuckDB, 1 rows: customer_id = C1, snapshot_date = 2026-02-28"
    )


def test_an_additional_row_is_named(differences):
    (problem,) = differences([*ROWS, changed(customer_id="C2")])
    assert problem == (
        "only on Spark, 1 rows: customer_id = C2, snapshot_date = 2026-01-31"
    )


def test_a_row_twice_is_told(differences):
    (problem,) = differences([*ROWS, JANUARY])
    assert "2 values in 3 rows on Spark" in problem


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("amount", "12.51"),
        ("amount", None),
        ("rate", 0.25 + 1e-6),
        ("rate", float("nan")),
        ("rate", float("inf")),
        ("rate", None),
        ("orders", 4),
        ("orders", None),
        ("score", 4),
        ("name", "张三 "),
        ("is_current", False),
        ("seen_at", "2026-01-02 00:00:00.000001"),
    ],
)
def test_another_value_is_told_with_its_key(differences, column, value):
    (problem,) = differences([changed(**{column: value}), FEBRUARY])
    assert problem.startswith(f"{column}, 1 rows: ")
    assert "customer_id = C1, snapshot_date = 2026-01-31" in problem


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("amount", "0.00"),
        ("rate", 0.0),
        ("score", 0),
        ("name", None),
        ("seen_at", "1970-01-01"),
    ],
)
def test_null_is_neither_zero_nor_empty(differences, column, value):
    row = dict(zip(COLUMNS, FEBRUARY))
    assert row[column] != value
    (problem,) = differences([JANUARY, tuple({**row, column: value}.values())])
    assert problem.startswith(f"{column}, 1 rows: ")


@pytest.mark.parametrize("value", [0.25 + 1e-12, 0.25 - 1e-12])
def test_doubles_may_differ_in_the_last_digits(differences, value):
    assert differences([changed(rate=value), FEBRUARY]) == []


def test_the_tolerance_of_large_doubles_is_relative(differences):
    ours = [changed(rate=1e12)]
    assert differences([changed(rate=1e12 + 100)], ours=ours) == []


def test_a_large_double_off_by_a_millionth_is_told(differences):
    ours = [changed(rate=1e12)]
    (problem,) = differences([changed(rate=1e12 + 1e6)], ours=ours)
    assert problem.startswith("rate, 1 rows: ")


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("amount", "double"),
        ("amount", "decimal(18, 4)"),
        ("rate", "decimal(18, 2)"),
        ("orders", "integer"),
        ("name", "blob"),
    ],
)
def test_another_type_is_told(differences, column, kind):
    (problem,) = differences(
        [changed(**{column: None})],
        ours=[changed(**{column: None})],
        **{column: kind},
    )
    assert problem.startswith(f"column {column}: ")


def test_an_instant_is_a_timestamp(differences):
    """Spark's timestamps come with a zone, which is UTC."""
    kind = "timestamp with time zone"
    theirs = [changed(seen_at="2026-01-02 08:00:00+08"), FEBRUARY]
    assert differences(theirs, seen_at=kind) == []


def test_an_additional_column_is_told(differences):
    rows = [(*row, 1) for row in ROWS]
    (problem,) = differences(rows, surplus="integer")
    assert problem == "column surplus: absent on DuckDB, INTEGER on Spark"


def test_a_table_without_a_key_cannot_be_compared(differences):
    (problem,) = differences(ROWS, key=[])
    assert problem.startswith("no key")


@pytest.mark.parametrize(
    ("changed_later", "status", "is_taken"),
    [
        ("models/__pycache__/fit.cpython-311.pyc", "complete", True),
        ("models/model.sql", "complete", False),
        ("macros/macro.sql", "complete", False),
        ("seeds/rules.csv", "complete", False),
        ("dbt_project.yml", "complete", False),
        ("models/__pycache__/fit.cpython-311.pyc", "incomplete", False),
    ],
)
def test_the_sample_is_taken_where_nothing_changed_since(
    monkeypatch, tmp_path, changed_later, status, is_taken
):
    monkeypatch.setattr(compare_engines, "PROJECT", tmp_path)
    sample = tmp_path / "cst.duckdb"
    with duckdb.connect(str(sample)) as connection:
        connection.execute("create schema cst_intermediate")
        connection.execute(
            "create table cst_intermediate.build_state as "
            f"select '{status}' as status"
        )
    built = sample.stat().st_mtime
    for name in (
        "dbt_project.yml", "profiles.yml", "models/model.sql",
        "macros/macro.sql", "seeds/rules.csv", changed_later,
    ):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        later = 60 if name == changed_later else -60
        os.utime(file, (built + later, built + later))
    assert compare_engines.is_built(sample) == is_taken
