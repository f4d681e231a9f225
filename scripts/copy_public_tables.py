"""Copy the public tables of a DuckDB database into a file of their own.

    python -m scripts.copy_public_tables [database [copy]]   # make public-copy

DuckDB has no users, so whoever opens a file reads every schema in it. The copy
has the schemas of dim, dwd, dws and ads, where addresses are masked, and no other:
neither what was delivered nor the plain addresses. It replaces an older copy.
"""

import os
import sys
from pathlib import Path

import duckdb

PUBLIC = ("cst_dim", "cst_dwd", "cst_dws", "cst_ads")


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def copy_public_tables(database: Path, copy: Path) -> list[str]:
    """Write the copy beside its place, and move it there when it is whole."""
    new = copy.with_name(copy.name + ".new")
    new.unlink(missing_ok=True)
    copied = []
    with duckdb.connect(str(new)) as connection:
        connection.execute(
            f"attach '{str(database).replace(chr(39), chr(39) * 2)}' as source "
            "(read_only)"
        )
        for schema, table in connection.execute(
            """
            select table_schema, table_name
            from information_schema.tables
            where table_catalog = 'source' and list_contains(?, table_schema)
            order by 1, 2
            """,
            [list(PUBLIC)],
        ).fetchall():
            name = f"{quoted(schema)}.{quoted(table)}"
            connection.execute(f"create schema if not exists {quoted(schema)}")
            connection.execute(
                f"create table {name} as select * from source.{name}"
            )
            copied.append(f"{schema}.{table}")
    new.replace(copy)
    return copied


def main(arguments: list[str]) -> None:
    database = Path(
        arguments[0] if arguments
        else os.environ.get("CST_DUCKDB_PATH", "cst.duckdb")
    )
    copy = Path(arguments[1] if len(arguments) > 1 else "public.duckdb")
    if not database.exists():
        sys.exit(f"{database} is not there: run `make build`")
    copied = copy_public_tables(database, copy)
    print(f"{copy}: {len(copied)} tables")


if __name__ == "__main__":
    main(sys.argv[1:])
