"""Every model, column, macro and test is documented; layers hold."""

import re
from pathlib import PurePosixPath

import pytest

PUBLIC_LAYERS = ("dim", "dws", "ads")

# What a layer reads. Raw tables are sources, or the seeds of the sample.
PARENTS = {
    "staging": {"raw", "staging"},
    "intermediate": {"staging", "intermediate", "rules"},
    "dim": {"staging", "intermediate", "dim", "rules"},
    "dws": {"intermediate", "dim", "dws", "rules"},
    "ads": {"dim", "dws", "ads"},
}

# Models that read more, and why.
EXCEPTIONS = {
    "ads_cst_data_quality": (
        {"intermediate", "rules"},
        "counts the rows that never reach dws, and names the reasons",
    ),
    "ads_cst_rejected_row": (
        {"intermediate", "rules"},
        "shows the rows that never reach dws, and names the reasons",
    ),
    "ads_cst_cohort_retention": (
        {"intermediate"},
        "cohort months are sums for this mart alone, no fact",
    ),
    "ads_cst_repurchase": (
        {"intermediate"},
        "who bought a second time is counted for this mart alone, no fact",
    ),
    "ads_cst_service_impact": (
        {"intermediate"},
        "the first ticket of a period is picked for this mart alone, no fact",
    ),
    "ads_cst_ltv": (
        {"intermediate"},
        "a prediction is no business fact, so dws has none",
    ),
    "ads_cst_ltv_backtest": (
        {"intermediate"},
        "judges predictions, which no fact holds",
    ),
}

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
    """The layer of a model; `raw` or `rules` of what is not a model."""
    if node["resource_type"] == "source":
        return "raw"
    folder = PurePosixPath(node["original_file_path"]).parts[1]
    is_sample = node["resource_type"] == "seed" and folder == "ods"
    return "raw" if is_sample else folder


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
        where table_schema in ('cst_dim', 'cst_dws', 'cst_ads')
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


def test_layers_read_only_the_layers_below(manifest, models):
    nodes = {**manifest["nodes"], **manifest["sources"]}
    problems = []
    for name, model in models.items():
        own = layer(model)
        allowed = PARENTS.get(own)
        if allowed is None:
            problems.append(f"{name}: models/{own}/ is no layer")
            continue
        if name in EXCEPTIONS:
            allowed = allowed | EXCEPTIONS[name][0]
        for parent in model["depends_on"]["nodes"]:
            if layer(nodes[parent]) not in allowed:
                problems.append(f"{name} ({own}) reads {parent}")
    report(problems)


def test_layer_exceptions_are_all_needed(manifest, models):
    problems = []
    for name, (extra, _) in EXCEPTIONS.items():
        if name not in models:
            problems.append(f"{name}: no such model")
            continue
        parents = models[name]["depends_on"]["nodes"]
        layers = {layer(manifest["nodes"][parent]) for parent in parents}
        for unused in extra - layers:
            problems.append(f"{name}: reads no {unused}, drop the exception")
    report(problems)
