"""A project of a few models with the hooks and macros of this one: built in two
seconds, tested and published like the whole."""

import os
import shutil
import subprocess
import sys

import duckdb
import warm_dbt
import yaml
from conftest import PROJECT
from cst.paths import Paths
from published_days import Site

PUBLIC = "{{ config(tags=['public']) }} "
MODELS = {
    # The day of the feed, and with it the as-of date.
    "intermediate/int_cst_snapshot_dates":
        "select cast(day as date) as snapshot_date from "
        "read_csv('{folder}/day.csv')",
    "intermediate/int_cst_feed_checks": "select 'warn' as verdict, "
        "'Few orders.' as message, 'order' as source_name, "
        "'rejected_share' as check_name, '4.8 %' as found_text, "
        "'2.0 %' as limit_text",
    "contact/contact_cst_customer": "select snapshot_date as day, "
        "'plain@secret.example' as email from "
        "{{ ref('int_cst_snapshot_dates') }}",
}
for _layer, _name in (
    ("dim", "dim_a"), ("dwd", "dwd_b"), ("dws", "dws_c"), ("ads", "ads_d"),
):
    MODELS[f"{_layer}/{_name}"] = (
        PUBLIC + "select snapshot_date as day, n as id, n * 0.5 as net_amount "
        "from {{ ref('int_cst_snapshot_dates') }}, range(20000) as ids(n)"
    )
YAML = """
models:
  - name: dim_a
    columns:
      - name: id
        data_tests: [unique]
  - name: ads_d
    data_tests:
      - not_null_columns: {name: not_null_ads_d, arguments: {columns: [day, id]}}
    columns:
      - name: id
        data_tests: [unique]
unit_tests:
  - name: none_of_it_fails
    model: dim_a
    given: [{input: ref('int_cst_snapshot_dates'), rows: []}]
    expect: {rows: []}
"""


class Company(Site):
    """A folder with the project, a feed of one line, and the databases."""

    def __init__(self, folder):
        super().__init__(folder)
        self.folder = folder
        self.paths = Paths(
            folder / "build" / "shop.duckdb", self.paths.published,
            self.paths.contact,
        )
        project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())
        project = {
            key: project[key]
            for key in ("name", "profile", "config-version", "vars")
        }
        project |= {
            "on-run-start": [
                "{{ attach_published() }}", "{{ mark_build_started() }}",
            ],
            "on-run-end": [
                "{{ mark_build_ended(results) }}",
                "{{ tell_faulty_columns(results) }}",
            ],
            "macro-paths": [str(PROJECT / "macros")],
            "packages-install-path": str(PROJECT / "dbt_packages"),
            "models": {"cst": {
                "+materialized": "table",
                **{
                    layer: {"+schema": layer} for layer in (
                        "intermediate", "dim", "dwd", "dws", "ads", "contact",
                    )
                },
            }},
        }
        (folder / "dbt_project.yml").write_text(yaml.safe_dump(project))
        for name in ("profiles.yml", "packages.yml"):
            shutil.copy(PROJECT / name, folder)
        (folder / "models").mkdir()
        self.write_tests(YAML)
        self.write_models()
        self.feed("2025-06-30")

    def feed(self, day):
        """Deliver the feed of a day."""
        (self.folder / "day.csv").write_text(f"day\n{day}\n")

    def write_models(self, **other):
        """Write the models; some of them other than usual, by name."""
        for path, sql in MODELS.items():
            sql = other.get(path.split("/")[1], sql)
            file = self.folder / "models" / f"{path}.sql"
            file.parent.mkdir(exist_ok=True)
            file.write_text(sql.replace("{folder}", str(self.folder)))

    def write_tests(self, text):
        (self.folder / "models" / "models.yml").write_text(text)

    def environment(self, **more):
        return {
            **os.environ, "NO_COLOR": "1", "CST_OUTPUT": "dbt",
            "CST_DUCKDB_PATH": str(self.paths.build),
            "CST_PUBLISHED_PATH": str(self.paths.published),
            "CST_CONTACT_PATH": str(self.paths.contact),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", **more,
        }

    def options(self, command, **more):
        """What subprocess needs to run a command here."""
        return {
            "args": [str(part) for part in command], "cwd": PROJECT,
            "env": self.environment(**more), "text": True,
            "stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
            "stderr": subprocess.STDOUT,
        }

    def where(self):
        return ["--project-dir", self.folder, "--profiles-dir", self.folder]

    def dbt(self, *arguments, **more):
        """A dbt command on the project."""
        dbt = warm_dbt.command()
        return subprocess.run(
            **self.options([*dbt, *arguments, *self.where()], **more)
        )

    def cst(self, word, *arguments):
        """The command of a word of the program."""
        where = self.where() if word == "run" else []
        return [sys.executable, "-m", "cst", word, *where, *arguments]

    def run(self, word="run", **more):
        """Run a word to its end; `line` is the last line that it prints."""
        result = subprocess.run(**self.options(self.cst(word), **more))
        lines = result.stdout.strip().splitlines()
        result.line = lines[-1] if lines else ""
        return result

    def state(self):
        """What is noted about the build."""
        with duckdb.connect(str(self.paths.build), read_only=True) as file:
            return file.execute(
                "from cst_intermediate.build_state"
            ).fetchdf().to_dict("records")[0]
