"""The statistics macros against scipy, statsmodels and published results."""

import json
import math

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scripts.figures import BROKEN_CAMPAIGN
from statsmodels.stats import multitest, power, proportion, weightstats

# Each expression is rendered by dbt once, over columns of a table of cases.
EXPRESSIONS = {
    "normal_p": "normal_two_sided_p('z')",
    "student_p": "student_t_two_sided_p('t', 'df')",
    "student_95": "student_t_of_95_percent('df')",
    "proportion_z": "two_proportion_z('x1', 'n1', 'x2', 'n2')",
    "difference_error": "proportion_difference_error('x1', 'n1', 'x2', 'n2')",
    "wilson_lower": "wilson_bound('x1', 'n1', 'lower')",
    "wilson_upper": "wilson_bound('x1', 'n1', 'upper')",
    "newcombe_lower": "newcombe_bound('x1', 'n1', 'x2', 'n2', 'lower')",
    "newcombe_upper": "newcombe_bound('x1', 'n1', 'x2', 'n2', 'upper')",
    "sample_ratio_p": "sample_ratio_p_value('held', 'others', 0.1)",
    "variance": "variance_of_mean('total', 'total_of_squares', 'n')",
    "pooled_df": "pooled_degrees_of_freedom('n1', 'n2')",
    "pooled_variance": (
        "pooled_variance('total_1', 'squares_1', 'n1', "
        "'total_2', 'squares_2', 'n2')"
    ),
    "pooled_error": "difference_error('v', 'n1', 'n2')",
    "detectable": "minimum_detectable_difference('error')",
    "bound": "false_discovery_bound('p')",
    "bound_by_part": "false_discovery_bound('p', 'part')",
    "q_value": "false_discovery_q_value('bound', 'p')",
    "q_value_by_part": "false_discovery_q_value('bound', 'p', 'part')",
}


@pytest.fixture(scope="module")
def sql(run_dbt):
    """Each macro's SQL by name."""
    query = "\n".join(
        f"/* {name} */ {{{{ {call} }}}}" for name, call in EXPRESSIONS.items()
    )
    result = run_dbt(
        "compile", "--inline", query, "--output", "json", "--quiet", check=True
    )
    compiled = json.loads(result.stdout)["compiled"]
    parts = compiled.split("/* ")[1:]
    return dict(part.split(" */ ", 1) for part in parts)


@pytest.fixture(scope="module")
def evaluate(sql):
    """evaluate(name, columns): the macro's value for each row of columns."""

    def run(name, **columns):
        cases = pd.DataFrame(columns)
        with duckdb.connect() as connection:
            connection.register("given", cases.assign(row_id=range(len(cases))))
            rows = connection.execute(
                f"select {sql[name]} from given order by row_id"
            ).fetchall()
        return np.array([np.nan if v is None else v for (v,) in rows], float)

    return run


@pytest.fixture(scope="module")
def tables():
    """Random two-by-two tables of all sizes and rates, and the extremes."""
    rng = np.random.default_rng(20260119)
    n1 = np.exp(rng.uniform(0, 13, 3000)).astype(int) + 1
    n2 = np.exp(rng.uniform(0, 13, 3000)).astype(int) + 1
    rate = rng.beta(0.5, 1.5, 3000)
    x1 = rng.binomial(n1, rate)
    x2 = rng.binomial(n2, np.clip(rate + rng.normal(0, 0.05, 3000), 0, 1))
    extremes = [
        (0, 40, 0, 60), (40, 40, 60, 60), (0, 40, 60, 60), (40, 40, 0, 60),
        (0, 1, 0, 1), (1, 1, 0, 1), (1, 1, 1, 1), (5, 10, 50, 100),
        (0, 1000000, 1, 1000000),
    ]
    table = np.vstack([np.column_stack([x1, n1, x2, n2]), extremes])
    return dict(zip(["x1", "n1", "x2", "n2"], table.T, strict=True))


