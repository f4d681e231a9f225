"""The sample extract is what its README says, and the truths are in it."""

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from math import sqrt
from pathlib import Path
from statistics import mean, variance

import pytest
import yaml

from scripts.generate_sample import (
    CAMPAIGN,
    COLUMNS,
    CUSTOMER,
    ORDER,
    SHANGHAI,
    TICKET,
    TOUCH,
    UGLY_CASES,
    Row,
    Tables,
    World,
    build,
    cases_markdown,
    write_tables,
)

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds" / "ods"
README = (SEEDS / "README.md").read_text(encoding="utf-8")
CLEAN = World(has_ugly_cases=False, broken_month_end=None)


@dataclass
class Arms:
    """Purchases within 30 days of a contact, one number per contact."""

    treated: list[int]
    held_out: list[int]

    @property
    def uplift(self) -> float:
        """Additional purchases per contact."""
        return mean(self.treated) - mean(self.held_out)

    @property
    def standard_error(self) -> float:
        return sqrt(sum(
            variance(arm) / len(arm) for arm in (self.treated, self.held_out)
        ))


def moment(text: str) -> datetime:
    """A timestamp of the extract; without an offset it is UTC."""
    parsed = datetime.fromisoformat(text)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=timezone.utc)


def newest(rows: Iterable[Row], key: str) -> list[Row]:
    """The newest version of each key."""
    by_version = sorted(rows, key=lambda row: moment(row["updated_at"]))
    return list({row[key]: row for row in by_version}.values())


def purchases(tables: Tables) -> dict[str, list[datetime]]:
    """Moments of the paid orders by customer."""
    moments = defaultdict(list)
    for row in newest(tables[ORDER], "order_id"):
        if row["order_status"] in ("paid", "shipped", "completed"):
            moments[row["customer_id"]].append(moment(row["ordered_at"]))
    return moments


def count_within(
    moments: list[datetime], start: datetime, days: int
) -> int:
    return sum(start < it <= start + timedelta(days=days) for it in moments)


def arms(world: World, tables: Tables, strategy: str) -> Arms:
    """All contacts of a strategy whose 30 days are over."""
    bought = purchases(tables)
    strategies = {
        row["campaign_id"]: row["strategy_code"] for row in tables[CAMPAIGN]
    }
    result = Arms([], [])
    for row in tables[TOUCH]:
        touched = moment(row["touched_at"])
        is_over = touched + timedelta(days=30) <= world.extracted_at
        if strategies[row["campaign_id"]] == strategy and is_over:
            arm = (
                result.held_out if row["is_control"] == "true"
                else result.treated
            )
            arm.append(count_within(bought[row["customer_id"]], touched, 30))
    return result


def purchases_after_rating(
    world: World, tables: Tables
) -> tuple[list[int], list[int]]:
    """Purchases in 90 days after a low rating, and after any other."""
    bought = purchases(tables)
    low, other = [], []
    for row in newest(tables[TICKET], "ticket_id"):
        if not row["csat_score"]:
            continue
        resolved = moment(row["resolved_at"])
        if resolved + timedelta(days=90) <= world.extracted_at:
            group = low if int(row["csat_score"]) <= 2 else other
            group.append(count_within(bought[row["customer_id"]], resolved, 90))
    return low, other


@pytest.fixture(scope="module")
def tables() -> Tables:
    return build(World())


@pytest.fixture(scope="module")
def committed() -> Tables:
    """The committed files, as text."""
    result = {}
    for table in COLUMNS:
        path = SEEDS / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            result[table] = list(csv.DictReader(file))
    return result


@pytest.fixture(scope="module")
def clean() -> Tables:
    """Without ugly rows, and without the campaign that was drawn wrongly."""
    return build(CLEAN)


