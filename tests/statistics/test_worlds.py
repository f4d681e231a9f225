"""The effects in companies whose truth is known, by the project's own SQL.

Run by `make test-statistics`. In each world the product's lists decide for more
than a year who is contacted, and who is contacted buys, and so leaves the lists.
What ads_cst_effect then says is compared with what an entry is worth, which is
found by living through it twice. simulation/worlds/plan.py says how many worlds
are needed; CST_ROUNDS=60 runs three times as many. The table of all cells is
written to target/worlds.txt.
"""

import os

import numpy as np
import pandas as pd
import pytest

from simulation.worlds.cells import CELL, annotate, report, share_of
from simulation.worlds.plan import LONG, PROMOTIONS, PROVED, ROUNDS
from simulation.worlds.trials import run_many, run_trials

LONG_ROUNDS = int(os.environ.get("CST_ROUNDS", ROUNDS))
# A cell is judged where it has rows of that many worlds.
MIN_WORLDS = 10
PRIMARY = ["measure", "rows", "expected"]


@pytest.fixture(scope="module")
def trials(run_dbt, tmp_path_factory, project_root):
    """A row per row of ads_cst_effect about one world."""
    folder = tmp_path_factory.mktemp("worlds")
    parts = [
        run_trials(
            PROVED, folder / "proved.duckdb", run_dbt, 20, is_by_sql=False
        ).trials
    ]
    for number, plan in enumerate(LONG):
        parts += run_many(
            plan, folder / f"worlds_{number}.duckdb", run_dbt, 21 + number,
            LONG_ROUNDS,
        )
    trials = annotate(pd.concat(parts, ignore_index=True))
    target = project_root / "target"
    target.mkdir(exist_ok=True)
    (target / "worlds.txt").write_text("\n\n".join(
        report(trials[trials.expected > 0], by).round(4).to_string()
        for by in (PRIMARY, [*PRIMARY, "scope_code"], CELL)
    ))
    return trials


@pytest.fixture(scope="module")
def shown(trials):
    """The rows with an estimate."""
    return trials[trials.is_shown & (trials.expected > 0)]


def judge(shares, limit, is_least):
    """The cells on the wrong side of a limit by more than chance explains: in
    each cell with three standard errors, as there are many cells."""
    judged = shares[shares.worlds >= MIN_WORLDS]
    off = limit - judged.share if is_least else judged.share - limit
    # A share of few rows may look certain, as none of them failed.
    error = np.maximum(judged.error, 0.5 / judged.rows)
    return judged[off > 3 * error]


@pytest.mark.parametrize("column", ["is_held", "is_held_adjusted"])
def test_intervals_hold_the_truth(shown, column):
    """In at least 93% of the rows: of each size and measure, and in each cell
    of size, rate and which strategies work."""
    known = shown[shown.adjusted_low.notna()] if "adj" in column else shown
    shares = share_of(known, column, PRIMARY)
    judged = shares[shares.worlds >= MIN_WORLDS]
    assert (judged.share >= 0.93).all(), judged
    wrong = judge(share_of(known, column, CELL), 0.93, is_least=True)
    assert wrong.empty, wrong


def test_strategies_without_effect_are_seldom_called_significant(shown):
    """In at most 6% of the rows, of each size and measure, and in each cell."""
    idle = shown[shown.is_idle]
    shares = share_of(idle, "is_significant", PRIMARY)
    judged = shares[shares.worlds >= MIN_WORLDS]
    assert (judged.share <= 0.06 + 2 * judged.error).all(), judged
    wrong = judge(share_of(idle, "is_significant", CELL), 0.06, is_least=False)
    assert wrong.empty, wrong


def test_rows_are_shown(trials):
    """Being right is not bought by silence: from 10 expected buyers on rates,
    and from 50 on money."""
    is_carried_out = trials.withheld_reason.ne("sample_ratio_mismatch")
    for measure, least in (("rate", 10), ("money", 50)):
        rows = trials[
            (trials.measure == measure) & (trials.expected_count >= least)
            & is_carried_out
        ]
        shares = share_of(rows, "is_shown", ["rows", "rate", "working"])
        assert (shares.share >= 0.9).all(), shares


def test_sound_worlds_raise_no_more_alarms_than_the_level(trials):
    """Whatever earlier contacts did: the groups are those of the entry."""
    rows = trials[trials.measure_code == "repurchase_rate"]
    alarms = share_of(rows, "is_alarm", ["scope_code", "rows"])
    assert (alarms.share <= 0.001 + 3 * alarms.error).all(), alarms


def test_estimates_are_unbiased(shown):
    """Averaged over the worlds, each kind's estimate is the truth: of all
    entries, as the rows of one world say much the same."""
    rows = shown[(shown.period_type == "all") & (shown.expected >= 10)].copy()
    rows["error"] = rows.uplift - rows.true_uplift
    by = ["scope_code", "measure_code", "window_days", "kind"]
    of_world = rows.groupby([*by, "seed", "world"]).error.mean()
    errors = of_world.groupby(level=by).agg(["mean", "sem", "size"])
    errors = errors[errors["size"] >= MIN_WORLDS]
    z = (errors["mean"] / errors["sem"]).dropna()
    assert len(z) >= 20
    # Of so many, about none is beyond 4, and they are as wide as chance is.
    assert z.abs().max() < 4.5, errors[z.abs() >= 4.5]
    assert abs(z.mean()) < 0.5


def test_a_working_strategy_is_found(shown):
    """Three buyers more for ten, and a hundred expected buyers held out."""
    rows = shown[
        (shown.measure_code == "repurchase_rate")
        & (shown.expected_count > 100)
        & (shown.true_uplift > 0.3 * shown.true_holdout_mean)
    ]
    assert len(rows) >= 10
    assert rows.is_significant.mean() >= 0.9


@pytest.fixture(scope="module")
def promotions(run_dbt, tmp_path_factory):
    path = tmp_path_factory.mktemp("promotions") / "promotions.duckdb"
    return run_trials(PROMOTIONS, path, run_dbt, 7, is_by_sql=False)


def test_a_promotion_of_one_month_is_no_lifetime_value(promotions):
    """It sells in the window what would have been sold later: visible after 30
    days, gone after a year."""
    trials = annotate(promotions.trials)
    rows = trials[
        trials.is_shown & (trials.scope_code == "strategy")
        & (trials.subject_code == trials.state_code)
        & (trials.period_type == "all")
    ]
    soon = rows[
        (rows.measure_code == "net_amount") & (rows.window_days == 30)
    ]
    year = rows[
        (rows.measure_code == "realized_value") & (rows.window_days == 365)
    ]
    assert len(soon) >= 60 and len(year) >= 60
    gain, lasting = soon.uplift.mean(), year.uplift.mean()
    assert gain > 10 * soon.uplift.sem()
    assert (year.true_uplift.abs() < 0.2 * soon.true_uplift.mean()).all()
    assert abs(lasting) < 0.2 * gain + 3 * year.uplift.sem()
    assert year.is_held.mean() >= 0.93
    assert year.is_significant.mean() <= 0.06 + 3 * (0.06 / len(year)) ** 0.5


def test_the_curve_of_a_promotion_comes_back_to_zero(promotions):
    curve = promotions.curve
    curve = curve[
        (curve.scope_code == "strategy") & (curve.measure_code == "net_amount")
    ].set_index(["subject_code", "week_number"])
    month, year = (curve.xs(week, level="week_number") for week in (5, 52))
    assert (month.uplift_low > 0).all()
    assert (year.uplift_low < 0.2 * month.uplift).all()
