"""Effects in 600 worlds whose truth is known, by the project's own SQL.

Run by `make test-statistics` in about four minutes. A 95% interval covers the
truth in 93% of 600 worlds or fewer, by bad luck, once in 80 such tests; with
200 worlds it would be once in 13.
"""

import duckdb
import pandas as pd
import pytest

from simulation.worlds.tables import MODELS, write_worlds
from simulation.worlds.trials import WINDOW, make_worlds

SALT = "worlds"
SHARES = (0.1, 0.3, 0.5)
WORLDS_PER_SHARE = 200

RESULTS = """
    select
        effect.*,
        ltv.* exclude (
            snapshot_date, strategy_code, strategy_name_zh, strategy_name_en,
            segment_code, segment_name_zh, segment_name_en, is_total,
            window_days,
            treated_customers, holdout_customers, sample_ratio_p_value,
            withheld_reason, withheld_reason_zh, withheld_reason_en
        ),
        ltv.withheld_reason as ltv_withheld_reason
    from cst_ads.ads_cst_strategy_effect as effect
    inner join cst_ads.ads_cst_strategy_ltv_effect as ltv
        on ltv.strategy_ltv_effect_key = effect.strategy_effect_key
    where effect.segment_code != 'all'
"""


def run_worlds(run_dbt, path, share, numbers):
    """What the project says about the worlds, next to the truth: a DataFrame
    with a row per trial."""
    worlds = make_worlds(numbers, share, SALT)
    write_worlds(worlds, path)
    run_dbt(
        "run", "--select", *MODELS, database=path, check=True,
        vars={
            "retention_holdout_share": share,
            "retention_salt": SALT,
            "retention_window_days": [WINDOW],
        },
    )
    with duckdb.connect(str(path), read_only=True) as connection:
        results = connection.execute(RESULTS).df()
        groups = connection.execute(
            "select customer_id, is_holdout from cst_dws.dws_cst_retention"
        ).df()
    planted = worlds.tables["assigned"].merge(groups, on="customer_id")
    assert len(planted) == len(groups) == len(worlds.tables["assigned"])
    assert (planted.is_held_out == planted.is_holdout).all()
    truth = pd.DataFrame(worlds.trials).rename(
        columns=lambda name: f"true_{name}" if "uplift" in name else name
    )
    return truth.merge(results, on=["segment_code", "strategy_code"])


@pytest.fixture(scope="module")
def trials(run_dbt, tmp_path_factory):
    """A row per trial: a strategy in one of the worlds."""
    folder = tmp_path_factory.mktemp("worlds")
    return pd.concat([
        run_worlds(
            run_dbt, folder / f"share_{place}.duckdb", share,
            range(place * WORLDS_PER_SHARE, (place + 1) * WORLDS_PER_SHARE),
        )
        for place, share in enumerate(SHARES)
    ], ignore_index=True)


@pytest.fixture(scope="module")
def working(trials):
    return trials[trials.strategy_code == "activation"]


@pytest.fixture(scope="module")
def idle(trials):
    return trials[trials.strategy_code == "wake_up"]


def test_every_honest_trial_has_an_estimate(trials):
    """By chance, one in a thousand fails the sample ratio check."""
    assert len(trials) == 3 * len(SHARES) * WORLDS_PER_SHARE
    honest = trials[trials.strategy_code != "vip_maintenance"]
    missing = honest.withheld_reason.notna()
    assert missing.sum() <= 5
    assert honest.withheld_reason[missing].isin(["sample_ratio_mismatch"]).all()


@pytest.mark.parametrize("measure", ["rate", "amount", "ltv"])
def test_intervals_hold_the_truth(working, measure):
    """In at least 93% of the worlds, and in at most 98%: not just by being
    wide."""
    known = working[working[f"{measure}_uplift"].notna()]
    truth = known[f"true_{measure}_uplift"]
    low = known[f"{measure}_uplift_low"].astype(float)
    high = known[f"{measure}_uplift_high"].astype(float)
    is_inside = (low <= truth) & (truth <= high)
    assert len(known) >= 595
    assert is_inside.mean() >= 0.93
    assert is_inside.mean() <= 0.98


@pytest.mark.parametrize("measure", ["rate", "amount", "ltv"])
def test_a_strategy_without_effect_is_seldom_called_significant(idle, measure):
    p = idle[f"{measure}_p_value"].dropna()
    assert len(p) >= 595
    assert (p < 0.05).mean() <= 0.08
    # Nor is the test too cautious: half of all p-values are below a half.
    assert 0.4 < (p < 0.5).mean() < 0.6


@pytest.mark.parametrize("measure", ["rate", "amount", "ltv"])
def test_estimates_are_unbiased(working, measure):
    """Averaged over all worlds, the estimate is the truth."""
    known = working[working[f"{measure}_uplift"].notna()]
    half_width = (
        known[f"{measure}_uplift_high"].astype(float)
        - known[f"{measure}_uplift_low"].astype(float)
    ) / 2
    error = (
        known[f"{measure}_uplift"].astype(float)
        - known[f"true_{measure}_uplift"]
    ) / (half_width / 1.96)
    assert abs(error.mean()) < 3 / len(known) ** 0.5


def test_a_working_strategy_is_found(working):
    """Nearly always, given a large effect and enough customers."""
    large = working[
        (working.true_rate_uplift > 0.1) & (working.holdout_customers > 300)
    ]
    assert len(large) >= 10
    assert (large.rate_p_value < 0.05).mean() >= 0.9


def test_estimate_is_withheld_for_broken_randomization(trials):
    """Although the campaign would look like a great success."""
    broken = trials[trials.is_broken]
    naive = broken.treated_repurchase_rate - broken.holdout_repurchase_rate
    assert naive.mean() > 0.1
    assert (broken.withheld_reason == "sample_ratio_mismatch").all()
    assert (broken.ltv_withheld_reason == "sample_ratio_mismatch").all()
    assert broken.rate_uplift.isna().all()
    assert broken.amount_uplift.isna().all()
    assert broken.ltv_uplift.isna().all()


def test_estimate_is_withheld_if_nobody_was_contacted(trials):
    idle = trials[trials.is_idle]
    assert len(idle) >= 100
    assert (idle.withheld_reason == "not_carried_out").all()
    assert (idle.ltv_withheld_reason == "not_carried_out").all()
    assert idle.rate_uplift.isna().all()
    assert idle.ltv_uplift.isna().all()
