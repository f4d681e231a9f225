"""The truths planted in the sample are in its rows, and its README states
them; `test_sample_effects.py` asks the warehouse for them."""

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
    campaign_arms,
    list_arms,
    purchases_after_rating,
)

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "seeds" / "ods" / "README.md").read_text(encoding="utf-8")
PAID_SHARE = 1 - CLEAN.cancelled_share - CLEAN.unpaid_share
ARMS_CAMPAIGN = f"K{CLEAN.arms_month_end:%Y%m}-activation"
PROMOTION = f"K{CLEAN.promotion_month_end:%Y%m}-mass_promotion"


@pytest.fixture(scope="module")
def clean() -> Tables:
    """Without ugly rows, and without the campaign that was drawn wrongly."""
    return build(CLEAN)


def test_activation_has_the_planted_effect(clean: Tables) -> None:
    """An entry is contacted within three days."""
    measured = list_arms(CLEAN, clean, "activation")
    assert measured.uplift == pytest.approx(
        CLEAN.uplift["activation"] * PAID_SHARE, abs=2 * measured.standard_error
    )
    assert measured.uplift > 3 * measured.standard_error


@pytest.mark.parametrize("strategy", ["wake_up", "vip_maintenance"])
def test_other_strategies_show_no_effect(clean: Tables, strategy: str) -> None:
    measured = list_arms(CLEAN, clean, strategy)
    assert abs(measured.uplift) < 1.96 * measured.standard_error


@pytest.mark.parametrize("arm", CLEAN.arms)
def test_each_arm_has_its_planted_effect(clean: Tables, arm: str) -> None:
    measured = campaign_arms(clean, ARMS_CAMPAIGN, arm)
    assert measured.uplift == pytest.approx(
        CLEAN.arms[arm] * PAID_SHARE, abs=2 * measured.standard_error
    )


def test_the_sale_has_the_planted_effect_on_half_its_customers(
    clean: Tables,
) -> None:
    measured = campaign_arms(clean, PROMOTION)
    assert measured.uplift == pytest.approx(
        CLEAN.uplift["mass_promotion"] * PAID_SHARE,
        abs=2 * measured.standard_error,
    )
    groups = len(measured.held_out), len(measured.treated)
    assert groups[0] / sum(groups) == pytest.approx(
        CLEAN.promotion_control_share, abs=0.05
    )


def test_only_campaigns_with_a_share_have_a_control_group(
    clean: Tables,
) -> None:
    shares = {
        row["campaign_id"]: row["control_share"] for row in clean[CAMPAIGN]
    }
    own = {
        row["campaign_id"] for row in clean[TOUCH]
        if row["is_control"] == "true"
    }
    assert own == {key for key, share in shares.items() if share}
    assert own == {ARMS_CAMPAIGN, PROMOTION}


def test_broken_campaign_adds_rows_and_changes_none(clean: Tables) -> None:
    broken = build(World(has_ugly_cases=False))
    for table, rows in clean.items():
        assert broken[table][:len(rows)] == rows
        added = len(broken[table]) - len(rows)
        assert bool(added) == (table in (CAMPAIGN, TOUCH)), table


def test_broken_campaign_looks_like_a_success_and_is_none() -> None:
    world = World(has_ugly_cases=False)
    campaign_id = f"K{world.broken_month_end:%Y%m}-win_back"
    groups = campaign_arms(build(world), campaign_id)
    share = len(groups.held_out) / len(groups.held_out + groups.treated)
    assert share == pytest.approx(world.broken_share, abs=0.01)
    assert share > world.broken_control_share + 0.2
    assert groups.uplift > 0


def test_low_ratings_cost_purchases(clean: Tables) -> None:
    low, other = purchases_after_rating(CLEAN, clean)
    difference = mean(other) - mean(low)
    error = sqrt(
        variance(low) / len(low) + variance(other) / len(other)
    )
    assert difference > 2 * error


def test_readme_states_the_cost_of_low_ratings(clean: Tables) -> None:
    low, other = purchases_after_rating(CLEAN, clean)
    line = (
        f"{mean(low):.2f} purchases after {len(low)} low ratings, "
        f"{mean(other):.2f} after {len(other)} others"
    )
    assert line in README


def test_a_world_without_an_effect_shows_none() -> None:
    """Its lists are those of a world with effects: they say who is contacted,
    and chance alone who is not."""
    world = replace(CLEAN, uplift={}, arms=dict.fromkeys(CLEAN.arms, 0.0))
    measured = list_arms(world, build(world), "activation")
    assert abs(measured.uplift) < 3 * measured.standard_error
