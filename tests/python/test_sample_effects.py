"""The warehouse finds in the sample what was planted, and no more."""

import pytest

from simulation.sample.truths import Planted, planted_effects
from simulation.sample.world import World

WORLD = World()
PLANTED = planted_effects(WORLD)
BROKEN = f"K{WORLD.broken_month_end:%Y%m}-win_back"


@pytest.fixture(scope="module")
def effects(sample_database) -> dict[tuple, tuple]:
    """Treated entries, uplift, its interval and why there is none, by scope,
    subject, arm, days and measure; strategies over the last four quarters."""
    found = sample_database.execute(
        """
        select
            scope_code, subject_code, arm_code, window_days, measure_code,
            treated_entries, uplift, uplift_low, uplift_high, withheld_reason
        from cst_ads.ads_cst_effect
        where
            segment_code = 'all'
            and period_code = case
                when scope_code = 'campaign' then 'all'
                else 'last_four_quarters'
            end
        """
    ).fetchall()
    return {row[:5]: row[5:] for row in found}


def name(planted: Planted) -> str:
    return f"{planted.subject}-{planted.arm}"


@pytest.mark.parametrize("planted", PLANTED, ids=name)
def test_intervals_hold_what_was_planted(
    effects: dict, planted: Planted
) -> None:
    entries, uplift, low, high, reason = effects[
        *planted[:4], "repurchase_rate"
    ]
    if planted.subject == BROKEN:
        assert (uplift, reason) == (None, "sample_ratio_mismatch")
    else:
        assert reason is None
        assert low <= planted.caused / entries <= high


@pytest.mark.parametrize("measure", ["repurchase_rate", "net_amount"])
def test_activation_works(effects: dict, measure: str) -> None:
    _, _, low, _, _ = effects["strategy", "activation", "all", 90, measure]
    assert low > 0


@pytest.mark.parametrize("strategy", ["vip_maintenance", "wake_up"])
def test_the_others_cannot_be_told_from_nothing(
    effects: dict, strategy: str
) -> None:
    _, _, low, high, _ = effects[
        "strategy", strategy, "all", 90, "repurchase_rate"
    ]
    assert low < 0 < high


def test_the_sale_works_and_belongs_to_no_strategy(
    effects: dict, sample_database
) -> None:
    campaign_id = f"K{WORLD.promotion_month_end:%Y%m}-mass_promotion"
    _, _, low, _, _ = effects[
        "campaign", campaign_id, "all", 30, "repurchase_rate"
    ]
    assert low > 0
    assert sample_database.execute(
        "select strategy_code from cst_dim.dim_prm_campaign "
        "where campaign_id = ?",
        [campaign_id],
    ).fetchall() == [(None,)]


def test_no_comparison_but_the_broken_one_is_refused_as_unequal(
    sample_database,
) -> None:
    refused = sample_database.execute(
        """
        select distinct scope_code, subject_code
        from cst_ads.ads_cst_effect
        where withheld_reason = 'sample_ratio_mismatch'
        """
    ).fetchall()
    assert refused == [("campaign", BROKEN)]


def test_history_before_the_lists_is_shown_and_not_compared(
    sample_database,
) -> None:
    reasons = sample_database.execute(
        """
        select distinct withheld_reason
        from cst_ads.ads_cst_effect
        where scope_code = 'strategy' and last_entry_date < ?
        """,
        [WORLD.lists_since],
    ).fetchall()
    assert reasons == [("holdout_not_in_use",)]
