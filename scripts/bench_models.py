"""CPU and memory of each model, built as dbt builds it, in a process of its own.

dbt compiles; a child process runs the SQL of a model, and the system tells its
CPU seconds and its largest resident memory. Wall time says little on a machine
that does other things. What DuckDB spills is looked at ten times a second. A
model that does not fit into the memory limit is built with `MORE_MEMORY`, so
that the models after it are measured, too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import traceback
from pathlib import Path
from typing import Any, Callable, NamedTuple

import duckdb

from simulation.bulk import write_sources

PROJECT = Path(__file__).resolve().parent.parent
MEMORY = os.environ.get("CST_MEMORY_LIMIT", "4GB")
MORE_MEMORY = os.environ.get("CST_MORE_MEMORY", "12GB")


class Cost(NamedTuple):
    """What a child process took."""

    seconds: float
    megabytes: float
    spilled: float = 0
    fits: bool = True


class Company:
    """A company of any size, and what a version of the project makes of it."""

    def __init__(self, folder: Path, project: Path = PROJECT) -> None:
        self.folder = folder
        self.project = project
        self.memory = MEMORY
        self.database = folder / "cst.duckdb"
        self.published = folder / "published.duckdb"
        self.manifest: dict[str, Any] = {}

    def write(self, customers: int) -> None:
        """Write the sources, load the seeds and compile."""
        write_sources(customers, self.folder / "ods")
        self.compile(self.folder / "ods")

    def compile(self, ods: Path, **variables: Any) -> None:
        """Load the seeds, register the files in `ods`, and compile."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._call_dbt(ods, variables, "seed")
        # Named models: otherwise dbt compiles the hooks, too, and runs them.
        self._call_dbt(
            ods, variables, "compile", "--select", "path:models"
        )
        path = self.folder / "target" / "manifest.json"
        self.manifest = json.loads(path.read_text())

    def _call_dbt(
        self, ods: Path, variables: dict[str, Any], *command: str
    ) -> None:
        variables = {
            **{"cst_use_sample_data": False, "cst_ods_path": str(ods)},
            **variables,
        }
        subprocess.run(
            [
                *(Path(sys.executable).with_name("dbt"), *command, "--quiet"),
                *("--target-path", self.folder / "target"),
                *("--log-path", self.folder / "logs"),
                *("--vars", json.dumps(variables)),
            ],
            cwd=self.project,
            env={
                **os.environ,
                "CST_DUCKDB_PATH": str(self.database),
                "DBT_PROFILES_DIR": str(self.project),
            },
            check=True,
        )

    def models(self) -> list[dict[str, Any]]:
        """The models in an order to build them in."""
        left = {
            name: node
            for name, node in self.manifest["nodes"].items()
            if node["resource_type"] == "model"
        }
        ordered = []
        while left:
            for name, node in list(left.items()):
                if not set(node["depends_on"]["nodes"]) & set(left):
                    ordered.append(left.pop(name))
        return ordered

    def build(self) -> dict[str, Cost]:
        """Build every model, each in a process of its own; costs.txt tells how
        far it is."""
        costs = {}
        with (self.folder / "costs.txt").open("a") as log:
            for node in self.models():
                found = self._cost_of_model(node)
                costs[node["name"]] = found
                print(node["name"], *found, file=log, flush=True)
        return costs

    def _cost_of_model(self, node: dict[str, Any]) -> Cost:
        try:
            return self.cost(self._build_model, node)
        except RuntimeError:
            self.memory = MORE_MEMORY
            return self.cost(self._build_model, node)._replace(fits=False)
        finally:
            self.memory = MEMORY

    def cost(self, function: Callable[..., None], *arguments: Any) -> Cost:
        """What the function takes, less what opening the database does."""
        opened = cost(lambda: self.connect().close())
        found = cost(
            function, *arguments, spill=Path(f"{self.database}.tmp")
        )
        return found._replace(seconds=max(found.seconds - opened.seconds, 0.01))

    def publish(self) -> None:
        """What was built is what the next build reads as published."""
        self.published.unlink(missing_ok=True)
        with self.connect() as connection:
            connection.execute(f"attach '{self.published}' as published_file")
            for table in self._published_tables():
                connection.execute(
                    f"create schema if not exists "
                    f"published_file.{table['schema']}"
                )
                connection.execute(
                    f"create table published_file.{table['schema']}."
                    f"{table['name']} as from {table['relation_name']}"
                )

    def _published_tables(self) -> list[dict[str, Any]]:
        """The models of which the source `published` tells, without the log of
        runs, which no model makes."""
        names = [
            f"model.cst.{table['name']}"
            for table in self.manifest["sources"].values()
            if table["source_name"] == "published"
        ]
        nodes = self.manifest["nodes"]
        return [nodes[name] for name in names if name in nodes]

    def connect(self) -> duckdb.DuckDBPyConnection:
        """The database, with the settings of profiles.yml, and what was
        published."""
        connection = duckdb.connect(str(self.database))
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"set memory_limit = '{self.memory}'")
        connection.execute("attach ':memory:' as published")
        is_published = self.published.exists()
        if is_published:
            connection.execute(
                f"attach '{self.published}' as published_file (read_only)"
            )
        for table in self.manifest["sources"].values():
            if table["source_name"] != "published":
                continue
            model = self.manifest["nodes"].get(
                f"model.cst.{table['name']}", table
            )
            is_there = is_published and model is not table
            columns = ", ".join(
                f"cast({name if is_there else 'null'} as "
                f"{column['data_type']}) as {name}"
                for name, column in model["columns"].items()
            )
            rows = (
                f"published_file.{model['schema']}.{model['name']}"
                if is_there else "(select 1) where false"
            )
            connection.execute(
                f"create schema if not exists published.{table['schema']}"
            )
            connection.execute(
                f"create view {table['relation_name']} as "
                f"select {columns} from {rows}"
            )
        return connection

    def _build_model(self, node: dict[str, Any]) -> None:
        with self.connect() as connection:
            connection.execute(f"create schema if not exists {node['schema']}")
            if node["language"] == "python":
                self._run_python(connection, node)
                return
            connection.execute("begin")
            for statement in statements(node):
                connection.execute(statement)
            connection.execute("commit")

    def _run_python(
        self, connection: duckdb.DuckDBPyConnection, node: dict[str, Any]
    ) -> None:
        scope: dict[str, Any] = {
            "__name__": node["name"],
            "__file__": str(self.project / node["original_file_path"]),
        }
        exec(compile(node["compiled_code"], node["name"], "exec"), scope)
        found = scope["model"](
            scope["dbtObj"](lambda name: connection.query(f"from {name}")),
            connection,
        )
        connection.execute(
            f"create or replace table {node['relation_name']} as from found"
        )


