"""Write lists.csv anew: what the warehouse says at each month end.

    python -m simulation.sample.make_lists               # minutes
    python -m simulation.sample.make_lists 2025-10-31    # from this one on

The loop is closed: the warehouse of a month end is built on the data so far,
its lists decide who is contacted in the month that follows, contacts cause
orders, and those are part of the data of the next month end. Afterwards run
`python -m simulation.sample`.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import duckdb

from simulation.sample.build import build
from simulation.sample.lists import (
    LISTS,
    Stay,
    add_list,
    lists_before,
    read_lists,
    write_lists,
)
from simulation.sample.season import SHANGHAI
from simulation.sample.tables import write_tables
from simulation.sample.world import World, month_ends

PROJECT = Path(__file__).resolve().parents[2]
DATABASE = "cst.duckdb"
# The company contacts in the course of a month, when what stands against it on
# the last day of the month before has mostly passed.
AUDIENCE = """
    select
        customer_id,
        strategy_code,
        case
            when is_program_holdout then 'program'
            when is_holdout then 'hold-out'
            else 'contact'
        end
    from cst_ads.ads_cst_audience
    where
        is_current
        and (
            is_contactable
            or no_contact_reason in (
                'open_ticket', 'refund_running', 'bad_experience',
                'just_bought', 'quiet_period'
            )
        )
        and customer_id similar to 'C[0-9]{5}'
    order by customer_id
"""


def main() -> None:
    world = World()
    start = world.lists_since
    stays: list[Stay] = []
    if len(sys.argv) > 1:
        start = date.fromisoformat(sys.argv[1])
        stays = list(lists_before(read_lists(), start))
    with tempfile.TemporaryDirectory(prefix="lists") as folder:
        parse(Path(folder))
        for end in month_ends(world):
            if end >= start:
                newest = ask_warehouse(world, stays, end, Path(folder))
                stays = add_list(stays, end, newest)
                # Month by month, so that a run can go on where one stopped.
                write_lists(stays, LISTS)
                print(f"{end}: {len(newest)} customers", flush=True)


def ask_warehouse(
    world: World, stays: list[Stay], month_end: date, folder: Path
) -> list[tuple[str, str, str]]:
    """Customer, strategy and group on the list of a month end."""
    lists = folder / "lists.csv"
    write_lists(stays, lists)
    morning_after = datetime.combine(
        month_end + timedelta(days=1), time(world.extracted_at.hour), SHANGHAI
    )
    tables = build(replace(world, lists=lists), morning_after)
    write_tables(tables, folder / "ods")
    database = folder / DATABASE
    database.unlink(missing_ok=True)
    build_audience(
        folder,
        cst_as_of_date=month_end.isoformat(),
        # A source is switched on when its first row is there.
        cst_enabled_sources=[
            table.split("_", 2)[-1] for table, rows in tables.items() if rows
        ],
        retention_holdout_since=world.lists_since.isoformat(),
    )
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(AUDIENCE).fetchall()


def parse(folder: Path) -> None:
    """The vars of a month change nothing that is parsed, so once is enough."""
    call_dbt(folder, Path(sys.executable).with_name("dbt"), "parse")


def build_audience(folder: Path, **dbt_vars: object) -> None:
    call_dbt(
        folder,
        sys.executable, PROJECT / "tests" / "python" / "dbt_parsed.py",
        folder / "target" / "partial_parse.msgpack",
        "build", "--select", "+ads_cst_audience",
        "--exclude-resource-type", "test", "unit_test",
        **dbt_vars,
    )


def call_dbt(folder: Path, *command: str | Path, **dbt_vars: object) -> None:
    dbt_vars |= {
        "cst_use_sample_data": False,
        "cst_ods_path": str(folder / "ods"),
    }
    result = subprocess.run(
        [
            *command, "--target-path", folder / "target",
            "--log-path", folder / "logs", "--vars", json.dumps(dbt_vars),
        ],
        cwd=PROJECT, capture_output=True, text=True,
        env={
            **os.environ,
            "CST_DUCKDB_PATH": str(folder / DATABASE),
            "DBT_PROFILES_DIR": str(PROJECT),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        },
    )
    if result.returncode:
        sys.exit(result.stdout + result.stderr)


if __name__ == "__main__":
    main()
