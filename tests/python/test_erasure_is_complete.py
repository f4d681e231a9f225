"""Nothing of an erased person is left anywhere but in what was delivered.

The cases of erasure.yml name the texts that have to be gone. They are looked
for in every table and view, in dbt's logs and in all that it compiled; the long
form builds everything, docs page included.
"""

import os
import re
from pathlib import Path

import duckdb
import pytest
from case_data import stacked, write_csv
from case_runs import CASES
from warehouse import Warehouse

GONE = sorted({
    text for case in CASES if case.run == "main" for text in case.gone
})
# Views over the files as they were delivered.
DELIVERED = "cst_files"


def found_in_database(database):
    """Which text stands in which tables, as many of them as there are."""
    found, any_text = {}, "|".join(map(re.escape, GONE))
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = connection.execute(
            """
            select table_schema || '.' || table_name
            from information_schema.tables where table_schema != ?
            """,
            [DELIVERED],
        ).fetchall()
        for (table,) in tables:
            rows = connection.execute(
                f"select cast(entry as varchar) from {table} as entry "
                "where regexp_matches(cast(entry as varchar), ?)",
                [any_text],
            ).fetchall()
            texts = {text for (row,) in rows for text in GONE if text in row}
            if texts:
                found[table] = sorted(texts)
    return found


def found_in_files(*folders):
    """Which text stands in which files."""
    found = {}
    for folder in folders:
        for path in Path(folder).rglob("*"):
            if path.is_file():
                data = path.read_bytes()
                hits = [text for text in GONE if text.encode() in data]
                if hits:
                    found[path.name] = hits
    return found


def told(found):
    return "\n".join(f"{where}: {', '.join(what)}" for where, what in
                     sorted(found.items()))


def test_no_table_holds_an_erased_person(case_runs):
    found = found_in_database(case_runs.built("main"))
    assert not found, f"still there\n{told(found)}"


def test_no_log_or_compiled_file_holds_an_erased_person(case_runs):
    _, warehouse = case_runs.result("main")
    assert (warehouse.logs / "dbt.log").stat().st_size > 100_000
    found = found_in_files(warehouse.target, warehouse.logs)
    assert not found, f"still there\n{told(found)}"


def test_rejected_rows_show_no_address(case_runs):
    """Not even of people who are still customers."""
    with duckdb.connect(str(case_runs.built("main"))) as connection:
        rows = connection.execute(
            """
            select cast(entry as varchar)
            from cst_ads.ads_cst_rejected_row as entry
            where contains(cast(entry as varchar), '@example.com')
            """
        ).fetchall()
    assert not rows, rows[:3]


def test_plain_addresses_stand_in_one_table(case_runs):
    """Of everything but staging: one table, in a schema of its own."""
    with duckdb.connect(
        str(case_runs.built("main")), read_only=True
    ) as connection:
        tables = connection.execute(
            """
            select table_schema, table_name
            from information_schema.tables
            where table_schema not in (?, 'cst_staging', 'cst_intermediate')
            """,
            [DELIVERED],
        ).fetchall()
        plain = {
            (schema, table) for schema, table in tables
            if connection.execute(
                f"select count(*) from {schema}.{table} as entry where "
                "contains(cast(entry as varchar), 'bg001@example.com')"
            ).fetchall() != [(0,)]
        }
    public = {table for table in plain if table[0] in (
        "cst_dim", "cst_dwd", "cst_dws", "cst_ads",
    )}
    assert not public, f"plain addresses: {public}"
    assert len(plain) == 1, f"plain addresses: {plain}"


@pytest.mark.skipif("CST_LONG" not in os.environ, reason="CST_LONG=1")
def test_a_whole_build_with_docs_holds_no_erased_person(tmp_path):
    warehouse = Warehouse(
        tmp_path, writes_all=True, cst_as_of_date="2025-06-30",
        cst_start_date="2025-04-30",
    )
    write_csv(
        stacked([case for case in CASES if case.gone]), warehouse.ods
    )
    result = warehouse.build()
    assert result.returncode == 0, result.text[-1500:]
    docs = warehouse.run("docs", "generate", "--static")
    assert docs.returncode == 0, docs.text[-1500:]
    found = found_in_database(warehouse.database)
    found |= found_in_files(warehouse.target, warehouse.logs)
    assert not found, f"still there\n{told(found)}"
