"""A small warehouse over files, built again and again: for tests that deliver
one feed after the other. The project is parsed once for all of them."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import duckdb
import warm_dbt
from case_data import TABLES

PROJECT = Path(__file__).resolve().parents[2]
PUBLIC = ("cst_dim", "cst_dwd", "cst_dws", "cst_ads")
# What a model reads, seeds or tables, is decided when it is parsed.
PARSED_VARS = {"cst_use_sample_data", "cst_ods_path"}
SETTINGS = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]


def call(command, database, timeout=900, **environment):
    """Call a program as dbt is to be called here."""
    return subprocess.run(
        [str(part) for part in command], cwd=PROJECT,
        stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=timeout,
        env={
            **os.environ, "CST_DUCKDB_PATH": str(database),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "NO_COLOR": "1",
            "CST_THREADS": "2", **environment,
        },
    )


def parsed():
    """What dbt parses of the project over files. The vars of the warehouses
    change nothing of it."""
    return warm_dbt.parse_project(
        {"cst_use_sample_data": False, "cst_ods_path": "/any"}
    )


class Warehouse:
    """Files in <folder>/ods, a database beside them, dbt's target as well; all
    that dbt writes, its manifest, results and log, where a test reads them."""

    def __init__(self, folder, writes_all=False, **dbt_vars):
        self.writes_all = writes_all
        self.folder = folder
        self.ods = folder / "ods"
        self.database = folder / "cst.duckdb"
        self.target = folder / "target"
        self.logs = folder / "logs"
        self.ods.mkdir(parents=True, exist_ok=True)
        self.vars = {
            "cst_use_sample_data": False, "cst_ods_path": str(self.ods),
            "cst_enabled_sources": list(TABLES), **dbt_vars,
        }

    def clear(self):
        """Take all files away."""
        shutil.rmtree(self.ods)
        self.ods.mkdir()

    def build(self, *select, **more_vars):
        """dbt build of some models, without tests: a guard has to be a model,
        as `dbt run` runs no tests. Returns what subprocess.run does, and
        `text`, all that was printed with white space folded."""
        return self.run(
            "build", "--exclude-resource-type", "test", "unit_test",
            *(["--select", *select] if select else []), **more_vars,
        )

    def run(self, *command, **more_vars):
        """Any dbt command on this warehouse."""
        is_parsed = not more_vars.keys() & PARSED_VARS
        result = call(
            [
                *warm_dbt.command(parsed() if is_parsed else None),
                *command, *SETTINGS,
                "--target-path", self.target, "--log-path", self.logs,
                "--write-json" if self.writes_all else "--no-write-json",
                "--vars", json.dumps({**self.vars, **more_vars}),
            ],
            self.database,
            DBT_LOG_LEVEL_FILE="debug" if self.writes_all else "none",
        )
        result.lines = (result.stdout + result.stderr).splitlines()
        result.text = " ".join(" ".join(result.lines).split())
        return result

    def rows(self, sql, *values):
        """The rows of a query, times in UTC."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            connection.execute("set TimeZone = 'UTC'")
            return connection.execute(sql, list(values)).fetchall()

    def public_tables(self):
        """Row count and checksum of each public table."""
        names = self.rows(
            """
            select table_schema || '.' || table_name
            from information_schema.tables
            where list_contains(?, table_schema)
            order by all
            """,
            list(PUBLIC),
        )
        return {
            name: self.rows(
                f"select count(*), sum(hash(rows)) from {name} as rows"
            )[0]
            for (name,) in names
        }
