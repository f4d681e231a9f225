"""Ten small companies whose truth is known: `make test-statistics` in short.

The SQL of the lists decides month by month who is contacted.
"""

import pytest

from simulation.worlds.cells import annotate
from simulation.worlds.plan import SHORT
from simulation.worlds.trials import run_trials


@pytest.fixture(scope="module")
def results(run_dbt, tmp_path_factory):
    path = tmp_path_factory.mktemp("worlds") / "cst.duckdb"
    return run_trials(SHORT, path, run_dbt, 1, is_by_sql=True)


@pytest.fixture(scope="module")
def trials(results):
    return annotate(results.trials)


def test_intervals_hold_the_truth(trials):
    """Ten worlds say little of a cell, but much of a mistake: an interval for
    another group, window or period than the estimate is far off."""
    shown = trials[trials.is_shown]
    for measure in ("rate", "money"):
        rows = shown[shown.measure == measure]
        assert len(rows) >= 500
        assert rows.is_held.mean() >= 0.9
    known = shown[shown.adjusted_low.notna()]
    assert known.is_held_adjusted.mean() >= 0.9
    assert shown.is_significant[shown.is_idle].mean() <= 0.1


def test_working_strategies_are_found(trials):
    rows = trials[
        trials.is_shown & ~trials.is_idle
        & (trials.measure_code == "repurchase_rate")
        & (trials.expected_count > 40) & (trials.period_type == "all")
    ]
    assert len(rows) >= 5
    assert (rows.uplift > 0).mean() >= 0.9
    assert rows.is_significant.mean() >= 0.5


def test_scopes_and_periods_are_there(trials):
    """Nothing is right because it is missing."""
    shown = trials[trials.is_shown]
    assert set(shown.scope_code) == {"program", "strategy", "campaign"}
    assert set(shown.period_type) == {
        "snapshot", "quarter", "year", "last_four_quarters", "all",
    }
    assert set(shown.measure_code) == {
        "repurchase_rate", "visit_rate", "order_count", "net_amount",
        "net_amount_capped", "realized_value",
    }


def test_few_sound_rows_are_called_a_mismatch(trials):
    rows = trials[trials.measure_code == "repurchase_rate"]
    assert rows.is_alarm.mean() <= 0.01


def test_only_the_entry_has_groups_by_chance(results):
    """Why nothing else is compared: where the strategies work, those on a later
    list are what earlier contacts have left of them."""
    groups = results.groups.assign(
        working=results.groups.kind.str.split("/").str[1]
    ).groupby(["working", "is_entry"])[["customers", "held_out"]].sum()
    share = SHORT.shares.episode
    meant = groups.customers * share
    z = (groups.held_out - meant) / (meant * (1 - share)) ** 0.5
    assert abs(z["all", True]) < 4
    assert abs(z["none", True]) < 4
    assert z["all", False] > 4
