"""The datasets: public tables, their columns by their comments, and metrics."""

import re
from collections import Counter
from uuid import NAMESPACE_DNS, uuid5

import duckdb
from cst.database import PUBLIC
from cst.tables import chinese_name

VERSION = "1.0.0"
QUOTIENT_OR_DIFFERENCE = re.compile(r"(\w+) ([-/]) (\w+)")
COUNTED = ("人", "单", "件")

# A file of the bundle, by its path.
Files = dict[str, dict]


def uuid(name: str) -> str:
    """The same thing has the same id in every import, which replaces it."""
    return str(uuid5(NAMESPACE_DNS, f"cst.superset.{name}"))


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict]:
    """The rows of a query, each by its columns' names."""
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row)) for row in cursor.fetchall()]


def formulas(metrics: list[dict], table: str) -> dict[str, str]:
    """The SQL of the metrics that are made of this table alone."""
    found: dict[str, str] = {}
    for metric in metrics:
        if metric["source_table"] == table:
            value = metric["expression"]
            if metric["filter_expression"]:
                value = f"case when {metric['filter_expression']} then {value} end"
            found[metric["metric_code"]] = {
                "sum": f"sum({value})",
                "count_distinct": f"count(distinct {value})",
                "max": f"max({value})",
            }[metric["aggregation"]]
    for metric in metrics:
        parts = QUOTIENT_OR_DIFFERENCE.fullmatch(metric["expression"])
        if metric["source_table"] is None and parts:
            left, operator, right = parts.groups()
            if left in found and right in found:
                divisor = found[right]
                if operator == "/":
                    divisor = f"nullif({divisor}, 0)"
                found[metric["metric_code"]] = (
                    f"{found[left]} {operator} {divisor}"
                )
    return found


def number_format(metric: dict) -> str:
    """How Superset writes it: amounts and shares, ratios, counts."""
    if metric["unit_zh"] == "0–1":
        return ".1%"
    if metric["unit_zh"] in COUNTED:
        return ",d"
    return ",.2f"


def columns(found: list[dict]) -> list[dict]:
    """The columns of a table. Where two have one name, as a code and its name
    in both languages, the name of the column is beside it."""
    names = [chinese_name(column["comment"]) for column in found]
    times = Counter(names)
    return [
        {
            "column_name": column["column_name"],
            "verbose_name": name if times[name] == 1
            else f"{name}（{column['column_name']}）",
            "description": column["comment"],
            "type": column["data_type"],
            "is_dttm": column["data_type"] in ("DATE", "TIMESTAMP"),
            "groupby": True,
            "filterable": True,
        }
        for column, name in zip(found, names)
    ]


def dataset(
    table: dict, found: list[dict], metrics: list[dict], database: str
) -> dict:
    """A public table as Superset knows it."""
    sql = formulas(metrics, table["table_name"])
    times = [
        metric["date_column"] for metric in metrics
        if metric["source_table"] == table["table_name"]
    ]
    return {
        "table_name": table["table_name"],
        "schema": table["schema_name"],
        "main_dttm_col": times[0] if times else None,
        "description": table["comment"],
        "uuid": uuid(table["table_name"]),
        "database_uuid": database,
        "columns": columns(found),
        "metrics": [
            {
                "metric_name": metric["metric_code"],
                "verbose_name": metric["metric_name_zh"],
                "description": f"{metric['formula_zh']}（{metric['unit_zh']}）",
                "expression": sql[metric["metric_code"]],
                "d3format": number_format(metric),
            }
            for metric in metrics if metric["metric_code"] in sql
        ],
        "version": VERSION,
    }


def read_datasets(connection: duckdb.DuckDBPyConnection) -> Files:
    """A dataset for each public table."""
    metrics = rows(
        connection, "from cst_dim.dim_cst_metric order by metric_rank"
    )
    found = rows(connection, f"""
        select schema_name, table_name, column_name, data_type, comment
        from duckdb_columns()
        where schema_name in {PUBLIC}
        order by schema_name, table_name, column_index
    """)
    tables = rows(connection, f"""
        select schema_name, table_name, comment
        from duckdb_tables()
        where schema_name in {PUBLIC}
        order by schema_name, table_name
    """)
    return {
        f"datasets/cst/{table['table_name']}.yaml": dataset(
            table,
            [
                column for column in found
                if column["table_name"] == table["table_name"]
            ],
            metrics,
            uuid("database"),
        )
        for table in tables
    }
