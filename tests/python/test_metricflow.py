"""MetricFlow answers the metrics of the registry, with the numbers of the marts.

It runs in an environment of its own, over a copy of the sample. What it is
compared with is asked of the public tables, by SQL and pandas.
"""

import json
import math
import os
import re
import shutil
import subprocess

import pytest
from conftest import PROJECT

from scripts.write_metrics import parts, read_registry

METRICFLOW = PROJECT / ".venv-metrics" / "bin"
REGISTRY = {metric["metric_code"]: metric for metric in read_registry()}
MONTH = "metric_time__month"
DAY = "metric_time__day"
# Cuts of orders that are cuts of ads_cst_overview, too. The member level is
# not: here it is that of the purchase, there that before the period.
ORDER_CUTS = {
    "purchase__order_channel": "order_channel",
    "purchase__shop_id": "shop",
    "customer__acquisition_channel": "acquisition_channel",
    "customer__is_program_holdout": "program",
}
ITEM_METRICS = {
    "item_net_amount": "net_amount",
    "item_units": "units",
    "item_gross_profit_amount": "gross_profit_amount",
}
BY_CUT = ("ads_cst_overview", "ads_cst_customer_balance", "ads_cst_repurchase")
# Name of a flag's value, as overview has it.
WORDS = {True: "held_out", False: "in_program", None: "unknown"}
# To cents, in a mart.
ROUNDED = {"net_amount_per_buyer", "net_amount_per_order"}
COMPARED = set()


def metrics_of(table):
    """Codes of a table's metrics, and of those made of nothing else."""
    own = [
        code for code, metric in REGISTRY.items()
        if metric["source_table"] == table
    ]
    known = set(own)
    for code, metric in REGISTRY.items():
        if not metric["source_table"] and set(parts(metric)) <= known:
            own.append(code)
    return own


def cuts_of(table):
    """All that the metrics of a table may be asked by."""
    return list(dict.fromkeys(
        cut for code in metrics_of(table)
        for cut in REGISTRY[code]["cuts"].split()
    ))


def questions():
    """(metrics, group by) of every question that a test looks at."""
    orders = metrics_of("dwd_trd_order")
    for grain in ("day", "week", "month", "quarter", "year"):
        yield orders, [f"metric_time__{grain}"]
    for cut in cuts_of("dwd_trd_order"):
        yield orders, [MONTH, cut]
    for cut in cuts_of("dwd_trd_order_item"):
        yield list(ITEM_METRICS), [MONTH, cut]
    for grain in ("month", "year"):
        yield list(ITEM_METRICS), [f"metric_time__{grain}"]
    for table in BY_CUT:
        time = DAY if table == "ads_cst_repurchase" else MONTH
        yield metrics_of(table), [time]
        yield metrics_of(table), [time, *cuts_of(table)]
    for table in ("dws_cst_segmentation", "ads_cst_ltv", "dws_cst_behavior"):
        yield snapshot_metrics(table), [DAY]
        yield snapshot_metrics(table), [MONTH]
        for cut in cuts_of(table):
            yield snapshot_metrics(table), [DAY, cut]
    yield metrics_of("ads_cst_effect"), [DAY]


def snapshot_metrics(table):
    """With the one that two tables make."""
    also = {"dws_cst_behavior": ["ticket_customer_rate_90d"]}
    return metrics_of(table) + also.get(table, [])


