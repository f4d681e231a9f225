"""Same input, same output: whatever the order of rows and the threads."""

import duckdb
import pytest
from same_tables import different_rows, public_columns

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


def test_same_columns(both_builds):
    columns = public_columns(both_builds, "sample")
    assert len({column[:2] for column in columns}) > 10
    assert public_columns(both_builds, "shuffled") == columns


def test_same_rows(both_builds):
    # The shuffled rows are no seeds, so they are not called the sample.
    assert different_rows(both_builds, ("sample", "shuffled"), "is_sample") == {}
