"""Whether two databases hold the same public tables."""

import duckdb

PUBLIC_SCHEMAS = ("cst_dim", "cst_dwd", "cst_dws", "cst_ads")


def public_columns(
    connection: duckdb.DuckDBPyConnection, catalog: str
) -> list[tuple[str, str, str, str]]:
    """(schema, table, column, type) of every public column of an attached
    database, in the order of the columns."""
    return connection.execute(
        """
        select table_schema, table_name, column_name, data_type
        from information_schema.columns
        where table_catalog = ? and list_contains(?, table_schema)
        order by table_schema, table_name, ordinal_position
        """,
        [catalog, list(PUBLIC_SCHEMAS)],
    ).fetchall()


def different_rows(
    connection: duckdb.DuckDBPyConnection,
    catalogs: tuple[str, str],
    without: str = "",
) -> dict[str, int]:
    """How many rows only one of two attached databases has, by table; but for a
    column that may differ."""
    found = {}
    columns = f"columns(lambda name: name != '{without}')"
    tables = {
        f"{schema}.{table}"
        for schema, table, *_ in public_columns(connection, catalogs[0])
    }
    for name in sorted(tables):
        for one, other in (catalogs, catalogs[::-1]):
            (count,) = connection.execute(
                f"select count(*) from (select {columns} from {one}.{name} "
                f"except all select {columns} from {other}.{name})"
            ).fetchone()
            if count:
                found[f"{name}, only in {one}"] = count
    return found
