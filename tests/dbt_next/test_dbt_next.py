"""The newest stable dbt builds the same warehouse: `make test-dbt-next`.

Every test of the project runs under it too; the sample that `make sample` built
is what its tables are compared with.
"""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "python"))

from same_tables import different_rows, public_columns

SAMPLE = PROJECT / "target" / "sample" / "cst.duckdb"
DBT = PROJECT / ".venv-dbt-next" / "bin" / "dbt"


@pytest.fixture(scope="module")
def both_builds(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dbt_next")
    database = folder / "cst.duckdb"
    result = subprocess.run(
        [
            DBT, "build", "--target-path", folder / "target",
            "--log-path", folder / "logs",
        ],
        cwd=PROJECT, check=False, capture_output=True, text=True,
        env={
            **os.environ,
            "CST_DUCKDB_PATH": str(database),
            "DBT_PROFILES_DIR": str(PROJECT),
        },
    )
    assert result.returncode == 0, result.stdout[-4000:]
    assert " ERROR=0 " in result.stdout and " SKIP=0 " in result.stdout
    with duckdb.connect() as connection:
        connection.execute(f"attach '{SAMPLE}' as locked (read_only)")
        connection.execute(f"attach '{database}' as newest (read_only)")
        yield connection


def test_it_is_another_dbt():
    code = "from importlib.metadata import version; print(version('dbt-core'))"
    version = subprocess.run(
        [DBT.with_name("python"), "-c", code],
        check=True, capture_output=True, text=True,
    ).stdout
    assert version.startswith("1.12.")


def test_same_columns_and_rows(both_builds):
    columns = public_columns(both_builds, "locked")
    assert len({column[:2] for column in columns}) > 40
    assert columns == public_columns(both_builds, "newest")
    assert different_rows(both_builds, ("locked", "newest")) == {}