def test_two_runs_and_the_committed_files_are_equal_byte_for_byte(
    tables: Tables, tmp_path: Path
) -> None:
    write_tables(tables, tmp_path / "first")
    write_tables(build(World()), tmp_path / "second")
    for table in COLUMNS:
        name = f"{table}.csv"
        first = (tmp_path / "first" / name).read_bytes()
        assert first == (tmp_path / "second" / name).read_bytes(), name
        assert first == (SEEDS / name).read_bytes(), (
            f"{name} is stale: run scripts/generate_sample.py"
        )
        assert b"\r" not in first


def test_all_files_together_stay_below_two_megabytes() -> None:
    assert sum(path.stat().st_size for path in SEEDS.glob("*.csv")) < 2_000_000


def test_columns_are_those_of_the_contract() -> None:
    path = ROOT / "models" / "staging" / "_ods__sources.yml"
    source = yaml.safe_load(path.read_text(encoding="utf-8"))["sources"][0]
    contract = {
        table["name"]: tuple(column["name"] for column in table["columns"])
        for table in source["tables"]
    }
    assert contract == COLUMNS


def test_seeds_read_every_column_as_text() -> None:
    path = SEEDS / "_ods__seeds.yml"
    seeds = yaml.safe_load(path.read_text(encoding="utf-8"))["seeds"]
    types = {seed["name"]: seed["config"]["column_types"] for seed in seeds}
    assert types == {
        table: dict.fromkeys(columns, "string")
        for table, columns in COLUMNS.items()
    }


def test_every_ugly_row_is_in_the_files(committed: Tables) -> None:
    for case in UGLY_CASES:
        for row in case.rows():
            assert row in committed[case.table], case.ugly_id


def test_an_ugly_id_names_one_case() -> None:
    ids = [(case.table, case.ugly_id) for case in UGLY_CASES]
    assert len(ids) == len(set(ids))


def test_rejected_ugly_rows_say_why() -> None:
    assert all(bool(case.reason) == bool(case.rejected) for case in UGLY_CASES)
    assert all(case.superseded >= 0 for case in UGLY_CASES)


def test_readme_lists_the_ugly_cases() -> None:
    assert cases_markdown() in README, "copy it from generate_sample.py --cases"


def test_readme_counts_rows_keys_and_fates(tables: Tables) -> None:
    clean = build(World(has_ugly_cases=False))
    for table, columns in COLUMNS.items():
        cases = [case for case in UGLY_CASES if case.table == table]
        rows = len(tables[table])
        rejected = sum(case.rejected for case in cases)
        accepted = len({row[columns[0]] for row in clean[table]})
        accepted += sum(case.accepted for case in cases)
        superseded = rows - accepted - rejected
        keys = len({row[columns[0]] for row in tables[table]} - {""})
        line = (
            f"| {table} | {rows} | {keys} "
            f"| {accepted} | {superseded} | {rejected} |"
        )
        assert line in README


def test_clean_rows_are_never_later_than_the_extract(clean: Tables) -> None:
    for table, rows in clean.items():
        for row in rows:
            for column, text in row.items():
                if column.endswith("_at") and text:
                    assert moment(text) <= CLEAN.extracted_at, (table, row)


def test_clean_rows_happen_before_they_are_written(clean: Tables) -> None:
    for table, rows in clean.items():
        version = "updated_at" if "updated_at" in COLUMNS[table] else (
            "ingested_at"
        )
        for row in rows:
            for column, text in row.items():
                if column.endswith("_at") and column != "ended_at" and text:
                    late = moment(text) - moment(row[version])
                    assert table == CAMPAIGN or late <= timedelta(0), row


def test_nobody_orders_before_registering(clean: Tables) -> None:
    registered = {
        row["customer_id"]: moment(row["registered_at"])
        for row in clean[CUSTOMER]
    }
    for row in clean[ORDER]:
        assert moment(row["ordered_at"]) >= registered[row["customer_id"]]


