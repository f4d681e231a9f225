"""When customers buy next: the SQL against integrals, and against customers
whose rates and drop-out are known because they are drawn.

Nothing here restates the closed forms. The oracle averages what a customer of a
known rate does over all rates that fit the past, by scipy; and drawn customers
simply live on.
"""

import json

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

from simulation.customers import PURCHASES

# r, alpha, a and b, in weeks; the last one's customers never leave.
SHOPS = {
    "simulated": PURCHASES,
    "many who stay": (0.8, 4.6, 1.0, 10.0),
    "many who leave": (1.5, 20.0, 1.2, 1.8),
    "nobody leaves": (0.6, 8.0, 0.0, 1.0),
}
EXPRESSIONS = {
    "p_alive": "bgnbd_p_alive('x', 'weeks_to_last', 'weeks')",
    "p_purchase": "bgnbd_p_purchase('x', 'weeks', 'ahead')",
    "weeks_to_purchase": "bgnbd_weeks_to_purchase('x', 'weeks', 'chance')",
    "silence_share": "bgnbd_silence_share('x', 'weeks_to_last', 'weeks')",
}
SIZE = 100_000
YEAR = 365 / 7
# A share may be off by so many standard errors: one in 16,000 is.
ERRORS = 4


@pytest.fixture(scope="module")
def evaluate(run_dbt):
    """evaluate(name, shop, columns): the macro's value of each row."""
    query = "\n".join(
        f"/* {name} */ {{{{ {call} }}}}" for name, call in EXPRESSIONS.items()
    )
    result = run_dbt(
        *("compile", "--inline", query, "--output", "json", "--quiet"),
        check=True,
    )
    parts = json.loads(result.stdout)["compiled"].split("/* ")[1:]
    sql = dict(part.split(" */ ", 1) for part in parts)

    def run(name, shop, **columns):
        values = dict(zip(("r", "alpha", "a", "b"), shop, strict=True))
        cases = pd.DataFrame({**columns}).assign(**values)
        with duckdb.connect() as connection:
            connection.register("given", cases.assign(row_id=range(len(cases))))
            found = connection.execute(
                f"select {sql[name]} as value from given order by row_id"
            ).fetchnumpy()["value"]
        return np.asarray(found, float)

    return run


# -- integrals --------------------------------------------------------------


def mean_over_rates(function, shape, weeks):
    """Mean of a function of the rate, whose posterior is a Gamma."""
    rates = stats.gamma(shape, scale=1 / weeks)
    # From the middle outward, as a small shape has no bound at 0.
    middle = rates.median()
    return sum(
        integrate.quad(
            lambda u: function(rates.ppf(u)), *part, epsabs=1e-12, limit=400
        )[0]
        for part in ((0, rates.cdf(middle)), (rates.cdf(middle), 1))
    )


@pytest.mark.parametrize("name", SHOPS)
@pytest.mark.parametrize("x", [0, 1, 7, 60])
def test_closed_forms_are_means_over_all_rates(evaluate, name, x):
    """P(a purchase) and P(silence) of one rate are 1 − exp and exp."""
    shop = SHOPS[name]
    r, alpha, *_ = shop
    weeks = 40.0
    ahead = np.array([1 / 7, 30 / 7, YEAR])
    found = evaluate("p_purchase", shop, x=x, weeks=weeks, ahead=ahead)
    expected = [
        mean_over_rates(
            lambda rate: -np.expm1(-rate * t), r + x, alpha + weeks
        )
        for t in ahead
    ]
    np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-10)

    last = np.array([0.0, 39]) if x else np.zeros(1)
    found = evaluate(
        "silence_share", shop, x=x, weeks=weeks, weeks_to_last=last
    )
    expected = [
        mean_over_rates(
            lambda rate: np.exp(-rate * (weeks - t)), r + x, alpha + t
        )
        for t in last
    ]
    np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-10)


@pytest.mark.parametrize("name", SHOPS)
def test_the_wait_is_lomax(evaluate, name):
    """Quantiles of the wait are those of scipy's distribution."""
    shop = SHOPS[name]
    r, alpha, *_ = shop
    chance = np.array([0, 1e-3, 0.25, 0.5, 0.75, 0.99])
    for x in (0, 1, 12, 200):
        found = evaluate(
            "weeks_to_purchase", shop, x=x, weeks=30.0, chance=chance
        )
        expected = stats.lomax(r + x, scale=alpha + 30).ppf(chance)
        np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_a_wait_without_a_number_is_no_error(evaluate):
    """Nobody buys for ages: a very large number, not an overflow."""
    found = evaluate(
        "weeks_to_purchase", (1e-4, 1.0, 1.0, 1.0), x=0, weeks=1.0,
        chance=[0.5],
    )
    assert np.isfinite(found).all()
    assert (found > 1e300).all()


# -- drawn customers --------------------------------------------------------


def lives(rng, shop, size):
    """Customers who are watched for a while, and what came after that.

    x repeats in `weeks`, the last at `weeks_to_last`, and `wait` from then on,
    infinite for who has left. Times are continuous, in weeks.
    """
    r, alpha, a, b = shop
    rate = rng.gamma(r, 1 / alpha, size)
    leave = rng.beta(a, b, size) if a > 0 else np.zeros(size)
    weeks = rng.uniform(10, 100, size)
    x, last, now = np.zeros((3, size))
    wait = np.full(size, np.inf)
    lives_on = np.full(size, True)
    while lives_on.any():
        now = now + rng.exponential(1, size) / np.maximum(rate, 1e-300)
        is_next = lives_on & (now > weeks)
        wait = np.where(is_next, now - weeks, wait)
        is_repeat = lives_on & ~is_next
        x += is_repeat
        last = np.where(is_repeat, now, last)
        lives_on = is_repeat & (rng.random(size) >= leave)
    return pd.DataFrame(
        {"x": x, "weeks_to_last": last, "weeks": weeks, "wait": wait}
    )


