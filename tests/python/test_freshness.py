"""`dbt source freshness`: how old the newest row of each source is, whatever
the source is made of, and that asking changes nothing."""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import duckdb
import pytest
import warm_dbt
import yaml
from conftest import PROJECT
from test_inputs import message, path_vars, small_project

NOW = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
HOUR = timedelta(hours=1)
# Off by default, but for the two that are needed.
TWO = {"cst_enabled_sources": ["customer", "order"]}
CUSTOMERS = "customer_id,registered_at,updated_at\n"
ORDERS = "order_id,customer_id,ordered_at,order_status,order_amount"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The project's sources without its models."""
    folder = small_project(
        tmp_path_factory.mktemp("freshness"), PROJECT, "on-run-start",
        "on-run-end", "seeds",
    )
    project = yaml.safe_load((folder / "dbt_project.yml").read_text())
    # What the sample is read from.
    project["seed-paths"] = [str(PROJECT / "seeds")]
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(project))
    (folder / "models" / "staging").mkdir()
    shutil.copy(
        PROJECT / "models" / "staging" / "_ods__sources.yml",
        folder / "models" / "staging",
    )
    return folder


@pytest.fixture
def ask(folder, tmp_path):
    """Ask by these vars: the exit code, by source the status and the newest
    instant, and what dbt printed."""

    def asked(database=None, **dbt_vars):
        # Which sources are asked, and by which hours, is decided when parsed.
        result = subprocess.run(
            [
                *warm_dbt.command(), "source", "freshness",
                "--project-dir", folder, "--profiles-dir", folder,
                "--target-path", tmp_path / "target",
                "--log-path", tmp_path / "logs",
                "--vars", json.dumps(dbt_vars),
            ],
            capture_output=True, text=True, env={
                **os.environ, "NO_COLOR": "1",
                "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
                "CST_DUCKDB_PATH": str(database or tmp_path / "cst.duckdb"),
            },
        )
        found = json.loads((tmp_path / "target" / "sources.json").read_text())
        return result.returncode, {
            one["unique_id"].rpartition(".ods_")[2]: (
                one["status"],
                datetime.fromisoformat(one["max_loaded_at"]).replace(
                    tzinfo=None, microsecond=0
                ),
            )
            for one in found["results"]
        }, message(result)

    return asked


def deliver(folder, **tables):
    folder.mkdir(exist_ok=True)
    for table, text in tables.items():
        (folder / f"ods_{table}.csv").write_text(text)
    return folder


def test_a_feed_of_text_files_is_fresh_and_stale(ask, tmp_path):
    """Texts of every kind that a model reads; only what is on is asked."""
    fresh, old = NOW - 2 * HOUR, NOW - 60 * HOUR
    files = deliver(
        tmp_path / "ods",
        # In Shanghai's clocks, and the newest is not the greatest text.
        cst_customer=CUSTOMERS
        + "c1,2025-01-01,9 o'clock\n"
        + f"c2,2025-01-01,{fresh + 8 * HOUR:%Y/%m/%d %H:%M:%S}+08:00\n",
        trd_order=f"{ORDERS},updated_at\n"
        + f"o1,c1,2025-01-01,paid,1,{old:%Y-%m-%dT%H:%M:%SZ}\n"
        + "o2,c1,2025-01-01,paid,1,NULL\n",
        log_event="nobody reads this\n",
    )
    assert ask(**path_vars(files), **TWO)[:2] == (
        1, {"cst_customer": ("pass", fresh), "trd_order": ("error", old)},
    )
    # The shop is closed on weekends.
    limits = {"cst_freshness_error_hours": 90}
    assert ask(**path_vars(files), **TWO, **limits)[:2] == (
        0, {"cst_customer": ("pass", fresh), "trd_order": ("warn", old)},
    )


def test_when_a_row_came_goes_before_when_it_was_written(ask, tmp_path):
    """Then when it happened; what is ahead of the clock does not count."""
    came, happened = NOW - 3 * HOUR, NOW - 30 * HOUR
    files = deliver(
        tmp_path / "ods",
        cst_customer="customer_id,registered_at,updated_at,ingested_at\n"
        + f"c1,2025-01-01,{NOW:%Y-%m-%d %H:%M:%S},{came:%Y-%m-%d %H:%M:%S}\n"
        + "c2,2025-01-01,2025-01-01,2099-01-01 00:00:00\n"
        + "c3,2025-01-01,2025-01-01,9999-12-31 00:00:00\n",
        trd_order=f"{ORDERS}\n"
        + f"o1,c1,{happened:%Y-%m-%d %H:%M:%S},paid,1\n"
        + f"o2,c1,{NOW + 30 * HOUR:%Y-%m-%d %H:%M:%S},paid,1\n",
    )
    assert ask(**path_vars(files), **TWO)[:2] == (
        0, {"cst_customer": ("pass", came), "trd_order": ("warn", happened)},
    )


