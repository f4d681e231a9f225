"""The sample extract is what its README says, and its rows make sense."""

import csv
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from simulation.sample.build import build
from simulation.sample.cases import CASES, cases_markdown, make_case
from simulation.sample.tables import (
    CAMPAIGN,
    COLUMNS,
    CUSTOMER,
    ORDER,
    Tables,
    write_tables,
)
from simulation.sample.world import SHANGHAI, World
from tests.python.sample_measures import CLEAN, moment, newest

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds" / "ods"
README = (SEEDS / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tables() -> Tables:
    return build(World())


@pytest.fixture(scope="module")
def committed() -> Tables:
    """The committed files, as text."""
    result = {}
    for table in COLUMNS:
        path = SEEDS / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            result[table] = list(csv.DictReader(file))
    return result


@pytest.fixture(scope="module")
def clean() -> Tables:
    """Without ugly rows, and without the campaign that was drawn wrongly."""
    return build(CLEAN)


def test_two_runs_and_the_committed_files_are_equal_byte_for_byte(
    tables: Tables, tmp_path: Path
) -> None:
    write_tables(tables, tmp_path / "first")
    write_tables(build(World()), tmp_path / "second")
    for table in COLUMNS:
        name = f"{table}.csv"
        first = (tmp_path / "first" / name).read_bytes()
        assert first == (tmp_path / "second" / name).read_bytes(), name
        assert first == (SEEDS / name).read_bytes(), (
            f"{name} is stale: run python -m simulation.sample"
        )
        assert b"\r" not in first


def test_all_files_together_stay_below_five_megabytes() -> None:
    assert sum(path.stat().st_size for path in SEEDS.glob("*.csv")) < 5_000_000


def test_columns_are_those_of_the_contract() -> None:
    path = ROOT / "models" / "staging" / "_ods__sources.yml"
    source = yaml.safe_load(path.read_text(encoding="utf-8"))["sources"][0]
    contract = {
        table["name"]: tuple(column["name"] for column in table["columns"])
        for table in source["tables"]
    }
    assert contract == COLUMNS


def test_seeds_read_every_column_as_text() -> None:
    path = SEEDS / "_ods__seeds.yml"
    seeds = yaml.safe_load(path.read_text(encoding="utf-8"))["seeds"]
    types = {seed["name"]: seed["config"]["column_types"] for seed in seeds}
    assert types == {
        table: dict.fromkeys(columns, "string")
        for table, columns in COLUMNS.items()
    }


def test_every_ugly_row_is_in_the_files(committed: Tables) -> None:
    for case in CASES:
        for row in case.rows:
            assert row in committed[case.table], case.case_id


def test_an_ugly_id_names_one_case() -> None:
    ids = [(case.table, case.case_id) for case in CASES]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("section", "error"),
    [
        ({"planted": "x", "expected": "x", "rows": [{"nmae": "x"}]}, "nmae"),
        ({"planted": "x", "rows": [{}]}, "what is expected"),
        ({"planted": "x", "expect": "x"}, "expect"),
    ],
)
def test_a_misspelled_case_is_refused(section: dict, error: str) -> None:
    with pytest.raises((TypeError, ValueError), match=error):
        make_case(ORDER, "ugly-order-new", {"order_amount": "1.00"}, **section)


def test_rejected_ugly_rows_say_why() -> None:
    assert all(bool(case.reason) == bool(case.rejected) for case in CASES)
    assert all(case.superseded >= 0 for case in CASES)


def test_readme_lists_the_ugly_cases() -> None:
    assert cases_markdown() in README, "run make figures"


def test_readme_counts_rows_keys_and_fates(tables: Tables) -> None:
    clean = build(World(has_ugly_cases=False))
    for table, columns in COLUMNS.items():
        cases = [case for case in CASES if case.table == table]
        rows = len(tables[table])
        rejected = sum(case.rejected for case in cases)
        accepted = len({row[columns[0]] for row in clean[table]})
        accepted += sum(case.accepted for case in cases)
        superseded = rows - accepted - rejected
        keys = len({row[columns[0]] for row in tables[table]} - {""})
        line = (
            f"| {table} | {rows} | {keys} "
            f"| {accepted} | {superseded} | {rejected} |"
        )
        assert line in README


def test_clean_rows_are_never_later_than_the_extract(clean: Tables) -> None:
    for table, rows in clean.items():
        for row in rows:
            for column, text in row.items():
                if column.endswith("_at") and text:
                    assert moment(text) <= CLEAN.extracted_at, (table, row)


def test_clean_rows_happen_before_they_are_written(clean: Tables) -> None:
    for table, rows in clean.items():
        version = "updated_at" if "updated_at" in COLUMNS[table] else (
            "ingested_at"
        )
        for row in rows:
            for column, text in row.items():
                if column.endswith("_at") and column != "ended_at" and text:
                    late = moment(text) - moment(row[version])
                    assert table == CAMPAIGN or late <= timedelta(0), row


def test_nobody_orders_before_registering(clean: Tables) -> None:
    registered = {
        row["customer_id"]: moment(row["registered_at"])
        for row in clean[CUSTOMER]
    }
    for row in clean[ORDER]:
        assert moment(row["ordered_at"]) >= registered[row["customer_id"]]


def test_newest_orders_fall_on_the_incomplete_last_date(
    clean: Tables,
) -> None:
    dates = [
        moment(row["ordered_at"]).astimezone(SHANGHAI).date()
        for row in newest(clean[ORDER], "order_id")
    ]
    assert max(dates) == CLEAN.extracted_at.date()
    assert dates.count(max(dates)) == CLEAN.last_morning_orders
    assert min(dates) >= CLEAN.first_date


def test_a_world_without_customers_is_empty() -> None:
    empty = build(replace(CLEAN, customers=0, anonymous_visits=0))
    assert not any(rows for table, rows in empty.items() if table != CAMPAIGN)


def test_another_seed_is_another_world(clean: Tables) -> None:
    other = build(replace(CLEAN, seed=7, customers=20))
    assert other[ORDER][0] not in clean[ORDER]
