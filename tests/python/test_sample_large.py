"""`python -m simulation.sample --customers`: as many as one likes, block by
block, with the same rules as the sample but for its lists."""

import csv
import gzip
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

from simulation.sample import large
from simulation.sample.__main__ import DEFAULT_OUT, main
from simulation.sample.build import build, tell
from simulation.sample.cases import CASES
from simulation.sample.lists import Rule
from simulation.sample.tables import (
    CAMPAIGN,
    COLUMNS,
    CUSTOMER,
    ORDER,
    PRODUCT,
    TOUCH,
    Row,
)
from simulation.sample.world import World

CUSTOMERS = 250
WORLD = World(customers=CUSTOMERS, lists=None)


def read(folder: Path) -> dict[str, list[Row]]:
    tables = defaultdict(list)
    for table in COLUMNS:
        for path in sorted((folder / table).iterdir()):
            with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
                tables[table] += csv.DictReader(file)
    return tables


@pytest.fixture(scope="module")
def blocks(tmp_path_factory) -> dict[str, list[Row]]:
    """Three blocks of at most a hundred, in this process."""
    folder = tmp_path_factory.mktemp("large")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(large, "BLOCK", 100)
        large.write_large(WORLD, folder, processes=1)
    return read(folder)


@pytest.fixture(scope="module")
def whole() -> dict[str, list[Row]]:
    return build(WORLD)


def test_each_key_is_there_once(blocks: dict) -> None:
    """But for versions, which are of one customer or order."""
    ugly = {(case.table, case.case_id) for case in CASES}
    for table, rows in blocks.items():
        key = COLUMNS[table][0]
        seen: dict[str, str] = {}
        for row in rows:
            owner = row.get("customer_id", "")
            if row[key] and (table, row[key]) not in ugly:
                assert seen.setdefault(row[key], owner) == owner, row


def test_a_customer_lives_the_same_life_in_every_block(
    blocks: dict, whole: dict
) -> None:
    """Orders by moment and amount, as numbers differ; but for those of the last
    morning, which are drawn among all."""
    def lives(tables: dict) -> set[tuple]:
        return {
            (row["customer_id"], row["order_amount"], row["coupon_code"])
            for row in tables[ORDER] if row["order_channel"] != "app"
        }

    assert lives(blocks) == lives(whole)
    assert {row["customer_id"] for row in blocks[CUSTOMER]} == {
        row["customer_id"] for row in whole[CUSTOMER]
    }
    assert len(blocks[TOUCH]) == len(whole[TOUCH])


def test_what_all_share_is_there_once(blocks: dict, whole: dict) -> None:
    for table in (CAMPAIGN, PRODUCT):
        blank = dict.fromkeys(COLUMNS[table], "")
        rows = [blank | row for row in whole[table]]
        assert sorted(map(str, blocks[table])) == sorted(map(str, rows))
    for case in CASES:
        for row in case.rows:
            assert blocks[case.table].count(row) == len(
                [it for it in case.rows if it == row]
            )


def test_the_rule_names_customers_as_the_warehouse_does() -> None:
    """One strategy at a time; about a tenth is held out while it lasts, and one
    in twenty for good; a campaign reaches nobody else."""
    story = tell(replace(WORLD, customers=1500))
    groups = defaultdict(list)
    for stay in story.stays:
        groups[stay.group].append(stay)
    assert set(groups) == {"contact", "hold-out", "program"}
    shares = {group: len(it) / len(story.stays) for group, it in groups.items()}
    assert shares["hold-out"] == pytest.approx(0.1, abs=0.02)
    assert shares["program"] == pytest.approx(0.05, abs=0.02)
    last: dict[str, object] = {}
    for stay in sorted(story.stays):
        before = last.get(stay.customer_id)
        assert before is None or before < stay.first_list
        last[stay.customer_id] = stay.last_list
    named = {
        (stay.customer_id, stay.strategy) for stay in groups["contact"]
    }
    since = [
        touch for touch in story.touches
        if touch.campaign.strategy and touch.campaign.kind != "win_back"
        and touch.campaign.started_at.date() > WORLD.lists_since
    ]
    assert since and all(
        (it.customer.customer_id, it.campaign.strategy) in named for it in since
    )


def test_a_rule_remembers(whole: dict) -> None:
    rule = Rule(WORLD.seed)
    assert rule.on(WORLD.lists_since, ()) == [] == rule.stays


def test_the_committed_sample_is_not_overwritten(capsys) -> None:
    with pytest.raises(SystemExit):
        main(["--customers", "10", "--out", str(DEFAULT_OUT)])
    assert "--out" in capsys.readouterr().err
