"""Worlds too large for one process: block after block of customers.

A block is a world of its own but for its campaigns, which are those of all. What
is written goes to one file per block and table, so memory holds a block or two,
whatever the number of customers.
"""

from collections.abc import Iterable
from dataclasses import replace
from multiprocessing import Pool
from pathlib import Path

from simulation.sample.build import add_cases, build_part
from simulation.sample.tables import CAMPAIGN, COLUMNS, PRODUCT, Row, write_rows
from simulation.sample.world import World

BLOCK = 2000
# Numbers of a block's orders, tickets, events, …: many more than it needs.
NUMBERS = 1_000_000


def write_large(world: World, out: Path, processes: int) -> None:
    """One folder per table, of compressed CSV files. Nobody's lists are known,
    so a rule says whom the campaigns contact."""
    world = replace(world, lists=None)
    blocks = range(-(-world.customers // BLOCK))
    campaigns: dict[str, Row] = {}
    with Pool(processes) as pool:
        for rows in pool.imap_unordered(
            write_block, ((world, out, block) for block in blocks)
        ):
            campaigns |= {row["campaign_id"]: row for row in rows}
    tables: dict[str, list[Row]] = {table: [] for table in COLUMNS}
    tables |= build_part(world, (), 1)
    tables[CAMPAIGN] = [campaigns[it] for it in sorted(campaigns)]
    add_cases(world, tables)
    for table, rows in tables.items():
        write_rows(table, rows, out / table / "all.csv.gz")


def write_block(task: tuple[World, Path, int]) -> Iterable[Row]:
    """The files of a block; returns its campaigns."""
    world, out, block = task
    first = block * BLOCK + 1
    tables = build_part(
        world, range(first, min(first + BLOCK, world.customers + 1)),
        block * NUMBERS + 1,
    )
    campaigns = tables.pop(CAMPAIGN)
    del tables[PRODUCT]
    for table, rows in tables.items():
        write_rows(table, rows, out / table / f"{block:05d}.csv.gz")
    return campaigns
