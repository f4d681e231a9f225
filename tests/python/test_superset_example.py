"""examples/superset: what Superset imports names what there is, and its SQL
says what the marts say. Superset itself is not needed."""

import sys
from zipfile import ZipFile

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
def bundles(published_sample, tmp_path_factory):
    """Both bundles, as they are read from their files."""
    folder = tmp_path_factory.mktemp("superset")
    patch = pytest.MonkeyPatch()
    patch.setattr(sys, "argv", ["", str(published_sample), str(folder)])
    superset.main()
    patch.undo()
    found = {}
    for path in folder.glob("*.zip"):
        with ZipFile(path) as bundle:
            found[path.stem] = {
                name.removeprefix("cst/"): yaml.safe_load(bundle.read(name))
                for name in bundle.namelist()
            }
    return found


def part(bundle, folder):
    """The files of a folder, by their names."""
    return {
        name.removeprefix(f"{folder}/").removesuffix(".yaml"): content
        for name, content in bundle.items() if name.startswith(f"{folder}/")
    }


@pytest.fixture(scope="module")
def datasets(bundles):
    return part(bundles["datasets"], "datasets/cst")


@pytest.fixture(scope="module")
def charts(bundles):
    return part(bundles["dashboard"], "charts")


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


def by_month(charts, by_uuid, published, name):
    """The numbers of a chart: of each month, a list."""
    chart = charts[name]
    dataset = by_uuid[chart["dataset_uuid"]]
    params = chart["params"]
    metrics = params.get("metrics") or [params["metric"]]
    values = ", ".join(expression(metric, dataset) for metric in metrics)
    groups = ", ".join(
        ["1"] + [f"{column}" for column in params.get("groupby", [])]
    )
    found = published.execute(
        f"select strftime({params['x_axis']}, '%Y-%m') as month, {values} "
        f"from {dataset['schema']}.{dataset['table_name']} "
        f"where {conditions(chart)} group by {groups}"
    ).fetchall()
    return {} if params.get("groupby") == ["order_channel"] else {
        month: list(rest) for month, *rest in found
    }


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
        for dataset in datasets.values() for column in dataset["columns"]
    ] == wanted


def test_names_are_chinese_and_of_one_column_each(datasets):
    for dataset in datasets.values():
        names = [column["verbose_name"] for column in dataset["columns"]]
        assert len(set(names)) == len(names), dataset["table_name"]
        assert all(
            any("\u4e00" <= letter <= "\u9fff" for letter in name)
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


def test_every_chart_stands_on_the_dashboard_once(bundles, charts):
    (dashboard,) = part(bundles["dashboard"], "dashboards").values()
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
    def wanted(columns, table="ads_cst_overview"):
        return {
            month: list(rest) for month, *rest in published.execute(
                f"select period_code, {columns} from cst_ads.{table} "
                "where period_type = 'month' and cut_code = 'total' "
                "and is_complete"
            ).fetchall()
        }

    for name, columns in {
        "net_amount": "net_amount",
        "buyers": "buyer_count",
        "orders": "order_count",
        "repeat_rate": "repeat_buyer_rate",
        "buyers_by_kind": "new_buyer_count, returning_buyer_count",
        "rates": "gross_margin_rate, repurchase_rate",
        "months": "net_amount, order_count, buyer_count, new_buyer_count, "
        "net_amount_per_buyer, net_amount_per_order, units_per_order, "
        "gross_margin_rate, repeat_buyer_rate, repurchase_rate",
    }.items():
        assert by_month(charts, by_uuid, published, name) == wanted(columns)
    assert by_month(charts, by_uuid, published, "balance") == wanted(
        "new_customer_count, won_back_customer_count, churned_customer_count",
        "ads_cst_customer_balance",
    )


# -- database ---------------------------------------------------------------


def test_superset_only_reads(bundles, published_sample):
    for bundle in bundles.values():
        database = bundle["databases/cst.yaml"]
        assert database["sqlalchemy_uri"] == f"duckdb:///{published_sample}"
        assert database["extra"]["engine_params"]["connect_args"] == {
            "read_only": True
        }
        assert not any(
            database[f"allow_{what}"] for what in ("ctas", "cvas", "dml")
        )
