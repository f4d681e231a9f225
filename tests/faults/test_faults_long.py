"""Hundreds of nights that are killed at random points, and faults of the whole
sample: `make test-faults`. CST_KILLS says how many are killed (200), CST_SEED
which; the figures are written to target/faults.txt."""

import csv
import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "python"))

from kills import kill_runs
from small_company import Company

KILLS = int(os.environ.get("CST_KILLS", "200"))
SEED = int(os.environ.get("CST_SEED", "1"))
REPORT = PROJECT / "target" / "faults.txt"
TABLES = (
    "cst_dws.dws_cst_segmentation", "cst_dws.dws_cst_behavior",
    "cst_ads.ads_cst_ltv", "cst_dim.dim_cst_snapshot",
)


def report(line):
    """Add a line to the report of the run."""
    REPORT.parent.mkdir(exist_ok=True)
    with REPORT.open("a") as file:
        print(line, file=file)


@pytest.fixture(scope="module", autouse=True)
def new_report():
    REPORT.unlink(missing_ok=True)


def test_kills_at_random_points(tmp_path):
    figures = kill_runs(Company(tmp_path), KILLS, SEED)
    report(f"kill -9, small company, seed {SEED}: {figures}")
    assert figures.mixed == figures.errors == 0, figures.problems
    assert figures.killed_in_build > KILLS // 8
    assert figures.killed_in_publish > KILLS // 8


# -- nights of the whole sample ---------------------------------------------


class Sample(Company):
    """The project as it is, over the sample's files in a folder."""

    def __init__(self, folder):
        super().__init__(folder)
        self.ods = folder / "ods"
        shutil.copytree(PROJECT / "seeds" / "ods", self.ods)

    def night(self, **dbt_vars):
        given = {
            "cst_use_sample_data": False, "cst_ods_path": str(self.ods),
            "retention_holdout_since": "2024-06-30", **dbt_vars,
        }
        result = subprocess.run(**self.options([
            sys.executable, "-m", "cst", "run", "--vars", json.dumps(given),
            "--target-path", self.folder / "target",
            "--log-path", self.folder / "logs",
        ]))
        result.line = result.stdout.strip().splitlines()[-1]
        return result

    def change(self, table, change):
        """Rewrite a file of the feed: change(rows) returns the new rows."""
        path = self.ods / f"{table}.csv"
        with path.open(newline="") as file:
            header, *rows = csv.reader(file)
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([header, *change(rows)])

    def seen(self):
        """Row count and newest date of tables that people see."""
        with duckdb.connect(
            str(self.paths.published), read_only=True
        ) as file:
            return [
                file.execute(
                    f"select count(*), max(snapshot_date) from {table}"
                ).fetchone() for table in TABLES
            ]


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    sample = Sample(tmp_path_factory.mktemp("sample"))
    result = sample.night(cst_as_of_date="2025-12-30")
    assert result.returncode == 0, result.stdout[-3000:]
    return sample


def test_a_truncated_source_is_refused(sample):
    before = sample.seen()
    path = sample.ods / "ods_trd_order.csv"
    whole = path.read_bytes()
    sample.change("ods_trd_order", lambda rows: rows[:len(rows) // 3])
    result = sample.night(cst_as_of_date="2025-12-31")
    path.write_bytes(whole)
    report(f"two thirds of the orders are missing: {result.line}")
    assert result.returncode == 1
    assert result.line.startswith(
        "Not published: the feed is not usable, see above. cst.duckdb stays as "
        "of 2025-12-30, run 1."
    )
    assert sample.seen() == before


def test_a_doubled_source_is_published_as_the_single_one(sample):
    """And the next night is none the worse for the one that was refused, nor is
    one that works out open snapshots alone."""
    sample.change("ods_trd_order", lambda rows: rows + rows)
    result = sample.night(cst_as_of_date="2025-12-31")
    report(f"every order is delivered twice: {result.line}")
    assert result.returncode == 0, result.stdout[-3000:]
    doubled = sample.seen()
    assert {newest for _, newest in doubled} == {
        date(2025, 12, 31)
    }
    sample.change("ods_trd_order", lambda rows: rows[:len(rows) // 2])
    result = sample.night(
        cst_as_of_date="2025-12-31", cst_open_snapshots_only=True,
    )
    report(f"open snapshots alone: {result.line}")
    assert result.returncode == 0, result.stdout[-3000:]
    assert sample.seen() == doubled