@pytest.fixture(scope="module", params=SHOPS)
def drawn(request, evaluate):
    """Drawn customers of a shop, with what the SQL says of each."""
    shop = SHOPS[request.param]
    seed = list(SHOPS).index(request.param)
    customers = lives(np.random.default_rng(seed), shop, SIZE)
    past = customers[["x", "weeks_to_last", "weeks"]]
    for name in ("p_alive", "silence_share"):
        customers[name] = evaluate(name, shop, **past)
    customers.attrs["shop"] = shop
    return customers


def assert_share(is_so, probability, what):
    """A share is its mean probability, but for chance."""
    error = np.sqrt((probability * (1 - probability)).sum()) / len(is_so)
    difference = is_so.mean() - probability.mean()
    assert abs(difference) <= ERRORS * error, (
        f"{what}: {is_so.mean():.4f} of {len(is_so)}, "
        f"not {probability.mean():.4f} with an error of {error:.4f}"
    )


@pytest.mark.parametrize("days", [7, 30, 90, 365])
def test_of_those_with_a_probability_so_many_buy(drawn, evaluate, days):
    """In all, in each tenth of the probability, and by the silence."""
    ahead = days / 7
    probability = drawn["p_alive"] * evaluate(
        "p_purchase", drawn.attrs["shop"], x=drawn["x"], weeks=drawn["weeks"],
        ahead=ahead,
    )
    buys = drawn["wait"] <= ahead
    assert_share(buys, probability, "all")
    for tenth, rows in drawn.groupby(
        pd.qcut(probability, 10, labels=False, duplicates="drop")
    ):
        assert_share(buys[rows.index], probability[rows.index], tenth)
    for by in (drawn["x"].clip(upper=5), drawn["silence_share"].round(1)):
        for group, rows in drawn.groupby(by):
            if len(rows) >= 1000:
                assert_share(
                    buys[rows.index], probability[rows.index],
                    f"{by.name} {group}",
                )
    # The Brier score is what it has to be if each probability is right.
    variance = probability * (1 - probability)
    scores = (probability - buys) ** 2
    error = np.sqrt((variance * (1 - 2 * probability) ** 2).sum()) / SIZE
    assert abs(scores.mean() - variance.mean()) <= ERRORS * error


@pytest.mark.parametrize("share", [0.25, 0.75])
def test_the_window_begins_and_ends_where_it_says(drawn, evaluate, share):
    """Of those who buy within a year, whether likely to have left or not."""
    shop = drawn.attrs["shop"]
    given = {"x": drawn["x"], "weeks": drawn["weeks"]}
    within = evaluate("p_purchase", shop, **given, ahead=YEAR)
    bound = evaluate(
        "weeks_to_purchase", shop, **given, chance=share * within
    )
    buyers = drawn[drawn["wait"] <= YEAR]
    comes_before = buyers["wait"] <= bound[buyers.index]
    expected = pd.Series(share, index=buyers.index)
    assert_share(comes_before, expected, "all")
    for is_likely, rows in buyers.groupby(buyers["p_alive"] >= 0.8):
        assert_share(
            comes_before[rows.index], expected[rows.index],
            f"alive with 0.8 or more: {is_likely}",
        )


def test_overdue_customers_come_as_said(drawn, evaluate):
    """Late by their own rhythm and likely alive: the list to call."""
    overdue = drawn[
        (drawn["x"] > 0)
        & (drawn["silence_share"] <= 0.2)
        & (drawn["p_alive"] >= 0.5)
    ]
    assert len(overdue) > 200
    chance = overdue["p_alive"] * evaluate(
        "p_purchase", drawn.attrs["shop"], x=overdue["x"],
        weeks=overdue["weeks"], ahead=30 / 7,
    )
    assert_share(overdue["wait"] <= 30 / 7, chance, "overdue")


@pytest.mark.parametrize("name", SHOPS)
@pytest.mark.parametrize("repeats", [0, 1, 4])
def test_a_silence_is_as_rare_as_said(evaluate, name, repeats):
    """From a purchase on, of who stays: silences of a share of 0.2 or less are a
    fifth of all, and so on, after whatever purchase."""
    shop = SHOPS[name]
    r, alpha, a, b = shop
    rng = np.random.default_rng(repeats)
    rate = rng.gamma(r, 1 / alpha, SIZE)
    leave = rng.beta(a, b, SIZE) if a > 0 else np.zeros(SIZE)
    stays = (rng.random((repeats, SIZE)) >= leave).all(axis=0)
    last = rng.exponential(1, (repeats, SIZE)).sum(axis=0) / rate
    wait = rng.exponential(1, SIZE) / rate
    # Beyond, sums of weeks have no digits left.
    known = stays & (last < 1e9) & (wait < 1e12)
    found = evaluate(
        "silence_share", shop, x=repeats,
        weeks_to_last=last[known], weeks=(last + wait)[known],
    )
    dropped = stays.sum() - known.sum()
    assert dropped < 0.002 * stays.sum()
    assert stats.kstest(found, "uniform").statistic < (
        2 / np.sqrt(len(found)) + dropped / stays.sum()
    )