def test_typed_tables_and_what_seldom_changes(ask, tmp_path):
    """A campaign of last week is no fault; a stale one only warns."""
    database = tmp_path / "cst.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(
            f"""
            create schema ods;
            create table ods.ods_cst_customer as
            select 'c1' as customer_id, date '2025-01-01' as registered_at,
                   timestamptz '{NOW - HOUR}+00' as updated_at;
            create table ods.ods_trd_order as
            select 'o1' as order_id, 'c1' as customer_id,
                   timestamp '{NOW - HOUR}' as ordered_at,
                   'paid' as order_status, 1 as order_amount;
            create table ods.ods_prm_campaign as
            select 'p1' as campaign_id, 'n' as campaign_name,
                   timestamp '{NOW - 170 * HOUR}' as started_at,
                   timestamp '{NOW}' as ended_at;
            create table ods.ods_prd_product as
            select 'q1' as product_id, timestamp '2025-01-01' as updated_at
            """
        )
    sources = ["customer", "order", "campaign", "product"]
    assert ask(
        database, cst_use_sample_data=False, cst_enabled_sources=sources
    )[:2] == (0, {
        "cst_customer": ("pass", NOW - HOUR),
        "trd_order": ("pass", NOW - HOUR),
        "prm_campaign": ("pass", NOW - 170 * HOUR),
        "prd_product": ("warn", datetime(2025, 1, 1)),
    })


def test_what_cannot_be_asked_is_told(ask, tmp_path):
    """A table that is not there, and one that nothing dates."""
    files = deliver(
        tmp_path / "ods",
        cst_customer=CUSTOMERS + f"c1,2025-01-01,{NOW:%Y-%m-%d %H:%M:%S}\n",
        prd_product="product_id\nq1\n",
    )
    code, found, told = ask(
        **path_vars(files), cst_enabled_sources=["customer", "order", "product"]
    )
    assert (code, found["cst_customer"]) == (1, ("pass", NOW))
    assert "Source table 'ods_trd_order' not found" in told
    assert "'ods_prd_product' has no time" in told


def test_the_sample_is_as_old_as_it_is(ask, sample_path, tmp_path):
    """It ends with 2025, and nobody pretends that it is of today."""
    database = tmp_path / sample_path.name
    shutil.copy(sample_path, database)
    with duckdb.connect(str(database)) as connection:
        before = connection.execute(
            "from cst_intermediate.build_state"
        ).fetchall()
    code, found, _ = ask(database)
    assert code == 1 and found["trd_order"][0] == "error"
    assert {newest.year for _, newest in found.values()} == {2025}
    with duckdb.connect(str(database), read_only=True) as connection:
        # Asking takes no permission to publish away.
        assert connection.execute(
            "from cst_intermediate.build_state"
        ).fetchall() == before


def test_the_word_says_what_is_stale_and_fails(tmp_path):
    """`python -m cst freshness` holds the lock, and passes vars on."""
    files = deliver(
        tmp_path / "ods", cst_customer=CUSTOMERS + "c1,2025-01-01,2025-01-01\n",
        trd_order=f"{ORDERS}\no1,c1,{NOW:%Y-%m-%d %H:%M:%S},paid,1\n",
    )

    def call(*arguments, **more):
        return subprocess.run(
            [
                sys.executable, "-m", "cst", "freshness", *arguments, "--vars",
                json.dumps({**path_vars(files), **TWO, **more}),
                "--target-path", str(tmp_path / "target"),
            ],
            cwd=PROJECT, capture_output=True, text=True, env={
                **os.environ, "CST_DUCKDB_PATH": str(tmp_path / "cst.duckdb"),
            },
        )

    stale = call()
    assert stale.returncode == 1
    assert stale.stderr == "Stale: ods_cst_customer.\n"
    told = stale.stdout.splitlines()
    assert told[-2].split()[:3] == ["ods_cst_customer", "2024-12-31", "16:00"]
    assert told[-2].endswith(" hours  stale")
    assert told[-1].startswith("ods_trd_order ")
    assert told[-1].endswith(" hours  fresh")
    fresh = call(cst_freshness_error_hours=999999)
    assert fresh.returncode == 0, fresh.stdout + fresh.stderr
    assert fresh.stdout.splitlines()[-1] == (
        "Fresh: of 2 sources none is stale, 1 late."
    )
    nothing = call("--select", "source:ods.ods_trd_ordr")
    assert nothing.returncode == 1
    assert nothing.stderr.startswith("No source was asked: ")
    elsewhere = call("-o", str(tmp_path / "found.json"))
    assert elsewhere.returncode == 1 and "leave out -o" in elsewhere.stderr
    (files / "ods_trd_order.csv").unlink()
    unknown = call(cst_freshness_error_hours=999999)
    assert unknown.stderr == "A source could not be asked, see above.\n"
    assert "Source table 'ods_trd_order' not found" in unknown.stdout
