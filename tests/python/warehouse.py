"""A small warehouse over files, built again and again: for tests that deliver
one feed after the other. The vars stay the same, so dbt parses once."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
from case_data import TABLES

PROJECT = Path(__file__).resolve().parents[2]
PUBLIC = ("cst_dim", "cst_dws", "cst_ads")


class Warehouse:
    """Files in <folder>/ods, a database beside them, dbt's target as well."""

    def __init__(self, folder, **dbt_vars):
        self.folder = folder
        self.ods = folder / "ods"
        self.database = folder / "cst.duckdb"
        self.target = folder / "target"
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
        result = subprocess.run(
            [
                str(Path(sys.executable).with_name("dbt")), *command,
                "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT),
                "--target-path", str(self.target),
                "--log-path", str(self.folder / "logs"),
                "--vars", json.dumps({**self.vars, **more_vars}),
            ],
            cwd=PROJECT, stdin=subprocess.DEVNULL, capture_output=True,
            timeout=900,
            text=True,
            env={
                **os.environ, "CST_DUCKDB_PATH": str(self.database),
                "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "NO_COLOR": "1",
            },
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
