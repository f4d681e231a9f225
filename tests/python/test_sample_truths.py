"""The truths planted in the sample are in it, and its README states them."""

from dataclasses import replace
from math import sqrt
from pathlib import Path
from statistics import mean, variance

import pytest

from simulation.sample.build import build
from simulation.sample.tables import CAMPAIGN, TOUCH, Tables
from simulation.sample.world import World
from tests.python.sample_measures import (
    CLEAN,
    Arms,
    arms,
    count_within,
    moment,
    purchases,
    purchases_after_rating,
)

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "seeds" / "ods" / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def clean() -> Tables:
    """Without ugly rows, and without the campaign that was drawn wrongly."""
    return build(CLEAN)


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
