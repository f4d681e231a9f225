"""Lifetime value against published results and scipy.

CDNOW: Fader, Hardie & Lee (2005), tables 2 and 4 and the text; Fader & Hardie
(2013) for the amounts. The 1/10 sample, 39 weeks of calibration.
"""

import importlib.util
import json

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy import integrate, optimize, special, stats

from examples.cdnow.prepare import prepare as prepare_cdnow
from examples.complete_journey.prepare import TIME_ZONE
from examples.complete_journey.prepare import prepare as prepare_journey
from simulation import customers as simulated
from simulation.customers import draw

# The paper fits to 39 weeks and is validated by the 39 that follow.
CALIBRATION_END = "1997-09-30"
CDNOW_VARS = {
    "cst_use_sample_data": False,
    "cst_currency_code": "USD",
    "cst_enabled_sources": ["customer", "order"],
    "cst_timezone": "UTC",
    "cst_start_date": CALIBRATION_END,
    "cst_as_of_date": "1998-06-30",
    "ltv_horizon_days": 39 * 7,
}
PURCHASES = {"r": 0.2426, "alpha": 4.4136, "a": 0.7929, "b": 2.4259}
AMOUNTS = {"p": 6.2496, "q": 3.7442, "gamma": 15.4435}

# Rendered by dbt once, over the columns of a table of cases.
EXPRESSIONS = {
    "p_alive": "bgnbd_p_alive('x', 'weeks_to_last', 'weeks')",
    "purchases": "bgnbd_expected_purchases('x', 'weeks', 'ahead')",
    "tail": "ltv_geometric_sum(0.5, 'terms')",
    "level_tail": "ltv_geometric_sum(1, 'terms')",
    "no_tail": "ltv_geometric_sum(0, 'terms')",
    "discount": "ltv_discount_factor('days')",
    "parts": "ltv_discount_parts()",
}