@pytest.fixture(scope="module")
def metricflow(parsed_path, sample_path, tmp_path_factory):
    """Calls a command of MetricFlow's environment in a project of its own: what
    dbt parsed, and a copy of the sample, as DuckDB lets one process write."""
    folder = tmp_path_factory.mktemp("metricflow")
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(PROJECT / name, folder)
    (folder / "target").mkdir()
    shutil.copy(parsed_path / "semantic_manifest.json", folder / "target")
    # The file's name is the name of the database.
    shutil.copy(sample_path, folder / "cst.duckdb")

    def call(*command, given=None):
        result = subprocess.run(
            [METRICFLOW / command[0], *command[1:]],
            cwd=folder, input=given, check=False, capture_output=True,
            text=True, env={
                **os.environ,
                "CST_DUCKDB_PATH": str(folder / "cst.duckdb"),
                "DBT_PROFILES_DIR": str(folder),
                "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
                "DO_NOT_TRACK": "1",
            },
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    return call


@pytest.fixture(scope="module")
def answers(metricflow):
    """By what was asked by: rows of MetricFlow, {key: {metric: value}}."""
    asked = list(questions())
    found = {}
    answered = json.loads(metricflow(
        "python", PROJECT / "tests" / "python" / "ask_metricflow.py",
        given=json.dumps(asked),
    ))
    for (metrics, group_by), (names, rows) in zip(asked, answered, strict=True):
        cells = found.setdefault((metrics[0], *group_by), {})
        for row in rows:
            values = dict(zip(names, row, strict=True))
            key = (values[group_by[0]][:10], *(
                values[cut] for cut in group_by[1:]
            ))
            assert key not in cells, key
            cells[key] = {metric: values[metric] for metric in metrics}
    return found


def is_equal(metric, found, expected):
    if found is None or expected is None:
        return found is expected
    tolerance = 0.0050001 if metric in ROUNDED else 1e-9
    return math.isclose(
        float(found), float(expected), rel_tol=1e-9, abs_tol=tolerance
    )


def assert_equal(cells, rows, columns):
    """`cells` of MetricFlow and `rows` (key, then values of the columns) of a
    mart are the same; `columns` has the metric of each value."""
    expected = {}
    for row in rows:
        key, values = row[:-len(columns)], row[-len(columns):]
        expected[tuple(key)] = dict(zip(columns, values, strict=True))
    assert expected
    # What there is none of is a row of 0 and null in a mart, and none here.
    nobody = {
        key for key in expected.keys() - cells.keys()
        if not any(expected[key].values())
    }
    assert expected.keys() - nobody == cells.keys()
    different = [
        (key, metric, cells[key][metric], value)
        for key in cells
        for metric, value in expected[key].items()
        if not is_equal(metric, cells[key][metric], value)
    ]
    assert not different, different[:10]
    COMPARED.update(columns)


def mart_columns(metrics, table):
    """By metric, the column of the mart that is the same number."""
    columns = {}
    for code in metrics:
        for column in REGISTRY[code]["public_columns"].split():
            if column.startswith(f"{table}."):
                columns[code] = column.partition(".")[2]
    return columns


# -- marts with the same numbers --------------------------------------------


@pytest.mark.parametrize("grain", ["day", "week", "month", "quarter", "year"])
def test_orders_of_every_period(answers, sample_database, grain):
    columns = mart_columns(metrics_of("dwd_trd_order"), "ads_cst_overview")
    assert len(columns) == 16
    rows = sample_database.execute(f"""
        select period_start_date::varchar, {", ".join(columns.values())}
        from cst_ads.ads_cst_overview
        where period_type = '{grain}' and cut_code = 'total'
    """).fetchall()
    assert_equal(
        answers["order_count", f"metric_time__{grain}"], rows, columns
    )


@pytest.mark.parametrize("cut", ORDER_CUTS)
def test_orders_of_every_month_by_cut(answers, sample_database, cut):
    columns = mart_columns(metrics_of("dwd_trd_order"), "ads_cst_overview")
    rows = sample_database.execute(f"""
        select period_start_date::varchar, cut_value,
            {", ".join(columns.values())}
        from cst_ads.ads_cst_overview
        where period_type = 'month' and cut_code = '{ORDER_CUTS[cut]}'
    """).fetchall()
    cells = {
        (month, WORDS.get(value, value)): found
        for (month, value), found in answers["order_count", MONTH, cut].items()
    }
    assert_equal(cells, rows, columns)


def test_orders_by_the_level_of_their_moment(answers, sample_database):
    rows = sample_database.execute("""
        select date_trunc('month', purchase_date)::date::varchar, member_level,
            count(*), sum(net_amount), count(distinct orders.customer_id)
        from cst_dwd.dwd_trd_order as orders
        left join cst_dim.dim_cst_customer using (customer_key)
        where is_counted
        group by all
    """).fetchall()
    assert_equal(
        answers["order_count", MONTH, "customer__member_level"], rows,
        ["order_count", "net_amount", "buyer_count"],
    )


@pytest.mark.parametrize("cut", cuts_of("dwd_trd_order_item"))
def test_lines_of_every_month_by_cut(answers, sample_database, cut):
    rows = sample_database.execute(f"""
        select date_trunc('month', purchase_date)::date::varchar,
            {cut.partition("__")[2]}, sum(net_amount), sum(quantity),
            sum(gross_profit_amount)
        from cst_dwd.dwd_trd_order_item
        where is_counted
        group by all
    """).fetchall()
    assert_equal(answers["item_net_amount", MONTH, cut], rows, ITEM_METRICS)


def test_lines_of_every_month_by_category(answers, sample_database):
    """The mart's category unknown holds orders without lines besides."""
    rows = sample_database.execute(f"""
        select period_start_date::varchar, cut_value,
            {", ".join(ITEM_METRICS.values())}
        from cst_ads.ads_cst_overview
        where period_type = 'month' and cut_code = 'category'
            and cut_value <> 'unknown'
    """).fetchall()
    cells = answers["item_net_amount", MONTH, "purchase_item__category_1"]
    assert_equal(
        {key: found for key, found in cells.items() if key[1]}, rows,
        ITEM_METRICS,
    )


@pytest.mark.parametrize("table", BY_CUT[:2])
@pytest.mark.parametrize("is_cut", [False, True])
def test_months_of_a_mart_with_cuts(answers, sample_database, table, is_cut):
    """Without a cut, the total is found among its parts."""
    metrics = metrics_of(table)
    columns = mart_columns(metrics, table)
    if table == "ads_cst_overview":
        columns["monthly_buyer_count"] = "buyer_count"
    assert columns.keys() == set(metrics)
    values = [
        # A rate of the registry has no other denominator by level and tier.
        f"case when cut_code not in ('member_level', 'value_tier') then {name} end"
        if name == "previous_buyer_count" else name
        for name in columns.values()
    ]
    cut = "cut_code, cut_value," if is_cut else ""
    rows = sample_database.execute(f"""
        select period_start_date::varchar, {cut} {", ".join(values)}
        from cst_ads.{table}
        where period_type = 'month' {"" if is_cut else "and cut_code = 'total'"}
    """).fetchall()
    key = (metrics[0], MONTH, *(cuts_of(table) if is_cut else []))
    assert_equal(answers[key], rows, columns)


@pytest.mark.parametrize("is_cut", [False, True])
def test_repurchase_rates_of_every_snapshot(answers, sample_database, is_cut):
    metrics = metrics_of("ads_cst_repurchase")
    values = [
        f"max({column}) filter (where measure_code = '{measure}' "
        f"and window_days = {days})"
        for column in ("denominator_count", "numerator_count", "repurchase_rate")
        for measure, days in (
            ("assigned", 90), ("after_first", 90), ("in_window", 365),
        )
    ]
    ordered = [
        f"{measure}_{what}"
        for what in ("customer_count", "repurchaser_count", "repurchase_rate")
        for measure in ("assigned", "after_first", "in_window")
    ]
    columns = [
        code if code.startswith("in_window") else f"{code}_90d"
        for code in ordered
    ]
    assert set(columns) == set(metrics)
    cut = "cut_code, cut_value" if is_cut else "'all'"
    found = sample_database.execute(f"""
        select snapshot_date::varchar, {cut}, {", ".join(values)}
        from cst_ads.ads_cst_repurchase
        where {"true" if is_cut else "cut_code = 'total'"}
        group by all
    """).fetchall()
    rows = found if is_cut else [(row[0], *row[2:]) for row in found]
    key = (metrics[0], DAY, *(cuts_of("ads_cst_repurchase") if is_cut else []))
    assert_equal(answers[key], rows, columns)


def test_effects_are_those_of_the_headline(answers, sample_database):
    rows = sample_database.execute("""
        select rate.last_entry_date::varchar, rate.uplift, money.uplift,
            money.incremental_total
        from cst_ads.ads_cst_effect as rate, cst_ads.ads_cst_effect as money
        where rate.is_headline and rate.scope_code = 'program'
            and rate.measure_code = 'repurchase_rate'
            and money.is_headline and money.scope_code = 'program'
            and money.measure_code = 'net_amount'
    """).fetchall()
    assert_equal(answers["repurchase_rate_uplift", DAY], rows, [
        "repurchase_rate_uplift", "net_amount_uplift", "incremental_net_amount",
    ])


# -- snapshots --------------------------------------------------------------


def added(values):
    """As SQL adds: of what is not known at all, nothing is."""
    return values.sum() if values.notna().any() else None


def by_hand(frame):
    """The metrics of customers on snapshot dates, of one group of them."""
    tickets = frame["ticket_count_90d"]
    ratings = frame["csat_response_count_90d"]
    points = added(frame["csat_average_90d"] * ratings)
    ltv = added(frame["ltv_amount"])
    predicted = frame["ltv_amount"].notna().sum()
    return {
        "customer_count": len(frame),
        "purchaser_count": (frame["lifetime_order_count"] > 0).sum(),
        "high_value_customer_count": (frame["value_tier"] == "high").sum(),
        "ltv_customer_count": predicted,
        "ltv_per_customer": None if ltv is None else ltv / predicted,
        "ticket_customer_count_90d": (tickets > 0).sum(),
        "ticket_customer_rate_90d": (tickets > 0).mean(),
        "csat_points_90d": points,
        "csat_average_90d": None if points is None else points / ratings.sum(),
        **{
            column: added(frame[column]) for column in (
                "lifetime_net_amount", "historic_ltv_amount",
                "predicted_ltv_amount", "ltv_amount",
                "ltv_gross_profit_amount", "ticket_count_90d",
                "csat_response_count_90d",
            )
        },
    }


@pytest.fixture(scope="module")
def customers(sample_database):
    """All that is known of each customer on each snapshot date, in pandas."""
    return sample_database.execute("""
        select segmentation.snapshot_date::varchar as snapshot_date,
            segmentation.segment_code, segmentation.value_tier, lifecycle_stage,
            segmentation.lifetime_order_count,
            segmentation.lifetime_net_amount, ltv_tier, ltv.strategy_code,
            historic_ltv_amount, predicted_ltv_amount, ltv_amount,
            ltv_gross_profit_amount, ticket_count_90d, csat_average_90d,
            csat_response_count_90d, acquisition_channel, member_level,
            is_program_holdout
        from cst_dws.dws_cst_segmentation as segmentation
        inner join cst_ads.ads_cst_ltv as ltv using (customer_id, snapshot_date)
        inner join cst_dws.dws_cst_behavior as behavior
            using (customer_id, snapshot_date)
        inner join cst_dim.dim_cst_customer as customer
            on segmentation.customer_key = customer.customer_key
    """).df()


@pytest.mark.parametrize(
    ("table", "cut"),
    [
        (table, cut)
        for table in ("dws_cst_segmentation", "ads_cst_ltv", "dws_cst_behavior")
        for cut in (None, *cuts_of(table))
    ],
)
def test_every_snapshot(answers, customers, table, cut):
    metrics = snapshot_metrics(table)
    keys = ["snapshot_date"]
    if cut:
        keys.append(cut.partition("__")[2])
    rows = []
    for key, frame in customers.groupby(keys, dropna=False):
        found = by_hand(frame)
        key = [None if value != value else value for value in key]
        rows.append((*key, *(found[metric] for metric in metrics)))
    asked = [DAY, cut] if cut else [DAY]
    assert_equal(answers[metrics[0], *asked], rows, metrics)


@pytest.mark.parametrize(
    "table", ["dws_cst_segmentation", "ads_cst_ltv", "dws_cst_behavior"]
)
def test_a_month_is_its_last_snapshot(answers, table):
    """What is counted again on the next date does not add up over dates."""
    first = metrics_of(table)[0]
    days = answers[first, DAY]
    assert len(days) > 20
    assert {key[0][:7]: found for key, found in answers[first, MONTH].items()} == {
        key[0][:7]: found for key, found in sorted(days.items())
    }


# -- what adds up ----------------------------------------------------------


def adds_up(wholes, parts, metric, whole_of):
    """Whether the metric's values of the parts add up to those of the wholes, by
    the key of its whole for each part's."""
    sums = dict.fromkeys(wholes, 0)
    for key, found in parts.items():
        sums[whole_of(key)] += float(found[metric] or 0)
    return all(
        is_equal(metric, value, float(wholes[key][metric] or 0))
        for key, value in sums.items()
    )


@pytest.mark.parametrize("table", ["dwd_trd_order", "dwd_trd_order_item"])
def test_what_adds_up_over_time(answers, table):
    """Months to years, just as the registry says."""
    metrics = metrics_of(table)
    years, months = (
        answers[metrics[0], f"metric_time__{grain}"]
        for grain in ("year", "month")
    )
    assert {
        metric for metric in metrics
        if adds_up(years, months, metric, lambda key: (f"{key[0][:4]}-01-01",))
    } == {
        metric for metric in metrics
        if REGISTRY[metric]["metric_additivity"] == "full"
    }


@pytest.mark.parametrize("table", [
    "dwd_trd_order", "dwd_trd_order_item", "dws_cst_segmentation", "ads_cst_ltv",
    "dws_cst_behavior",
])
def test_what_adds_up_over_every_cut(answers, table):
    metrics = snapshot_metrics(table)
    time = MONTH if table.startswith("dwd") else DAY
    wholes = answers[metrics[0], time]
    assert {
        metric for metric in metrics if all(
            adds_up(
                wholes, answers[metrics[0], time, cut], metric,
                lambda key: key[:1],
            )
            for cut in cuts_of(table)
        )
    } == {
        metric for metric in metrics
        if REGISTRY[metric]["metric_additivity"] != "none"
    }


@pytest.mark.parametrize("table", BY_CUT)
def test_what_adds_up_over_every_cut_of_a_mart(answers, table):
    metrics = metrics_of(table)
    cells = answers[
        metrics[0], DAY if table == "ads_cst_repurchase" else MONTH,
        *cuts_of(table),
    ]
    wholes = {key: found for key, found in cells.items() if key[1] == "total"}
    codes = {key[1] for key in cells}
    assert len(codes) > 4
    assert {
        metric for metric in metrics if all(
            adds_up(
                wholes,
                {key: found for key, found in cells.items() if key[1] == code},
                metric, lambda key: (key[0], "total", "all"),
            )
            for code in codes
        )
    } == {
        metric for metric in metrics
        if REGISTRY[metric]["metric_additivity"] != "none"
    }


# -- the rest ---------------------------------------------------------------


def test_every_metric_was_compared():
    """The last of the comparisons: all of the registry was in one."""
    assert COMPARED == REGISTRY.keys()


def test_metricflow_finds_the_definitions_valid(metricflow):
    """Those of its own rules, and by the tables in the database."""
    said = metricflow("mf", "validate-configs")
    found = re.findall(r"ERRORS: (\d+), FUTURE_ERRORS: (\d+), WARNINGS: (\d+)", said)
    assert len(found) > 4, said
    assert set(found) == {("0", "0", "0")}, said


def test_the_command_answers(metricflow, sample_database, tmp_path):
    """As docs/metrics.md shows it."""
    file = tmp_path / "answer.csv"
    metricflow(
        "mf", "query", "--metrics", "buyer_count,net_amount_per_buyer",
        "--group-by", "metric_time__month", "--order", "metric_time__month",
        "--csv", str(file),
    )
    lines = file.read_text().splitlines()
    assert lines[0] == "metric_time__month,buyer_count,net_amount_per_buyer"
    assert len(lines) == 25
    (buyers,) = sample_database.execute("""
        select buyer_count from cst_ads.ads_cst_overview
        where period_code = '2025-12' and cut_code = 'total'
    """).fetchone()
    assert re.match(rf"2025-12-01[T ]00:00:00,{buyers},", lines[-1]), lines[-1]