def test_normal_tail(evaluate):
    """Within 1e-14, and to 7 digits out to 37 standard deviations."""
    z = np.concatenate([
        np.linspace(-9, 9, 20001), np.linspace(9, 37, 501), [7.0710678118654],
    ])
    expected = 2 * stats.norm.sf(np.abs(z))
    actual = evaluate("normal_p", z=z)
    np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-14)
    np.testing.assert_allclose(actual, expected, rtol=2e-8)


def test_normal_tail_of_nothing_and_of_much(evaluate):
    """Null stays null; far out is 0, not an error."""
    actual = evaluate("normal_p", z=[0.0, None, 1e300])
    np.testing.assert_array_equal(actual, [1, np.nan, 0])


@pytest.mark.parametrize(
    ("from_df", "tolerance"), [(19, 1e-11), (29, 1e-13), (1000, 1e-13)]
)
def test_student_tail(evaluate, from_df, tolerance):
    """Any real degrees of freedom, any t, also one near 0."""
    rng = np.random.default_rng(19)
    df = from_df * np.exp(rng.exponential(2, 4000))
    t = rng.normal(0, 3, 4000) * rng.choice([1e-8, 1e-4, 1, 1, 1], 4000)
    df[:3], t[:3] = from_df, (0, 60, 1e200)
    expected = 2 * stats.t.sf(np.abs(t), df)
    actual = evaluate("student_p", t=t, df=df)
    np.testing.assert_allclose(actual, expected, rtol=0, atol=tolerance)


def test_student_quantile(evaluate):
    """The half width of a 95 % interval."""
    df = np.concatenate([np.linspace(19, 200, 2000), np.logspace(2, 9, 200)])
    actual = evaluate("student_95", df=df)
    np.testing.assert_allclose(
        actual, stats.t.ppf(0.975, df), rtol=0, atol=1e-11
    )


def test_proportions_match_statsmodels(evaluate, tables):
    """The z test, pooled; its p-value."""
    actual = evaluate("proportion_z", **tables)
    for row, z in enumerate(actual):
        x1, n1, x2, n2 = (int(tables[name][row]) for name in tables)
        if x1 + x2 in (0, n1 + n2):
            assert z == 0
            continue
        expected, p = proportion.proportions_ztest([x1, x2], [n1, n2])
        assert z == pytest.approx(expected, rel=1e-10, abs=1e-12)
        assert 2 * stats.norm.sf(abs(z)) == pytest.approx(p, rel=1e-8)


def test_difference_error_matches_statsmodels(evaluate, tables):
    """The uplift in its own standard errors: Wald's statistic."""
    actual = evaluate("difference_error", **tables)
    for row, error in enumerate(actual):
        x1, n1, x2, n2 = (int(tables[name][row]) for name in tables)
        if x1 in (0, n1) or x2 in (0, n2):
            assert math.isnan(error)
            continue
        expected = proportion.test_proportions_2indep(
            x1, n1, x2, n2, method="wald"
        )
        z = (x1 / n1 - x2 / n2) / error
        assert z == pytest.approx(expected.statistic, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("rate", [0.02, 0.05, 0.1])
def test_what_does_nothing_is_not_called_significant(evaluate, rate):
    """Beside a small hold-out, often without a buyer: neither by the p-value
    nor by the uplift in its own standard errors, null where it has none."""
    rng = np.random.default_rng(2008)
    table = {"x1": rng.binomial(270, rate, 20000), "n1": 270}
    table |= {"x2": rng.binomial(30, rate, 20000), "n2": 30}
    pooled = evaluate("proportion_z", **table)
    assert np.mean(np.abs(pooled) > 1.96) < 0.06
    uplift = table["x1"] / 270 - table["x2"] / 30
    z = uplift / evaluate("difference_error", **table)
    assert np.mean(np.abs(z) > 1.96) < 0.06


def test_wilson_matches_statsmodels(evaluate, tables):
    """One proportion's score interval."""
    groups = {"x1": tables["x1"], "n1": tables["n1"]}
    lower, upper = proportion.proportion_confint(
        tables["x1"], tables["n1"], method="wilson"
    )
    for name, expected in (("wilson_lower", lower), ("wilson_upper", upper)):
        actual = evaluate(name, **groups)
        np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-14)


