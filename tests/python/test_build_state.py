"""The hooks note what was built, so that a part of a build is not published.

A small project with the hooks and macros of this one: two seconds a build.
"""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import yaml
from conftest import PROJECT
from cst.errors import Refused
from cst.paths import Paths
from cst.publish import publish

MODELS = {
    "intermediate/int_cst_snapshot_dates": "select date '2025-06-30' as "
    "snapshot_date",
    "intermediate/int_cst_feed_checks": "select 'warn' as verdict, "
    "'Few orders.' as message, 'order' as source_name, 'a' as check_name",
    "dim/dim_a": "{{ config(tags=['public']) }} select 1 as id from "
    "{{ ref('int_cst_snapshot_dates') }}",
    "dim/dim_b": "{{ config(tags=['public']) }} select 1 as id",
}
PUBLIC = "{{ config(tags=['public']) }} "
FAILED = PUBLIC + "select cast('no number' as integer) as id"
REFUSED = PUBLIC + "{% if execute %}{{ exceptions.raise_compiler_error('The "
REFUSED += "feed is not usable') }}{% endif %} select 1 as id"
SLOW = PUBLIC + "select count(*) as id from range(10000000) as a, "
SLOW += "range(10000000) as b"
YAML = """
models:
  - name: dim_a
    columns:
      - name: id
        data_tests: [unique, not_null]
unit_tests:
  - name: none_of_it_fails
    model: dim_a
    given: [{input: ref('int_cst_snapshot_dates'), rows: []}]
    expect: {rows: []}
"""


