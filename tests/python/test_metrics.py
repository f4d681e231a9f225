"""The registry of metrics is the one source: what follows from it says the same.

`test_metricflow.py` compares its numbers with the marts.
"""

import re

import pytest

from scripts.write_metrics import (
    MODELS,
    PAGE,
    SOURCES,
    conditions,
    dbt_metric,
    models_text,
    page_text,
    parts,
    read_registry,
)

METRICS = read_registry()
BY_CODE = {metric["metric_code"]: metric for metric in METRICS}
WORD = re.compile(r"(?<!')\b[a-z][a-z0-9_]*\b(?!')")
SQL_WORDS = {"and", "not", "null", "is", "in", "cast", "as", "integer"}


@pytest.fixture(scope="module")
def tables(manifest):
    """Public tables by name: their columns with description and type."""
    return {
        node["name"]: node["columns"] for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and "public" in node["tags"]
    }


# -- what is written from it --------------------------------------------------


def test_dbt_has_the_metrics_of_the_registry():
    assert MODELS.read_text(encoding="utf-8") == models_text(METRICS), (
        "run make metrics"
    )


def test_the_page_has_the_metrics_of_the_registry():
    page = PAGE.read_text(encoding="utf-8")
    assert page_text(page, METRICS) == page, "run make metrics"
    assert all(f"`{code}`" in page for code in BY_CODE)


def test_dim_cst_metric_has_the_metrics_of_the_registry(sample_database):
    found = sample_database.execute(
        f"select {', '.join(METRICS[0])} from cst_dim.dim_cst_metric "
        "order by metric_rank"
    ).fetchall()
    assert found == [
        tuple(
            int(value) if name == "metric_rank" else value or None
            for name, value in metric.items()
        )
        for metric in METRICS
    ]


def test_dbt_knows_them_and_counts_time_by_dim_date(manifest):
    assert {
        metric["name"] for metric in manifest["metrics"].values()
        if metric["package_name"] == "cst"
    } == BY_CODE.keys()
    spines = [
        node["name"] for node in manifest["nodes"].values()
        if node.get("time_spine")
    ]
    assert spines == ["dim_date"]


# -- what it names is there ---------------------------------------------------


def names(text):
    """Columns, or metrics, that an expression names."""
    return set(WORD.findall(text)) - SQL_WORDS


def test_tables_and_columns_are_there(tables):
    found = []
    for code, metric in BY_CODE.items():
        if metric["metric_kind"] == "composite":
            named, known = names(metric["expression"]), BY_CODE.keys()
        else:
            known = tables[metric["source_table"]].keys()
            named = names(metric["expression"]) | {metric["date_column"]}
            named |= names(metric["filter_expression"])
        found += [(code, name) for name in named - known]
    assert not found


def test_cuts_are_columns_of_what_they_are_of(tables):
    by_entity = {source.entity: name for name, source in SOURCES.items()}
    for code, metric in BY_CODE.items():
        reached = {by_entity[cut.partition("__")[0]] for cut in
                   metric["cuts"].split()}
        for cut in metric["cuts"].split():
            entity, _, column = cut.partition("__")
            assert column in tables[by_entity[entity]], (code, cut)
        if metric["source_table"]:
            source = SOURCES[metric["source_table"]]
            assert reached <= {
                by_entity[entity] for entity in (source.entity, *source.others)
            }, code


def test_a_composite_metric_may_be_asked_by_what_all_its_parts_may():
    for code, metric in BY_CODE.items():
        for part in parts(metric) if not metric["source_table"] else ():
            assert set(metric["cuts"].split()) <= set(
                BY_CODE[part]["cuts"].split()
            ), (code, part)


def test_metrics_of_a_table_go_by_one_date():
    dates = {}
    for metric in METRICS:
        dates.setdefault(metric["source_table"], set()).add(
            metric["date_column"]
        )
    assert all(len(found) == 1 for found in dates.values()), dates


def test_what_cannot_add_up_does_not_say_so():
    """`test_metricflow.py` adds up what is said to, and what is not."""
    for code, metric in BY_CODE.items():
        if metric["metric_kind"] == "composite":
            assert metric["metric_additivity"] == "none", code
        if metric["metric_additivity"] == "full":
            assert metric["metric_period"] == "any", code


def test_a_derived_metric_is_a_part_of_an_atomic_one():
    for code, metric in BY_CODE.items():
        if metric["metric_kind"] == "derived":
            base = BY_CODE[metric["base_metric_code"]]
            assert base["metric_kind"] == "atomic", code
            assert base["unit_en"] == metric["unit_en"], code


