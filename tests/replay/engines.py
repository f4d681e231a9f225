"""Two ways to build a day: dbt itself, and the SQL that dbt compiled.

Most of the time of a small build is dbt's, so what a random feed is built with
is the compiled SQL, run by DuckDB in memory. A test holds the one against the
other.
"""

import atexit
import copy
import functools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "python"))

import warm_dbt

PUBLIC = ("cst_dim", "cst_dwd", "cst_dws", "cst_ads")
# Stands in compiled SQL for the as-of date of a run.
ANY_DATE = "2031-07-09"
FEED_VARS = {
    "cst_use_sample_data": False, "cst_ods_schema": "ods",
    "cst_allow_feed_changes": True, "cst_as_of_date": ANY_DATE,
}
DATABASES = ("CST_DUCKDB_PATH", "CST_PUBLISHED_PATH", "CST_CONTACT_PATH")


def call_dbt(command, folder, dbt_vars, parsed=None, **environment):
    """dbt on a database in a folder; raises with what it said where it fails.
    `parsed` is what warm_dbt.parse_project() made of the project."""
    result = subprocess.run(
        [
            *warm_dbt.command(parsed), *command, "--quiet",
            "--write-json" if command[0] == "compile" else "--no-write-json",
            "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT),
            "--target-path", str(folder / "target"),
            "--log-path", str(folder / "logs"), "--vars", json.dumps(dbt_vars),
        ],
        cwd=PROJECT, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        env={
            **{
                name: value for name, value in os.environ.items()
                if name not in DATABASES
            },
            "CST_DUCKDB_PATH": str(folder / "cst.duckdb"),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "NO_COLOR": "1",
            "CST_THREADS": "2",
            **{name: str(value) for name, value in environment.items()},
        },
    )
    if result.returncode:
        raise RuntimeError(
            f"dbt {command[0]} failed:\n{result.stdout}{result.stderr}"
        )


def deliver(connection, feed, catalog="cst"):
    """Write a delivery, {table: [row, …]}, into <catalog>.ods as text."""
    connection.execute(f"create schema if not exists {catalog}.ods")
    for table, (columns, rows) in feed.items():
        name = f"{catalog}.ods.{table}"
        typed = ", ".join(f"{column} varchar" for column in columns)
        connection.execute(f"create or replace table {name} ({typed})")
        if rows:
            import pandas

            frame = pandas.DataFrame(rows, columns=list(columns), dtype=object)
            connection.register("delivered_rows", frame)
            connection.execute(f"insert into {name} from delivered_rows")
            connection.unregister("delivered_rows")


