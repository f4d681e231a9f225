"""The models are short and their chains too, and we count that correctly."""

import json
import subprocess
import sys

import pytest
from conftest import PROJECT
from scripts import measure_models
from scripts.measure_models import (
    Measures,
    Model,
    count_ctes,
    longest_path,
    model_parents,
)

# -- CTEs -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select 1 as one", 0),
        ("with a as (select 1), b as (\n\n    select 2\n)\nselect *", 2),
        ("WITH a AS (SELECT 1), b (x, y) AS (SELECT 1, 2) SELECT *", 2),
        ("with recursive a as not materialized (select 1) select *", 1),
        # in a subquery
        ("select * from (with a as (select 1) select * from a)", 1),
        # what else stands before a bracket
        ("select cast(x as decimal(18, 2)), count(*) as n from (t)", 0),
        ("select 1 from t window w as (partition by x order by y)", 0),
        ("select 1 from t window w as ({{ frame }})", 0),
        # a CTE of one union, of one macro, of brackets
        ("with a as (\n    {{ union_of('b', 'c') }}\n) select *", 1),
        ("with a as ((select 1) union all (select 2)) select *", 1),
        ("with a as (\n    {% if x %} select 1 {% endif %}) select *", 1),
    ],
)
def test_ctes_are_counted(sql, expected):
    assert count_ctes(sql) == expected


def test_a_cte_in_a_loop_counts_once():
    sql = """
        {% set windows = [30, 60, 90] %}
        with
        {% for days in windows %}
        {# the customers who bought, not all (as (select) suggests #}
        bought_{{ days }} as (
            select * from {{ ref('orders') }} where age <= {{ days }}
        ),
        {% endfor %}
        final as (select * from bought_{{ windows | last }})
        select * from final
    """
    assert count_ctes(sql) == 2


@pytest.mark.parametrize(
    "comment",
    [
        "-- old as (select 1), it's gone",
        "/* old as (\n select 1) */",
        "{# old as (select 1) #}",
        "{% set text = 'old as (select 1)' %}",
        "{{ log('old as (select 1) }}') }}",
    ],
)
def test_a_cte_in_a_comment_does_not_count(comment):
    assert count_ctes(f"{comment}\nwith a as (select 1) select *") == 1


def test_a_cte_in_a_text_does_not_count():
    sql = "with a as (select 'b as (select ''x'' {{ c('d') }}') select *"
    assert count_ctes(sql) == 1


# -- path -------------------------------------------------------------------


def test_longest_path_takes_the_long_way_round():
    parents = {
        "mart": ["source_rows", "fact"],
        "fact": ["source_rows", "step"],
        "step": ["source_rows"],
        "source_rows": [],
        "lonely": [],
    }
    assert longest_path(parents) == ["source_rows", "step", "fact", "mart"]


def test_longest_path_of_equal_ones_is_the_first_by_name():
    assert longest_path({"b": [], "a": [], "c": ["b", "a"]}) == ["a", "c"]


def node(name, parents=(), **more):
    return f"model.cst.{name}", {
        "name": name,
        "resource_type": "model",
        "package_name": "cst",
        "depends_on": {"nodes": list(parents)},
        **more,
    }


def test_only_our_models_are_on_the_path():
    manifest = {
        "nodes": dict(
            [
                node("a", ["seed.cst.sample", "source.cst.raw"]),
                node("b", ["model.cst.a", "model.other.helper"]),
                node("helper", package_name="other"),
                node("a_is_unique", ["model.cst.a"], resource_type="test"),
            ]
        )
    }
    assert model_parents(manifest) == {"a": [], "b": ["a"]}


# -- limits -----------------------------------------------------------------


def test_measures_on_the_limits_pass():
    models = [Model(f"m{i}", 80, 4) for i in range(8)]
    models += [Model("nine", 150, 9), Model("ten", 200, 20)]
    path = [f"m{i}" for i in range(20)]
    assert Measures(models, path).violations() == []


def test_each_limit_has_a_line_of_its_own():
    models = [Model(f"m{i}", 201, 5) for i in range(2)]
    path = [f"m{i}" for i in range(21)]
    median_lines, median_ctes, share, most, longest = Measures(
        models, path
    ).violations()
    assert median_lines == "the median model has 201 lines, more than 80"
    assert median_ctes == "the median model has 5 CTEs, more than 4"
    assert share.startswith("0% of the models have at most 150 lines")
    assert most.endswith("more than 200 lines: m0 (201), m1 (201)")
    assert "has 21 models, more than 20: m0 > m1 > " in longest


def test_a_share_just_below_its_limit_does_not_look_like_it():
    assert measure_models.percent(0.8999) == "89.9%"
    assert measure_models.percent(0.9) == "90%"


# -- the program ------------------------------------------------------------


def run(*args):
    return subprocess.run(
        [sys.executable, PROJECT / "scripts" / "measure_models.py", *args],
        capture_output=True,
        text=True,
    )


@pytest.fixture
def small_project(tmp_path):
    (tmp_path / "target").mkdir()
    (tmp_path / "models" / "dim").mkdir(parents=True)
    (tmp_path / "models" / "first.sql").write_text("select 1\n")
    (tmp_path / "models" / "dim" / "second.sql").write_text(
        "with\n\na as (\n    select 1\n)\n\nselect * from a\n"
    )
    manifest = {
        "nodes": dict(
            [
                node("first"),
                node("fit", ["model.cst.first"]),
                node("second", ["model.cst.fit"]),
            ]
        )
    }
    path = tmp_path / "target" / "manifest.json"
    path.write_text(json.dumps(manifest))
    return tmp_path


def test_a_project_is_measured(small_project):
    result = run("--models", "--check", "--project-dir", small_project)
    assert result.returncode == 0, result.stderr
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["7", "1", "second"] in lines
    assert ["1", "0", "first"] in lines
    assert ["SQL", "models", "2"] in lines
    assert ["median", "lines", "4", "80"] in lines
    assert ["longest", "path", "3", "20"] in lines
    assert ["2", "fit"] in lines


def test_an_old_manifest_is_refused(small_project):
    (small_project / "models" / "new.sql").write_text("select 1\n")
    result = run("--project-dir", small_project)
    assert result.returncode == 1
    assert result.stderr == (
        "measure_models: target/manifest.json does not know new: "
        "run `dbt parse`\n"
    )


def test_a_missing_manifest_is_refused(small_project):
    (small_project / "target" / "manifest.json").unlink()
    result = run("--project-dir", small_project)
    assert result.returncode == 1
    assert "manifest.json is missing: run `dbt parse`" in result.stderr


def test_the_project_keeps_the_limits(manifest):
    """What `make measure` checks, on the project as it stands."""
    measures = measure_models.measure(PROJECT / "models", manifest)
    violations = measures.violations()
    assert not violations, "\n" + "\n".join(violations)
