"""The dashboard: the charts of monthly_review.yml, and where they stand."""

from pathlib import Path

import yaml

from examples.superset.datasets import VERSION, Files, uuid

DEFINITION = Path(__file__).with_name("monthly_review.yml")
# A chart's height in Superset's rows of 8 pixels.
HEIGHTS = {"big_number": 20}
HEIGHT = 50
# The dashboard's filter by time reaches every chart.
TIME_FILTER = {
    "id": "NATIVE_FILTER-time",
    "type": "NATIVE_FILTER",
    "name": "时间",
    "filterType": "filter_time",
    "targets": [{}],
    "controlValues": {"enableEmptyFilter": False},
    "defaultDataMask": {
        "extraFormData": {}, "filterState": {}, "ownState": {},
    },
    "cascadeParentIds": [],
    "scope": {"rootPath": ["ROOT_ID"], "excluded": []},
}


def metric(written: str | dict, dataset: dict) -> str | dict:
    """A metric of the registry, by its code; or `{column: …}`, a column of a
    table that has one row for each period and value, under its Chinese name."""
    if isinstance(written, str):
        return written
    (column,) = (
        column for column in dataset["columns"]
        if column["column_name"] == written["column"]
    )
    return {
        "expressionType": "SIMPLE",
        "column": {
            key: column[key] for key in ("column_name", "type", "verbose_name")
        },
        "aggregate": "MAX",
        "label": column["verbose_name"],
        "hasCustomLabel": True,
    }


def condition(subject: str, value: object) -> dict:
    """A filter of a chart."""
    found = {"expressionType": "SIMPLE", "clause": "WHERE", "subject": subject}
    if value is True:
        return found | {"operator": "IS TRUE", "operatorId": "IS_TRUE"}
    return found | {
        "operator": "==", "operatorId": "EQUALS", "comparator": value,
    }


def chart(name: str, written: dict, dataset: dict) -> dict:
    """A chart as Superset knows it."""
    time = dataset["main_dttm_col"]
    params = {
        "viz_type": written["viz_type"],
        "x_axis": time,
        "time_grain_sqla": "P1M",
        "granularity_sqla": time,
        **written.get("params", {}),
        "adhoc_filters": [
            {
                "expressionType": "SIMPLE", "clause": "WHERE",
                "subject": time, "operator": "TEMPORAL_RANGE",
                "comparator": "No filter",
            },
            *(
                condition(*item) for item in written.get("where", {}).items()
            ),
        ],
    }
    metrics = [metric(one, dataset) for one in written["metrics"]]
    if written["viz_type"] == "big_number":
        params["metric"] = metrics[0]
    else:
        params["metrics"] = metrics
    if "newest_first" in written:
        params["timeseries_limit_metric"] = metric(
            {"column": written["newest_first"]}, dataset
        )
    return {
        "slice_name": written["title"],
        "description": written.get("description"),
        "viz_type": written["viz_type"],
        "params": params,
        "uuid": uuid(f"chart.{name}"),
        "dataset_uuid": dataset["uuid"],
        "version": VERSION,
    }


def position(title: str, lines: list[list[str]], charts: dict) -> dict:
    """Where the charts stand: in lines, as wide as each other."""
    found: dict = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"id": "ROOT_ID", "type": "ROOT", "children": ["GRID_ID"]},
        "GRID_ID": {
            "id": "GRID_ID", "type": "GRID", "parents": ["ROOT_ID"],
            "children": [f"ROW-{number}" for number in range(len(lines))],
        },
        "HEADER_ID": {
            "id": "HEADER_ID", "type": "HEADER", "meta": {"text": title},
        },
    }
    for number, line in enumerate(lines):
        row = f"ROW-{number}"
        found[row] = {
            "id": row, "type": "ROW", "parents": ["ROOT_ID", "GRID_ID"],
            "children": [f"CHART-{name}" for name in line],
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
        for name in line:
            found[f"CHART-{name}"] = {
                "id": f"CHART-{name}", "type": "CHART", "children": [],
                "parents": ["ROOT_ID", "GRID_ID", row],
                "meta": {
                    # Superset puts its own number here.
                    "chartId": 0,
                    "uuid": charts[name]["uuid"],
                    "sliceName": charts[name]["slice_name"],
                    "width": 12 // len(line),
                    "height": HEIGHTS.get(charts[name]["viz_type"], HEIGHT),
                },
            }
    return found


def read_dashboard(datasets: Files) -> Files:
    """The charts and the dashboard, over these datasets."""
    by_name = {one["table_name"]: one for one in datasets.values()}
    written = yaml.safe_load(DEFINITION.read_text(encoding="utf-8"))
    charts = {
        name: chart(name, one, by_name[one["table"]])
        for name, one in written["charts"].items()
    }
    files = {f"charts/{name}.yaml": one for name, one in charts.items()}
    files["dashboards/monthly_review.yaml"] = {
        "dashboard_title": written["title"],
        "description": written["description"],
        "slug": "monthly_review",
        "published": True,
        "uuid": uuid("dashboard"),
        "position": position(written["title"], written["lines"], charts),
        "metadata": {
            "native_filter_configuration": [TIME_FILTER],
            "cross_filters_enabled": True,
        },
        "version": VERSION,
    }
    return files