def test_newest_orders_fall_on_the_incomplete_last_date(
    clean: Tables,
) -> None:
    dates = [
        moment(row["ordered_at"]).astimezone(SHANGHAI).date()
        for row in newest(clean[ORDER], "order_id")
    ]
    assert max(dates) == CLEAN.extracted_at.date()
    assert dates.count(max(dates)) == CLEAN.last_morning_orders
    assert min(dates) >= CLEAN.first_date


def test_activation_has_the_planted_effect(clean: Tables) -> None:
    measured = arms(CLEAN, clean, "activation")
    assert measured.uplift == pytest.approx(
        CLEAN.uplift["activation"], abs=2 * measured.standard_error
    )
    assert measured.uplift > 4 * measured.standard_error


@pytest.mark.parametrize(
    "strategy", ["wake_up", "vip_maintenance", "mass_promotion"]
)
def test_other_campaigns_show_no_effect(clean: Tables, strategy: str) -> None:
    measured = arms(CLEAN, clean, strategy)
    assert abs(measured.uplift) < 1.96 * measured.standard_error


def test_broken_campaign_adds_rows_and_changes_none(clean: Tables) -> None:
    broken = build(World(has_ugly_cases=False))
    for table, rows in clean.items():
        assert broken[table][:len(rows)] == rows
        added = len(broken[table]) - len(rows)
        assert bool(added) == (table in (CAMPAIGN, TOUCH)), table


def test_broken_campaign_looks_like_a_success_and_is_none() -> None:
    world = World(has_ugly_cases=False)
    tables = build(world)
    campaign_id = f"K{world.broken_month_end:%Y%m}-wake_up"
    touches = [
        row for row in tables[TOUCH] if row["campaign_id"] == campaign_id
    ]
    bought = purchases(tables)
    groups = Arms([], [])
    for row in touches:
        touched = moment(row["touched_at"])
        is_control = row["is_control"] == "true"
        arm = groups.held_out if is_control else groups.treated
        arm.append(count_within(bought[row["customer_id"]], touched, 30))
    share = len(groups.held_out) / len(touches)
    assert share == pytest.approx(world.broken_share, abs=0.01)
    assert share > world.control_share + 0.2
    assert groups.uplift > 0


def test_low_ratings_cost_purchases(clean: Tables) -> None:
    low, other = purchases_after_rating(CLEAN, clean)
    difference = mean(other) - mean(low)
    error = sqrt(
        variance(low) / len(low) + variance(other) / len(other)
    )
    assert difference > 2 * error


def test_readme_states_the_measured_effects(clean: Tables) -> None:
    for strategy in (*CLEAN.uplift, "mass_promotion"):
        measured = arms(CLEAN, clean, strategy)
        planted = CLEAN.uplift.get(strategy, 0.0)
        line = (
            f"| {strategy} | {planted:.2f} | {len(measured.treated)} "
            f"| {len(measured.held_out)} | {mean(measured.treated):.3f} "
            f"| {mean(measured.held_out):.3f} | {measured.uplift:.3f} "
            f"| {measured.standard_error:.3f} |"
        )
        assert line in README
    low, other = purchases_after_rating(CLEAN, clean)
    line = (
        f"{mean(low):.2f} purchases after {len(low)} low ratings, "
        f"{mean(other):.2f} after {len(other)} others"
    )
    assert line in README


def test_a_world_without_an_effect_shows_none() -> None:
    world = replace(CLEAN, customers=900, uplift={})
    measured = arms(world, build(world), "activation")
    assert abs(measured.uplift) < 3 * measured.standard_error


def test_a_world_without_customers_is_empty() -> None:
    empty = build(replace(CLEAN, customers=0, anonymous_visits=0))
    assert not any(rows for table, rows in empty.items() if table != CAMPAIGN)


def test_another_seed_is_another_world(clean: Tables) -> None:
    other = build(replace(CLEAN, seed=7, customers=20))
    assert other[ORDER][0] not in clean[ORDER]
