"""The estimates of the effect against scipy and statsmodels, on random entries.

Customers enter up to four times, and what one of them spends is much alike each
time: the errors must be those of clusters. What they spent before tells a part
of what they spend.
"""

from datetime import date, timedelta

import duckdb
import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats import multitest, proportion

AS_OF = date(2025, 12, 31)
SHARE, CUSTOMERS = 0.3, 900
# All that lies between these two.
BETWEEN = "int_cst_effect_observations+,+int_cst_effect_returns"
AMOUNTS = ("order_count", "net_amount", "gross_profit")
PROFITS_SINCE = date(2025, 3, 1)
CELLS = [
    ("quarter", "2025-Q1", "all"), ("quarter", "2025-Q2", "all"),
    ("year", "2025", "all"),
    ("last_four_quarters", "last_four_quarters", "all"),
    ("all", "all", "all"), ("all", "all", "calm"), ("all", "all", "wild"),
    ("snapshot", "2025-03-31", "all"),
]


def random_entries():
    """Observations of one strategy, one row per entry and window."""
    rng = np.random.default_rng(20250331)
    rows = []
    for number in range(CUSTOMERS):
        taste = rng.lognormal(0, 0.6)
        loyalty = rng.beta(1, 2)
        # Most entries take the customer's own lot, so that clusters
        # widen the errors; lots of entries alone would narrow them.
        own_lot = rng.random()
        months = rng.choice(12, rng.integers(1, 5), replace=False)
        for month in sorted(months + 1):
            entry = (
                pd.Timestamp(2024, 12, 31) + pd.offsets.MonthEnd(int(month) - 3)
            ).date()
            lot = own_lot if rng.random() < 0.7 else rng.random()
            is_holdout = lot < SHARE
            before = round(100 * taste * rng.lognormal(0, 0.3), 2)
            for window in (30, 60, 90):
                likely = (0.3 + loyalty) * window / 60 + 0.1 * (not is_holdout)
                orders = rng.poisson(likely)
                spread = 1.0 if is_holdout else 1.2
                amount = orders * 80 * taste * rng.lognormal(0, 0.2) * spread
                rows.append({
                    "scope_code": "strategy", "subject_code": "activation",
                    "arm_code": "all", "customer_id": f"c{number}",
                    "segment_code": "wild" if taste > 1 else "calm",
                    "window_days": window, "is_compared": True,
                    "is_holdout": is_holdout,
                    "is_mature": entry + timedelta(window) <= AS_OF,
                    "are_visits_known": True, "entry_date": entry,
                    "window_end_date": entry + timedelta(window),
                    "as_of_date": AS_OF, "order_count": orders,
                    "visit_count": rng.poisson(0.5 + likely),
                    "net_amount": round(amount, 2), "discount_amount": 0.0,
                    "contact_cost_amount": 0.0 if is_holdout else 0.1,
                    # known of nine orders of ten, and since the spring
                    "are_profits_known": entry >= PROFITS_SINCE,
                    "gross_profit_amount": round(0.36 * amount, 2)
                    if number % 10 else 0.0,
                    "profit_net_amount": round(amount, 2)
                    if number % 10 else 0.0,
                    "prior_amount": before,
                    "is_contacted": not is_holdout,
                })
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def observations():
    return random_entries()


@pytest.fixture(scope="module")
def effects(observations, run_dbt, tmp_path_factory):
    """What the models make of these observations."""
    path = tmp_path_factory.mktemp("estimates") / "cst.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.register("given", observations)
        connection.execute("""
            create schema cst_intermediate;
            create schema cst_staging;
            create table cst_staging.stg_prm__campaigns as select
                null::varchar as campaign_id, null::double as control_share
            where false;
            create table cst_intermediate.int_cst_effect_observations as
            select * replace (
                net_amount::decimal(18, 2) as net_amount,
                discount_amount::decimal(18, 2) as discount_amount,
                contact_cost_amount::decimal(18, 2) as contact_cost_amount,
                gross_profit_amount::decimal(18, 2) as gross_profit_amount,
                profit_net_amount::decimal(18, 2) as profit_net_amount,
                prior_amount::decimal(18, 2) as prior_amount,
                entry_date::date as entry_date,
                window_end_date::date as window_end_date,
                as_of_date::date as as_of_date
            ) from given;
        """)
    run_dbt(
        "run", "--select", BETWEEN,
        "--exclude", "int_cst_effect_observations",
        database=path, check=True, vars={"retention_holdout_share": SHARE},
    )
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(
            "select * from cst_intermediate.int_cst_effect_returns"
        ).df()


