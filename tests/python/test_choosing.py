"""The choosing policy in companies of known truth: `make test-statistics` in
short, and the rules on plain arrays against worked examples."""

import numpy as np
import pytest
from scipy import stats
from simulation.worlds.choosing import (
    KINDS, Rule, decide, estimate, expect, faults, run_worlds, table_of,
)

WORLDS, SIZES, SEED = 120, (500, 5000), 3
NAMES = {kind.name: kind for kind in KINDS}


def tried(rule, *names):
    kinds = [NAMES[name] for name in names] or KINDS
    found, _ = run_worlds(kinds, WORLDS, SIZES, SEED, rule)
    return table_of(found)


@pytest.fixture(scope="module")
def table():
    return tried(Rule())


# -- the rules ---------------------------------------------------------------


def test_a_clear_alternative_leads_and_the_rest_is_explored():
    """1.645 × sqrt(.03² + .04²) = .08225: .19 is ahead of .1 by .09, .18 by
    .08; of two that are ahead the better leads; what is not known does not."""
    nan = np.nan
    expected = np.array([
        [0.1, 0.19, nan], [0.1, 0.18, nan], [0.1, 0.19, 0.25],
        [nan, 0.9, 0.9], [0.1, nan, nan], [0.1, -0.5, 0.1],
    ])
    error = np.broadcast_to([0.03, 0.04, 0.04], expected.shape)
    leading, probability = decide(expected, error, Rule())
    assert leading.tolist() == [1, 0, 2, 0, 0, 0]
    assert probability[0] == pytest.approx([0.1 / 3, 0.9 + 0.1 / 3, 0.1 / 3])
    assert probability[3] == pytest.approx([0.9 + 0.1 / 3, 0.1 / 3, 0.1 / 3])
    assert probability.sum(-1) == pytest.approx(1)


def test_segments_are_drawn_as_in_a_published_table():
    """Thirteen trials of BCG vaccine (Colditz and others 1994), as in the unit
    test of int_cst_expected_effects: variance between them .3088, the first is
    drawn to -.7994. Its error: .3088 × .3256 / (.3088 + .3256) = .15849, and
    .5132² × .1787² = .00841 of the strategy."""
    ill, well, ill_without, well_without = np.array([
        (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209),
        (62, 13536, 248, 12619), (33, 5036, 47, 5761), (180, 1361, 372, 1079),
        (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232),
        (17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338),
        (27, 16886, 29, 17825),
    ], float).T
    risk, without = ill / (ill + well), ill_without / (ill_without + well_without)
    segment = np.append(np.log(risk / without), np.nan)
    error = np.append(np.sqrt(
        1 / ill - 1 / (ill + well)
        + 1 / ill_without - 1 / (ill_without + well_without)
    ), np.nan)
    expected, its_error = expect(
        np.array(-0.7141), np.array(0.1787), segment, error
    )
    assert expected[0] == pytest.approx(-0.7994, abs=5e-5)
    assert its_error[0] == pytest.approx(
        (0.15849 + 0.00841) ** 0.5, abs=5e-4
    )
    assert expected[-1] == -0.7141
    assert its_error[-1] == pytest.approx(
        (0.3088 + 0.1787**2) ** 0.5, abs=5e-5
    )


def test_where_segments_do_not_differ_the_strategy_counts():
    expected, error = expect(
        np.array(0.2), np.array(0.05), np.array([0.2, 0.2, 0.9]),
        np.array([0.1, 0.1, np.nan]),
    )
    assert expected == pytest.approx([0.2, 0.2, 0.2])
    assert error == pytest.approx([0.05, 0.05, 0.05])


def test_estimates_are_those_of_scipy():
    rng = np.random.default_rng(5)
    treated, holdout = rng.poisson(0.7, 400), rng.poisson(0.4, 60)

    def sums(orders):
        return np.array([
            len(orders), (orders > 0).sum(), orders.sum(), (orders**2).sum(),
        ], float)

    uplift, error = estimate(sums(treated), sums(holdout))
    assert uplift == pytest.approx(treated.mean() - holdout.mean())
    errors = [
        uplift / stats.ttest_ind(treated, holdout, equal_var=same).statistic
        for same in (True, False)
    ]
    assert error == pytest.approx(
        max(errors) * stats.t.ppf(0.975, 458) / 1.96
    )
    few = estimate(sums(treated), sums(holdout[:15]))
    assert np.isnan(few).all()


# -- the loop ----------------------------------------------------------------


def test_the_policy_holds_what_it_promises(table):
    assert faults(table) == []


def test_a_better_option_is_found_and_a_worse_one_left(table):
    mean = table["mean"].unstack("figure")
    assert mean.regret["better"] < 0.22 * 0.9
    assert mean.best["worse"] > 0.9
    assert mean.best["harmful"] > 0.94
    assert mean.gain["better_in_some"] > -mean.cost["better_in_some"]


def test_a_plain_mean_of_who_got_it_is_off(table):
    """What the value by inverse propensity is for: who gets an alternative
    more often is not as the others are."""
    row = table.loc["better_in_some", "mean"]
    assert abs(row["mean"]) > 4 * row["error"]


@pytest.mark.parametrize(
    ("rule", "kind", "fault"),
    [
        (Rule(guard=0), "worse", "worse: harm beyond the exploration's cost"),
        (Rule(guard=0), "equal", "equal: an equal option leads too often"),
        (Rule(share=0), "better", "better: not found"),
        (
            Rule(by_holdout=False), "equal",
            "equal: an equal option leads too often",
        ),
        (
            Rule(by_holdout=False), "worse",
            "worse: harm beyond the exploration's cost",
        ),
    ],
    ids=lambda value: "" if isinstance(value, Rule) else value,
)
def test_a_broken_rule_is_seen(rule, kind, fault):
    assert fault in faults(tried(rule, kind))
