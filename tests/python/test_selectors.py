"""selectors.yml: what a selector says that it selects, it selects; and what is
changed is what a person changed, not where it runs."""

import json
import os
import shutil
import subprocess

import pytest
import warm_dbt
import yaml
from conftest import PROJECT
from test_inputs import small_project

DEFINED = {
    one["name"]: one for one in yaml.safe_load(
        (PROJECT / "selectors.yml").read_text(encoding="utf-8")
    )["selectors"]
}
OF_DATE = ("dim", "dwd", "dws")


@pytest.fixture(scope="module")
def selected(run_dbt, manifest):
    """The ids that a selector selects, by its name; dbt is asked once."""
    asked = {}

    def ids(name):
        if name not in asked:
            listed = run_dbt(
                "--quiet", "ls", "--selector", name, "--output", "json",
                "--output-keys", "unique_id", check=True,
            ).stdout
            asked[name] = {
                json.loads(line)["unique_id"]
                for line in listed.splitlines() if line.startswith("{")
            }
        return asked[name]

    return ids


def nodes_of(manifest, *kinds):
    return {
        unique_id for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] in kinds
    }


def models_in(manifest, *folders):
    return {
        unique_id for unique_id in nodes_of(manifest, "model")
        if manifest["nodes"][unique_id]["path"].startswith(
            tuple(f"{folder}/" for folder in folders)
        )
    }


def with_parents(manifest, ids):
    """These, and all that they are made of: models and seeds."""
    found, left = set(), set(ids)
    while left:
        one = left.pop()
        if one in found or one not in manifest["nodes"]:
            continue
        found.add(one)
        # A seed is made of nothing.
        left |= set(manifest["nodes"][one]["depends_on"].get("nodes", []))
    return found


def tables(ids):
    return {one for one in ids if one.startswith(("model.", "seed."))}


def test_each_selector_says_what_it_is_for():
    assert list(DEFINED) == ["daily", "back_fill", "marts", "ltv", "changed"]
    assert [n for n, one in DEFINED.items() if not one["description"]] == []
    text = (PROJECT / "examples" / "operation" / "README.md").read_text()
    assert [name for name in DEFINED if f"`{name}`" not in text] == []


def test_a_day_is_all_that_a_night_publishes(selected, manifest):
    """So the hooks take it for a whole build, as that of python -m cst run."""
    everything = nodes_of(manifest, "model", "seed", "test")
    missing = everything - selected("daily")
    assert missing == set()
    kinds = {one.split(".")[0] for one in selected("daily")}
    assert "unit_test" not in kinds


def test_a_past_date_has_all_facts_and_no_answer(selected, manifest):
    expected = with_parents(manifest, models_in(manifest, *OF_DATE))
    assert tables(selected("back_fill")) == expected
    assert expected & models_in(manifest, "ads", "contact") == set()


def test_marts_are_what_is_public(selected, manifest):
    public = {
        unique_id for unique_id in nodes_of(manifest, "model")
        if "public" in manifest["nodes"][unique_id]["tags"]
    }
    assert len(public) > 40
    assert tables(selected("marts")) == public


def test_lifetime_values_come_with_all_they_need(selected, manifest):
    answers = models_in(manifest, "ads/ltv")
    assert {one.rpartition(".")[2] for one in answers} >= {
        "ads_cst_ltv", "ads_cst_next_purchase",
    }
    tests = {
        unique_id for unique_id in nodes_of(manifest, "test")
        if manifest["nodes"][unique_id]["original_file_path"].startswith(
            "models/ads/ltv/"
        )
    }
    assert tables(selected("ltv")) == tables(
        with_parents(manifest, answers | tests)
    )


@pytest.mark.parametrize("name", ["back_fill", "ltv"])
def test_no_test_reads_what_an_empty_database_lacks(selected, manifest, name):
    """Else it would fail there, as its table was never built."""
    chosen = selected(name)
    tests = {one for one in chosen if one.startswith("test.")}
    assert len(tests) > 400
    lacking = {
        test: needed for test in tests
        for needed in manifest["nodes"][test]["depends_on"]["nodes"]
        if needed in manifest["nodes"] and needed not in chosen
    }
    assert lacking == {}


# -- what is changed --------------------------------------------------------


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The sources and a model over one of them; parse(database) returns the
    folder with its manifest, and changed(state, database) what is changed."""
    folder = small_project(tmp_path_factory.mktemp("state"), PROJECT, "flags")
    shutil.copy(PROJECT / "selectors.yml", folder)
    (folder / "models" / "staging").mkdir()
    shutil.copy(
        PROJECT / "models" / "staging" / "_ods__sources.yml",
        folder / "models" / "staging",
    )
    write(folder, "select customer_id from")
    return folder


def write(folder, begin):
    (folder / "models" / "first.sql").write_text(
        f"{begin} {{{{ source('ods', 'ods_cst_customer') }}}}\n"
    )


def call(folder, database, *words):
    result = subprocess.run(
        [
            *warm_dbt.command(), "--quiet", *words, "--project-dir", folder,
            "--profiles-dir", folder, "--log-path", folder / "logs",
        ],
        cwd=folder, capture_output=True, text=True, env={
            **os.environ, "CST_DUCKDB_PATH": str(folder / database),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "NO_COLOR": "1",
        },
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return {
        line.rpartition(".")[2] for line in result.stdout.split()
        if line.startswith(("cst.", "source:"))
    }


def changed(folder, database):
    return call(
        folder, database, "ls", "--selector", "changed", "--state", "before",
        "--target-path", folder / "target",
    )


def test_another_database_changes_nothing_and_an_edit_does(project):
    call(project, "night.duckdb", "parse", "--target-path", project / "before")
    assert changed(project, "ci.duckdb") == set()
    write(project, "select customer_id, city from")
    assert changed(project, "ci.duckdb") == {"first"}
    write(project, "select customer_id from")