@pytest.fixture(params=CELLS, ids="-".join)
def cell(request, observations, effects):
    """The entries of a cell and its rows: entries(window), row(measure, window)
    """
    period_type, period_code, segment = request.param
    quarters = pd.PeriodIndex(observations.entry_date, freq="Q")
    is_in = {
        "quarter": quarters.strftime("%Y-Q%q") == period_code,
        "year": quarters.year.astype(str) == period_code,
        "last_four_quarters": quarters.year == 2025,
        "all": np.full(len(observations), True),
        "snapshot": observations.entry_date.astype(str) == period_code,
    }[period_type]
    in_segment = (observations.segment_code == segment) | (segment == "all")
    chosen = observations[is_in & in_segment & observations.is_mature]
    rows = effects[
        (effects.period_type == period_type)
        & (effects.period_code == period_code)
        & (effects.segment_code == segment)
    ].set_index(["measure_code", "window_days"])

    class Cell:
        windows = (30, 90)

        @staticmethod
        def entries(window, measure="net_amount"):
            """Of gross profit, those since it is known."""
            known = chosen.are_profits_known | (measure != "gross_profit")
            return chosen[(chosen.window_days == window) & known]

        @staticmethod
        def row(measure, window):
            return rows.loc[(measure, window)]

    return Cell


def values_of(entries, measure):
    """The measure of each entry."""
    return {
        "repurchase_rate": (entries.order_count > 0).astype(float),
        "visit_rate": (entries.visit_count > 0).astype(float),
        "order_count": entries.order_count.astype(float),
        "net_amount": entries.net_amount.astype(float),
        "gross_profit": entries.gross_profit_amount.astype(float),
    }[measure]


def split(values, entries):
    """The values of both groups."""
    return values[~entries.is_holdout], values[entries.is_holdout]


def errors(values, entries):
    """Squared standard errors of the uplift: each group's own variance, and
    what clusters of customers add to it."""
    design = sm.add_constant((~entries.is_holdout).astype(float))
    customers = entries.customer_id.astype("category").cat.codes
    fitted = sm.OLS(values, design)
    own = fitted.fit(cov_type="HC2").bse.iloc[1] ** 2
    plain = fitted.fit(cov_type="HC0").bse.iloc[1] ** 2
    clustered = fitted.fit(
        cov_type="cluster",
        cov_kwds={"groups": customers, "use_correction": False},
    ).bse.iloc[1] ** 2
    return own, max(clustered - plain, 0)


def test_entries_repeat_themselves(observations):
    """Or the tests below would say nothing about clusters."""
    entries = observations[observations.window_days == 90]
    own, added = errors(values_of(entries, "net_amount"), entries)
    assert 0.01 < added / own
    assert entries.groupby("customer_id").size().mean() > 2


def test_counts_and_means(cell):
    for window in cell.windows:
        for measure in ("repurchase_rate", "visit_rate", *AMOUNTS):
            entries = cell.entries(window, measure)
            treated, holdout = split(entries.order_count, entries)
            row = cell.row(measure, window)
            values = values_of(entries, measure)
            of_treated, of_holdout = split(values, entries)
            assert pd.isna(row.withheld_reason)
            assert row.treated_entries == len(treated)
            assert row.holdout_entries == len(holdout)
            assert row.treated_mean == pytest.approx(of_treated.mean())
            assert row.holdout_mean == pytest.approx(of_holdout.mean())
            assert row.uplift == pytest.approx(
                of_treated.mean() - of_holdout.mean()
            )
            successes = (
                of_treated if measure == "visit_rate" else treated > 0
            )
            assert row.treated_buyers == successes.sum()


@pytest.mark.parametrize("measure", AMOUNTS)
def test_amounts(cell, measure):
    """The groups' own error; t by that of one variance; the interval by the
    larger. All of them as much wider as clusters make them."""
    for window in cell.windows:
        entries = cell.entries(window, measure)
        values = values_of(entries, measure)
        row = cell.row(measure, window)
        own, added = errors(values, entries)
        widening = np.sqrt(1 + added / own)
        assert row.standard_error == pytest.approx(
            np.sqrt(own + added), rel=1e-7
        )
        pooled = stats.ttest_ind(*split(values, entries))
        pooled_error = row.uplift / pooled.statistic
        half = stats.t.ppf(0.975, len(entries) - 2) * widening * max(
            np.sqrt(own), pooled_error
        )
        assert row.uplift_low == pytest.approx(row.uplift - half, rel=1e-6)
        assert row.uplift_high == pytest.approx(row.uplift + half, rel=1e-6)
        t = abs(pooled.statistic) / widening
        assert row.p_value == pytest.approx(
            2 * stats.t.sf(t, len(entries) - 2), rel=1e-6
        )
        assert row.minimum_detectable_uplift == pytest.approx(
            (stats.norm.ppf(0.975) + stats.norm.ppf(0.8))
            * pooled_error * widening, rel=1e-6
        )


