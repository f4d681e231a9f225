"""The logs: a row for each time that what people see was changed, and for each
list that was handed over."""

from datetime import UTC, date, datetime
from typing import NamedTuple

import yaml

from cst.database import (
    CONTACT,
    Connection,
    Sums,
    Table,
    columns_of,
    comment,
    create_schema,
    name,
    text,
)
from cst.paths import PROJECT

RUN = ("cst_ads", "ads_cst_run")
RUN_TABLE = ("cst_ads", "ads_cst_run_table")
HAND_OVER = ("cst_ads", "ads_cst_hand_over")
HAND_OVER_CUSTOMER = ("cst_ads", "ads_cst_hand_over_customer")
LOG = (RUN, RUN_TABLE, HAND_OVER, HAND_OVER_CUSTOMER)
# Of which run the addresses are; in their file.
STAMP = (CONTACT, "contact_cst_run")
# What they mean, and their columns, which are declared there, too.
SOURCES = PROJECT / "models" / "_published__sources.yml"
COLUMNS = {
    RUN: {
        "run_id": "bigint",
        "kind": "varchar",
        "as_of_date": "date",
        "published_at": "timestamp",
        "build_id": "varchar",
        "code_version": "varchar",
        "rules_hash": "varchar",
        "is_sample": "boolean",
        "restated_from_date": "date",
        "restated_to_date": "date",
        "withdrawn_customer_count": "bigint",
        "warning_count": "bigint",
        "warnings": "varchar",
    },
    RUN_TABLE: {
        "run_id": "bigint",
        "table_name": "varchar",
        "measure_name": "varchar",
        "value": "decimal(38, 6)",
    },
    HAND_OVER: {
        "hand_over_id": "bigint",
        "handed_over_at": "timestamp",
        "handed_over_by": "varchar",
        "list_date": "date",
        "snapshot_date": "date",
        "run_id": "bigint",
        "contact_channel": "varchar",
        "strategy_code": "varchar",
        "customer_count": "bigint",
        "file_sha256": "varchar",
    },
    HAND_OVER_CUSTOMER: {
        "hand_over_id": "bigint",
        "customer_id": "varchar",
        "contact_channel": "varchar",
        "strategy_code": "varchar",
    },
}


class Run(NamedTuple):
    """A row of ads_cst_run."""

    run_id: int = 0
    kind: str = "publication"
    as_of_date: date | None = None
    published_at: datetime | None = None
    # dbt's invocation: which build it is whose tables are seen.
    build_id: str | None = None
    code_version: str | None = None
    rules_hash: str | None = None
    is_sample: bool | None = None
    restated_from_date: date | None = None
    restated_to_date: date | None = None
    withdrawn_customer_count: int | None = None
    warning_count: int | None = None
    warnings: str | None = None


def read_log(connection: Connection, database: str) -> list[Run]:
    """The log of a published file, oldest first; none where it has none."""
    found = columns_of(connection, database, RUN)
    if not found:
        return []
    fields = [field for field in Run._fields if field in found]
    return [
        Run(**dict(zip(fields, row)))
        for row in connection.execute(
            f"select {', '.join(fields)} from {name(database, *RUN)} "
            "order by run_id"
        ).fetchall()
    ]


def next_run(log: list[Run], content: Run, **changed: object) -> Run:
    """The row that comes next: of this content, and now. The numbers go on, so
    a clock that is put back changes nothing."""
    return content._replace(
        run_id=log[-1].run_id + 1 if log else 1,
        published_at=now(),
        **changed,
    )


class HandOver(NamedTuple):
    """A row of ads_cst_hand_over."""

    hand_over_id: int
    handed_over_at: datetime
    handed_over_by: str
    list_date: date
    snapshot_date: date
    # What was published then.
    run_id: int
    # None: all of them.
    contact_channel: str | None
    strategy_code: str | None
    customer_count: int
    file_sha256: str


def now() -> datetime:
    """The instant, in UTC, to the second."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def carry_logs(connection: Connection, before: str | None) -> None:
    """Write the logs of the file `before` into the database `new`."""
    for table, columns in COLUMNS.items():
        definition = ", ".join(f"{key} {kind}" for key, kind in columns.items())
        create_schema(connection, table)
        connection.execute(
            f"create table {name('new', *table)} ({definition})"
        )
        comment(connection, table, *meaning(table))
        carried = ", ".join(
            column for column in columns
            if before and column in columns_of(connection, before, table)
        )
        if carried:
            connection.execute(
                f"insert into {name('new', *table)} ({carried}) "
                f"select {carried} from {name(before, *table)}"
            )


def meaning(table: Table) -> tuple[str, dict[str, str]]:
    """What a log means, and its columns, for whoever opens the file."""
    source, = yaml.safe_load(SOURCES.read_text(encoding="utf-8"))["sources"]
    node, = (found for found in source["tables"] if found["name"] == table[1])
    paragraphs = node["description"].split("\n\n")
    return "\n\n".join(" ".join(words.split()) for words in paragraphs), {
        column["name"]: " ".join(column["description"].split())
        for column in node["columns"]
    }


def write_log(
    connection: Connection,
    before: str | None,
    run: Run,
    sums: Sums,
) -> None:
    """Write the logs into the database `new`: what the file `before` has, and
    this run."""
    carry_logs(connection, before)
    connection.execute(
        f"insert into {name('new', *RUN)} "
        f"values ({', '.join('?' * len(run))})",
        list(run),
    )
    if sums:
        rows = ", ".join(
            f"({run.run_id}, {text(table)}, {text(measure)}, {value:f})"
            for (table, measure), value in sorted(sums.items())
        )
        connection.execute(
            f"insert into {name('new', *RUN_TABLE)} values {rows}"
        )


def last_sums(connection: Connection, database: str) -> Sums:
    """What the log of a published file says of its newest run."""
    return {
        (table, measure): value
        for table, measure, value in connection.execute(
            "select table_name, measure_name, value "
            f"from {name(database, *RUN_TABLE)} where run_id = "
            f"(select max(run_id) from {name(database, *RUN)})"
        ).fetchall()
    }


def write_stamp(connection: Connection, run: Run) -> None:
    """Write into the database `new` of which run its addresses are."""
    create_schema(connection, STAMP)
    connection.execute(
        f"create table {name('new', *STAMP)} as "
        "select cast(? as bigint) as run_id, cast(? as varchar) as build_id",
        [run.run_id, run.build_id],
    )


def read_stamp(
    connection: Connection, database: str
) -> tuple[int, str | None] | None:
    """Of which run addresses are: its number and its build; None where a
    release before 0.11.0 wrote them."""
    if not columns_of(connection, database, STAMP):
        return None
    return connection.execute(
        f"select run_id, build_id from {name(database, *STAMP)}"
    ).fetchone()