def test_newcombe_matches_statsmodels(evaluate, tables):
    """The difference's hybrid score interval."""
    actual = np.column_stack([
        evaluate("newcombe_lower", **tables),
        evaluate("newcombe_upper", **tables),
    ])
    expected = [
        proportion.confint_proportions_2indep(
            *(int(tables[name][row]) for name in tables),
            compare="diff", method="newcomb",
        )
        for row in range(len(actual))
    ]
    # The root of a sum that is 0 but for rounding is 1e-8.
    np.testing.assert_allclose(actual, expected, rtol=0, atol=2e-8)
    np.testing.assert_allclose(
        np.median(np.abs(actual - expected)), 0, atol=1e-15
    )


def test_empty_group_has_no_statistics(evaluate):
    """No customers: null, never an error."""
    empty = {"x1": [0, 1], "n1": [0, 2], "x2": [1, 0], "n2": [2, 0]}
    for name in (
        "proportion_z", "difference_error", "newcombe_lower", "newcombe_upper",
    ):
        assert np.isnan(evaluate(name, **empty)).all()
    assert np.isnan(evaluate("wilson_lower", x1=[0], n1=[0])).all()


def test_sample_ratio_matches_scipy(evaluate):
    """The likelihood ratio of a split against a share of 0.1, corrected for
    continuity, but never beyond what was meant."""
    held = [10, 100, 130, 0, 3, 21, 0, 1]
    others = [90, 900, 870, 50, 5, 180, 0, 0]
    actual = evaluate("sample_ratio_p", held=held, others=others)
    expected = []
    for h, o in zip(held, others, strict=True):
        meant = (h + o) * 0.1
        nearer = meant + math.copysign(max(abs(h - meant) - 0.5, 0), h - meant)
        expected.append(
            stats.power_divergence(
                [nearer, h + o - nearer], [meant, h + o - meant],
                lambda_="log-likelihood",
            ).pvalue if h + o else math.nan
        )
    np.testing.assert_allclose(actual, expected, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("share", [0.05, 0.1, 0.3, 0.5])
def test_sample_ratio_keeps_its_level(sql, share):
    """Of all splits that chance makes of so many customers, those called a
    mismatch at 0.001 are no more than that: the whole distribution."""
    expression = sql["sample_ratio_p"].replace("0.1 as double", "share as double")
    for meant in (1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 233):
        count = round(meant / share)
        held = np.arange(count + 1)
        splits = pd.DataFrame({
            "held": held, "others": count - held, "share": share,
            "chance": stats.binom.pmf(held, count, share),
        })
        with duckdb.connect() as connection:
            connection.register("splits", splits)
            ((alarms,),) = connection.execute(
                "select coalesce(sum(chance), 0) from splits "
                f"where {expression} < 0.001"
            ).fetchall()
        assert alarms <= 0.00101
        # Nor is it blind: it finds what the exact test finds, or nearly so.
        exact = 2 * np.minimum(
            stats.binom.cdf(held, count, share),
            stats.binom.sf(held - 1, count, share),
        )
        assert alarms >= 0.6 * splits.chance[exact < 0.0005].sum()


@pytest.mark.parametrize("seed", range(20))
def test_pooled_variance_matches_scipy_and_statsmodels(evaluate, seed):
    """Amounts that few have, in groups as unequal as a hold-out's."""
    rng = np.random.default_rng(1000 + seed)
    groups = []
    for size in np.exp(rng.uniform(math.log(3), 8, 2)).astype(int):
        bought = rng.random(size) < rng.uniform(0.01, 0.9)
        cents = rng.lognormal(9, rng.uniform(0.3, 1.5), size).astype(int)
        groups.append(np.where(bought, cents, 0) / 100)
    first, second = groups
    if not first.any() and not second.any():
        first[0] = 1.0
    sizes = {"n1": [len(first)], "n2": [len(second)]}
    (variance,) = evaluate(
        "pooled_variance", **sizes,
        total_1=[first.sum()], squares_1=[(first**2).sum()],
        total_2=[second.sum()], squares_2=[(second**2).sum()],
    )
    (error,) = evaluate("pooled_error", v=[variance], **sizes)
    compared = weightstats.CompareMeans.from_data(first, second)
    assert error == pytest.approx(compared.std_meandiff_pooledvar, rel=1e-10)
    t = (first.mean() - second.mean()) / error
    expected = stats.ttest_ind(first, second)
    assert t == pytest.approx(expected.statistic, rel=1e-9, abs=1e-12)


def test_groups_too_small_to_pool(evaluate):
    """A group of one shows no spread; equal values none; nobody no error."""
    actual = evaluate(
        "pooled_variance",
        total_1=[15.0, 15.0, 15.0, 0.0], squares_1=[55.0, 55.0, 75.0, 0.0],
        n1=[5, 5, 3, 0],
        total_2=[4.0, 12.0, 4.0, 12.0], squares_2=[16.0, 56.0, 8.0, 56.0],
        n2=[1, 3, 2, 3],
    )
    np.testing.assert_allclose(actual, [np.nan, 3, 0, np.nan])
    actual = evaluate("pooled_error", v=[3.0, 3.0], n1=[5, 5], n2=[3, 0])
    np.testing.assert_allclose(actual, [math.sqrt(1.6), np.nan])


def test_what_four_of_five_experiments_find(evaluate):
    """As statsmodels' power of the normal test, at 80 %."""
    sizes = np.array([[900, 100], [50, 50], [47500, 2500]])
    for n1, n2 in sizes:
        error = math.sqrt(1 / n1 + 1 / n2)
        (actual,) = evaluate("detectable", error=[error])
        found = power.NormalIndPower().power(
            actual, n1, alpha=0.05, ratio=n2 / n1, alternative="larger"
        )
        # One side of the two: the other finds the wrong sign.
        assert found > 0.8
        found = power.NormalIndPower().power(
            actual, n1, alpha=0.025, ratio=n2 / n1, alternative="larger"
        )
        assert found == pytest.approx(0.8, abs=1e-9)


def q_values(evaluate, suffix="", **columns):
    """Both steps, as a model has them."""
    bound = evaluate("bound" + suffix, **columns)
    return evaluate("q_value" + suffix, bound=bound, **columns)


@pytest.mark.parametrize("size", [1, 2, 3, 10, 200, 5000])
def test_q_values_match_statsmodels(evaluate, size):
    """In any order of rows, many p-values equal, very small ones, ones of 1."""
    rng = np.random.default_rng(size)
    for digits in (1, 2, 17):
        p = np.where(
            rng.random(size) < 0.3, 10.0 ** -rng.uniform(0, 300, size),
            rng.random(size),
        ).round(digits)
        p[rng.random(size) < 0.05] = 1
        expected = multitest.multipletests(p, method="fdr_bh")[1]
        actual = q_values(evaluate, p=p)
        np.testing.assert_allclose(actual, expected, rtol=1e-12)
        assert (actual >= p).all()


def test_q_values_leave_out_what_has_no_p_value(evaluate):
    """Neither counted nor given a value; none at all is no error."""
    rng = np.random.default_rng(8)
    p = rng.random(60) ** 3
    p[rng.random(60) < 0.4] = np.nan
    known = ~np.isnan(p)
    expected = np.full(60, np.nan)
    expected[known] = multitest.multipletests(p[known], method="fdr_bh")[1]
    given = [None if np.isnan(value) else value for value in p]
    np.testing.assert_allclose(
        q_values(evaluate, p=given), expected, rtol=1e-12
    )
    nothing = pd.array([None, None], dtype="Float64")
    assert np.isnan(q_values(evaluate, p=nothing)).all()


def test_q_values_of_each_part(evaluate):
    """Each part is a family of its own."""
    rng = np.random.default_rng(9)
    p, part = rng.random(300).round(2) ** 2, rng.integers(0, 4, 300)
    expected = np.empty(300)
    for number in range(4):
        expected[part == number] = multitest.multipletests(
            p[part == number], method="fdr_bh"
        )[1]
    actual = q_values(evaluate, "_by_part", p=p, part=part)
    np.testing.assert_allclose(actual, expected, rtol=1e-12)


def test_amounts_without_spread(evaluate):
    """One value has no variance; equal ones have 0."""
    variance = evaluate(
        "variance", total=[5.0, 15.0], total_of_squares=[25.0, 75.0], n=[1, 3]
    )
    np.testing.assert_array_equal(variance, [np.nan, 0])
    df = evaluate("pooled_df", n1=[30, 1, 0], n2=[40, 1, 0])
    np.testing.assert_array_equal(df, [68, np.nan, np.nan])


@pytest.mark.parametrize(
    ("treated", "holdout", "uplift", "z", "pooled_z", "interval"),
    [
        (267, 122, 0.0068050, 7.3899, 7.3851, (0.0050143, 0.0086407)),
        (3894, 2262, 0.0765896, 22.6208, 22.4860, (0.0699533, 0.0832267)),
    ],
)
def test_published_email_experiment(
    evaluate, treated, holdout, uplift, z, pooled_z, interval
):
    """Hillstrom's e-mail experiment (2008): men's e-mail against none.

    Conversions and visits of 21,307 customers mailed and 21,306 left alone.
    The published z is the uplift in its own standard errors; the test of no
    difference pools the variance, as statsmodels and R do.
    """
    table = {"x1": [treated], "n1": [21307], "x2": [holdout], "n2": [21306]}
    assert treated / 21307 - holdout / 21306 == pytest.approx(uplift, abs=5e-8)
    (error,) = evaluate("difference_error", **table)
    assert uplift / error == pytest.approx(z, abs=1e-4)
    (actual,) = evaluate("proportion_z", **table)
    assert actual == pytest.approx(pooled_z, abs=5e-5)
    (lower,) = evaluate("newcombe_lower", **table)
    (upper,) = evaluate("newcombe_upper", **table)
    assert (lower, upper) == pytest.approx(interval, abs=5e-8)
    (p,) = evaluate("normal_p", z=[actual])
    assert p == pytest.approx(2 * stats.norm.sf(actual), rel=1e-7)


def effects_of(sample_database, where):
    """Rows of the sample's effects."""
    return sample_database.execute(
        f"select * from cst_ads.ads_cst_effect where {where}"
    ).df()


def test_groups_drawn_wrongly_withhold_the_estimate(sample_database):
    """The sample's one campaign that held out the wrong customers, no other,
    whatever is measured of all of its customers."""
    broken = effects_of(
        sample_database, "withheld_reason = 'sample_ratio_mismatch'"
    )
    assert set(broken.subject_code) == {BROKEN_CAMPAIGN}
    closed = effects_of(
        sample_database,
        f"subject_code = '{BROKEN_CAMPAIGN}' and is_total "
        "and treated_entries > 0",
    )
    assert len(closed) > 5
    assert set(closed.withheld_reason) == {"sample_ratio_mismatch"}


def test_rates_of_the_sample_match_statsmodels(sample_database):
    """Where each customer enters once: intervals and tests from the counts."""
    effects = effects_of(
        sample_database,
        "withheld_reason is null and method_code = 'newcombe' "
        "and scope_code != 'strategy'",
    )
    assert len(effects) >= 10
    for effect in effects.itertuples():
        counts = effect.treated_buyers, effect.holdout_buyers
        sizes = effect.treated_entries, effect.holdout_entries
        low, high = proportion.confint_proportions_2indep(
            counts[0], sizes[0], counts[1], sizes[1],
            compare="diff", method="newcomb",
        )
        _, p = proportion.proportions_ztest(counts, sizes)
        assert effect.uplift_low == pytest.approx(low, abs=2e-8)
        assert effect.uplift_high == pytest.approx(high, abs=2e-8)
        assert effect.p_value == pytest.approx(p, rel=1e-6)


def test_q_values_of_the_sample_match_statsmodels(sample_database):
    effects = effects_of(sample_database, "p_value is not null")
    expected = multitest.multipletests(effects.p_value, method="fdr_bh")[1]
    np.testing.assert_allclose(effects.q_value, expected, rtol=1e-9)
