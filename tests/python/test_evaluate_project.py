"""`make evaluate` says what it cannot do, and reads the evaluator right.

The evaluator itself is not needed here: its tables are made up.
"""

import csv
import sys

import duckdb
import pytest
from conftest import PROJECT

# The scripts import one another as files of one folder.
sys.path.insert(0, str(PROJECT / "scripts"))

import evaluate_project
import install_packages

RULE = "model.dbt_project_evaluator.fct_rule"


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "evaluate"
    folder.mkdir()
    return folder


def make_package(folder, name):
    folder.mkdir()
    (folder / "dbt_project.yml").write_text(f"name: '{name}'\n")
    return folder


# -- packages ---------------------------------------------------------------


def test_a_wrong_path_is_refused_with_one_line(tmp_path):
    with pytest.raises(SystemExit) as stop:
        evaluate_project.evaluator_at(str(tmp_path / "nowhere"))
    assert stop.value.code == (
        "evaluate: DBT_PROJECT_EVALUATOR_PATH is no directory with a "
        f"dbt_project.yml: {tmp_path / 'nowhere'}"
    )


def test_another_package_is_refused_with_one_line(tmp_path):
    package = make_package(tmp_path / "package", "dbt_utils")
    with pytest.raises(SystemExit, match="other than dbt_project_evaluator"):
        evaluate_project.evaluator_at(str(package))


@pytest.mark.parametrize("state", [{}, {"source": "stand-in"}])
def test_the_stand_in_for_dbt_utils_is_not_enough(
    state, root, tmp_path, monkeypatch
):
    package = make_package(tmp_path / "package", "dbt_project_evaluator")
    monkeypatch.setenv("DBT_PROJECT_EVALUATOR_PATH", str(package))
    monkeypatch.setattr(install_packages, "read_state", lambda: state)
    with pytest.raises(evaluate_project.NotAvailable, match="DBT_UTILS_PATH"):
        evaluate_project.add_packages(root)


def test_the_packages_stand_beside_ours(root, tmp_path, monkeypatch):
    package = make_package(tmp_path / "package", "dbt_project_evaluator")
    monkeypatch.setenv("DBT_PROJECT_EVALUATOR_PATH", str(package))
    monkeypatch.setattr(
        install_packages, "read_state", lambda: {"source": "path"}
    )
    evaluate_project.add_packages(root)
    packages = {p.name: p.readlink() for p in (root / "dbt_packages").iterdir()}
    assert packages == {
        "cst": PROJECT,
        "dbt_utils": PROJECT / "dbt_packages" / "dbt_utils",
        "dbt_project_evaluator": package,
    }


def test_without_hub_and_path_nothing_is_checked(monkeypatch, capsys):
    monkeypatch.delenv("DBT_PROJECT_EVALUATOR_PATH", raising=False)
    monkeypatch.setattr(install_packages, "hub_answers", lambda: False)
    evaluate_project.main()
    assert capsys.readouterr().out == (
        "evaluate: nothing was checked: the package hub did not answer; set "
        "DBT_PROJECT_EVALUATOR_PATH to a directory with the package\n"
    )


# -- findings ---------------------------------------------------------------


@pytest.fixture
def database():
    with duckdb.connect() as connection:
        connection.execute(
            "create table fct_rule as select * from (values "
            "('dws_b', 2), ('ads_a', null), ('dim_c', 1)) as t(name, joins)"
        )
        yield connection


def test_findings_are_listed_below_their_rule(database):
    manifest = {
        "nodes": {
            RULE: {"name": "fct_rule", "relation_name": "fct_rule"},
            "test.empty": {"attached_node": RULE},
            "test.passing": {"attached_node": "model.other"},
        }
    }
    results = [
        {"unique_id": RULE, "status": "success"},
        {"unique_id": "test.empty", "status": "fail"},
        {"unique_id": "test.passing", "status": "pass"},
    ]
    failed = evaluate_project.failed_rules(results, manifest)
    assert evaluate_project.read_findings(database, failed) == [
        "fct_rule: 3",
        "  ads_a | None",
        "  dim_c | 1",
        "  dws_b | 2",
    ]


def test_an_exception_that_nothing_needs_is_named(database):
    query = (
        "with unioned as (select * from fct_rule where 1 = 1) "
        "select * from unioned where 1 = 1 and name not like 'dws_%' "
        "and name not like 'ods_%'"
    )
    exceptions = [
        {
            "fct_name": rule,
            "column_name": "name",
            "id_to_exclude": pattern,
        }
        for rule, pattern in [
            ("fct_rule", "dws_%"),
            ("fct_rule", "ods_%"),
            ("fct_misspelt", "dws_%"),
        ]
    ]
    results = [{"unique_id": RULE, "compiled_code": query}]
    assert evaluate_project.unused_exceptions(
        database, results, exceptions
    ) == ["fct_rule, name, ods_%", "fct_misspelt, name, dws_%"]


def test_each_exception_stands_once_and_has_a_reason():
    path = PROJECT / "evaluate/seeds/dbt_project_evaluator_exceptions.csv"
    with path.open() as file:
        rows = list(csv.reader(file))
    header, *exceptions = rows
    assert header == ["fct_name", "column_name", "id_to_exclude", "comment"]
    assert all(len(row) == 4 and all(row) for row in exceptions)
    assert len({tuple(row[:3]) for row in exceptions}) == len(exceptions)