class Project:
    """The small project, its databases, and what is noted about its build."""

    def __init__(self, folder):
        self.folder = folder
        self.paths = Paths(
            folder / "build.duckdb", folder / "seen.duckdb",
            folder / "contacts.duckdb",
        )
        project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())
        project = {
            key: project[key] for key in (
                "name", "profile", "config-version", "vars", "on-run-start",
                "on-run-end",
            )
        }
        project["on-run-start"] = [
            "{{ attach_published() }}", "{{ mark_build_started() }}",
        ]
        project["macro-paths"] = [str(PROJECT / "macros")]
        project["packages-install-path"] = str(PROJECT / "dbt_packages")
        project["models"] = {"cst": {
            "+materialized": "table",
            "intermediate": {"+schema": "intermediate"},
            "dim": {"+schema": "dim"},
        }}
        (folder / "dbt_project.yml").write_text(yaml.safe_dump(project))
        for name in ("profiles.yml", "packages.yml"):
            shutil.copy(PROJECT / name, folder)
        for layer in ("intermediate", "dim"):
            (folder / "models" / layer).mkdir(parents=True)
        (folder / "models" / "models.yml").write_text(YAML)

    def command(self, *arguments, dim_b=MODELS["dim/dim_b"]):
        for name, sql in {**MODELS, "dim/dim_b": dim_b}.items():
            (self.folder / "models" / f"{name}.sql").write_text(sql)
        return {
            "args": [
                Path(sys.executable).with_name("dbt"), *arguments,
                "--project-dir", self.folder, "--profiles-dir", self.folder,
            ],
            "env": {
                **os.environ, "NO_COLOR": "1",
                "CST_DUCKDB_PATH": str(self.paths.build),
                "CST_PUBLISHED_PATH": str(self.paths.published),
                "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            },
            "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT,
            "text": True,
        }

    def dbt(self, *arguments, **models):
        return subprocess.run(**self.command(*arguments, **models))

    def state(self):
        with duckdb.connect(str(self.paths.build), read_only=True) as file:
            row = file.execute(
                "from cst_intermediate.build_state"
            ).fetchdf().to_dict("records")
        return row[0]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return Project(tmp_path_factory.mktemp("project"))


BUILD = ("build", "--exclude-resource-type", "unit_test")


def test_a_whole_build_may_be_published_and_says_how(project):
    result = project.dbt(*BUILD)
    assert result.returncode == 0, result.stdout
    assert "To publish: python -m cst publish" in result.stdout
    state = project.state()
    assert (state["status"], str(state["as_of_date"])[:10]) == (
        "complete", "2025-06-30",
    )
    assert state["warnings"] == "Few orders." and state["warning_count"] == 1
    assert state["public_tables"] == "cst_dim.dim_a,cst_dim.dim_b"
    assert state["published_run_id"] == 0
    assert len(state["rules_hash"]) == 32
    assert publish(project.paths).endswith("is as of 2025-06-30, run 1.")


def test_the_next_build_knows_what_is_published(project):
    project.dbt("build")
    assert project.state()["status"] == "complete"
    assert project.state()["published_run_id"] == 1
    assert publish(project.paths).endswith("run 2.")


def test_a_test_that_passes_changes_nothing(project):
    project.dbt(*BUILD)
    before = project.state()
    assert project.dbt("test").returncode == 0
    assert project.state() == before


@pytest.mark.parametrize(
    ("command", "models", "reason"),
    [
        ((*BUILD, "--select", "dim_a"), {}, "were left out, the first of them"),
        ((*BUILD, "--exclude-resource-type", "test"), {}, "were left out"),
        ((*BUILD, "--empty"), {}, "a part of the rows"),
        (("run",), {}, "made by dbt run"),
        (BUILD, {"dim_b": FAILED}, "the first of them dim_b"),
        (BUILD, {"dim_b": REFUSED}, "the first of them dim_b"),
    ],
    ids=["part", "no_tests", "empty", "run", "failed", "refused"],
)
def test_another_build_may_not_be_published(project, command, models, reason):
    seen = project.paths.published.read_bytes()
    project.dbt(*command, **models)
    state = project.state()
    assert state["status"] == "incomplete" and reason in state["reason"]
    with pytest.raises(Refused, match="is not complete"):
        publish(project.paths)
    assert project.paths.published.read_bytes() == seen


def test_a_failed_test_may_not_be_published(project):
    """In the build, and in a `dbt test` after it."""
    project.dbt(*BUILD)
    path = project.folder / "models" / "models.yml"
    path.write_text(YAML.replace("not_null", "{accepted_values: {arguments: "
                                 "{values: [2]}}}"))
    try:
        for command in (("test",), BUILD):
            result = project.dbt(*command)
            assert result.returncode == 1, result.stdout
            assert "accepted_values" in project.state()["reason"]
            with pytest.raises(Refused, match="is not complete"):
                publish(project.paths)
    finally:
        path.write_text(YAML)


def test_a_build_that_was_killed_may_not_be_published(project):
    with subprocess.Popen(
        **project.command(*BUILD, dim_b=SLOW)
    ) as process:
        for line in process.stdout:
            if "START sql table model cst_dim.dim_b" in line:
                process.send_signal(signal.SIGKILL)
                break
        process.stdout.read()
    assert project.state()["status"] == "building"
    with pytest.raises(Refused, match="did not come to its end"):
        publish(project.paths)
    project.dbt(*BUILD)
    assert project.state()["status"] == "complete"


def test_the_build_of_a_program_says_nothing_of_publishing(project):
    command = project.command(*BUILD)
    command["env"]["CST_IS_PUBLISHING"] = "true"
    result = subprocess.run(**command)
    assert result.returncode == 0, result.stdout
    assert "To publish" not in result.stdout


def test_the_path_is_the_same_in_python_and_in_jinja(project):
    """published_path() and cst/paths.py."""
    from cst.paths import read_paths

    for given in (
        {}, {"CST_DUCKDB_PATH": "x.duckdb"}, {"CST_PUBLISHED_PATH": ""},
        {"CST_DUCKDB_PATH": "x.duckdb", "CST_PUBLISHED_PATH": "y.duckdb"},
    ):
        expected = read_paths(given).published
        found = jinja_published_path(given)
        assert (PROJECT / found if found else None) == expected


def jinja_published_path(environment):
    """What the macro says, rendered with an env_var() of this environment."""
    from jinja2 import Environment

    source = (PROJECT / "macros/history/attach_published.sql").read_text()
    source = source.split("{% endmacro %}")[0]
    expression = source[source.index("env_var("):source.index(") }}")]
    return Environment().compile_expression(expression)(
        env_var=lambda name, default: environment.get(name, default)
    )


def test_the_version_is_the_projects():
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())
    macro = (PROJECT / "macros/history/code_version.sql").read_text()
    assert f"return('{project['version']}')" in macro