def publish(connection, path, source="cst"):
    """The public tables of an attached database, into a file of their own."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    connection.execute(f"attach '{new}' as new_file")
    copy_tables(connection, source, "new_file", PUBLIC)
    connection.execute("detach new_file")
    new.replace(path)


def copy_tables(connection, source, target, schemas):
    """Copy the tables of some schemas from one database into another."""
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables() "
        "where database_name = ? and list_contains(?, schema_name)",
        [source, list(schemas)],
    ).fetchall()
    for schema in {schema for schema, _ in tables}:
        connection.execute(f"create schema {target}.{schema}")
    for schema, table in tables:
        connection.execute(
            f"create table {target}.{schema}.{table} as "
            f"from {source}.{schema}.{table}"
        )


def publish_effects(path, effects):
    """Write effects of strategies, (strategy, segment) with uplift and error,
    into a published file in place of those that were estimated."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("""
            create or replace table cst_ads.ads_cst_effect (
                scope_code varchar, subject_code varchar, segment_code varchar,
                period_type varchar, measure_code varchar, window_days integer,
                uplift double, uplift_low double, uplift_high double
            )
        """)
        connection.executemany(
            "insert into cst_ads.ads_cst_effect values "
            "('strategy', ?, ?, 'all', 'order_count', 90, ?, ?, ?)",
            [
                (*key, uplift, uplift - 1.96 * error, uplift + 1.96 * error)
                for key, (uplift, error) in effects.items()
            ],
        )


# Rules that leave a choice, as none does that is shipped.
ALTERNATIVES = (
    ("new_customer", "vip_maintenance"), ("new_customer", "wake_up"),
    ("mid_value", "wake_up"), ("low_value", "activation"),
)


def add_alternatives(connection):
    connection.executemany(
        "insert into cst.cst_rules.cst_strategy_alternatives values (?, ?)",
        ALTERNATIVES,
    )


class Compiled:
    """The models of the project as SQL, in the order of their building."""

    def __init__(self, select, **dbt_vars):
        self.vars = {**FEED_VARS, **dbt_vars}
        self._origin = None
        self.folder = Path(tempfile.mkdtemp(prefix="compiled"))
        atexit.register(shutil.rmtree, self.folder)
        self._compile(self.folder, select)

    def _compile(self, folder, select):
        with duckdb.connect(str(folder / "cst.duckdb")) as connection:
            from feed import COLUMNS

            deliver(connection, {
                table: (columns, []) for table, columns in COLUMNS.items()
            })
        self.parsed = warm_dbt.parse_project(self.vars)
        call_dbt(["seed"], folder, self.vars, self.parsed)
        with duckdb.connect(str(folder / "cst.duckdb")) as connection:
            add_alternatives(connection)
            connection.execute(f"attach '{folder}/seeds.duckdb' as seeds")
            copy_tables(connection, "cst", "seeds", ["cst_rules"])
        self._read(folder, select)

    def again(self, **dbt_vars):
        """The same project with other vars: compiled, not parsed again."""
        other = copy.copy(self)
        other.vars = {**self.vars, **dbt_vars}
        other._origin = None
        other.__dict__.pop("nightly", None)
        other._read(self.folder, self.select)
        return other

    def only(self, select):
        """The same project, but these models and what they read alone."""
        other = copy.copy(self)
        other.select = select
        other.__dict__.pop("nightly", None)
        wanted = {name.removeprefix("+") for name in select}
        needed, nodes = set(), []
        for node in reversed(self.nodes):
            if node["name"] in wanted or node["unique_id"] in needed:
                needed.update(node["depends_on"]["nodes"])
                nodes.insert(0, node)
        other.nodes = nodes
        return other

    def edited(self, edits, edits_by_night=None):
        """The project with other SQL: {model: (what it says, what it says
        now)}; `edits_by_night` where open snapshots alone are worked out."""
        other = copy.copy(self)
        other.__dict__.pop("nightly", None)
        other.nodes = [dict(node) for node in self.nodes]
        for node in other.nodes:
            old, new = edits.get(node["name"], (None, None))
            if old:
                assert old in node["compiled_code"], f"{node['name']} changed"
                node["compiled_code"] = node["compiled_code"].replace(old, new)
        other._origin = self, {**edits, **(edits_by_night or {})}
        return other

    @functools.cached_property
    def nightly(self):
        """The same project where it works out open snapshots alone."""
        if self._origin:
            code, edits = self._origin
            return code.nightly.edited(edits)
        return self.again(cst_open_snapshots_only=True)

    def _read(self, folder, select):
        self.select = select
        # Without the tests of the models, which take three times as long.
        call_dbt(
            ["compile", "--indirect-selection", "empty", "--select", *select],
            folder, self.vars, self.parsed,
        )
        manifest = json.loads((folder / "target/manifest.json").read_text())
        self.nodes = self._in_order(manifest)
        # What no model writes says itself which columns it has.
        self.sources = {
            node["name"]: (node, manifest["nodes"].get(
                f"model.cst.{node['name']}", {**node, "schema": "cst_ads"}
            ))
            for node in manifest["sources"].values()
            if node["source_name"] == "published"
        }

    @staticmethod
    def _in_order(manifest):
        left = {
            name: node for name, node in manifest["nodes"].items()
            if node["resource_type"] == "model" and node.get("compiled_code")
        }
        ordered = []
        while left:
            ready = [
                name for name, node in left.items()
                if not set(node["depends_on"]["nodes"]) & set(left)
            ]
            for name in ready:
                ordered.append(left.pop(name))
        return ordered

    def build(self, feed, as_of_date, published=None):
        """A database in memory with the day's tables; `published` is the one
        of an earlier day, or none."""
        connection = duckdb.connect(
            ":memory:", config={"threads": 1, "memory_limit": "2GB"}
        )
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("attach ':memory:' as cst")
        connection.execute("use cst")
        deliver(connection, feed)
        seeds = self.folder / "seeds.duckdb"
        connection.execute(f"attach '{seeds}' as seeds (read_only)")
        copy_tables(connection, "seeds", "cst", ["cst_rules"])
        self._attach_published(connection, None)
        self._run(connection, self.nodes, as_of_date)
        if published is not None:
            self.read_history(connection, as_of_date, published)
        return connection

    def read_history(self, connection, as_of_date, published):
        """Build what depends on the published file anew, with that file."""
        self._attach_published(connection, published)
        found = {node["unique_id"] for node, _ in self.sources.values()}
        nodes = []
        for node in self.nodes:
            if found & set(node["depends_on"]["nodes"]):
                found.add(node["unique_id"])
                nodes.append(node)
        self._run(connection, nodes, as_of_date)

    def _run(self, connection, nodes, as_of_date):
        for node in nodes:
            connection.execute(f"create schema if not exists {node['schema']}")
            code = node["compiled_code"].replace(ANY_DATE, str(as_of_date))
            try:
                if node["language"] == "python":
                    self._run_python(connection, node, code)
                else:
                    connection.execute(self._statement(node, code))
            except duckdb.Error as error:
                raise RuntimeError(f"{node['name']}: {error}") from error

    def _attach_published(self, connection, path):
        """As attach_published() does it for dbt."""
        if not self.sources:
            return
        connection.execute("attach if not exists ':memory:' as published")
        found = {}
        if path is not None:
            connection.execute(
                f"attach if not exists '{path}' as published_file (read_only)"
            )
            for schema, table, column in connection.execute(
                "select schema_name, table_name, column_name "
                "from duckdb_columns() where database_name = 'published_file'"
            ).fetchall():
                found.setdefault(f"{schema}.{table}", set()).add(column)
        for source, model in self.sources.values():
            connection.execute(
                f"create schema if not exists published.{source['schema']}"
            )
            table = f"{model['schema']}.{model['name']}"
            columns = ", ".join(
                f"cast({name if name in found.get(table, ()) else 'null'} "
                f"as {sql_type(column['data_type'])}) as {name}"
                for name, column in model["columns"].items()
            )
            connection.execute(
                f"create or replace view {source['relation_name']} as "
                f"select {columns} "
                + (f"from published_file.{table}" if table in found
                   else "where false")
            )

    @staticmethod
    def _statement(node, code):
        kind = node["config"]["materialized"]
        if node["config"]["contract"]["enforced"] and kind == "table":
            columns = ", ".join(
                f"cast({name} as {sql_type(column['data_type'])}) as {name}"
                for name, column in node["columns"].items()
            )
            code = f"select {columns} from ({code})"
        return f"create or replace {kind} {node['relation_name']} as {code}"

    @staticmethod
    def _run_python(connection, node, code):
        # the model hashes its own text
        scope = {
            "__name__": node["name"],
            "__file__": str(PROJECT / node["original_file_path"]),
        }
        exec(compile(code, node["name"], "exec"), scope)
        found = scope["model"](
            scope["dbtObj"](lambda name: connection.query(f"from {name}")),
            connection,
        )
        connection.register("python_model", found.df())
        types = zip(found.columns, found.types)
        columns = ", ".join(
            f"cast({name} as {kind}) as {name}" for name, kind in types
        )
        connection.execute(
            f"create or replace table {node['relation_name']} as "
            f"select {columns} from python_model"
        )
        connection.unregister("python_model")


def sql_type(name):
    return re.sub(r"^string$", "varchar", name)
