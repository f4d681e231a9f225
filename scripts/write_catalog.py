"""Write what an assistant has to know of the warehouse, as JSON.

    python -m scripts.write_catalog [database [folder]]     # or: make catalog

`catalog.json` has the public tables and columns with their words in English and
Chinese, the codes with theirs, and the metrics. `exam.jsonl` has a question a
line: number, table, Chinese, English, and the SQL and rows of its answer; where
there is none, both are null and a note says what is missing.

Everything is read from the published file, cst.duckdb, which has the comments.
"""

import json
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from cst.database import PUBLIC
from cst.questions import Question, all_questions

PROJECT = Path(__file__).resolve().parent.parent
FOLDER = PROJECT / "target" / "catalog"


def plain(value: object) -> Any:
    """A value as JSON has it: amounts and dates as text, so that no digit is
    lost."""
    if isinstance(value, (Decimal, date)):
        return str(value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict]:
    """The rows of a query, each by its columns' names."""
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, map(plain, row))) for row in cursor.fetchall()]


def read_tables(connection: duckdb.DuckDBPyConnection) -> list[dict]:
    """The public tables in their order, with words, columns and row count."""
    tables = rows(connection, f"""
        select schema_name as schema, table_name as name, comment
        from duckdb_tables()
        where schema_name in {PUBLIC}
        order by schema_name, table_name
    """)
    columns = rows(connection, f"""
        select schema_name as schema, table_name, column_name as name,
            data_type as type, comment
        from duckdb_columns()
        where schema_name in {PUBLIC}
        order by schema_name, table_name, column_index
    """)
    for table in tables:
        table["columns"] = [
            {key: column[key] for key in ("name", "type", "comment")}
            for column in columns
            if (column["schema"], column["table_name"])
            == (table["schema"], table["name"])
        ]
    return tables


def read_catalog(connection: duckdb.DuckDBPyConnection) -> dict:
    """Tables, codes and metrics of a published file."""
    return {
        "tables": read_tables(connection),
        "codes": rows(connection, "from cst_dim.dim_cst_code order by all"),
        "metrics": rows(
            connection, "from cst_dim.dim_cst_metric order by metric_rank"
        ),
    }


def examined(
    connection: duckdb.DuckDBPyConnection, number: int, question: Question
) -> dict:
    """A line of the exam; the rows are those of this file."""
    line = {
        "number": number, "table": question.table, "zh": question.chinese,
        "en": question.english, "notes": question.notes, "sql": question.sql,
        "columns": None, "rows": None,
    }
    if question.sql is not None:
        cursor = connection.execute(question.sql)
        line["columns"] = [column[0] for column in cursor.description]
        line["rows"] = [plain(row) for row in cursor.fetchall()]
    return line


def main() -> None:
    """Write both files, and say where they are."""
    database = sys.argv[1] if len(sys.argv) > 1 else PROJECT / "cst.duckdb"
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else FOLDER
    if not Path(database).exists():
        sys.exit(f"{database} is not there yet. To build the sample: make build")
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        catalog = read_catalog(connection)
        exam = [
            examined(connection, number, question)
            for number, question in enumerate(all_questions(), 1)
        ]
    (folder / "catalog.json").write_text(
        json.dumps(catalog, ensure_ascii=False, indent=1), encoding="utf-8"
    )
    (folder / "exam.jsonl").write_text(
        "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in exam),
        encoding="utf-8",
    )
    print(
        f"{folder}/catalog.json: {len(catalog['tables'])} tables, "
        f"{len(catalog['metrics'])} metrics\n"
        f"{folder}/exam.jsonl: {len(exam)} questions"
    )


if __name__ == "__main__":
    main()
