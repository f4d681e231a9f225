"""How often intervals and tests are right, by kind of world and size of row."""

import numpy as np
import pandas as pd

# Expected buyers among the held out, and the range that stands for each.
EXPECTED = {2: (1.4, 3.2), 5: (3.2, 7.1), 10: (7.1, 22), 50: (22, np.inf)}
RATES = ("repurchase_rate", "visit_rate")
CELL = ["measure", "rows", "expected", "rate", "working"]


def annotate(trials):
    """The trials with their cell, and what came of them.

    Expected buyers are those of the truth, not of the row's own outcome; of
    money, they are who buys at all.
    """
    trials = trials.copy()
    numbers = [
        "uplift", "uplift_low", "uplift_high", "standard_error", "p_value",
        "adjusted_uplift", "adjusted_low", "adjusted_high",
        "sample_ratio_p_value", "true_uplift", "true_holdout_mean",
        "true_holdout_buyers",
    ]
    trials[numbers] = trials[numbers].astype(float)
    is_visit = trials.measure_code == "visit_rate"
    smaller = trials[["treated_entries", "holdout_entries"]].min(axis=1)
    trials["expected_count"] = smaller * np.where(
        is_visit, trials.true_holdout_mean, trials.true_holdout_buyers
    )
    trials["expected"] = 0
    for expected, (low, high) in EXPECTED.items():
        trials.loc[
            trials.expected_count.between(low, high, inclusive="left"),
            "expected",
        ] = expected
    kind = trials.kind.str.split("/", expand=True)
    trials["rate"], trials["working"] = kind[0], kind[1]
    trials["measure"] = np.where(
        trials.measure_code.isin(RATES), "rate", "money"
    )
    trials["rows"] = np.where(
        (trials.period_type == "snapshot")
        | (trials.scope_code == "campaign"), "snapshot", "pooled",
    )
    truth = trials.true_uplift
    trials["is_shown"] = trials.uplift.notna()
    trials["is_held"] = trials.uplift_low.le(truth) & trials.uplift_high.ge(
        truth
    )
    trials["is_held_adjusted"] = trials.adjusted_low.le(
        truth
    ) & trials.adjusted_high.ge(truth)
    trials["is_significant"] = trials.p_value < 0.05
    trials["is_idle"] = truth == 0
    trials["is_alarm"] = trials.sample_ratio_p_value < 0.001
    return trials


def share_of(trials, column, by):
    """The share of rows with that column, how many there are, from how many
    worlds, and the share's standard error: rows of a world go together."""
    of_world = trials.groupby([*by, "seed", "world"])[column].agg(
        ["sum", "size"]
    )
    of_cell = of_world.groupby(level=by).sum()
    share = of_cell["sum"] / of_cell["size"]
    off = of_world["sum"] - of_world["size"] * share.reindex(
        of_world.index.droplevel(["seed", "world"])
    ).to_numpy()
    error = np.sqrt((off**2).groupby(level=by).sum()) / of_cell["size"]
    return pd.DataFrame({
        "share": share, "rows": of_cell["size"],
        "worlds": of_world.groupby(level=by).size(), "error": error,
    })


def report(trials, by):
    """A table with a row for each cell: shares shown, covered, significant
    without an effect, and covered after adjustment."""
    shown = trials[trials.is_shown]
    parts = {
        "shown": share_of(trials, "is_shown", by),
        "covered": share_of(shown, "is_held", by),
        "false": share_of(shown[shown.is_idle], "is_significant", by),
        "adjusted": share_of(
            shown[shown.adjusted_low.notna()], "is_held_adjusted", by
        ),
    }
    return pd.concat(parts, axis=1)
