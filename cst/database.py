"""What the program asks of DuckDB files: tables, comments, sums."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import duckdb

from cst.errors import Refused

# The schema of the profile's target, and what follows it.
SCHEMA = "cst"
PUBLIC = tuple(f"{SCHEMA}_{layer}" for layer in ("dim", "dwd", "dws", "ads"))
CONTACT = f"{SCHEMA}_contact"
INTERMEDIATE = f"{SCHEMA}_intermediate"
# Drivers of DuckDB 1.4 have to open what is published.
STORAGE = "v1.4.0"

Connection = duckdb.DuckDBPyConnection
# Schema and name.
Table = tuple[str, str]
# By table and measure.
Sums = dict[tuple[str, str], Decimal]


def name(*parts: str) -> str:
    """A name for SQL: database, schema, table."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def text(value: object) -> str:
    """A text for SQL."""
    return "'" + str(value).replace("'", "''") + "'"


@contextmanager
def connected(**files: Path | None) -> Iterator[Connection]:
    """A connection with these files to read, by their names; what is None or
    not there is left out."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        limit = os.environ.get("CST_MEMORY_LIMIT", "4GB")
        connection.execute(f"set memory_limit = {text(limit)}")
        for database, path in files.items():
            if path is not None and path.exists():
                attach(connection, database, path)
        yield connection


def attach(connection: Connection, database: str, path: Path) -> None:
    """Attach a file to read; refuses where that is not possible."""
    try:
        connection.execute(
            f"attach {text(path)} as {name(database)} (read_only)"
        )
    except duckdb.Error as error:
        if "lock" in str(error):
            raise Refused(
                f"{path} is open for writing in another program, so it cannot "
                "be read: close it there, or open it read-only."
            ) from error
        raise Refused(f"{path} cannot be read: {first_line(error)}") from error


def attach_new(connection: Connection, path: Path) -> None:
    """Attach a file to write, under the name `new`."""
    connection.execute(
        f"attach {text(path)} as new (storage_version {text(STORAGE)})"
    )


def is_attached(connection: Connection, database: str) -> bool:
    """Whether there is a database of this name."""
    return bool(connection.execute(
        "select 1 from duckdb_databases() where database_name = ?", [database]
    ).fetchall())


def tables_of(
    connection: Connection, database: str, schemas: Iterable[str]
) -> list[Table]:
    """The tables of these schemas."""
    return connection.execute(
        """
        select schema_name, table_name
        from duckdb_tables()
        where database_name = ? and list_contains(?, schema_name)
        order by 1, 2
        """,
        [database, list(schemas)],
    ).fetchall()


def columns_of(
    connection: Connection, database: str, table: Table
) -> dict[str, str]:
    """The columns of a table and their types; none where it is not there."""
    return dict(connection.execute(
        """
        select column_name, data_type
        from duckdb_columns()
        where database_name = ? and schema_name = ? and table_name = ?
        order by column_index
        """,
        [database, *table],
    ).fetchall())


def copy_tables(
    connection: Connection, source: str, tables: Iterable[Table]
) -> None:
    """Copy tables into the database `new`, with their comments."""
    for table in tables:
        create_schema(connection, table)
        connection.execute(
            f"create table {name('new', *table)} as "
            f"select * from {name(source, *table)}"
        )
        copy_comments(connection, source, table)


def copy_comments(connection: Connection, source: str, table: Table) -> None:
    """What a table and its columns mean, for whoever opens the copy."""
    found = connection.execute(
        "select comment from duckdb_tables() "
        "where database_name = ? and schema_name = ? and table_name = ?",
        [source, *table],
    ).fetchone()
    columns = connection.execute(
        "select column_name, comment from duckdb_columns() "
        "where comment is not null "
        "and database_name = ? and schema_name = ? and table_name = ?",
        [source, *table],
    ).fetchall()
    comment(connection, table, found[0] if found else None, dict(columns))


def comment(
    connection: Connection,
    table: Table,
    words: str | None,
    columns: dict[str, str],
) -> None:
    """Say what a table of the database `new` and its columns mean."""
    if words is not None:
        connection.execute(
            f"comment on table {name('new', *table)} is {text(words)}"
        )
    for column, of_column in columns.items():
        path = name("new", *table, column)
        connection.execute(f"comment on column {path} is {text(of_column)}")


def create_schema(connection: Connection, table: Table) -> None:
    """Create the schema of a table in the database `new`."""
    connection.execute(f"create schema if not exists {name('new', table[0])}")


def measures(
    connection: Connection, database: str, tables: Iterable[Table]
) -> Sums:
    """The row count of each table, and the sum of each amount and count."""
    found = {}
    for table in tables:
        # Last, as a table may have a column of that name.
        sums = {
            column: f"sum(try_cast({name(column)} as decimal(38, 6)))"
            for column in columns_of(connection, database, table)
            if column.endswith(("_amount", "_count"))
        } | {"row_count": "count(*)"}
        row = connection.execute(
            f"select {', '.join(sums.values())} from {name(database, *table)}"
        ).fetchone()
        for measure, value in zip(sums, row):
            found[table[1], measure] = Decimal(value or 0)
    return found


def first_line(error: BaseException) -> str:
    """What an error says, without the hints that follow."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
