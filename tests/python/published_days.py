"""A small build database made by hand, to publish one day after the other.

Each table says of which day it is, so that a mixture of two days is seen.
"""

import subprocess
import sys
from datetime import date

import duckdb
from conftest import PROJECT
from cst.paths import Paths

TABLES = ("cst_dim.dim_a", "cst_dwd.dwd_b", "cst_dws.dws_c", "cst_ads.ads_d")
# In no file that people open.
SECRET = "plain@secret.example"
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (
    date(2025, 6, day) for day in range(2, 7)
)


class Site:
    """The files of one company in a folder."""

    def __init__(self, folder):
        self.paths = Paths(
            folder / "build" / "it's cst.duckdb",
            folder / "cst.duckdb",
            folder / "cst_contacts.duckdb",
        )
        self.paths.build.parent.mkdir(exist_ok=True)

    def build(self, day, rows=3, **state):
        """What a build as of a day leaves, on what is published now."""
        log = self.log()
        state = {
            "build_id": f"build of {day}", "status": "complete",
            "reason": None, "as_of_date": day, "code_version": "0.8.0",
            "rules_hash": "hash", "is_sample": False,
            "restated_from_date": None, "restated_to_date": None,
            "published_run_id": log[-1][0] if log else 0,
            "warning_count": 1, "warnings": "few orders",
            "public_tables": ",".join(TABLES), **state,
        }
        self.paths.build.unlink(missing_ok=True)
        with duckdb.connect(str(self.paths.build)) as connection:
            for table in (*TABLES, "cst_ads.ads_of_an_older_release"):
                connection.execute(
                    f"create schema if not exists {table.split('.')[0]};"
                    f"create table {table} as select date '{day}' as day, "
                    "n as id, cast(n * 1.5 as decimal(18, 2)) as net_amount, "
                    f"2 as order_count from range({rows}) as numbers(n)"
                )
            connection.execute(
                "comment on table cst_dim.dim_a is 'Who''s who, 客户';"
                "comment on column cst_dim.dim_a.day is 'The day';"
                "create schema cst_staging; create schema cst_intermediate;"
                f"create table cst_staging.stg as select '{SECRET}' as email;"
                "create schema cst_contact;"
                "create table cst_contact.contact_cst_customer as "
                f"select '{SECRET}' as email, date '{day}' as day"
            )
            connection.execute(
                "create table cst_intermediate.build_state as select "
                + ", ".join(
                    f"cast(? as {kind}) as {name}"
                    for name, kind in (
                        (name, {
                            "as_of_date": "date", "is_sample": "boolean",
                            "restated_from_date": "date",
                            "restated_to_date": "date",
                            "published_run_id": "bigint",
                            "warning_count": "bigint",
                        }.get(name, "varchar")) for name in state
                    )
                ),
                list(state.values()),
            )

    def read(self, path=None):
        """The days that a published file shows; one, if it is whole."""
        with duckdb.connect(
            str(path or self.paths.published), read_only=True
        ) as connection:
            return {
                day for table in TABLES
                for (day,) in connection.execute(
                    f"select distinct day from {table}"
                ).fetchall()
            }

    def day(self):
        (day,) = self.read()
        return day

    def contact_day(self):
        with duckdb.connect(
            str(self.paths.contact), read_only=True
        ) as connection:
            return connection.execute(
                "select day from cst_contact.contact_cst_customer"
            ).fetchone()[0]

    def log(self):
        """run_id, kind and as_of_date of each row of the run log."""
        if not self.paths.published.exists():
            return []
        with duckdb.connect(
            str(self.paths.published), read_only=True
        ) as connection:
            try:
                return connection.execute(
                    "select run_id, kind, as_of_date from cst_ads.ads_cst_run "
                    "order by run_id"
                ).fetchall()
            except duckdb.CatalogException:
                return []

    def kept_days(self):
        return [
            day for path in sorted(self.paths.kept.glob("*.duckdb"))
            for day in self.read(path)
        ]

    def left_overs(self):
        """What an interrupted run has left."""
        folder = self.paths.published.parent
        return sorted(path.name for path in folder.rglob("*.new*"))

    def call(self, code):
        """Run Python code that knows `paths`, in a process of its own."""
        return subprocess.run(
            [
                sys.executable, "-c",
                "import os, signal, sys\n"
                "from pathlib import Path\n"
                "from cst.paths import Paths\n"
                "paths = Paths(*map(Path, sys.argv[1:]))\n" + code,
                *map(str, (
                    self.paths.build, self.paths.published, self.paths.contact
                )),
            ],
            cwd=PROJECT, capture_output=True, text=True, timeout=120,
        )
