"""Write what follows from the registry of metrics, seeds/metrics/cst_metrics.csv.

    python -m scripts.write_metrics      # or: make metrics

It writes `models/_metrics.yml`, the semantic models and metrics that dbt and
MetricFlow read, and the table in `docs/metrics.md`. A metric is defined, or
changed, in the registry alone; pytest fails where one of the two says otherwise.
"""

import csv
import re
from pathlib import Path
from typing import NamedTuple

import yaml

PROJECT = Path(__file__).resolve().parent.parent
REGISTRY = PROJECT / "seeds" / "metrics" / "cst_metrics.csv"
MODELS = PROJECT / "models" / "_metrics.yml"
PAGE = PROJECT / "docs" / "metrics.md"
MARK = re.compile(r"(<!-- metrics -->\n).*?(<!-- /metrics -->)", re.DOTALL)
HEADER = """\
# Written by scripts/write_metrics.py from seeds/metrics/cst_metrics.csv: change
# that, then `make metrics`.
"""
QUOTIENT = re.compile(r"(\w+) / (\w+)")
# A condition by which rows are chosen: a flag, or a code.
CHOICE = re.compile(r"(\w+)( = '\w+')?")


class Source(NamedTuple):
    """A public table: what one row is, its key, and the rows that it names."""

    entity: str
    key: str
    others: dict[str, str] = {}


# An entity is what MetricFlow joins by, and how a cut of it is called. The three
# tables of a customer on a snapshot date have one key.
SOURCES = {
    "dwd_trd_order": Source(
        "purchase", "order_key", {"customer": "customer_key"}
    ),
    "dwd_trd_order_item": Source(
        "purchase_item",
        "item_key",
        {"purchase": "order_key", "customer": "customer_key"},
    ),
    "dws_cst_segmentation": Source(
        "customer_snapshot", "segmentation_key", {"customer": "customer_key"}
    ),
    "dws_cst_behavior": Source(
        "behavior",
        "behavior_key",
        {"customer_snapshot": "behavior_key", "customer": "customer_key"},
    ),
    "ads_cst_ltv": Source(
        "ltv",
        "ltv_key",
        {"customer_snapshot": "ltv_key", "customer": "customer_key"},
    ),
    "ads_cst_overview": Source("overview", "overview_key"),
    "ads_cst_customer_balance": Source(
        "customer_balance", "customer_balance_key"
    ),
    "ads_cst_repurchase": Source("repurchase", "repurchase_key"),
    "ads_cst_effect": Source("effect", "effect_key"),
    "dim_cst_customer": Source("customer", "customer_key"),
}


def read_registry() -> list[dict[str, str]]:
    """The rows of the registry, in the order of their rank."""
    with REGISTRY.open(encoding="utf-8", newline="") as file:
        return sorted(
            csv.DictReader(file), key=lambda row: int(row["metric_rank"])
        )


def parts(metric: dict[str, str]) -> list[str]:
    """The metrics that a composite one is made of."""
    return re.findall(r"[a-z]\w+", metric["expression"])


def is_snapshot(metric: dict[str, str]) -> bool:
    """Whether what was counted on one date is counted again on the next."""
    return bool(metric["source_table"]) and metric["metric_period"] != "any"


def conditions(metric: dict[str, str]) -> tuple[list[str], list[str]]:
    """What a metric is filtered by: conditions that choose rows, so that the
    newest date is one of theirs, and those by which only some of these count."""
    chosen, counted = [], []
    for condition in filter(None, metric["filter_expression"].split(" and ")):
        (chosen if CHOICE.fullmatch(condition) else counted).append(condition)
    return chosen, counted


# -- semantic models --------------------------------------------------------


def measure(metric: dict[str, str]) -> dict:
    """What is added up of each row."""
    value = metric["expression"]
    _, counted = conditions(metric)
    if counted:
        value = f"case when {' and '.join(counted)} then {value} end"
    found = {
        "name": metric["metric_code"],
        "agg": metric["aggregation"],
        "expr": value,
    }
    if is_snapshot(metric):
        found["non_additive_dimension"] = {
            "name": metric["date_column"],
            "window_choice": "max",
        }
    return found


def dimensions(
    table: str, metrics: list[dict[str, str]], own: list[dict[str, str]]
) -> list[dict]:
    """By what the rows of a table are told apart: time, cuts, and what chooses
    them."""
    found = []
    if own:
        grain = "month" if own[0]["metric_period"] == "month" else "day"
        found.append({
            "name": own[0]["date_column"],
            "type": "time",
            "type_params": {"time_granularity": grain},
        })
    columns = [
        column for metric in metrics
        for entity, _, column in (
            cut.partition("__") for cut in metric["cuts"].split()
        )
        if entity == SOURCES[table].entity
    ]
    columns += [
        CHOICE.fullmatch(condition)[1] for metric in own
        for condition in conditions(metric)[0]
    ]
    return found + [
        {"name": column, "type": "categorical"}
        for column in dict.fromkeys(columns)
    ]


