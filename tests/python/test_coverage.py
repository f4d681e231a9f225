"""Every model, column, macro and test is documented."""

import re
from pathlib import PurePosixPath

import pytest

PUBLIC_LAYERS = ("dim", "dwd", "dws", "ads")

DISPATCHED = re.compile(r"^(default|duckdb|spark)__")


@pytest.fixture(scope="module")
def models(manifest):
    return {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and is_ours(node)
    }


def is_ours(node):
    return node["package_name"] == "cst"


def layer(node):
    return PurePosixPath(node["original_file_path"]).parts[1]


def data_tests(manifest, name):
    """Our generic data tests of this name."""
    return [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and is_ours(node)
        and (node.get("test_metadata") or {}).get("name") == name
    ]


def report(problems):
    problems = sorted(problems)
    assert not problems, "\n" + "\n".join(problems)


def test_each_model_has_a_description(models):
    report(
        f"{name}: no description"
        for name, model in models.items()
        if not model["description"].strip()
    )


def test_each_model_has_a_data_test(manifest, models):
    tested = {
        node.get("attached_node")
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
    }
    report(
        f"{name}: no data test"
        for name, model in models.items()
        if model["unique_id"] not in tested
    )


def test_nulls_are_tested_once_for_each_model(manifest, models):
    """By one test, in the order of the columns. A test for each column cost
    more than a third of a build."""
    problems = []
    for test in data_tests(manifest, "not_null"):
        problems.append(f"{test['name']}: a column for not_null_columns")
    columns_of_tests = {}
    for test in data_tests(manifest, "not_null_columns"):
        node = manifest["nodes"][test["attached_node"]]
        columns = test["test_metadata"]["kwargs"]["columns"]
        if columns != [name for name in node["columns"] if name in columns]:
            problems.append(f"{test['name']}: not the order of the columns")
        if not test["config"]["where"]:
            name = f"not_null_{node['name']}"
            if test["name"] != name:
                problems.append(f"{test['name']}: call it {name}")
            if node["name"] in columns_of_tests:
                problems.append(f"{test['name']}: there are two")
        columns_of_tests.setdefault(node["name"], []).extend(columns)
    for name in models:
        if name not in columns_of_tests:
            problems.append(f"{name}: no column has to have a value")
    report(problems)


def test_a_unique_column_is_not_null(manifest, models):
    columns = {}
    for test in data_tests(manifest, "not_null_columns"):
        columns.setdefault(test["attached_node"], []).extend(
            test["test_metadata"]["kwargs"]["columns"]
        )
    report(
        f"{test['name']}: {test['column_name']} may be null"
        for test in data_tests(manifest, "unique")
        if test["attached_node"].startswith("model.")
        and test["column_name"] not in columns.get(test["attached_node"], [])
    )


def test_public_models_enforce_a_contract(models):
    report(
        f"{name}: no enforced contract"
        for name, model in models.items()
        if layer(model) in PUBLIC_LAYERS
        and not model["config"]["contract"]["enforced"]
    )


def test_public_columns_are_documented_in_order(models, sample_database):
    """YAML and the built tables have the same columns in the same order."""
    rows = sample_database.execute(
        """
        select table_name, column_name
        from information_schema.columns
        where table_schema in ('cst_dim', 'cst_dwd', 'cst_dws', 'cst_ads')
        order by table_name, ordinal_position
        """
    ).fetchall()
    built = {}
    for table, column in rows:
        built.setdefault(table, []).append(column)

    problems = []
    for name, model in models.items():
        if layer(model) not in PUBLIC_LAYERS:
            continue
        columns = built.get(name, [])
        documented = list(model["columns"])
        if not columns:
            problems.append(f"{name}: not built")
        for column in columns:
            if column not in documented:
                problems.append(f"{name}.{column}: not in YAML")
        for column in documented:
            if column not in columns:
                problems.append(f"{name}.{column}: in YAML, not in the table")
            if not model["columns"][column]["description"].strip():
                problems.append(f"{name}.{column}: no description")
        if sorted(columns) == sorted(documented) and columns != documented:
            first = next(
                pair for pair in zip(columns, documented) if len(set(pair)) > 1
            )
            problems.append(
                f"{name}: order differs, first {first[0]} in the table but "
                f"{first[1]} in YAML"
            )
    report(problems)


def test_each_macro_is_documented_with_types(manifest):
    """Versions of a dispatched macro have the documentation of its name."""
    problems = []
    for macro in manifest["macros"].values():
        name = macro["name"]
        if not is_ours(macro) or DISPATCHED.match(name):
            continue
        if not macro["description"].strip():
            problems.append(f"{name}: no description")
        for argument in macro["arguments"]:
            if not (argument.get("type") or "").strip():
                problems.append(f"{name}({argument['name']}): no type")
            if not (argument.get("description") or "").strip():
                problems.append(f"{name}({argument['name']}): no description")
    report(problems)


def test_each_singular_test_has_a_description(manifest):
    report(
        f"{node['name']}: no description"
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and is_ours(node)
        and not node.get("test_metadata")
        and not node["description"].strip()
    )