def statements(node: dict[str, Any]) -> list[str]:
    """The SQL that dbt-duckdb sends for a model."""
    name, code = node["relation_name"], node["compiled_code"]
    kind = node["config"]["materialized"]
    if kind == "view" or not node["config"]["contract"]["enforced"]:
        kind = "view" if kind == "view" else "table"
        return [f"create or replace {kind} {name} as {code}"]
    columns = node["columns"].values()
    types = ", ".join(f"{each['name']} {each['data_type']}" for each in columns)
    names = ", ".join(each["name"] for each in columns)
    return [
        f"create or replace table {name} ({types})",
        f"insert into {name} ({names}) select {names} from ({code})",
    ]


def megabytes_of(folder: Path) -> float:
    """The size of the files in a folder, which may be gone by now."""
    try:
        return sum(each.stat().st_size for each in folder.iterdir()) / 2**20
    except FileNotFoundError:
        return 0


def cost(
    function: Callable[..., None], *arguments: Any, spill: Path | None = None
) -> Cost:
    """Call the function in a child process; what that took, and how large the
    folder was that it spills into."""
    child = os.fork()
    if child == 0:
        # Neither handlers nor buffers of the parent are the child's to end.
        status = 1
        try:
            function(*arguments)
            status = 0
        finally:
            if status:
                traceback.print_exc()
            os._exit(status)
    spilled, ended = 0.0, 0
    while not ended:
        ended, status, usage = os.wait4(child, os.WNOHANG)
        spilled = max(spilled, megabytes_of(spill) if spill else 0)
        time.sleep(0 if ended else 0.1)
    if status:
        raise RuntimeError(f"{function.__name__} failed, see above")
    return Cost(
        usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, spilled
    )
