"""The warehouse finds in the sample what was planted, and no more.

Where too few of a group buy, as who was silent for long hardly does, it gives no
estimate; then the interval is that of statsmodels over the means that it shows.
"""

from typing import NamedTuple

import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from simulation.sample.truths import Planted, planted_effects
from simulation.sample.world import World

WORLD = World()
PLANTED = planted_effects(WORLD)
BROKEN = f"K{WORLD.broken_month_end:%Y%m}-win_back"


class Effect(NamedTuple):
    treated: int
    held_out: int
    treated_mean: float
    held_out_mean: float
    low: float
    high: float
    reason: str

    @property
    def expected_buyers(self) -> float:
        """In the smaller group, if both bought alike."""
        rate = (
            self.treated * self.treated_mean
            + self.held_out * self.held_out_mean
        ) / (self.treated + self.held_out)
        return rate * min(self.treated, self.held_out)

    def interval(self) -> tuple[float, float]:
        if self.reason is None:
            return self.low, self.high
        assert self.reason == "too_few_buyers" and self.expected_buyers < 5
        return confint_proportions_2indep(
            round(self.treated * self.treated_mean), self.treated,
            round(self.held_out * self.held_out_mean), self.held_out,
            compare="diff", method="newcomb",
        )


@pytest.fixture(scope="module")
def effects(sample_database) -> dict[tuple, Effect]:
    """By scope, subject, arm, days and measure; strategies over the last four
    quarters."""
    found = sample_database.execute(
        """
        select
            scope_code, subject_code, arm_code, window_days, measure_code,
            treated_entries, holdout_entries, treated_mean, holdout_mean,
            uplift_low, uplift_high, withheld_reason
        from cst_ads.ads_cst_effect
        where
            segment_code = 'all'
            and period_code = case
                when scope_code = 'campaign' then 'all'
                else 'last_four_quarters'
            end
        """
    ).fetchall()
    return {row[:5]: Effect(*row[5:]) for row in found}


def name(planted: Planted) -> str:
    return f"{planted.subject}-{planted.arm}"


@pytest.mark.parametrize("planted", PLANTED, ids=name)
def test_intervals_hold_what_was_planted(
    effects: dict, planted: Planted
) -> None:
    effect = effects[*planted[:4], "repurchase_rate"]
    if planted.subject == BROKEN:
        assert (effect.low, effect.reason) == (None, "sample_ratio_mismatch")
    else:
        low, high = effect.interval()
        assert low <= planted.caused / effect.treated <= high


@pytest.mark.parametrize("measure", ["repurchase_rate", "net_amount"])
def test_activation_works(effects: dict, measure: str) -> None:
    assert effects["strategy", "activation", "all", 90, measure].low > 0


@pytest.mark.parametrize("strategy", ["vip_maintenance", "wake_up"])
def test_the_others_cannot_be_told_from_nothing(
    effects: dict, strategy: str
) -> None:
    low, high = effects[
        "strategy", strategy, "all", 90, "repurchase_rate"
    ].interval()
    assert low < 0 < high


def test_the_sale_works_and_belongs_to_no_strategy(
    effects: dict, sample_database
) -> None:
    campaign_id = f"K{WORLD.promotion_month_end:%Y%m}-mass_promotion"
    sale = effects["campaign", campaign_id, "all", 30, "repurchase_rate"]
    assert sale.low > 0
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
