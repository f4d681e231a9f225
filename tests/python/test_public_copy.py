"""The copy for BI has the public tables and nothing else."""

import duckdb
import pytest
from scripts.copy_public_tables import copy_public_tables, main


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "it's cst.duckdb"
    with duckdb.connect(str(path)) as connection:
        for schema in ("cst_dim", "cst_ads", "cst_contact", "cst_staging"):
            connection.execute(f"create schema {schema}")
        connection.execute("create table cst_dim.a as select 'a***@***' as email")
        connection.execute("create table cst_ads.b as select 1 as number")
        for schema in ("cst_contact", "cst_staging"):
            connection.execute(
                f"create table {schema}.c as select 'a@secret.example' as email"
            )
    return path


def test_public_tables_alone_are_copied(database, tmp_path):
    copy = tmp_path / "public.duckdb"
    copy.write_text("an older copy")
    assert copy_public_tables(database, copy) == ["cst_ads.b", "cst_dim.a"]
    with duckdb.connect(str(copy), read_only=True) as connection:
        assert connection.execute("from cst_dim.a").fetchall() == [("a***@***",)]
        assert connection.execute(
            "select distinct table_schema from information_schema.tables "
            "order by 1"
        ).fetchall() == [("cst_ads",), ("cst_dim",)]
    assert b"secret" not in copy.read_bytes()
    assert not copy.with_name("public.duckdb.new").exists()


def test_a_missing_database_is_named(tmp_path):
    with pytest.raises(SystemExit, match="run `make build`"):
        main([str(tmp_path / "none.duckdb"), str(tmp_path / "copy.duckdb")])