def test_a_period_is_that_of_the_code_and_of_the_parts():
    for code, metric in BY_CODE.items():
        period = metric["metric_period"]
        assert code.endswith("_90d") == (period == "days_90"), code
        if metric["metric_kind"] == "composite":
            assert period in {
                BY_CODE[part]["metric_period"] for part in parts(metric)
            }, code
        else:
            assert (metric["date_column"] == "period_start_date") == (
                period == "month"
            ), code


def test_a_unit_has_one_name_in_each_language():
    units = {(metric["unit_zh"], metric["unit_en"]) for metric in METRICS}
    for language in zip(*units, strict=True):
        assert len(set(language)) == len(units), sorted(units)


@pytest.mark.parametrize(("language", "signs", "note"), [
    ("zh", {"/": "÷", "-": "−"}, "；"),
    ("en", {"/": "÷", "-": "-"}, "; "),
])
def test_the_formula_of_a_composite_metric_is_its_expression(
    language, signs, note
):
    """In the names of the metrics that it is made of."""
    for code, metric in BY_CODE.items():
        if metric["metric_kind"] == "composite":
            words = [
                signs.get(word) or BY_CODE[word][f"metric_name_{language}"]
                for word in metric["expression"].split()
            ]
            formula, _, _ = metric[f"formula_{language}"].partition(note)
            assert formula.lower() == " ".join(words).lower(), code


# -- columns that are a metric ------------------------------------------------


def is_said(metric, description):
    """Whether a column's words, up to what null means, have the name of the
    metric that it is, whole, and then its unit in brackets."""
    name, unit = re.escape(metric["metric_name_zh"]), re.escape(metric["unit_zh"])
    said = " ".join(description.split()).partition("空值")[0]
    return bool(re.search(rf"(?<!\w){name}（{unit}[，）]", said))


@pytest.mark.parametrize(("description", "is_right"), [
    ("Net amount. 净额（本位币）= 实付 − 退款。", True),
    ("Net amount. 净额（本位币，含运费）。", True),
    ("Net amount. 净额。", False),
    ("Net amount. 净额（元）。", False),
    ("Net amount. 净额；空值：没有净额（本位币）。", False),
    ("Net amount. 净额率（本位币）。", False),
    ("Net amount. 上期净额（本位币）。", False),
])
def test_the_rule_for_columns(description, is_right):
    metric = {"metric_name_zh": "净额", "unit_zh": "本位币"}
    assert is_said(metric, description) == is_right


def test_a_column_that_is_a_metric_has_its_name_and_unit(tables):
    found, asked = [], 0
    for metric in METRICS:
        for name in metric["public_columns"].split():
            table, _, column = name.partition(".")
            asked += 1
            if not is_said(metric, tables[table][column]["description"]):
                found.append(
                    f"{name}: {metric['metric_name_zh']}（{metric['unit_zh']}）"
                )
    assert not found, "\n".join(found)
    assert asked > 60


def test_a_column_is_no_more_than_one_metric():
    columns = [
        name for metric in METRICS for name in metric["public_columns"].split()
    ]
    assert len(columns) == len(set(columns))


def test_a_column_with_the_code_of_a_metric_is_that_metric(tables):
    """Of the marts of periods: one name for one number."""
    for table in (
        "ads_cst_overview", "ads_cst_overview_rolling", "ads_cst_customer_balance",
    ):
        for column in tables[table].keys() & BY_CODE.keys():
            assert (
                f"{table}.{column}" in BY_CODE[column]["public_columns"].split()
                or column in OTHER_PERIODS
            ), (table, column)


# Of the rolling windows: the window before, not the month before.
OTHER_PERIODS = {"previous_buyer_count"}


# -- how it is written --------------------------------------------------------


def test_a_modifier_is_a_filter_or_a_part_of_the_number():
    metric = {
        **BY_CODE["new_buyer_count"],
        "filter_expression":
            "is_counted and units > 0 and order_channel = 'app'",
    }
    assert conditions(metric) == (
        ["is_counted", "order_channel = 'app'"], ["units > 0"]
    )
    assert dbt_metric(metric)["filter"] == (
        "{{ Dimension('purchase__is_counted') }} and "
        "{{ Dimension('purchase__order_channel') }} = 'app'"
    )
    assert "filter" not in dbt_metric({**metric, "filter_expression": ""})


def test_a_quotient_is_a_ratio_and_anything_else_is_derived():
    rate = BY_CODE["net_amount_per_buyer"]
    assert dbt_metric(rate)["type_params"] == {
        "numerator": "net_amount", "denominator": "buyer_count",
    }
    difference = dbt_metric(BY_CODE["returning_buyer_count"])
    assert difference["type"] == "derived"
    assert difference["type_params"]["metrics"] == [
        "buyer_count", "new_buyer_count",
    ]
