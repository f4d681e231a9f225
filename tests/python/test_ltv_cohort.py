"""The cohort method against a published chain ladder and pandas, and the index of
the seasons against a shop whose seasons are known."""

import duckdb
import numpy as np
import pandas as pd
import pytest

from simulation.seasons import YEAR_END, draw_seasons

# Taylor & Ashe (1983), Second moments of estimates of outstanding claims, Journal
# of Econometrics 23(1), 37-61: cumulative payments by year of origin and age.
TAYLOR_ASHE = [
    [357848, 1124788, 1735330, 2218270, 2745596, 3319994, 3466336, 3606286,
     3833515, 3901463],
    [352118, 1236139, 2170033, 3353322, 3799067, 4120063, 4647867, 4914039,
     5339085],
    [290507, 1292306, 2218525, 3235179, 3985995, 4132918, 4628910, 4909315],
    [310608, 1418858, 2195047, 3757447, 4029929, 4381982, 4588268],
    [443160, 1136350, 2128333, 2897821, 3402672, 3873311],
    [396132, 1333217, 2180715, 2985752, 3691712],
    [440832, 1288463, 2419861, 3483130],
    [359480, 1421128, 2864498],
    [376686, 1363294],
    [344014],
]
# Mack (1993), Distribution-free calculation of the standard error of chain ladder
# reserve estimates, ASTIN Bulletin 23(2), 213-225: factors, and what is still to
# come of each origin, in thousands but for the total.
FACTORS = [3.491, 1.747, 1.457, 1.174, 1.104, 1.086, 1.054, 1.077, 1.018]
RESERVES = [0, 95, 470, 710, 985, 1419, 2178, 3920, 4279, 4626]
TOTAL = 18_680_856

COHORT_MODELS = [
    "int_cst_ltv_development", "int_cst_ltv_cohort_bases",
    "int_cst_ltv_forecast_periods", "int_cst_ltv_cohort_forecasts",
]


@pytest.fixture(scope="module")
def mack(run_dbt, tmp_path_factory):
    """The published triangle, an age a month, through the project's models.

    A twentieth was paid back. The newest month ends on the snapshot date, and
    after 273 days the youngest cohort is as old as the oldest one is now.
    """
    path = tmp_path_factory.mktemp("mack") / "cst.duckdb"
    months = pd.date_range("2020-01-31", periods=10, freq="ME")
    triangle = pd.DataFrame([
        {
            "acquisition_month": months[origin].replace(day=1),
            "age_months": age,
            "gross_amount": amount - (amounts[age - 1] if age else 0),
            "cumulative_gross_amount": amount,
            "cumulative_refund_amount": amount / 20,
            "month_end_date": months[origin + age],
        }
        for origin, amounts in enumerate(TAYLOR_ASHE)
        for age, amount in enumerate(amounts)
    ])
    with duckdb.connect(str(path)) as connection:
        connection.register("triangle", triangle)
        connection.execute("""
            create schema cst_intermediate;
            use cst_intermediate;
            create table int_cst_ltv_triangle as
            select * replace (
                cast(acquisition_month as date) as acquisition_month,
                cast(month_end_date as date) as month_end_date,
                cast(gross_amount as decimal(24, 2)) as gross_amount,
                cast(cumulative_gross_amount as decimal(24, 2))
                    as cumulative_gross_amount,
                cast(cumulative_refund_amount as decimal(24, 2))
                    as cumulative_refund_amount
            ) from triangle;
            create table int_cst_ltv_first_months as
            select
                current_date as acquisition_month, current_date as posted_date,
                0.00 as gross_amount, 0.00 as refund_amount
            limit 0;
            create table int_cst_snapshot_dates as
            select date '2020-10-31' as snapshot_date;
            create table int_cst_ltv_spans as
            select
                date '2020-10-31' as snapshot_date,
                cast(null as bigint) as due_days,
                cast(null as bigint) as entered_days,
                cast(null as bigint) as validation_days;
            create table int_cst_ltv_season_indexes as
            select
                date '2020-10-31' as snapshot_date, 1 as calendar_month,
                1.0 as season_index
            limit 0;
        """)
    run_dbt(
        *("run", "--select", *COHORT_MODELS),
        vars={
            "ltv_horizon_days": 273,
            "ltv_annual_discount_rate": 0,
            "ltv_tail_ratio": 0,
        },
        database=path,
        check=True,
    )
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


