"""Same input, same output: whatever the order of rows and the threads."""

import duckdb
import pytest

from simulation.sample.world import World

SOURCES = (
    "ods_cst_customer",
    "ods_trd_order",
    "ods_trd_order_item",
    "ods_trd_refund",
    "ods_prd_product",
    "ods_log_event",
    "ods_svc_ticket",
    "ods_prm_campaign",
    "ods_prm_touch",
)
PUBLIC_SCHEMAS = ("cst_dim", "cst_dwd", "cst_dws", "cst_ads")


def public_tables(connection, catalog):
    """(schema, table) of every public table of an attached database."""
    return connection.execute(
        """
        select table_schema, table_name
        from information_schema.tables
        where table_catalog = ? and list_contains(?, table_schema)
        order by all
        """,
        [catalog, list(PUBLIC_SCHEMAS)],
    ).fetchall()


@pytest.fixture(scope="module")
def both_builds(sample_path, run_dbt, tmp_path_factory):
    """The sample as built, and built from shuffled files by one thread."""
    directory = tmp_path_factory.mktemp("shuffled")
    with duckdb.connect(str(sample_path), read_only=True) as connection:
        for source in SOURCES:
            connection.execute(
                f"copy (select * from cst_ods.{source} as rows_of_source "
                "order by md5(cast(rows_of_source as varchar))) "
                f"to '{directory / source}.parquet' (format parquet)"
            )
    database = directory / "cst.duckdb"
    run_dbt(
        "build",
        "--exclude-resource-type",
        "test",
        "unit_test",
        vars={
            "cst_use_sample_data": False,
            "cst_ods_path": str(directory),
            "retention_holdout_since": str(World().lists_since),
        },
        database=database,
        env={"CST_THREADS": "1"},
    )
    with duckdb.connect() as connection:
        connection.execute(f"attach '{sample_path}' as sample (read_only)")
        connection.execute(f"attach '{database}' as shuffled (read_only)")
        yield connection


def test_same_tables(both_builds):
    tables = public_tables(both_builds, "sample")
    assert len(tables) > 10
    assert public_tables(both_builds, "shuffled") == tables


def test_same_rows(both_builds):
    differences = {}
    # The shuffled rows are no seeds, so they are not called the sample.
    columns = "columns(lambda name: name != 'is_sample')"
    for schema, table in public_tables(both_builds, "sample"):
        name = f"{schema}.{table}"
        for one, other in (("sample", "shuffled"), ("shuffled", "sample")):
            (count,) = both_builds.execute(
                f"select count(*) from (select {columns} from {one}.{name} "
                f"except all select {columns} from {other}.{name})"
            ).fetchone()
            if count:
                differences[f"{name}, only in {one}"] = count
    assert differences == {}