def semantic_model(table: str, metrics: list[dict[str, str]]) -> dict:
    """A public table, with its measures, and what they may be asked by."""
    source = SOURCES[table]
    own = [metric for metric in metrics if metric["source_table"] == table]
    model = {"name": table, "model": f"ref('{table}')"}
    if own:
        model["defaults"] = {"agg_time_dimension": own[0]["date_column"]}
    model["entities"] = [
        {"name": source.entity, "type": "primary", "expr": source.key},
        *(
            {"name": entity, "type": "foreign", "expr": key}
            for entity, key in source.others.items()
        ),
    ]
    model["dimensions"] = dimensions(table, metrics, own)
    if own:
        model["measures"] = [measure(metric) for metric in own]
    return {name: value for name, value in model.items() if value}


# -- metrics ----------------------------------------------------------------


def made_of(metric: dict[str, str]) -> dict:
    """How MetricFlow makes the number: of its measure, or of other metrics."""
    expression = metric["expression"]
    if metric["metric_kind"] != "composite":
        measured = {"name": metric["metric_code"]}
        # Where there are no rows they are 0; what is not known yet is null.
        if "count" in metric["aggregation"] or expression == "1":
            measured["fill_nulls_with"] = 0
        return {"type": "simple", "type_params": {"measure": measured}}
    if quotient := QUOTIENT.fullmatch(expression):
        numerator, denominator = quotient.groups()
        return {"type": "ratio", "type_params": {
            "numerator": numerator, "denominator": denominator,
        }}
    return {"type": "derived", "type_params": {
        "expr": expression, "metrics": parts(metric),
    }}


def dbt_metric(metric: dict[str, str]) -> dict:
    """A metric as dbt has it."""
    chosen, _ = conditions(metric)
    found = {
        "name": metric["metric_code"],
        "label": f"{metric['metric_name_zh']} {metric['metric_name_en']}",
        "description": (
            f"{metric['metric_name_en']} ({metric['unit_en']}): "
            f"{metric['formula_en']}. {metric['metric_name_zh']}"
            f"（{metric['unit_zh']}）：{metric['formula_zh']}。"
        ),
        **made_of(metric),
        "config": {"meta": {"owner": metric["owner"]}},
    }
    if chosen:
        entity = SOURCES[metric["source_table"]].entity
        found["filter"] = " and ".join(
            CHOICE.sub(rf"{{{{ Dimension('{entity}__\1') }}}}\2", condition)
            for condition in chosen
        )
    return found


def models_text(metrics: list[dict[str, str]]) -> str:
    """The text of models/_metrics.yml."""
    content = {
        "semantic_models": [
            semantic_model(table, metrics) for table in SOURCES
        ],
        "metrics": [dbt_metric(metric) for metric in metrics],
    }
    return HEADER + yaml.safe_dump(
        content, allow_unicode=True, sort_keys=False, width=80
    )


# -- the page ---------------------------------------------------------------


def table_text(metrics: list[dict[str, str]]) -> str:
    """The registry as tables in Markdown, one for each table it comes from."""
    lines = []
    source = None
    for metric in metrics:
        table = metric["source_table"] or source
        if table != source:
            source = table
            lines += [
                f"\n### `{table}`\n",
                "| metric 指标 | kind | 口径 | formula | unit 单位 | adds up |",
                "|---|---|---|---|---|---|",
            ]
        lines.append(
            f"| {metric['metric_name_zh']} `{metric['metric_code']}` "
            f"| {metric['metric_kind']} | {metric['formula_zh']} "
            f"| {metric['formula_en']} | {metric['unit_zh']} "
            f"| {metric['metric_additivity']} |"
        )
    return "\n".join(lines).lstrip("\n") + "\n"


def page_text(page: str, metrics: list[dict[str, str]]) -> str:
    """The page with the table of the registry."""
    return MARK.sub(
        lambda mark: f"{mark[1]}\n{table_text(metrics)}\n{mark[2]}", page
    )


def main() -> None:
    """Write both."""
    metrics = read_registry()
    MODELS.write_text(models_text(metrics), encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(page_text(page, metrics), encoding="utf-8")


if __name__ == "__main__":
    main()