def test_published_factors(mack):
    rows = mack.execute("""
        select development_factor from cst_intermediate.int_cst_ltv_development
        where age_months between 1 and 9 order by age_months
    """).fetchall()
    assert [round(factor, 3) for (factor,) in rows] == FACTORS


def test_published_reserves(mack):
    """What is still to come, of which a twentieth will be paid back."""
    rows = mack.execute("""
        select
            acquisition_month,
            sum(expected_amount),
            sum(discounted_amount) = sum(expected_amount)
        from cst_intermediate.int_cst_ltv_cohort_forecasts
        group by acquisition_month order by acquisition_month
    """).fetchall()
    amounts = [float(amount) / 0.95 for _, amount, _ in rows]
    assert [round(amount / 1000) for amount in amounts] == RESERVES
    assert sum(amounts) == pytest.approx(TOTAL, abs=1)
    assert all(is_same for _, _, is_same in rows)


def chain_ladder(entries, snapshot_date, horizon_days, tail_ratio):
    """Net amount expected of each cohort in the horizon, in plain pandas.

    As the documentation tells it: a full matrix of cohorts and ages, no logarithms
    and no running sums. For month ends.
    """
    known = entries[entries["posted_date"] <= snapshot_date]
    first = known[known["entry_type"] == "purchase"]
    first = first.groupby("customer_id")["posted_date"].min()
    cohort = known["customer_id"].map(first).dt.to_period("M")
    month = known["posted_date"].dt.to_period("M")
    age = (month - cohort).map(lambda offset: offset.n)
    bought = known.pivot_table(
        index=cohort, columns=age, values="gross_amount", aggfunc="sum",
        fill_value=0,
    )
    newest = snapshot_date.to_period("M")
    everyone = pd.period_range(cohort.min(), newest, freq="M")
    ages = range(len(everyone))
    bought = bought.reindex(index=everyone, columns=ages, fill_value=0)
    sums = bought.cumsum(axis=1)
    reached = {c: (newest - c).n for c in everyone}
    growth = [1.0]
    for a in ages[1:]:
        old = [c for c in everyone if reached[c] >= a and first_buyers(first, c)]
        before, after = sums.loc[old, a - 1].sum(), sums.loc[old, a].sum()
        growth.append(growth[-1] * (after / before if before > 0 else 1))
    gain = (growth[-1] - growth[-4]) / 3
    for _ in range(horizon_days // 28 + 2):
        gain *= tail_ratio
        growth.append(growth[-1] + gain)
    share = known["refund_amount"].sum() / known["gross_amount"].sum()
    days = pd.date_range(
        snapshot_date + pd.Timedelta(days=1), periods=horizon_days
    ).to_period("M")
    expected = {}
    for c in everyone:
        if first_buyers(first, c):
            base = sums.loc[c, reached[c]]
            expected[c.to_timestamp()] = (1 - share) * base * sum(
                (growth[(day - c).n] - growth[(day - c).n - 1])
                / day.days_in_month for day in days
            ) / growth[reached[c]]
    return pd.Series(expected)


def first_buyers(first, cohort):
    """Customers acquired in the month."""
    return (first.dt.to_period("M") == cohort).sum()


@pytest.mark.parametrize("snapshot_date", ["2024-06-30", "2025-06-30"])
def test_sample_cohorts_equal_pandas(sample_database, snapshot_date):
    """From the ledger to what each cohort brings in a year, with refunds."""
    entries = sample_database.execute("""
        select
            customer_id, entry_type,
            cast(posted_date as timestamp) as posted_date,
            cast(gross_amount as double) as gross_amount,
            cast(refund_amount as double) as refund_amount
        from cst_intermediate.int_cst_ledger_entries
    """).df()
    found = sample_database.execute("""
        select
            cast(acquisition_month as timestamp) as acquisition_month,
            cast(sum(expected_amount) as double) as amount
        from cst_intermediate.int_cst_ltv_cohort_forecasts
        where snapshot_date = ?
        group by all order by 1
    """, [snapshot_date]).df().set_index("acquisition_month")["amount"]
    expected = chain_ladder(entries, pd.Timestamp(snapshot_date), 365, 0.95)
    assert list(found.index) == list(expected.index)
    assert entries["refund_amount"].sum() > 0
    # Each month of the forecast is rounded to the cent.
    np.testing.assert_allclose(found, expected, atol=0.07)


SEASON_MODELS = [
    "int_cst_ltv_spans", "int_cst_ltv_first_months", "int_cst_ltv_triangle",
    "int_cst_ltv_season_ratios", "int_cst_ltv_season_indexes",
    "int_cst_ltv_seasons", *COHORT_MODELS,
]


@pytest.fixture(scope="module")
def seasonal_shop(run_dbt, tmp_path_factory):
    """biases(True): of the cohort method at 180 days, by snapshot, with the index.

    4,000 customers of three and a half years, with a strong year end. Also what
    the index is, as of June 2023.
    """
    path = tmp_path_factory.mktemp("seasons") / "cst.duckdb"
    purchases = draw_seasons(
        np.random.default_rng(1), 4000, "2021-01-01", "2024-06-30"
    )
    with duckdb.connect(str(path)) as connection:
        connection.register("drawn", purchases)
        connection.execute("""
            create schema cst_intermediate;
            use cst_intermediate;
            create table int_cst_purchases as
            select
                customer_id, amount,
                cast(purchase_date as date) as purchase_date
            from drawn;
            create table int_cst_ledger_entries as
            select
                customer_id, purchase_date as posted_date,
                cast(amount as decimal(18, 2)) as gross_amount,
                cast(0 as decimal(18, 2)) as refund_amount
            from int_cst_purchases;
            create table int_cst_ltv_acquisitions as
            select
                customer_id,
                cast(date_trunc('month', min(purchase_date)) as date)
                    as acquisition_month
            from int_cst_purchases group by customer_id;
            create table int_cst_snapshot_dates as
            select
                month_end as snapshot_date,
                lag(month_end) over (order by month_end)
                    as previous_snapshot_date,
                lead(month_end) over (order by month_end)
                    as next_snapshot_date,
                month_end = date '2023-12-31' as is_current
            from (
                select last_day(unnest(generate_series(
                    date '2022-12-01', date '2023-12-01', interval 1 month
                ))) as month_end
            );
        """)

    def biases(seasonal):
        run_dbt(
            *("run", "--select", *SEASON_MODELS),
            vars={"ltv_horizon_days": 180, "ltv_seasonal_index": seasonal},
            database=path,
            check=True,
        )
        with duckdb.connect(str(path), read_only=True) as connection:
            rows = connection.execute("""
                with came as (
                    select
                        snapshot_date, sum(later.amount) as amount
                    from cst_intermediate.int_cst_snapshot_dates
                    inner join (
                        select customer_id, min(purchase_date) as first_date
                        from cst_intermediate.int_cst_purchases group by all
                    ) as customers on first_date <= snapshot_date
                    inner join cst_intermediate.int_cst_purchases as later
                        on customers.customer_id = later.customer_id
                        and later.purchase_date > snapshot_date
                        and later.purchase_date <= snapshot_date + 180
                    group by snapshot_date
                )
                select
                    cast(snapshot_date as varchar),
                    sum(expected_amount) / any_value(came.amount) - 1
                from cst_intermediate.int_cst_ltv_cohort_forecasts
                inner join came using (snapshot_date)
                group by snapshot_date order by snapshot_date
            """).fetchall()
            index = connection.execute("""
                select season_index
                from cst_intermediate.int_cst_ltv_season_indexes
                where snapshot_date = date '2023-06-30' order by calendar_month
            """).fetchall()
        return dict(rows), [value for (value,) in index]

    return biases


def test_seasons_are_found_and_used(seasonal_shop):
    """The planted index, from two years, and half the error of the level."""
    without, nothing = seasonal_shop(False)
    with_index, index = seasonal_shop(True)
    assert nothing == []
    # By chance, a month of 200 purchases is off by 7 %.
    np.testing.assert_allclose(index, YEAR_END, rtol=0.2)
    # The tide that the method does not see by itself: too little in summer, far
    # too much after December.
    assert without["2023-06-30"] < -0.1
    assert without["2023-12-31"] > 0.4
    assert with_index.keys() == without.keys()
    before, after = (
        np.abs(list(biases.values())).mean() for biases in (without, with_index)
    )
    assert after < before / 2
