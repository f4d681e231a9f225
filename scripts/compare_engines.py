"""Build the sample on DuckDB and on Spark, and compare every public table.

    python scripts/compare_engines.py [--with-tests] [--no-build]

Both builds start from nothing, below target/spark-compare/, but the sample that
`make test` built on DuckDB is taken where nothing changed since. Spark's tables
are read from its parquet files, not through Spark. A table is equal where both
engines have the same columns, types and rows: everything exactly, but doubles
to `TOLERANCE`, since the engines add them up in different order.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb

PROJECT = Path(__file__).resolve().parent.parent
WORK = PROJECT / "target" / "spark-compare"
DATABASE = WORK / "cst.duckdb"
SAMPLE = PROJECT / "target" / "sample" / "cst.duckdb"
SPARK = WORK / "spark"
LAYERS = ("dim", "dwd", "dws", "ads")

PARAMETERS = WORK / "ltv_parameters.parquet"

DBT = [Path(sys.executable).with_name("dbt")]
DBT_ANSI = [sys.executable, PROJECT / "scripts" / "ansi_dbt.py"]

# Relative for numbers beyond 1, else absolute.
TOLERANCE = 1e-9
EXAMPLES = 5

# Spark's timestamps are instants; every session here is in UTC.
SAME_TYPES = {"TIMESTAMP WITH TIME ZONE": "TIMESTAMP"}


class Table(NamedTuple):
    name: str
    schema: str
    key: tuple[str, ...]


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def column_types(
    connection: duckdb.DuckDBPyConnection, relation: str
) -> dict[str, str]:
    rows = connection.execute(f"describe select * from {relation}").fetchall()
    return {name: SAME_TYPES.get(kind, kind) for name, kind, *_ in rows}


def are_equal(column: str, kind: str) -> str:
    """SQL: whether both engines give a column the same value."""
    ours, theirs = f"ours.{quoted(column)}", f"theirs.{quoted(column)}"
    same = f"{ours} is not distinct from {theirs}"
    if kind != "DOUBLE":
        return same
    return (
        f"({same} or coalesce(isfinite({ours}) and isfinite({theirs})"
        f" and abs({ours} - {theirs}) <= {TOLERANCE}"
        f" * greatest(1, abs({ours}), abs({theirs})), false))"
    )


def compare_tables(
    connection: duckdb.DuckDBPyConnection,
    ours: str,
    theirs: str,
    key: Sequence[str],
) -> tuple[int, list[str]]:
    """Rows of `ours`, and what differs in `theirs`, a line each.

    Both are anything that can stand after `from`; `key` names the columns
    that identify a row.
    """
    types = column_types(connection, ours)
    their_types = column_types(connection, theirs)
    problems = [
        f"column {name}: {types.get(name, 'absent')} on DuckDB,"
        f" {their_types.get(name, 'absent')} on Spark"
        for name in {**types, **their_types}
        if types.get(name) != their_types.get(name)
    ]
    [(rows,)] = connection.execute(f"select count(*) from {ours}").fetchall()
    if not key:
        return rows, [*problems, "no key: its YAML has no unique test"]
    if any(types.get(name) != their_types.get(name) for name in key):
        return rows, problems

    keys = ", ".join(map(quoted, key))
    for engine, relation in (("DuckDB", ours), ("Spark", theirs)):
        [(count, keyed)] = connection.execute(
            f"select count(*), count(distinct ({keys})) from {relation}"
        ).fetchall()
        if count != keyed:
            problems.append(
                f"key {', '.join(key)}: {keyed:,} values in {count:,} rows"
                f" on {engine}"
            )

    join = " and ".join(
        f"ours.{name} is not distinct from theirs.{name}"
        for name in map(quoted, key)
    )
    for engine, relation, other in (
        ("DuckDB", ours, theirs),
        ("Spark", theirs, ours),
    ):
        only = (
            f"from {relation} as ours anti join {other} as theirs on {join}"
        )
        [(count,)] = connection.execute(f"select count(*) {only}").fetchall()
        examples = connection.execute(
            f"select {keys} {only} order by all limit {EXAMPLES}"
        ).fetchall()
        problems += [
            f"only on {engine}, {count:,} rows: {described(key, example)}"
            for example in examples
        ]

    compared = {
        name: are_equal(name, kind)
        for name, kind in types.items()
        if name not in key and their_types.get(name) == kind
    }
    joined = f"from {ours} as ours inner join {theirs} as theirs on {join}"
    unequal = [f"count(*) filter (not {same})" for same in compared.values()]
    counts = connection.execute(
        f"select {', '.join(['count(*)', *unequal])} {joined}"
    ).fetchone()[1:]
    our_keys = ", ".join(f"ours.{name}" for name in map(quoted, key))
    for (name, same), count in zip(compared.items(), counts, strict=True):
        if not count:
            continue
        examples = connection.execute(
            f"select ours.{quoted(name)}, theirs.{quoted(name)}, {our_keys}"
            f" {joined} where not {same} order by {our_keys} limit {EXAMPLES}"
        ).fetchall()
        problems += [
            f"{name}, {count:,} rows: {our_value!s} on DuckDB,"
            f" {their_value!s} on Spark, {described(key, example)}"
            for our_value, their_value, *example in examples
        ]
    return rows, problems


def described(names: Sequence[str], values: Sequence[object]) -> str:
    return ", ".join(
        f"{name} = {value}"
        for name, value in zip(names, values, strict=True)
    )


def dbt_build(
    *arguments: str, target: str, environment: Mapping[str, str]
) -> None:
    """Run dbt build; where it fails, show what it said and stop."""
    started = time.monotonic()
    output = str(WORK / f"dbt-{target}")
    command = [
        *(DBT_ANSI if target == "spark" else DBT),
        *("--no-use-colors", "build", "--target", target),
        *("--target-path", output, "--log-path", output),
        *arguments,
    ]
    done = subprocess.run(
        [str(part) for part in command],
        cwd=PROJECT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        # PySpark logs every error once more, as one very long line of JSON.
        print(re.sub(r'^{"ts": .*\n', "", done.stdout, flags=re.MULTILINE))
        sys.exit(f"compare_engines: dbt failed on {target}, see above")
    seconds = time.monotonic() - started
    print(f"built on {target} in {seconds:.0f} s", flush=True)


def is_built(sample: Path) -> bool:
    """Whether the sample is whole, and younger than all it is built from."""
    if not sample.exists():
        return False
    built_from = [PROJECT / "dbt_project.yml", PROJECT / "profiles.yml"]
    for folder in ("models", "macros", "seeds", "dbt_packages"):
        # A test that imports a Python model leaves its bytecode beside it.
        built_from += (
            path for path in (PROJECT / folder).rglob("*.*")
            if path.suffix != ".pyc"
        )
    if any(
        path.stat().st_mtime >= sample.stat().st_mtime for path in built_from
    ):
        return False
    with duckdb.connect(sample, read_only=True) as connection:
        return connection.execute(
            "select status from cst_intermediate.build_state"
        ).fetchall() == [("complete",)]


def build(with_tests: bool) -> None:
    shutil.rmtree(WORK, ignore_errors=True)
    SPARK.mkdir(parents=True)
    without_tests = ["--exclude", "resource_type:test resource_type:unit_test"]
    if is_built(SAMPLE):
        shutil.copy(SAMPLE, DATABASE)
        print(f"taken as built on DuckDB: {SAMPLE.relative_to(PROJECT)}")
    else:
        dbt_build(
            *without_tests,
            target="duckdb",
            environment={"CST_DUCKDB_PATH": str(DATABASE)},
        )
    # The fit is a Python model, which runs on DuckDB only.
    with duckdb.connect(DATABASE, read_only=True) as connection:
        connection.execute(
            "copy cst_intermediate.int_cst_ltv_parameters"
            f" to '{PARAMETERS}' (format parquet)"
        )
    variables = {"ltv_parameters_relation": f"parquet.`{PARAMETERS}`"}
    dbt_build(
        *([] if with_tests else without_tests),
        *("--vars", json.dumps(variables)),
        target="spark",
        environment={
            "CST_SPARK_DIR": str(SPARK),
            "CST_SPARK_CATALOG": "in-memory",
        },
    )


def public_tables() -> list[Table]:
    manifest = json.loads((WORK / "dbt-spark" / "manifest.json").read_text())
    return sorted(
        Table(node["alias"], node["schema"], tuple(node["primary_key"]))
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and node["package_name"] == "cst"
        and node["fqn"][1] in LAYERS
    )


def compare(tables: Sequence[Table]) -> int:
    """Print one line per table; the number of tables that differ."""
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(f"attach '{DATABASE}' as ours (read_only)")
    failed = 0
    for table in tables:
        files = SPARK / "warehouse" / f"{table.schema}.db" / table.name
        if not any(files.rglob("*.parquet")):
            rows, problems = 0, [f"not built on Spark: no files in {files}"]
        else:
            rows, problems = compare_tables(
                connection,
                f"ours.{quoted(table.schema)}.{quoted(table.name)}",
                f"read_parquet('{files}/**/*.parquet')",
                table.key,
            )
        if problems:
            failed += 1
            print(f"{table.name}: DIFFERENT")
            for problem in problems:
                print(f"  {problem}")
        else:
            print(f"{table.name}: {rows:,} rows equal")
    return failed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--no-build",
        action="store_true",
        help="compare what was built before",
    )
    parser.add_argument(
        "--with-tests",
        action="store_true",
        help="run all unit and data tests on Spark, too (some ten minutes)",
    )
    arguments = parser.parse_args()
    if not arguments.no_build:
        build(arguments.with_tests)
    tables = public_tables()
    failed = compare(tables)
    print(f"{len(tables) - failed} passed, {failed} failed")
    sys.exit(1 if failed or not tables else 0)


if __name__ == "__main__":
    main()
