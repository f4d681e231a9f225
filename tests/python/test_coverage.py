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


@pytest.mark.parametrize(
    ("test_name", "prefix", "for_a_column"),
    [
        ("not_null_columns", "not_null", "not_null"),
        ("columns_in_range", "in_range", "accepted_range"),
    ],
)
def test_columns_are_tested_once_for_each_model(
    manifest, test_name, prefix, for_a_column
):
    """In the order of the columns. A test costs dbt more than it costs DuckDB:
    those of nulls in each column were a fifth of a build."""
    problems = [
        f"{test['name']}: a column for {test_name}"
        for test in data_tests(manifest, for_a_column)
    ]
    seen = set()
    for test in data_tests(manifest, test_name):
        node = manifest["nodes"][test["attached_node"]]
        arguments = test["test_metadata"]["kwargs"]
        for part in arguments.get("ranges", [arguments]):
            ordered = [name for name in node["columns"] if name in part["columns"]]
            if part["columns"] != ordered:
                problems.append(f"{test['name']}: not in order, or no columns")
        if not test["config"]["where"]:
            name = f"{prefix}_{node['name']}"
            if test["name"] != name:
                problems.append(f"{test['name']}: call it {name}")
            if name in seen:
                problems.append(f"{test['name']}: there are two")
            seen.add(name)
    report(problems)


def test_each_model_has_columns_that_are_not_null(manifest, models):
    """Those that are unique are among them."""
    columns = {model["unique_id"]: [] for model in models.values()}
    for test in data_tests(manifest, "not_null_columns"):
        columns.setdefault(test["attached_node"], []).extend(
            test["test_metadata"]["kwargs"]["columns"]
        )
    problems = [f"{key}: none" for key in columns if not columns[key]]
    problems += [
        f"{test['name']}: {test['column_name']} may be null"
        for test in data_tests(manifest, "unique")
        if test["attached_node"].startswith("model.")
        and test["column_name"] not in columns[test["attached_node"]]
    ]
    report(problems)


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