@pytest.mark.parametrize("measure", ["repurchase_rate", "visit_rate"])
def test_rates(cell, measure):
    """Newcombe and the pooled z, widened by the root of the design effect."""
    for window in cell.windows:
        entries = cell.entries(window)
        values = values_of(entries, measure)
        treated, holdout = split(values, entries)
        row = cell.row(measure, window)
        own, added = errors(values, entries)
        widening = np.sqrt(1 + added / own)
        assert row.standard_error == pytest.approx(
            widening * np.sqrt(
                treated.var(ddof=0) / len(treated)
                + holdout.var(ddof=0) / len(holdout)
            ), rel=1e-7
        )
        groups = (
            int(treated.sum()), len(treated), int(holdout.sum()), len(holdout),
        )
        interval = proportion.confint_proportions_2indep(
            *groups, compare="diff", method="newcomb"
        )
        for end, limit in zip(("low", "high"), interval, strict=True):
            assert row[f"uplift_{end}"] == pytest.approx(
                row.uplift + widening * (limit - row.uplift), abs=1e-9
            )
        z, _ = proportion.proportions_ztest(groups[::2], groups[1::2])
        assert row.p_value == pytest.approx(
            2 * stats.norm.sf(abs(z) / widening), rel=1e-6
        )


@pytest.mark.parametrize("measure", AMOUNTS)
def test_adjusted_amounts(cell, measure):
    """Least squares on the group and on what was spent before."""
    for window in cell.windows:
        entries = cell.entries(window, measure)
        values = values_of(entries, measure)
        row = cell.row(measure, window)
        design = sm.add_constant(pd.DataFrame({
            "treated": (~entries.is_holdout).astype(float),
            "before": entries.prior_amount,
        }))
        fitted = sm.OLS(values, design).fit()
        assert row.adjusted_uplift == pytest.approx(
            fitted.params["treated"], rel=1e-7
        )
        rest = values - fitted.params["before"] * entries.prior_amount
        pooled = stats.ttest_ind(*split(rest, entries))
        own, added = errors(values, entries)
        own_rest, _ = errors(rest, entries)
        half = stats.t.ppf(0.975, len(entries) - 2) * max(
            np.sqrt(own_rest), row.adjusted_uplift / pooled.statistic
        ) * np.sqrt(1 + added / own)
        assert row.adjusted_margin == pytest.approx(half, rel=1e-6)


def test_clustered_errors_are_those_of_textbooks(observations, effects):
    """Of all entries, but for the corrections of small numbers."""
    row = effects[
        (effects.period_type == "all") & (effects.segment_code == "all")
        & (effects.window_days == 90) & (effects.measure_code == "net_amount")
    ].iloc[0]
    entries = observations[
        (observations.window_days == 90) & observations.is_mature
    ]
    design = sm.add_constant((~entries.is_holdout).astype(float))
    fitted = sm.OLS(entries.net_amount, design).fit(
        cov_type="cluster",
        cov_kwds={"groups": entries.customer_id.astype("category").cat.codes},
    )
    assert row.standard_error == pytest.approx(fitted.bse.iloc[1], rel=0.005)


def test_what_is_earned_more_and_how_much_of_it_is_known(cell):
    """Profit beyond what as many held out would have brought, whatever is known
    of it; and the share of the money that it is known of."""
    for window in cell.windows:
        for measure in ("net_amount", "gross_profit"):
            entries = cell.entries(window, measure)
            assert cell.row(measure, window).profit_coverage_share == (
                pytest.approx(
                    entries.profit_net_amount.sum() / entries.net_amount.sum()
                )
            )
        entries = cell.entries(window)
        treated, holdout = split(entries.gross_profit_amount, entries)
        assert float(
            cell.row("net_amount", window).incremental_gross_profit_amount
        ) == pytest.approx(
            treated.sum() - holdout.sum() * len(treated) / len(holdout),
            abs=0.006,
        )
        assert pd.isna(cell.row("order_count", window).profit_coverage_share)


def test_q_values_are_of_all_rows(effects):
    known = effects[effects.p_value.notna()]
    expected = multitest.multipletests(known.p_value, method="fdr_bh")[1]
    assert len(known) > 100
    np.testing.assert_allclose(known.q_value, expected, rtol=1e-9)
    assert effects.q_value[effects.p_value.isna()].isna().all()


def test_capped_amounts_are_cut_at_one_buyer_in_a_hundred(
    observations, effects
):
    for window in (30, 90):
        entries = observations[
            (observations.window_days == window) & observations.is_mature
        ]
        buyers = entries.net_amount[entries.order_count > 0]
        cap = np.quantile(buyers, 0.99, method="inverted_cdf")
        treated, holdout = split(entries.net_amount.clip(upper=cap), entries)
        row = effects[
            (effects.period_type == "all") & (effects.segment_code == "all")
            & (effects.window_days == window)
            & (effects.measure_code == "net_amount_capped")
        ].iloc[0]
        assert row.uplift == pytest.approx(treated.mean() - holdout.mean())
