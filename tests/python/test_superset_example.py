"""examples/superset: what Superset imports names what there is, and its SQL
says what the marts say. Superset itself is not needed."""

import sys

import duckdb
import pytest
import yaml

from examples.superset import __main__ as superset
from examples.superset.datasets import formulas

PUBLIC = "('cst_dim', 'cst_dwd', 'cst_dws', 'cst_ads')"


@pytest.fixture(scope="module")
def published(published_sample):
    """The published sample, opened as Superset opens it."""
    with duckdb.connect(str(published_sample), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def folder(published_sample, tmp_path_factory):
    """What is written, in a folder that had a file too many."""
    path = tmp_path_factory.mktemp("superset")
    (path / "datasets").mkdir()
    (path / "datasets" / "table_of_yesterday.yaml").write_text("{}")
    patch = pytest.MonkeyPatch()
    patch.setattr(superset, "FOLDER", path)
    patch.setattr(sys, "argv", ["", str(published_sample)])
    superset.main()
    patch.undo()
    return path


def read(folder):
    """The files of a folder, by their names."""
    return {
        path.stem: yaml.safe_load(path.read_text())
        for path in sorted(folder.rglob("*.yaml"))
    }


@pytest.fixture(scope="module")
def datasets(folder):
    return read(folder / "datasets")


@pytest.fixture(scope="module")
def charts(folder):
    return read(folder / "charts")


@pytest.fixture(scope="module")
def by_uuid(datasets):
    return {dataset["uuid"]: dataset for dataset in datasets.values()}


def expression(metric, dataset):
    """The SQL of a chart's metric: the dataset's own, or a column's."""
    if isinstance(metric, str):
        (found,) = (
            one["expression"] for one in dataset["metrics"]
            if one["metric_name"] == metric
        )
        return found
    return f"{metric['aggregate']}({metric['column']['column_name']})"


def conditions(chart):
    """The filters of a chart as SQL; that of the time lets everything in."""
    found = ["true"]
    for one in chart["params"]["adhoc_filters"]:
        if one["operator"] == "IS TRUE":
            found.append(one["subject"])
        elif one["operator"] == "==":
            found.append(f"{one['subject']} = '{one['comparator']}'")
        else:
            assert one["comparator"] == "No filter"
    return " and ".join(found)


def numbers(charts, by_uuid, published, name):
    """What a chart shows: of each month, and value of what it tells apart."""
    chart = charts[name]
    dataset = by_uuid[chart["dataset_uuid"]]
    params = chart["params"]
    metrics = params.get("metrics") or [params["metric"]]
    keys = [
        f"strftime({params['x_axis']}, '%Y-%m')", *params.get("groupby", []),
    ]
    values = [expression(metric, dataset) for metric in metrics]
    return published.execute(
        f"select {', '.join(keys + values)} "
        f"from {dataset['schema']}.{dataset['table_name']} "
        f"where {conditions(chart)} "
        f"group by {', '.join(keys)} order by {', '.join(keys)}"
    ).fetchall()


# -- datasets ---------------------------------------------------------------


def test_every_public_column_is_there_in_order_with_its_words(
    datasets, published
):
    wanted = published.execute(
        "select schema_name, table_name, column_name, data_type, comment "
        f"from duckdb_columns() where schema_name in {PUBLIC} "
        "order by schema_name, table_name, column_index"
    ).fetchall()
    assert len(wanted) > 1000
    assert [
        (
            dataset["schema"], dataset["table_name"], column["column_name"],
            column["type"], column["description"],
        )
        for dataset in sorted(
            datasets.values(),
            key=lambda one: (one["schema"], one["table_name"]),
        )
        for column in dataset["columns"]
    ] == wanted


def test_names_are_chinese_and_of_one_column_each(datasets):
    for dataset in datasets.values():
        names = [column["verbose_name"] for column in dataset["columns"]]
        assert len(set(names)) == len(names), dataset["table_name"]
        assert all(
            any("\u4e00" <= letter <= "\u9fff" for letter in name)
            # as Chinese teams say it, too
            or name == "LTV"
            for name in names
        )
    overview = {
        column["column_name"]: column["verbose_name"]
        for column in datasets["ads_cst_overview"]["columns"]
    }
    assert overview["buyer_count"] == "买家数"
    assert overview["cut_code_zh"] == "分析维度（cut_code_zh）"


def test_metrics_are_those_of_the_registry(datasets, published):
    registry = dict(published.execute(
        "select metric_code, metric_name_zh from cst_dim.dim_cst_metric"
    ).fetchall())
    found = {
        metric["metric_name"]: metric["verbose_name"]
        for dataset in datasets.values() for metric in dataset["metrics"]
    }
    # It divides a number of one table by one of another.
    assert registry.pop("ticket_customer_rate_90d")
    assert found == registry


def test_the_sql_of_every_metric_runs(datasets, published):
    for dataset in datasets.values():
        if dataset["metrics"]:
            values = ", ".join(one["expression"] for one in dataset["metrics"])
            row = published.execute(
                f"select {values} "
                f"from {dataset['schema']}.{dataset['table_name']}"
            ).fetchone()
            assert None not in row, (dataset["table_name"], row)


def test_metrics_of_orders_are_those_of_the_overview(datasets, published):
    orders = datasets["dwd_trd_order"]
    overview = [
        column["column_name"]
        for column in datasets["ads_cst_overview"]["columns"]
    ]
    metrics = [
        metric for metric in orders["metrics"]
        if metric["metric_name"] in overview
    ]
    assert len(metrics) >= 10
    calculated = ", ".join(
        f"{one['expression']} as {one['metric_name']}" for one in metrics
    )
    names = ", ".join(one["metric_name"] for one in metrics)
    sold = published.execute(
        f"select strftime(purchase_date, '%Y-%m') as month, {calculated} "
        "from cst_dwd.dwd_trd_order where is_counted group by 1 order by 1"
    ).fetchall()
    wanted = published.execute(
        f"select period_code, {names} from cst_ads.ads_cst_overview "
        "where period_type = 'month' and cut_code = 'total' order by 1"
    ).fetchall()
    assert len(wanted) > 20
    for left, right in zip(sold, wanted, strict=True):
        assert left[0] == right[0]
        assert [float(x) for x in left[1:]] == pytest.approx(
            [float(x) for x in right[1:]], abs=0.005
        )


def test_a_formula_says_what_counts_and_does_not_divide_by_zero():
    metrics = [
        {
            "metric_code": code, "source_table": table, "aggregation": how,
            "expression": expression, "filter_expression": condition,
        }
        for code, table, how, expression, condition in (
            ("amount", "sales", "sum", "amount", "is_sold"),
            ("buyers", "sales", "count_distinct", "person", None),
            ("stock", "store", "max", "stock", None),
            ("per_buyer", None, None, "amount / buyers", None),
            ("turnover", None, None, "amount / stock", None),
        )
    ]
    assert formulas(metrics, "sales") == {
        "amount": "sum(case when is_sold then amount end)",
        "buyers": "count(distinct person)",
        "per_buyer": "sum(case when is_sold then amount end) "
        "/ nullif(count(distinct person), 0)",
    }


# -- dashboard --------------------------------------------------------------


def test_charts_name_columns_that_there_are(charts, by_uuid):
    assert len(charts) == 9
    for name, chart in charts.items():
        dataset = by_uuid[chart["dataset_uuid"]]
        columns = {column["column_name"] for column in dataset["columns"]}
        params = chart["params"]
        used = {
            params["x_axis"], *params.get("groupby", []),
            *(one["subject"] for one in params["adhoc_filters"]),
            *(
                metric["column"]["column_name"]
                for metric in params.get("metrics", [params.get("metric")])
                if isinstance(metric, dict)
            ),
        }
        assert used <= columns, name


def test_every_chart_stands_on_the_dashboard_once(folder, charts):
    (dashboard,) = read(folder / "dashboards").values()
    assert dashboard["dashboard_title"] == "经营月报"
    parts = dashboard["position"]
    shown = [
        one["meta"]["uuid"] for one in parts.values()
        if isinstance(one, dict) and one["type"] == "CHART"
    ]
    assert sorted(shown) == sorted(chart["uuid"] for chart in charts.values())
    for row in parts["GRID_ID"]["children"]:
        assert sum(
            parts[child]["meta"]["width"] for child in parts[row]["children"]
        ) == 12


def test_numbers_are_those_of_the_marts(charts, by_uuid, published):
    total = "cut_code = 'total' and is_complete"
    channels = "cut_code = 'order_channel' and order_count > 0"
    for name, table, columns, rows in (
        ("net_amount", "overview", "net_amount", total),
        ("buyers", "overview", "buyer_count", total),
        ("orders", "overview", "order_count", total),
        ("repeat_rate", "overview", "repeat_buyer_rate", total),
        (
            "buyers_by_kind", "overview",
            "new_buyer_count, returning_buyer_count", total,
        ),
        ("rates", "overview", "gross_margin_rate, repurchase_rate", total),
        ("channels", "overview", "cut_value, net_amount", channels),
        (
            "balance", "customer_balance", "new_customer_count, "
            "won_back_customer_count, churned_customer_count", total,
        ),
        (
            "months", "overview", "period_code, net_amount, order_count, "
            "buyer_count, new_buyer_count, net_amount_per_buyer, "
            "net_amount_per_order, units_per_order, gross_margin_rate, "
            "repeat_buyer_rate, repurchase_rate", total,
        ),
    ):
        wanted = published.execute(
            f"select period_code, {columns} from cst_ads.ads_cst_{table} "
            f"where period_type = 'month' and {rows} order by all"
        ).fetchall()
        assert len(wanted) > 20
        assert numbers(charts, by_uuid, published, name) == wanted, name


def test_the_table_begins_with_the_newest_month(charts):
    by = charts["months"]["params"]["timeseries_limit_metric"]
    assert by["column"]["column_name"] == "period_start_date"
    assert charts["months"]["params"]["order_desc"]


# -- database ---------------------------------------------------------------


def test_superset_only_reads(folder, published_sample):
    (database,) = read(folder / "databases").values()
    assert database["sqlalchemy_uri"] == f"duckdb:///{published_sample}"
    assert database["extra"]["engine_params"]["connect_args"] == {
        "read_only": True
    }
    assert not any(
        database[f"allow_{what}"] for what in ("ctas", "cvas", "dml")
    )
