"""The choosing policy in thousands of companies of known truth.

Run by `make test-statistics`. Each month the effects known by then decide which
strategy leads, and so who gets what, and so what is known later. The figures are
written to target/choosing.txt.
"""

import numpy as np
import pandas as pd
import pytest

from simulation.worlds.choosing import (
    KINDS, MONTHS, Rule, faults, run_worlds, table_of,
)

WORLDS, SIZES, SEED = 2000, (500, 5000), 4
ENTRIES = (0, 1000, 2500, np.inf)


@pytest.fixture(scope="module")
def table(project_root):
    parts, months, sizes = [], {}, {}
    for kind in KINDS:
        found, courses = run_worlds([kind], WORLDS, SIZES, SEED)
        parts.append(table_of(found))
        leading = np.array(courses[kind.name].leading)[-MONTHS:] != 0
        months[kind.name] = leading.mean((1, 2))
        values = pd.DataFrame(found[kind.name])
        sizes[kind.name] = values.groupby(
            pd.cut(values.entries, ENTRIES, right=False), observed=True
        )[["regret", "gain", "best", "best_at_last", "mistaken"]].mean()
    table = pd.concat(parts)
    target = project_root / "target"
    target.mkdir(exist_ok=True)
    (target / "choosing.txt").write_text("\n\n".join([
        table.round(5).to_string(),
        pd.concat(sizes).round(4).to_string(),
        pd.DataFrame(months, index=range(1, MONTHS + 1)).round(3).to_string(),
    ]))
    return table


def test_the_policy_holds_what_it_promises(table):
    assert faults(table) == []


def test_harm_is_the_cost_of_exploring(table):
    """Within a quarter of it, in the mean of 2,000 companies."""
    mean = table["mean"].unstack("figure")
    for kind in ("worse", "harmful"):
        assert -mean.gain[kind] <= 1.25 * mean.cost[kind]


@pytest.mark.parametrize(
    "rule", [Rule(guard=0), Rule(share=0), Rule(by_holdout=False)], ids=str
)
def test_a_broken_rule_is_seen(rule):
    found, _ = run_worlds(KINDS, 500, SIZES, SEED, rule)
    assert faults(table_of(found))
