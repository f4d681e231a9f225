"""Publish two nights on DuckDB and on Spark, and compare every public table.

    python scripts/compare_nights.py

A sixth of the sample's customers is delivered twice: as of 26 October without
some of its rows, and as of 5 November with them and with corrections, so that
closed snapshots would change if they did not stay as they were published. On
DuckDB the second night reads the first one's database as what is published; on
Spark two sets of schemas take turns, and views switch. What Spark has to
refuse is tried on the way. All is below target/spark-nights/.

One process holds Spark from the first command to the last: its catalog is in
memory, and starting it would take longer than most of the commands.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import sys
import time
from pathlib import Path

import compare_engines
import duckdb
from ansi_dbt import use_ansi
from compare_engines import PROJECT, compare_tables, quoted
from dbt.cli.main import dbtRunner

WORK = PROJECT / "target" / "spark-nights"
SPARK = WORK / "spark"
SEEDS = PROJECT / "seeds" / "ods"
NIGHTS = ("2025-10-26", "2025-11-05")
SETS = ("cst_a", "cst_b")
PREFIX = "cst_public"

# What the first night lacks: rows that are delivered late.
LATE = {
    "ods_cst_customer": "customer_id",
    "ods_trd_order": "order_id",
    "ods_trd_refund": "refund_id",
    "ods_log_event": "event_id",
}
# What the second night says otherwise.
CORRECTED = {
    "ods_trd_order":
        "* replace (case when hash(order_id, 'corrected') % 25 = 0"
        " then cast(try_cast(order_amount as decimal(18, 2)) + 100 as varchar)"
        " else order_amount end as order_amount)",
}
WITHOUT_TESTS = ("--exclude-resource-type", "test", "unit_test")


def deliver(night: int) -> Path:
    """Write the files of a night; returns their folder."""
    folder = WORK / f"ods_{night}"
    folder.mkdir(parents=True)
    with duckdb.connect() as connection:
        for path in sorted(SEEDS.glob("*.csv")):
            connection.execute(
                f"create table {path.stem} as from read_csv('{path}',"
                " all_varchar = true)"
            )
        connection.execute(
            "create table chosen as select distinct customer_id"
            " from ods_cst_customer where hash(customer_id) % 6 = 0"
        )
        for path in sorted(SEEDS.glob("*.csv")):
            name = path.stem
            columns = CORRECTED.get(name, "*") if night else "*"
            chosen = {
                "ods_prm_campaign": "true",
                "ods_prd_product": "true",
                "ods_fin_exchange_rate": "true",
                **dict.fromkeys(("ods_trd_order_item", "ods_trd_refund"),
                    "order_id in (select order_id"
                    " from ods_trd_order semi join chosen using (customer_id))"),
            }.get(name, "customer_id in (from chosen)")
            is_late = (
                f"hash({LATE[name]}, 'late') % 20 = 0"
                if name in LATE and not night else "false"
            )
            connection.execute(
                f"copy (select {columns} from {name} where {chosen}"
                f" and not ({is_late})) to '{folder / name}.parquet'"
            )
    return folder


def dbt(*arguments: str, may_fail: bool = False) -> str:
    """Run dbt on Spark, here; returns the message of a failure."""
    started = time.monotonic()
    output = str(WORK / "dbt-spark")
    errors: list[str] = []
    done = dbtRunner(callbacks=[
        lambda event: errors.append(event.info.msg)
        if event.info.level == "error" else None
    ]).invoke([
        *arguments, "--target-path", output, "--log-path", output,
        "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT),
        "--no-use-colors", "--quiet",
    ])
    problem = "" if done.success else (
        "\n".join([*errors, str(done.exception or "")]).strip() or "failed"
    )
    seconds = time.monotonic() - started
    print(
        f"spark {' '.join(arguments[:2])}: {seconds:.0f} s"
        f"{' (failed)' if problem else ''}", flush=True,
    )
    if problem and not may_fail:
        sys.exit(f"compare_nights: {problem}")
    return problem


def on_duckdb(night: int, folder: Path, variables: dict[str, object]) -> None:
    """Build a night on what the night before left."""
    before = WORK / f"night_{night - 1}.duckdb"
    compare_engines.dbt_build(
        *WITHOUT_TESTS, "--vars",
        json.dumps({**variables, "cst_ods_path": str(folder)}),
        target="duckdb",
        environment={
            "CST_DUCKDB_PATH": str(WORK / f"night_{night}.duckdb"),
            "CST_PUBLISHED_PATH": str(before) if night else "",
        },
    )
    with duckdb.connect(
        str(WORK / f"night_{night}.duckdb"), read_only=True
    ) as connection:
        connection.execute(
            "copy cst_intermediate.int_cst_ltv_parameters"
            f" to '{WORK}/ltv_{night}.parquet' (format parquet)"
        )


def load(folder: Path) -> None:
    """Make the files of a night the source tables of Spark."""
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.getOrCreate()
    spark.sql("create schema if not exists ods")
    for path in sorted(folder.glob("*.parquet")):
        spark.sql(f"drop table if exists ods.{path.stem}")
        spark.sql(
            f"create table ods.{path.stem} using parquet"
            f" as select * from parquet.`{path}`"
        )


def rows(sql: str) -> list[tuple]:
    """What Spark answers."""
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.getOrCreate()
    return [tuple(row) for row in spark.sql(sql).collect()]


def on_spark(night: int, folder: Path, variables: dict[str, object]) -> None:
    """Build a night in its set, and publish it."""
    variables = {
        **variables,
        "ltv_parameters_relation": f"parquet.`{WORK}/ltv_{night}.parquet`",
    }
    spark = ("--target", "spark", "--vars", json.dumps(variables))
    os.environ["CST_SPARK_SCHEMA"] = SETS[night]
    if not night:
        dbt("run-operation", "check_engine", *spark)
    load(folder)
    dbt("build", *WITHOUT_TESTS, *spark)
    refused("is not complete", "run-operation", "publish_views", *spark)
    # All tests of the second engine would take longer than the rest.
    dbt(
        "run-operation", "_write_build_state", "--args",
        '{"status": "complete", "reason": null, "warned": []}', *spark,
    )
    dbt("run-operation", "publish_views", *spark)
    refused("is what people see", "build", *WITHOUT_TESTS, *spark)


def refused(expected: str, *arguments: str) -> None:
    """Run what dbt has to refuse with these words."""
    problem = " ".join(dbt(*arguments, may_fail=True).split())
    if expected not in problem:
        sys.exit(f"compare_nights: expected '{expected}', got '{problem}'")


def compare(night: int) -> int:
    """Compare the views that are seen with DuckDB's tables; returns how many
    differ."""
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.getOrCreate()
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(
        f"attach '{WORK}/night_{night}.duckdb' as ours (read_only)"
    )
    failed = 0
    total = 0
    for table in compare_engines.public_tables():
        view = f"{PREFIX}{table.schema.removeprefix('cst')}.{table.name}"
        files = WORK / f"seen_{night}" / table.name
        spark.table(view).coalesce(1).write.parquet(str(files))
        count, problems = compare_tables(
            connection,
            f"ours.{quoted(table.schema)}.{quoted(table.name)}",
            f"read_parquet('{files}/*.parquet')",
            table.key,
        )
        total += count
        failed += bool(problems)
        for problem in problems:
            print(f"{NIGHTS[night]}, {table.name}: {problem}")
    print(f"{NIGHTS[night]}: {total:,} rows compared, {failed} tables differ")
    return failed


def closed_rows() -> int:
    """Compare the closed segments of both nights with each other, and see that
    a build without history would have changed some; returns the problems."""
    [(closed, changed)] = rows(
        "select count(*), count_if(first.segment_code is distinct from"
        " second.segment_code or first.monetary_amount is distinct from"
        " second.monetary_amount) from cst_b_dws.dws_cst_segmentation as second"
        " inner join cst_b_dim.dim_cst_snapshot as snapshots"
        " on second.snapshot_date = snapshots.snapshot_date"
        " left join cst_a_dws.dws_cst_segmentation as first"
        " on second.customer_id = first.customer_id"
        " and second.snapshot_date = first.snapshot_date"
        " where snapshots.is_closed"
    )
    [(would_change,)] = rows(
        "select count(*) from cst_b_dws.dws_cst_segmentation as seen"
        " inner join cst_b_intermediate.int_cst_segmentation as today"
        " on seen.customer_id = today.customer_id"
        " and seen.snapshot_date = today.snapshot_date"
        " where seen.monetary_amount is distinct from today.monetary_amount"
    )
    print(
        f"closed rows: {closed:,}, of which {changed:,} changed;"
        f" without history {would_change:,} would have"
    )
    return int(not closed or changed > 0 or not would_change)


def main() -> None:
    logging.getLogger("py4j").setLevel(logging.ERROR)
    shutil.rmtree(WORK, ignore_errors=True)
    SPARK.mkdir(parents=True)
    compare_engines.WORK = WORK
    use_ansi()
    os.environ.update(
        CST_SPARK_DIR=str(SPARK), CST_SPARK_CATALOG="in-memory",
        CST_SPARK_PUBLISHED=PREFIX,
    )
    failed = 0
    for night, date in enumerate(NIGHTS):
        folder = deliver(night)
        variables = {
            "cst_use_sample_data": False,
            "cst_as_of_date": date,
            "retention_holdout_since": "2024-12-31",
        }
        on_duckdb(night, folder, variables)
        on_spark(night, folder, variables)
        failed += compare(night)
    failed += closed_rows()
    log = rows(
        f"select run_id, kind, cast(as_of_date as string)"
        f" from {PREFIX}_ads.ads_cst_run order by run_id"
    )
    print(f"run log: {log}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
