"""integration_tests/ is a company's project that builds on this one."""

import os
import shutil
import subprocess

import duckdb
import pytest
import warm_dbt
from conftest import PROJECT

SHOP = PROJECT / "integration_tests"


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Calls dbt on a copy of the project, with the packages in place that
    `dbt deps` would install; returns the call, the database and the folder. The
    project is parsed once, but where a test asks for it anew."""
    folder = tmp_path_factory.mktemp("shop") / "project"
    shutil.copytree(
        SHOP, folder,
        ignore=shutil.ignore_patterns("target", "logs", "dbt_packages"),
    )
    packages = folder / "dbt_packages"
    packages.mkdir()
    (packages / "cst").symlink_to(PROJECT)
    (packages / "dbt_utils").symlink_to(PROJECT / "dbt_packages" / "dbt_utils")
    database = folder / "shop.duckdb"

    def call(*arguments, parse=False):
        parsed = None if parse else warm_dbt.parse(folder, {}, database.stem)
        return subprocess.run(
            [*warm_dbt.command(parsed), *arguments],
            cwd=folder, check=False, capture_output=True,
            text=True, env={
                **os.environ,
                "CST_DUCKDB_PATH": str(database),
                "DBT_PROFILES_DIR": str(folder),
            },
        )

    return call, database, folder


@pytest.fixture(scope="module")
def built(shop):
    """The database, built with all data tests."""
    call, database, _ = shop
    result = call("build", "--exclude-resource-type", "unit_test")
    assert result.returncode == 0, result.stdout[-3000:]
    with duckdb.connect(str(database), read_only=True) as connection:
        yield connection


def test_models_are_the_input(built):
    assert built.execute("""
        select count(*), sum(gross_amount) from crm_dwd.dwd_trd_order
    """).fetchone() == built.execute("""
        select count(*), sum(order_amount) from crm.shop_orders
    """).fetchone()
    (paid,) = built.execute("""
        select count(*) from crm.shop_orders
        where order_status = 'paid' and ordered_at < '2025-06-30 22:00:00'
    """).fetchone()
    assert paid > 200
    assert built.execute("""
        select count(*) from crm_dwd.dwd_trd_order where is_counted
    """).fetchone() == (paid,)


def test_layers_go_where_the_company_wants_them(built):
    assert built.execute(
        "select count(*) > 0 from crm_marts.ads_cst_customer_360"
    ).fetchone() == (True,)


def test_a_seed_of_the_company_takes_the_place_of_ours(built):
    assert built.execute("""
        select segment_name_zh from crm_dim.dim_cst_segment
        where segment_code = 'champions'
    """).fetchone() == ("核心客户",)
    assert built.execute("""
        select count(*) from information_schema.tables
        where table_name = 'cst_segments'
    """).fetchone() == (1,)


def test_a_model_of_the_company_joins_columns_of_its_own(built):
    assert built.execute("""
        select count(*), count(distinct account_manager)
        from crm.shop_customer_owners
    """).fetchone() == (60, 2)


def test_steps_are_not_for_others(shop):
    call, _, folder = shop
    path = folder / "models" / "shop_peeks.sql"
    path.write_text("select * from {{ ref('int_cst_purchases') }}")
    try:
        result = call("parse", "--no-partial-parse", parse=True)
    finally:
        path.unlink()
    assert result.returncode != 0
    assert "int_cst_purchases, which is not allowed" in result.stdout
    assert "private to the 'cst' group" in result.stdout


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("{cst_as_off_date: '2025-06-30'}", "Unknown var 'cst_as_off_date'"),
        ("{cst_source_models: {orders: shop_orders}}", "a mapping of customer"),
        ("{cst_source_models: {order: shop orders}}", "to names of models"),
        ("{cst_use_sample_data: true}", "the sample would be the rest"),
        (
            "{cst_source_models: {customer: shop_customers, order: shop_orders,"
            " refund: shop_orders}}",
            "has 'refund', which 'cst_enabled_sources' lacks",
        ),
    ],
)
def test_misspelled_vars_are_refused(shop, given, expected):
    """Some when the project is parsed."""
    call, _, _ = shop
    result = call(
        "compile", "--select", "stg_trd__orders", "--vars", given, parse=True
    )
    assert result.returncode != 0
    assert expected in " ".join(result.stdout.split())


def test_vars_of_the_company_are_its_own(shop):
    call, _, _ = shop
    result = call("parse", "--vars", "{shop_region: north}", parse=True)
    assert result.returncode == 0, result.stdout[-2000:]