@pytest.fixture(scope="module")
def model(project_root):
    """The module of the dbt Python model."""
    path = project_root / "models/intermediate/ltv/int_cst_ltv_parameters.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def cdnow(run_dbt, tmp_path_factory):
    """The CDNOW sample as of weeks 39 to 78, month by month, built by dbt."""
    folder = tmp_path_factory.mktemp("cdnow_sample")
    prepare_cdnow(folder, sample=True)
    database = folder / "cst.duckdb"
    run_dbt(
        *("build", "--select", "+ads_cst_ltv", "+ads_cst_ltv_backtest"),
        "+ads_cst_purchase_calibration",
        *("--exclude-resource-types", "test", "unit_test"),
        vars=CDNOW_VARS | {"cst_ods_path": str(folder)},
        database=database,
        check=True,
    )
    with duckdb.connect(str(database), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def parameters(cdnow):
    """The row of parameters as of the end of week 39."""
    rows = cdnow.execute(f"""
        select * from cst_intermediate.int_cst_ltv_parameters
        where snapshot_date = date '{CALIBRATION_END}'
    """).df()
    assert len(rows) == 1
    return rows.iloc[0]


@pytest.fixture(scope="module")
def scores(cdnow):
    """Statistics and predictions of every customer then, times in weeks."""
    return cdnow.execute(f"""
        select
            predictions.* exclude (p_alive),
            predictions.p_alive as public_p_alive,
            models.p_alive,
            customers.repeat_count as x,
            customers.days_to_last_purchase / 7.0 as weeks_to_last,
            customers.days_observed / 7.0 as weeks,
            cast(customers.repeat_net_amount as double) as repeat_amount
        from cst_intermediate.int_cst_ltv_predictions as predictions
        inner join cst_intermediate.int_cst_ltv_customers as customers
            using (customer_id, snapshot_date)
        inner join cst_intermediate.int_cst_ltv_purchase_predictions as models
            using (customer_id, snapshot_date)
        where snapshot_date = date '{CALIBRATION_END}'
        order by customer_id
    """).df()


@pytest.fixture(scope="module")
def evaluate(run_dbt):
    """evaluate(name, columns): the macro's value for each row of columns."""
    query = "\n".join(
        f"/* {name} */ {{{{ {call} }}}}" for name, call in EXPRESSIONS.items()
    )
    result = run_dbt(
        *("compile", "--inline", query, "--output", "json", "--quiet"),
        vars={"ltv_annual_discount_rate": 0.1, "ltv_horizon_days": 1460},
        check=True,
    )
    parts = json.loads(result.stdout)["compiled"].split("/* ")[1:]
    sql = dict(part.split(" */ ", 1) for part in parts)

    def run(name, **columns):
        cases = pd.DataFrame(columns)
        with duckdb.connect() as connection:
            connection.register("given", cases.assign(row_id=range(len(cases))))
            rows = connection.execute(
                f"select {sql[name]} from given order by row_id"
            ).fetchall()
        return np.array([value for (value,) in rows], float)

    return run


def oracle(given, r, alpha, a, b, ahead):
    """P(alive) and expected purchases as printed in the paper, by scipy."""
    x, last, weeks = given["x"], given["weeks_to_last"], given["weeks"]
    odds = a / (b + np.maximum(x, 1) - 1)
    odds *= ((alpha + weeks) / (alpha + last)) ** (r + x)
    p_alive = 1 / (1 + np.where(x > 0, odds, 0))
    growth = ((alpha + weeks) / (alpha + weeks + ahead)) ** (r + x)
    growth *= special.hyp2f1(
        r + x, b + x, a + b + x - 1, ahead / (alpha + weeks + ahead)
    )
    return p_alive, p_alive * (a + b + x - 1) / (a - 1) * (1 - growth)


def integral(x, weeks, ahead, r, alpha, a, b):
    """Expected purchases of a living customer, by quadrature over p.

    p is a power of u, so that a density without bound at p = 0 has one in u.
    """
    power = min(a, 1)
    log_beta = special.betaln(a, b + x)

    def density_of_purchases(u):
        p = u ** (1 / power)
        purchases = -np.expm1(-(r + x) * np.log1p(p * ahead / (alpha + weeks)))
        log_density = (b + x - 1) * np.log1p(-p) - log_beta
        rest = special.xlogy(a / power - 1, u)
        return purchases / p * np.exp(log_density + rest) / power

    return integrate.quad(
        density_of_purchases, 0, 1, epsabs=0, epsrel=1e-10, limit=500
    )[0]


def test_cdnow_purchase_parameters(parameters):
    """BG/NBD on 2,357 customers."""
    for name, expected in PURCHASES.items():
        assert parameters[name] == pytest.approx(expected, rel=1e-3), name
    assert parameters["log_likelihood"] == pytest.approx(-9582.429, abs=1e-3)
    assert parameters["customers"] == 2357
    assert parameters["is_converged"]
    assert parameters["reason"] is None
    assert parameters["is_drop_out_known"]


def test_cdnow_amount_parameters(parameters):
    """Gamma-Gamma on the 946 repeat buyers."""
    for name, expected in AMOUNTS.items():
        assert parameters[name] == pytest.approx(expected, rel=1e-3), name
    expected = pytest.approx(-4055.918, abs=1e-3)
    assert parameters["spend_log_likelihood"] == expected
    assert parameters["spend_customers"] == 946
    assert parameters["spend_reason"] is None


def test_cdnow_expected_purchases(scores):
    """All customers in the next 39 weeks, and the paper's single customer."""
    assert len(scores) == 2357
    assert set(scores["method"]) == {"bgnbd"}
    assert scores["expected_purchase_count"].sum() == pytest.approx(1653.41, abs=0.01)
    customer = scores[
        (scores["x"] == 2)
        & (scores["weeks_to_last"].round(2) == 30.43)
        & (scores["weeks"].round(2) == 38.86)
    ]
    assert len(customer) > 0
    for purchases in customer["expected_purchase_count"]:
        assert purchases == pytest.approx(1.226, abs=5e-4)


def test_scores_equal_the_printed_formulas(scores, parameters):
    """For every customer, to nine digits."""
    p_alive, purchases = oracle(
        scores, *(parameters[name] for name in PURCHASES), 39
    )
    tight = {"rtol": 1e-9, "atol": 1e-9}
    np.testing.assert_allclose(scores["p_alive"], p_alive, **tight)
    np.testing.assert_allclose(scores["expected_purchase_count"], purchases, **tight)
    p, q, gamma = (parameters[name] for name in AMOUNTS)
    amount = p * (gamma + scores["repeat_amount"]) / (p * scores["x"] + q - 1)
    np.testing.assert_allclose(
        scores["expected_order_amount"].astype(float), amount, atol=0.00501
    )
    np.testing.assert_allclose(
        scores["expected_amount"].astype(float), purchases * amount, atol=0.00501
    )


def test_p_alive_is_told_of_repeat_buyers(scores):
    """BG/NBD takes everybody with one purchase day for alive: that is no news."""
    has_repeat = scores["x"] > 0
    assert 0 < has_repeat.sum() < len(scores)
    told = scores[has_repeat]
    assert (told["public_p_alive"] == told["p_alive"]).all()
    assert told["p_alive_reason"].isna().all()
    assert scores.loc[~has_repeat, "public_p_alive"].isna().all()
    assert set(scores.loc[~has_repeat, "p_alive_reason"]) == {"one_purchase"}


def test_discount_is_near_that_of_every_moment(scores, parameters):
    """Four parts come within 2 in 10,000 of a discount without parts."""
    ahead = np.linspace(0, 39, 79)
    names = [parameters[name] for name in PURCHASES]
    totals = [oracle(scores, *names, t)[1] for t in ahead[1:]]
    total = np.vstack([np.zeros(len(scores)), *totals])
    middles = (ahead[1:] + ahead[:-1]) / 2
    factors = 1.1 ** (-middles * 7 / 365)
    exact = (np.diff(total, axis=0) * factors[:, None]).sum(axis=0)
    share = (
        scores["discounted_amount"].astype(float).sum()
        / scores["expected_amount"].astype(float).sum()
    )
    amounts = scores["expected_order_amount"].astype(float)
    expected = (exact * amounts).sum() / (total[-1] * amounts).sum()
    assert share == pytest.approx(expected, rel=2e-4)


def test_due_is_what_october_should_bring(scores, parameters):
    """What is expected by the next snapshot, discounted from its middle."""
    _, purchases = oracle(
        scores, *(parameters[name] for name in PURCHASES), 31 / 7
    )
    p, q, gamma = (parameters[name] for name in AMOUNTS)
    amount = p * (gamma + scores["repeat_amount"]) / (p * scores["x"] + q - 1)
    np.testing.assert_allclose(
        scores["due_amount"].astype(float),
        purchases * amount * 1.1 ** (-15.5 / 365),
        atol=0.00501,
    )


def test_outlook_is_what_the_old_model_says_today(cdnow, parameters):
    """September's model on October's customers, to the end of its horizon.

    By scipy, discounted at every moment; less what it said in September of the
    same days, at today's worth.
    """
    given = cdnow.execute("""
        select
            customers.repeat_count as x,
            customers.days_to_last_purchase / 7.0 as weeks_to_last,
            customers.days_observed / 7.0 as weeks,
            cast(customers.repeat_net_amount as double) as repeat_amount,
            cast(before.discounted_amount - before.due_amount as double) as rest,
            cast(ltv.ltv_outlook_change_amount as double) as outlook,
            cast(ltv.ltv_horizon_change_amount as double) as horizon,
            cast(ltv.ltv_refit_change_amount as double) as refit,
            cast(ltv.predicted_ltv_amount as double) as predicted
        from cst_intermediate.int_cst_ltv_customers as customers
        inner join cst_intermediate.int_cst_ltv_predictions as before
            on customers.customer_id = before.customer_id
        inner join cst_ads.ads_cst_ltv as ltv
            on customers.customer_id = ltv.customer_id
            and customers.snapshot_date = ltv.snapshot_date
        where before.snapshot_date = date '1997-09-30'
            and customers.snapshot_date = date '1997-10-31'
    """).df()
    assert len(given) == 2357
    names = [parameters[name] for name in PURCHASES]
    p, q, gamma = (parameters[name] for name in AMOUNTS)
    amounts = p * (gamma + given["repeat_amount"]) / (p * given["x"] + q - 1)
    ahead = np.linspace(0, 39 - 31 / 7, 79)
    totals = [oracle(given, *names, t)[1] for t in ahead[1:]]
    total = np.vstack([np.zeros(len(given)), *totals])
    factors = 1.1 ** (-(ahead[1:] + ahead[:-1]) / 2 * 7 / 365)
    known = ((np.diff(total, axis=0) * factors[:, None]).sum(axis=0) * amounts).sum()
    rest = given["rest"].sum()
    worth = rest * 1.1 ** (31 / 365)
    # Rounding to the cent, and four parts instead of every moment.
    tolerance = 2e-4 * rest + 0.01 * np.sqrt(len(given))
    assert given["outlook"].sum() == pytest.approx(known - worth, abs=tolerance)
    entered = given["horizon"].sum() - (worth - rest)
    assert given["refit"].sum() == pytest.approx(
        given["predicted"].sum() - entered - known, abs=tolerance
    )
    # The outlook is no leftover of the other parts.
    assert abs(known - worth) > 10 * tolerance


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    """Customer, day and amount of each order of the raw log, by pandas."""
    folder = tmp_path_factory.mktemp("cdnow_log")
    prepare_cdnow(folder, sample=True)
    orders = pd.read_parquet(folder / "ods_trd_order.parquet")
    orders["day"] = pd.to_datetime(orders["ordered_at"], utc=True).dt.strftime(
        "%Y-%m-%d"
    )
    orders["amount"] = orders["order_amount"].astype(float)
    return orders


@pytest.fixture(scope="module")
def holdout(log):
    """Purchases and amounts of each customer in weeks 40 to 78, by pandas."""
    later = log[
        log["day"].gt(CALIBRATION_END) & log["day"].le("1998-06-30")
    ].groupby("customer_id")
    customers = pd.Index(sorted(log["customer_id"].unique()))
    return pd.DataFrame({
        "purchases": later["day"].nunique().reindex(customers, fill_value=0),
        "amount": later["amount"].sum().reindex(customers, fill_value=0.0),
    })


@pytest.mark.parametrize(
    ("days", "last_day"), [(7, "1997-10-07"), (30, "1997-10-30"), (90, "1997-12-29")]
)
def test_calibration_holds_what_came(
    cdnow, scores, parameters, log, days, last_day
):
    """Bands, Brier score and ranking, by scipy and counted in the raw log."""
    later = log[log["day"].gt(CALIBRATION_END) & log["day"].le(last_day)]
    buys = scores["customer_id"].isin(later["customer_id"]).to_numpy()
    r, alpha, *_ = (parameters[name] for name in PURCHASES)
    wait = stats.lomax(r + scores["x"], scale=alpha + scores["weeks"])
    chance = (scores["p_alive"] * wait.cdf(days / 7)).to_numpy()
    rows = cdnow.execute(f"""
        select * from cst_ads.ads_cst_purchase_calibration
        where snapshot_date = date '{CALIBRATION_END}' and horizon_days = {days}
    """).df()
    assert len(rows)
    for row in rows.to_dict("records"):
        is_in = np.full(len(chance), True)
        if row["group_type"] == "band":
            low, high = float(row["probability_from"]), float(row["probability_to"])
            is_in = (chance >= low) & (chance < high)
        elif row["group_type"] == "overdue":
            silence = stats.lomax(
                r + scores["x"], scale=alpha + scores["weeks_to_last"]
            ).sf(scores["weeks"] - scores["weeks_to_last"])
            is_in = (
                (scores["x"] > 0) & (scores["p_alive"] >= 0.5) & (silence <= 0.2)
            ).to_numpy()
        mean = pytest.approx(chance[is_in].mean(), abs=1e-9)
        assert row["customer_count"] == is_in.sum()
        assert row["mean_p_purchase"] == mean
        assert row["buyer_count"] == buys[is_in].sum()
        assert row["buyer_share"] == pytest.approx(buys[is_in].mean(), abs=1e-9)
        assert row["brier_score"] == pytest.approx(
            ((chance - buys)[is_in] ** 2).mean(), abs=1e-9
        )
    total = rows[rows["group_type"] == "total"].iloc[0]
    bought = chance[buys][:, None]
    wins = (bought > chance[~buys]).mean() + (bought == chance[~buys]).mean() / 2
    # Equal in the SQL are those that are equal to the twelfth decimal.
    assert total["auc"] == pytest.approx(wins, abs=1e-4)
    bands = rows[rows["group_type"] == "band"]
    assert bands["customer_count"].sum() == total["customer_count"] == 2357
    # And it is calibrated: what came differs by chance alone.
    assert abs(total["buyer_share"] - total["mean_p_purchase"]) < (
        3 * total["buyer_share_error"]
    )


def test_backtest_holds_what_came(cdnow, scores, holdout):
    """Level, error, best tenth and deciles, counted anew from the raw log."""
    rows = cdnow.execute(f"""
        select * from cst_ads.ads_cst_ltv_backtest
        where snapshot_date = date '{CALIBRATION_END}'
    """).df()
    assert set(rows["forecast_code"]) == {"bgnbd", "past_rate", "past_spend"}
    model_rows = rows[rows["forecast_code"] == "bgnbd"]
    total = model_rows[model_rows["group_type"] == "total"].iloc[0]
    assert list(scores["customer_id"]) == list(holdout.index)
    predicted = scores["expected_amount"].astype(float).to_numpy()
    purchases = scores["expected_purchase_count"].to_numpy()
    came = holdout["amount"].to_numpy()

    assert total["customer_count"] == 2357
    assert total["realized_purchase_count"] == holdout["purchases"].sum()
    assert float(total["realized_amount"]) == pytest.approx(came.sum())
    assert float(total["predicted_purchase_count"]) == pytest.approx(
        1653.41, abs=0.01
    )
    assert float(total["predicted_amount"]) == pytest.approx(predicted.sum())
    assert total["purchase_bias"] == pytest.approx(
        purchases.sum() / holdout["purchases"].sum() - 1, abs=1e-5
    )
    assert total["mean_absolute_error_count"] == pytest.approx(
        np.abs(purchases - holdout["purchases"]).mean(), abs=1e-5
    )
    assert float(total["mean_absolute_error_amount"]) == pytest.approx(
        np.abs(predicted - came).mean(), abs=0.00501
    )
    # Customers with equal forecasts at the border count with their mean.
    alike = pd.Series(came).groupby(predicted).transform("mean")
    ranked = alike.to_numpy()[np.argsort(-predicted, kind="stable")]
    for share, column in ((0.1, "top_10"), (0.2, "top_20")):
        whole = int(share * len(ranked))
        best = ranked[:whole].sum() + (share * len(ranked) - whole) * ranked[whole]
        assert total[f"{column}_amount_share"] == pytest.approx(
            best / came.sum(), rel=1e-9
        )
    rank = pd.Series(predicted).rank(method="min") - 1
    decile = (rank * 10 // len(rank) + 1).astype(int)
    by_decile = model_rows[model_rows["group_type"] == "decile"]
    by_decile = by_decile.set_index(by_decile["group_code"].astype(int))
    expected = holdout["purchases"].groupby(decile.to_numpy()).sum()
    assert by_decile["realized_purchase_count"].to_dict() == expected.to_dict()


def test_docs_show_the_backtest(cdnow, project_root):
    """The tables and the chart in the docs show the back-test as built."""
    rows = cdnow.execute(f"""
        select * from cst_ads.ads_cst_ltv_backtest
        where snapshot_date = date '{CALIBRATION_END}'
        order by forecast_code, try_cast(group_code as integer)
    """).df()

    def percent(value, sign=""):
        return f"{value * 100:{sign}.1f} %".replace("-", "\N{MINUS SIGN}")

    page = (project_root / "docs/ltv.md").read_text()
    block = (project_root / "models/intermediate/ltv/_ltv__docs.md").read_text()
    for row in rows[rows["group_type"] == "total"].to_dict("records"):
        known = row["forecast_code"] != "past_spend"
        purchases = f"{row['predicted_purchase_count']:,.0f}" if known else ""
        bias = percent(row["purchase_bias"], "+") if known else ""
        tail = (
            f"{percent(row['amount_bias'], '+')} "
            f"| {row['mean_absolute_error_amount']} "
            f"| {percent(row['top_10_amount_share'])} "
            f"| {percent(row['top_20_amount_share'])} |"
        )
        cells = [purchases, bias, tail]
        assert " | ".join(cells).replace("|  |", "| |").lstrip() in page
        assert f"{purchases} | {tail}".lstrip(" |") in block
    deciles = rows[
        (rows["group_type"] == "decile") & (rows["forecast_code"] == "bgnbd")
    ]
    came = ", ".join(map(str, deciles["realized_purchase_count"]))
    predicted = ", ".join(f"{n:.0f}" for n in deciles["predicted_purchase_count"])
    assert f"bar [{came}]" in page
    assert f"line [{predicted}]" in page


@pytest.mark.parametrize(
    "names",
    [
        (0.2426, 4.4136, 0.7929, 2.4259),
        (0.24, 4.4, 1.0, 2.4),
        (0.24, 4.4, 1 + 1e-9, 2.4),
        (0.24, 4.4, 0.9995, 2.4),
        (0.8, 6.0, 13.2, 72.7),
        (0.5, 6.0, 54.6, 218.4),
        (0.3, 0.5, 0.05, 0.3),
        (2.0, 20.0, 0.4, 0.6),
    ],
)
def test_expected_purchases_hold_in_extreme_cases(evaluate, names):
    """New, heavy and old customers, short and long horizons, a at 1.

    The formula as printed is zero by zero at a = 1 and overflows for heavy
    buyers, so it is compared with the integral that it solves.
    """
    r, alpha, a, b = names
    cases = [
        (x, weeks, ahead)
        for x in (0, 1, 3, 40, 600)
        for weeks in (0.0, 1 / 7, 39.0, 500.0)
        for ahead in (1 / 7, 52.0, 520.0)
    ]
    x, weeks, ahead = map(np.array, zip(*cases, strict=True))
    actual = evaluate(
        "purchases", x=x, weeks=weeks, ahead=ahead, r=r, alpha=alpha, a=a, b=b
    )
    expected = [integral(*case, *names) for case in cases]
    np.testing.assert_allclose(actual, expected, rtol=1e-7)


@pytest.mark.parametrize(("r", "alpha"), [(0.2, 4.0), (1.4, 1.3), (30.0, 0.1)])
def test_expected_purchases_without_drop_out(evaluate, r, alpha):
    """At a = 0, b = 1: the mean of the rates, given the purchases, times time.

    Nobody leaves, so a customer who has been silent for ten years is alive.
    """
    cases = [
        (x, weeks, ahead)
        for x in (0, 1, 3, 40, 600)
        for weeks in (0.0, 1 / 7, 39.0, 500.0)
        for ahead in (1 / 7, 52.0, 209.0)
    ]
    x, weeks, ahead = map(np.array, zip(*cases, strict=True))
    names = {"r": r, "alpha": alpha, "a": 0.0, "b": 1.0}
    actual = evaluate("purchases", x=x, weeks=weeks, ahead=ahead, **names)
    rates = stats.gamma(r + x, scale=1 / (alpha + weeks))
    np.testing.assert_allclose(actual, rates.mean() * ahead, rtol=1e-11)
    p_alive = evaluate("p_alive", x=x, weeks_to_last=0.0, weeks=weeks, **names)
    assert (p_alive == 1).all()


def test_parts_carry_the_longest_horizon(evaluate):
    """At 1,460 days, the parts lose 1.2 in 1,000 at most, at ten per cent.

    The discount of every day against that of the middles of the parts, for
    customers of CDNOW, of the sample, of a shop that most leave at once, and
    for the NBD.
    """
    parts = int(evaluate("parts", x=[0])[0])
    assert parts == 16
    days = np.arange(1461)
    ends = np.linspace(0, 1460, parts + 1)
    for r, alpha, a, b in (
        (0.2426, 4.4136, 0.7929, 2.4259),
        (0.65, 3.74, 1.14, 5.46),
        (0.5, 6.0, 2.0, 2.0),
        (1.4, 1.33, 0.0, 1.0),
    ):
        for x, weeks in ((0, 0.0), (2, 38.86), (20, 52.0), (100, 52.0)):

            def discounted(ends):
                until = evaluate(
                    "purchases",
                    ahead=ends[1:] / 7,
                    **{"x": x, "weeks": weeks},
                    **{"r": r, "alpha": alpha, "a": a, "b": b},
                )
                middles = (ends[1:] + ends[:-1]) / 2
                coming = np.diff(until, prepend=0)
                return (coming * evaluate("discount", days=middles)).sum()

            lost = 1 - discounted(ends) / discounted(days)
            assert 0 < lost < 1.2e-3


def test_p_alive_in_extreme_cases(evaluate):
    """No repeat, a purchase today, and a heavy buyer long silent."""
    p_alive = evaluate(
        "p_alive",
        x=[0, 2, 600, 600],
        weeks_to_last=[0.0, 10.0, 100.0, 100.0],
        weeks=[500.0, 10.0, 100.0, 5000.0],
        **dict.fromkeys("r", 0.5),
        alpha=4.0,
        a=1.0,
        b=2.0,
    )
    np.testing.assert_allclose(p_alive[:3], [1, 0.75, 1 - 1 / 602], rtol=1e-12)
    assert 0 <= p_alive[3] < 1e-300


def test_tail_and_discount(evaluate):
    """Known sums of powers, and a year at ten per cent."""
    terms = np.array([1, 2, 3])
    np.testing.assert_allclose(evaluate("tail", terms=terms), [0.5, 0.75, 0.875])
    np.testing.assert_allclose(evaluate("level_tail", terms=terms), terms)
    np.testing.assert_allclose(evaluate("no_tail", terms=terms), 0)
    discount = evaluate("discount", days=[0, 365, 730])
    np.testing.assert_allclose(discount, [1, 1 / 1.1, 1 / 1.21])


def test_gradients(model):
    """The likelihoods' slopes equal their differences."""
    rng = np.random.default_rng(7)
    repeats = np.array([0.0, 0, 1, 2, 5, 30])
    last = np.array([0.0, 0, 3, 10, 30, 51])
    observed = np.array([1.0, 30, 20, 10, 52, 52])
    counts = np.array([5.0, 9, 4, 1, 2, 1])
    amounts = repeats[2:] * rng.uniform(5, 50, 4)
    for likelihood, data, point in (
        (
            model.purchase_log_likelihood,
            (repeats, last, observed, counts),
            np.array([0.4, 3.0, 0.7, 2.0]),
        ),
        (
            model.rate_log_likelihood,
            (repeats, observed, counts),
            np.array([0.4, 3.0]),
        ),
        (
            model.spend_log_likelihood,
            (repeats[2:], amounts, counts[2:]),
            np.array([3.0, 4.0, 20.0]),
        ),
    ):
        _, gradient = likelihood(point, *data)
        for index, slope in enumerate(gradient):
            step = np.zeros(len(point))
            step[index] = 1e-5
            rise = likelihood(point + step, *data)[0]
            rise -= likelihood(point - step, *data)[0]
            assert slope == pytest.approx(rise / 2e-5, rel=1e-6)


def statistics(folder, time_zone, snapshot_date):
    """Cells and spend of a prepared order table, in plain pandas."""
    orders = pd.read_parquet(folder / "ods_trd_order.parquet")
    ordered_at = pd.to_datetime(orders["ordered_at"], utc=True)
    days = orders.assign(
        day=ordered_at.dt.tz_convert(time_zone).dt.tz_localize(None).dt.normalize(),
        amount=orders["order_amount"].astype(float),
    )
    days = days[days["day"] <= snapshot_date]
    days = days.groupby(["customer_id", "day"], as_index=False)["amount"].sum()
    by_customer = days.groupby("customer_id")
    first = by_customer["day"].min()
    customers = pd.DataFrame({
        "repeat_count": by_customer.size() - 1,
        "days_to_last_purchase": (by_customer["day"].max() - first).dt.days,
        "days_observed": (pd.Timestamp(snapshot_date) - first).dt.days,
        "repeat_amount": by_customer["amount"].sum()
        - by_customer["amount"].first(),
        "customer_count": 1,
    })
    is_spender = (customers["repeat_count"] > 0) & (
        customers["repeat_amount"] > 0
    )
    return customers, customers[is_spender]


@pytest.fixture(scope="module")
def journey(tmp_path_factory):
    """Complete Journey: households that had bought before the data begin."""
    folder = tmp_path_factory.mktemp("complete_journey")
    prepare_journey(folder)
    return folder


def test_drop_out_has_to_show(model, journey):
    """A panel of households that had bought before the data begin.

    In the first months, nobody can be seen to leave, so BG/NBD has nothing to
    say and the NBD takes its place; later, drop-out is told by the data.
    """
    for snapshot_date, is_known in (
        ("2017-01-31", False),
        ("2017-03-31", False),
        ("2017-06-30", True),
        ("2017-12-31", True),
    ):
        cells, spend = statistics(journey, TIME_ZONE, snapshot_date)
        row = model.fit_snapshot(cells, spend)
        assert row["reason"] is row["spend_reason"] is None
        assert row["is_converged"]
        assert row["is_drop_out_known"] == is_known
        assert (row["drop_out_gain"] >= 3) == is_known
        assert ((row["a"], row["b"]) == (0, 1)) != is_known


def distance(fit, likelihood, parameters, *data):
    """Twice the loss of log-likelihood at other parameters.

    By Wilks' theorem it is distributed as chi-squared, with as many degrees of
    freedom as there are parameters, if they are the true ones.
    """
    return 2 * (fit.log_likelihood - likelihood(np.asarray(parameters), *data)[0])


def purchase_columns(cells):
    """The data of the purchases' likelihood."""
    return (
        cells["repeat_count"].to_numpy(float),
        cells["days_to_last_purchase"].to_numpy(float) / 7,
        cells["days_observed"].to_numpy(float) / 7,
        cells["customer_count"].to_numpy(float),
    )


def spend_columns(spend):
    """The data of the amounts' likelihood."""
    return (
        spend["repeat_count"].to_numpy(float),
        spend["repeat_amount"].to_numpy(float),
        spend["customer_count"].to_numpy(float),
    )


def test_whole_cdnow_log_agrees_with_its_tenth(model, tmp_path):
    """23,570 customers have the parameters of the sample, but for chance.

    The sample is a tenth of the log. At the parameters of the whole log, its
    likelihood is lower by no more than chance explains in 99.9 % of samples.
    """
    whole, tenth = tmp_path / "whole", tmp_path / "tenth"
    for folder, sample in ((whole, False), (tenth, True)):
        folder.mkdir()
        prepare_cdnow(folder, sample=sample)
    cells, spend = statistics(whole, "UTC", CALIBRATION_END)
    assert len(cells) == 23570
    row = model.fit_snapshot(cells, spend)
    assert row["reason"] is None

    cells, spend = statistics(tenth, "UTC", CALIBRATION_END)
    assert (len(cells), len(spend)) == (2357, 946)
    assert distance(
        model.fit_purchases(cells),
        model.purchase_log_likelihood,
        [row[name] for name in PURCHASES],
        *purchase_columns(cells),
    ) < stats.chi2.ppf(0.999, 4)
    assert distance(
        model.fit_spend(spend),
        model.spend_log_likelihood,
        [row[name] for name in AMOUNTS],
        *spend_columns(spend),
    ) < stats.chi2.ppf(0.999, 3)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("size", "in_whole_days"), [(20000, False), (5000, True)]
)
def test_known_parameters_are_recovered(model, seed, size, in_whole_days):
    """The true parameters are found, but for chance: 1 fit in 1,000 is farther.

    Whole days are a little too late and merge purchases. As this shows with many
    customers, there are fewer of them in whole days.
    """
    rng = np.random.default_rng(seed)
    cells, spend = draw(rng, size, in_whole_days=in_whole_days)
    assert distance(
        model.fit_purchases(cells),
        model.purchase_log_likelihood,
        simulated.PURCHASES,
        *purchase_columns(cells),
    ) < stats.chi2.ppf(0.999, 4)
    assert distance(
        model.fit_spend(spend),
        model.spend_log_likelihood,
        simulated.AMOUNTS,
        *spend_columns(spend),
    ) < stats.chi2.ppf(0.999, 3)


def test_equal_customers_are_counted(model):
    """Per snapshot, in one order; amounts without customers who have none."""
    with duckdb.connect() as connection:
        customers = connection.sql("""
            select
                cast(col0 as date) as snapshot_date,
                col1 as repeat_count,
                col2 as days_to_last_purchase,
                col3 as days_observed,
                cast(col4 as decimal(18, 2)) as repeat_net_amount
            from (values
                ('2024-02-29', 1, 5, 38, 8.00),
                ('2024-01-31', 1, 6, 9, 3.00),
                ('2024-01-31', 1, 5, 9, 8.00),
                ('2024-01-31', 1, 5, 9, 8.00),
                ('2024-01-31', 2, 6, 9, 0.00),
                ('2024-01-31', 0, 0, 9, 0.00)
            )
        """)
        histories = model.count_histories(customers)
        amounts = model.count_amounts(customers)
    first, second = pd.Timestamp("2024-01-31"), pd.Timestamp("2024-02-29")
    assert histories.values.tolist() == [
        [first, 0, 0, 9, 1],
        [first, 1, 5, 9, 2],
        [first, 1, 6, 9, 1],
        [first, 2, 6, 9, 1],
        [second, 1, 5, 38, 1],
    ]
    assert amounts.values.tolist() == [
        [first, 1, 3.0, 1],
        [first, 1, 8.0, 2],
        [second, 1, 8.0, 1],
    ]


def test_known_fits_are_taken_over(model, monkeypatch):
    """The next run fits the snapshots whose customers changed, no others."""
    rng = np.random.default_rng(3)
    drawn = [draw(rng, 600) for _ in range(3)]
    cells, spend = (
        pd.concat([
            pair[part].assign(snapshot_date=pd.Timestamp(2024, month, 28))
            for month, pair in enumerate(drawn, start=1)
        ])
        for part in (0, 1)
    )
    nothing = pd.DataFrame(columns=list(model.COLUMNS))
    first = model.fit_all(cells, spend, nothing)

    fitted = []
    fit_snapshot = model.fit_snapshot
    monkeypatch.setattr(
        model,
        "fit_snapshot",
        lambda *rows: fitted.append(1) or fit_snapshot(*rows),
    )
    pd.testing.assert_frame_equal(model.fit_all(cells, spend, first), first)
    assert not fitted
    # One more customer in March, and more expensive purchases in February.
    more = pd.concat([cells, cells.iloc[[-1]]])
    dearer = spend.assign(
        repeat_amount=spend["repeat_amount"]
        + spend["snapshot_date"].eq("2024-02-28")
    )
    second = model.fit_all(more, dearer, first)
    assert len(fitted) == 2
    assert list(second["input_hash"] == first["input_hash"]) == [
        True,
        False,
        False,
    ]
    fitted.clear()
    monkeypatch.setattr(model, "FITTED_WITH", "numpy 99")
    model.fit_all(cells, spend, first)
    assert len(fitted) == 3


def test_guards_name_their_reason(model):
    """Each reason appears on data made for it, and none on good data."""
    rng = np.random.default_rng(11)
    cells, spend = draw(rng, 3000)
    row = model.fit_snapshot(cells, spend)
    assert row["reason"] is row["spend_reason"] is None

    few = cells["repeat_count"].eq(0) | (cells["repeat_count"].cumsum() < 49)
    row = model.fit_snapshot(cells[few], spend)
    assert row["reason"] == "too_few_repeat_buyers"
    assert np.isnan(row["r"])

    # Every customer at the same steady pace: no maximum inside the bounds.
    pace = cells.assign(
        repeat_count=10.0, days_to_last_purchase=100.0, days_observed=100.0
    )
    row = model.fit_snapshot(pace, spend)
    assert row["reason"] == "purchase_fit_is_degenerate"
    assert not row["is_drop_out_known"]
    assert row["r"] > 0


def test_reasons_of_amounts_leave_the_purchases_alone(model):
    """Each appears on data made for it; the purchases stay in use."""
    rng = np.random.default_rng(11)
    cells, spend = draw(rng, 3000)
    purchases = model.fit_purchases(cells).parameters

    def check(spend, *expected):
        row = model.fit_snapshot(cells, spend)
        assert row["spend_reason"] in expected
        assert row["reason"] is None
        assert [row[name] for name in PURCHASES] == list(purchases)
        return row

    row = check(spend.iloc[:49], "spend_of_too_few_customers")
    assert row["spend_customers"] == 49
    assert np.isnan(row["p"])
    means = spend["repeat_amount"] / spend["repeat_count"]
    assert row["mean_repeat_amount"] == pytest.approx(means.iloc[:49].mean())
    check(spend.iloc[:50], None)

    row = check(draw(rng, 3000, q=0.6)[1], "spend_has_no_mean")
    assert row["q"] <= 1

    dear = spend.assign(
        repeat_amount=spend["repeat_amount"] * spend["repeat_count"] ** 1.5
    )
    check(dear, "spend_depends_on_frequency")

    alike = spend.assign(repeat_amount=spend["repeat_count"] * 10.0)
    row = check(
        alike, "spend_fit_is_degenerate", "spend_fit_did_not_converge"
    )
    assert row["mean_repeat_amount"] == pytest.approx(10)


def test_rank_correlation_is_that_of_scipy(model):
    """Ties, counted customers, and no more than two digits of amounts."""
    rng = np.random.default_rng(17)
    spend = pd.DataFrame({
        "repeat_count": rng.integers(1, 6, 400),
        "customer_count": rng.integers(1, 5, 400),
    })
    means = rng.integers(1, 30, 400) + 2 * spend["repeat_count"]
    spend["repeat_amount"] = means * spend["repeat_count"]
    single = spend.index.repeat(spend["customer_count"])
    expected = stats.spearmanr(
        spend["repeat_count"][single], means[single]
    ).statistic
    assert 0.1 < expected < 0.6
    for money in (1, 0.01, 1 / 3, 3500):
        scaled = spend.assign(repeat_amount=spend["repeat_amount"] * money)
        assert model.rank_correlation(scaled) == pytest.approx(expected)
    alike = spend.assign(repeat_amount=spend["repeat_count"] * 0.1)
    assert model.rank_correlation(alike) == 0


@pytest.fixture(scope="module")
def shops(journey, tmp_path_factory):
    """Cells and spend of two real shops, and of simulated customers."""
    folder = tmp_path_factory.mktemp("cdnow_orders")
    prepare_cdnow(folder, sample=True)
    return {
        "cdnow": statistics(folder, "UTC", CALIBRATION_END),
        "journey": statistics(journey, TIME_ZONE, "2017-09-30"),
        "simulated": draw(np.random.default_rng(23), 600),
    }


@pytest.mark.parametrize("shop", ["cdnow", "journey", "simulated"])
def test_the_unit_of_money_does_not_matter(model, shops, shop):
    """k times the amounts have the same p and q, and k times the scale."""
    _, spend = shops[shop]
    fit = model.fit_spend(spend)
    for k in (0.01, 1 / 3, 20, 190, 3500):
        other = model.fit_spend(
            spend.assign(repeat_amount=spend["repeat_amount"] * k)
        )
        np.testing.assert_allclose(
            other.parameters, fit.parameters * [1, 1, k], rtol=1e-5
        )
        assert not other.bounds.any()
        # A density of money is per unit of it.
        assert other.log_likelihood == pytest.approx(
            fit.log_likelihood - len(spend) * np.log(k), rel=1e-9
        )


@pytest.mark.parametrize("shop", ["cdnow", "journey", "simulated"])
def test_the_unit_of_time_does_not_matter(model, shops, shop):
    """A shop that lives k times as slowly has alpha times k."""
    cells, _ = shops[shop]
    columns = ["days_to_last_purchase", "days_observed"]
    repeats = cells["repeat_count"].sum()
    for search, position in ((model.fit_purchases, 4), (model.fit_rates, 2)):
        fit = search(cells)
        for k in (1e-5, 1 / 24, 7, 1e5):
            other = search(cells.assign(**cells[columns] * k))
            expected = fit.parameters * [1, k, 1, 1][:position]
            np.testing.assert_allclose(other.parameters, expected, rtol=1e-3)
            assert other.log_likelihood == pytest.approx(
                fit.log_likelihood - repeats * np.log(k), rel=1e-9
            )


@pytest.mark.parametrize("shop", ["cdnow", "journey", "few"])
@pytest.mark.parametrize("who", ["most frequent", "least frequent"])
def test_one_huge_order_changes_no_reason(model, shops, shop, who):
    """Nor the parameters of purchases, nor much of a mean order.

    Of a million, a hundred million, and a billion, in two real shops; and in
    one with no more than 60 customers who have an amount.
    """
    cells, spend = shops.get(shop, shops["simulated"])
    if shop == "few":
        spend = spend.iloc[:60]
    before = model.fit_snapshot(cells, spend)
    mean = before["p"] * before["gamma"] / (before["q"] - 1)
    order = spend["repeat_count"].sort_values(kind="stable").index
    customer = order[-1] if who == "most frequent" else order[0]
    for amount in (1e6, 1e8, 1e9):
        spoilt = spend["repeat_amount"].copy()
        spoilt[customer] += amount
        after = model.fit_snapshot(cells, spend.assign(repeat_amount=spoilt))
        assert after["reason"] is after["spend_reason"] is None
        assert [after[name] for name in PURCHASES] == [
            before[name] for name in PURCHASES
        ]
        if shop != "few":
            mean_after = after["p"] * after["gamma"] / (after["q"] - 1)
            assert mean_after == pytest.approx(mean, rel=0.08)


def test_likelihoods_are_mixtures(model):
    """One customer's, integrated over all rates, dropouts and scales."""
    r, alpha, a, b = 0.6, 3.0, 0.8, 2.5
    rates, leaving = stats.gamma(r, scale=1 / alpha), stats.beta(a, b)

    def over_rates(x, time):
        def density(root):
            rate = root**4
            purchases = rate**x * np.exp(-rate * time)
            return purchases * rates.pdf(rate) * 4 * root**3

        return integrate.quad(density, 0, np.inf, epsabs=0, epsrel=1e-11)[0]

    for x, last, observed in ((0, 0, 8.0), (1, 0.5, 8.0), (3, 6.0, 7.5)):
        one = [np.array([value], float) for value in (x, last, observed, 1)]
        stays = over_rates(x, observed)
        value, _ = model.rate_log_likelihood(
            np.array([r, alpha]), one[0], one[2], one[3]
        )
        assert value == pytest.approx(np.log(stays), rel=1e-9)
        density = stays * leaving.expect(lambda p, x=x: (1 - p) ** x)
        if x > 0:
            density += over_rates(x, last) * leaving.expect(
                lambda p, x=x: p * (1 - p) ** (x - 1)
            )
        value, _ = model.purchase_log_likelihood(
            np.array([r, alpha, a, b]), *one
        )
        assert value == pytest.approx(np.log(density), rel=1e-7)

    p, q, gamma = 2.5, 3.5, 15.0
    scales = stats.gamma(q, scale=1 / gamma)
    for x, mean in ((1, 4.0), (2, 11.0), (5, 40.0)):
        density = integrate.quad(
            lambda scale, x=x, mean=mean: stats.gamma(
                p * x, scale=1 / (scale * x)
            ).pdf(mean)
            * scales.pdf(scale),
            *(0, np.inf),
        )[0]
        value, _ = model.spend_log_likelihood(
            np.array([p, q, gamma]),
            *(np.array([n], float) for n in (x, mean * x, 1)),
        )
        assert value == pytest.approx(np.log(density), rel=1e-7)


@pytest.mark.parametrize("shop", ["cdnow", "journey", "simulated"])
def test_another_search_finds_nothing_better(model, shops, shop):
    """Nelder and Mead's, without gradients, from elsewhere, in days."""
    cells, spend = shops[shop]
    repeats, last, observed, counts = purchase_columns(cells)
    for fit, likelihood, data in (
        (
            model.fit_purchases(cells),
            model.purchase_log_likelihood,
            (repeats, last, observed, counts),
        ),
        (
            model.fit_rates(cells),
            model.rate_log_likelihood,
            (repeats, observed, counts),
        ),
        (
            model.fit_spend(spend),
            model.spend_log_likelihood,
            spend_columns(spend),
        ),
    ):
        found = optimize.minimize(
            lambda logs, f=likelihood, data=data: -f(np.exp(logs), *data)[0],
            np.log(fit.parameters) + np.linspace(0.7, -0.5, len(fit.parameters)),
            method="Nelder-Mead",
            options={"maxiter": 4000, "xatol": 1e-6, "fatol": 1e-6},
        )
        assert -found.fun <= fit.log_likelihood + 1e-3
        assert -found.fun >= fit.log_likelihood - 1


def staying(rng, size, r, alpha):
    """Customers with Gamma rates who never leave, in whole days."""
    observed = rng.integers(100, 365, size)
    rates = rng.gamma(r, 1 / alpha, size) / 7
    bought = rng.random((size, 365)) < -np.expm1(-rates[:, None])
    bought &= np.arange(1, 366) <= observed[:, None]
    last = np.where(bought.any(axis=1), 365 - bought[:, ::-1].argmax(axis=1), 0)
    return pd.DataFrame({
        "repeat_count": bought.sum(axis=1),
        "days_to_last_purchase": last,
        "days_observed": observed,
        "customer_count": 1,
    })


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(("r", "alpha"), [(0.5, 6.0), (1.5, 1.5)])
def test_customers_who_stay_are_not_said_to_leave(model, seed, r, alpha):
    """Rare and frequent buyers without drop-out have the NBD's parameters."""
    cells = staying(np.random.default_rng(seed), 1000, r, alpha)
    row = model.describe_purchases(cells)
    assert row["reason"] is None
    assert row["drop_out_gain"] < 3
    assert not row["is_drop_out_known"]
    assert (row["a"], row["b"]) == (0, 1)
    # The rate of all, whatever was fitted.
    rate = cells["repeat_count"].sum() / cells["days_observed"].sum() * 7
    assert row["r"] / row["alpha"] == pytest.approx(rate, rel=0.05)


class Constant:
    """A generator of random numbers whose Beta numbers are all the same."""

    def __init__(self, rng, value):
        self.rng, self.value, self.calls = rng, value, 0

    def __getattr__(self, name):
        return getattr(self.rng, name)

    def beta(self, a, b, size):
        self.calls += 1
        return np.full(size, self.value)


@pytest.mark.parametrize("leaves", [1 / 12, 0.2, 0.6])
@pytest.mark.parametrize("seed", range(3))
def test_one_probability_for_all_is_no_obstacle(
    model, monkeypatch, seed, leaves
):
    """Customers are seen to leave, though a and b grow without end.

    And the bound does not matter: a higher one predicts the same.
    """
    rng = Constant(np.random.default_rng(seed), leaves)
    cells, _ = draw(rng, 1500)
    assert rng.calls == 1
    row = model.describe_purchases(cells)
    assert row["reason"] is None
    assert row["is_drop_out_known"]
    assert row["a"] / (row["a"] + row["b"]) == pytest.approx(leaves, rel=0.25)

    monkeypatch.setattr(
        model,
        "PURCHASE_LIMITS",
        (model.LIMITS, model.LIMITS, (-8, 6), (-8, 9)),
    )
    higher = model.fit_purchases(cells).parameters
    given = cells.rename(columns={"repeat_count": "x"}).assign(
        weeks_to_last=cells["days_to_last_purchase"] / 7,
        weeks=cells["days_observed"] / 7,
    )
    p_alive, purchases = oracle(given, *higher, 26)
    actual = oracle(given, *(row[name] for name in PURCHASES), 26)
    np.testing.assert_allclose(actual[0], p_alive, atol=0.02)
    assert actual[1].sum() == pytest.approx(purchases.sum(), rel=0.01)


def test_same_amounts_of_a_customer_are_no_obstacle(model):
    """p on its upper bound: a subscription costs each customer the same."""
    rng = np.random.default_rng(2)
    cells, spend = draw(rng, 2000)
    price = (20 / rng.gamma(4, 1, len(spend))).round(2)
    row = model.fit_snapshot(
        cells, spend.assign(repeat_amount=price * spend["repeat_count"])
    )
    assert row["spend_reason"] is None
    assert row["p"] > 2000
    mean = row["p"] * row["gamma"] / (row["q"] - 1)
    assert mean == pytest.approx(price.mean(), rel=0.05)


@pytest.mark.parametrize("seed", range(8))
def test_customers_who_leave_are_seen_to_leave(model, seed):
    """With true drop-out, 600 customers are enough to see it."""
    cells, _ = draw(np.random.default_rng(seed), 600)
    row = model.describe_purchases(cells)
    assert row["reason"] is None
    assert row["drop_out_gain"] > 3
    assert row["is_drop_out_known"]
    assert row["a"] > 0


def test_counted_groups_equal_single_customers(model):
    """Counting equal customers changes no parameter."""
    cells, spend = draw(np.random.default_rng(5), 800)
    key = ["repeat_count", "days_to_last_purchase", "days_observed"]
    grouped = cells.groupby(key, as_index=False)["customer_count"].sum()
    one, other = model.fit_purchases(cells), model.fit_purchases(grouped)
    np.testing.assert_allclose(one.parameters, other.parameters, rtol=1e-4)
    assert one.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-10)
