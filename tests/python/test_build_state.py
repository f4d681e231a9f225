"""The hooks note what was built, so that a part of a build is not published."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import PROJECT
from cst.errors import Refused
from cst.paths import read_paths
from cst.publish import publish
from published_days import TABLES
from small_company import PUBLIC, YAML, Company

FAILED = PUBLIC + "select cast('no number' as integer) as id"
REFUSED = PUBLIC + "{% if execute %}{{ exceptions.raise_compiler_error('The "
REFUSED += "feed is not usable') }}{% endif %} select 1 as id"
SLOW = PUBLIC + "select count(*) as id from range(10000000) as a, "
SLOW += "range(10000000) as b"


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    return Company(tmp_path_factory.mktemp("company"))


BUILD = ("build", "--exclude-resource-type", "unit_test")


def test_a_whole_build_may_be_published_and_says_how(company):
    result = company.dbt(*BUILD)
    assert result.returncode == 0, result.stdout
    assert "To publish: python -m cst publish" in result.stdout
    state = company.state()
    assert (state["status"], str(state["as_of_date"])[:10]) == (
        "complete", "2025-06-30",
    )
    assert state["warning_count"] == 1
    # No message, which may quote a value of a customer.
    assert state["warnings"] == (
        "order: rejected_share is 4.8 % (limit: 2.0 %)"
    )
    assert state["public_tables"] == ",".join(sorted(TABLES))
    assert state["published_run_id"] == 0
    assert len(state["rules_hash"]) == 32
    assert publish(company.paths).endswith("is as of 2025-06-30, run 1.")


def test_the_next_build_knows_what_is_published(company):
    company.dbt("build")
    assert company.state()["status"] == "complete"
    assert company.state()["published_run_id"] == 1
    assert publish(company.paths).endswith("run 2.")


def test_a_test_that_passes_changes_nothing(company):
    company.dbt(*BUILD)
    before = company.state()
    assert company.dbt("test").returncode == 0
    assert company.state() == before


@pytest.mark.parametrize(
    ("command", "models", "reason"),
    [
        ((*BUILD, "--select", "dim_a"), {}, "were left out, the first"),
        ((*BUILD, "--exclude-resource-type", "test"), {}, "were left out"),
        ((*BUILD, "--empty"), {}, "a part of the rows"),
        (("run",), {}, "made by dbt run"),
        (BUILD, {"ads_d": FAILED}, "the first of them ads_d"),
        (BUILD, {"ads_d": REFUSED}, "the first of them ads_d"),
    ],
    ids=["part", "no_tests", "empty", "run", "failed", "refused"],
)
def test_another_build_may_not_be_published(company, command, models, reason):
    seen = company.paths.published.read_bytes()
    company.write_models(**models)
    company.dbt(*command)
    company.write_models()
    state = company.state()
    assert state["status"] == "incomplete" and reason in state["reason"]
    with pytest.raises(Refused, match="is not complete"):
        publish(company.paths)
    assert company.paths.published.read_bytes() == seen


def test_the_hash_of_the_rules_is_of_what_decides_numbers(company):
    def rules_hash(dbt_vars):
        company.dbt(*BUILD, "--select", "dim_a", "--vars", dbt_vars)
        return company.state()["rules_hash"]

    usual = rules_hash("{}")
    assert rules_hash(
        "{cst_as_of_date: '2025-05-31', cst_change_warn_share: 0.05,"
        " cst_close_after_days: 3}"
    ) == usual
    assert rules_hash("{rfm_window_days: 100}") != usual

    rules = company.folder / "seeds" / "rules"
    rules.mkdir(parents=True)
    (rules / "cst_rules.csv").write_text("rule_id\none\n")
    ruling = rules_hash("{}")
    # What is only tried decides nothing.
    (rules / "cst_rules_challenger.csv").write_text("rule_id\nother\n")
    tried = rules_hash("{}")
    shutil.rmtree(company.folder / "seeds")
    assert ruling != usual
    assert tried == ruling


def test_a_failed_test_may_not_be_published(company):
    """In the build, and in a `dbt test` after it."""
    company.dbt(*BUILD)
    company.write_tests(YAML.replace(
        "unique", "{accepted_values: {arguments: {values: [2]}}}"
    ))
    try:
        for command in (("test",), BUILD):
            result = company.dbt(*command)
            assert result.returncode == 1, result.stdout
            assert "accepted_values" in company.state()["reason"]
            with pytest.raises(Refused, match="is not complete"):
                publish(company.paths)
    finally:
        company.write_tests(YAML)


def test_a_failed_test_of_nulls_names_the_columns(company):
    company.write_models(
        ads_d=PUBLIC + "select cast(null as date) as day, 1 as id union all "
        "select cast(null as date) as day, cast(null as integer) as id"
    )
    try:
        result = company.dbt(*BUILD)
        assert "Got 2 results" in result.stdout
        assert "not_null_ads_d: 1 × day\n" in result.stdout
        assert "not_null_ads_d: 1 × day, id\n" in result.stdout
        assert "not_null_ads_d" in company.state()["reason"]
    finally:
        company.write_models()


@pytest.mark.parametrize("command", [
    ("docs", "generate"), ("compile",), ("show", "--inline", "select 1"),
    ("source", "freshness"), ("ls",),
])
def test_who_only_looks_takes_no_permission_away(company, command):
    """dbt compiles the hooks, all at once, for whoever writes the docs."""
    company.dbt(*BUILD)
    before = company.state()
    result = company.dbt(*command)
    assert result.returncode == 0, result.stdout
    assert company.state() == before


def test_a_build_that_was_killed_may_not_be_published(company):
    company.write_models(ads_d=SLOW)
    dbt = Path(sys.executable).with_name("dbt")
    with subprocess.Popen(
        **company.options([dbt, *BUILD, *company.where()])
    ) as process:
        for line in process.stdout:
            if "START sql table model cst_ads.ads_d" in line:
                process.send_signal(signal.SIGKILL)
                break
        process.stdout.read()
    company.write_models()
    assert company.state()["status"] == "building"
    with pytest.raises(Refused, match="did not come to its end"):
        publish(company.paths)
    company.dbt(*BUILD)
    assert company.state()["status"] == "complete"


def test_the_build_of_a_program_says_nothing_of_publishing(company):
    result = company.dbt(*BUILD, CST_IS_PUBLISHING="true")
    assert result.returncode == 0, result.stdout
    assert "To publish" not in result.stdout


def test_the_path_is_the_same_in_python_and_in_jinja(company):
    """published_path() and cst/paths.py."""
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
