"""The overview, once more in pandas: every period and every cut of the sample.

From the public facts and dimensions alone, one person and one period at a time.
"""

from collections import Counter

import duckdb
import numpy as np
import pandas as pd
import pytest

PERIODS = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}
AS_OF = pd.Timestamp("2025-12-31")
COUNTS = [
    "buyer_count", "new_buyer_count", "returning_buyer_count",
    "repeat_buyer_count", "retained_buyer_count", "won_back_buyer_count",
    "order_count", "itemized_order_count",
]
AMOUNTS = ["gross_amount", "discount_amount", "refund_amount", "net_amount"]
# Null where nothing is known.
KNOWN = ["units", "gross_profit_amount", "profit_net_amount"]
# Cuts of the orders, or of their lines: who buys in two values is in both.
ORDER_CUTS = ("order_channel", "shop", "category")
CUTS = {
    "total": "all", "order_channel": "order_channel", "shop": "shop",
    "category": "category",
    "acquisition_channel": "acquisition_channel",
    "member_level": "member_level", "value_tier": "value_tier",
    "program": "program",
}


@pytest.fixture(scope="module")
def tables(sample_path):
    with duckdb.connect(str(sample_path), read_only=True) as connection:
        def read(sql):
            return connection.execute(sql).df()

        yield {
            "orders": read("""
                select customer_id, purchase_date, order_number,
                    coalesce(order_channel, 'unknown') as order_channel,
                    coalesce(shop_id, 'unknown') as shop, order_id, units,
                    gross_amount, discount_amount, refund_amount, net_amount,
                    gross_profit_amount
                from cst_dwd.dwd_trd_order where is_counted
            """),
            "items": read("""
                select order_id, coalesce(category_1, 'unknown') as category,
                    quantity as units, gross_amount, discount_amount,
                    refund_amount, net_amount, gross_profit_amount
                from cst_dwd.dwd_trd_order_item where is_counted
            """),
            "customers": read("""
                select customer_id,
                    coalesce(acquisition_channel, 'unknown')
                        as acquisition_channel,
                    registered_date,
                    case when is_program_holdout then 'held_out'
                        else 'in_program' end as program
                from cst_dim.dim_cst_customer where is_current
            """),
            "balance": read("from cst_ads.ads_cst_customer_balance"),
            "states": read("""
                select fact.customer_id, fact.snapshot_date, lifecycle_stage,
                    last_order_date,
                    coalesce(value_tier, 'none') as value_tier,
                    coalesce(member_level, 'unknown') as member_level,
                    lifecycle_stage = 'lapsed' as is_lapsed
                from cst_dws.dws_cst_segmentation as fact
                inner join cst_dim.dim_cst_snapshot as snapshots
                    using (snapshot_date)
                inner join cst_dim.dim_cst_customer as customers
                    using (customer_key)
                where snapshots.is_period_end
            """),
            "overview": read("from cst_ads.ads_cst_overview"),
            "rolling": read("from cst_ads.ads_cst_overview_rolling"),
        }


def orders_of(tables, column):
    """A row per order, and per category of its lines where that is the cut."""
    orders = tables["orders"]
    if column != "category":
        return orders.copy()
    items = tables["items"].groupby(["order_id", "category"]).sum(
        min_count=1
    ).reset_index()
    both = items.merge(
        orders[["order_id", "customer_id", "purchase_date", "order_number"]],
        on="order_id",
    )
    bare = orders[~orders.order_id.isin(items.order_id)]
    assert 0 < len(bare) < 50, "the ugly orders have no lines"
    return pd.concat([both, bare.assign(category="unknown")])


def buyers_of(tables, period_type, column):
    """A row per period and buyer, and per value of a cut of the orders."""
    orders = orders_of(tables, column)
    orders["profit_net_amount"] = orders.net_amount.where(
        orders.gross_profit_amount.notna()
    )
    periods = orders.purchase_date.dt.to_period(PERIODS[period_type])
    orders["start"] = periods.dt.start_time.dt.normalize()
    keys = ["start", "customer_id"]
    keys += [column] if column in ORDER_CUTS else []
    groups = orders.groupby(keys)
    buyers = groups.agg(
        order_count=("order_id", "nunique"), first=("order_number", "min"),
        itemized_order_count=("units", "count"),
        **{name: (name, "sum") for name in AMOUNTS},
    ).join(groups[KNOWN].sum(min_count=1)).reset_index()
    before = (buyers.start - pd.Timedelta(days=1)).dt.to_period(
        PERIODS[period_type]
    ).dt.start_time.dt.normalize()
    bought = set(buyers[keys].itertuples(index=False, name=None))
    buyers["is_retained"] = [
        key in bought for key in buyers[keys].assign(start=before).itertuples(
            index=False, name=None
        )
    ]
    buyers = buyers.merge(tables["customers"], on="customer_id")
    ends = sorted(tables["states"].snapshot_date.unique())
    buyers["snapshot_date"] = [
        max((end for end in ends if end < start), default=pd.NaT)
        for start in buyers.start
    ]
    buyers = buyers.merge(
        tables["states"], on=["customer_id", "snapshot_date"], how="left"
    )
    for name in ("value_tier", "member_level"):
        buyers[name] = buyers[name].fillna("none")
    buyers["all"] = "all"
    return buyers


@pytest.mark.parametrize("cut_code", CUTS)
@pytest.mark.parametrize("period_type", PERIODS)
def test_each_period_and_cut(tables, period_type, cut_code):
    column = CUTS[cut_code]
    buyers = buyers_of(tables, period_type, column)
    groups = buyers.assign(
        buyer_count=1, new_buyer_count=buyers["first"] == 1,
        returning_buyer_count=buyers["first"] > 1,
        repeat_buyer_count=buyers.order_count >= 2,
        retained_buyer_count=buyers.is_retained,
        won_back_buyer_count=buyers.is_lapsed.eq(True),
    ).groupby(["start", column])
    expected = groups[[*COUNTS, *AMOUNTS]].sum().join(
        groups[KNOWN].sum(min_count=1)
    ).astype(float)
    found = tables["overview"].query(
        "period_type == @period_type and cut_code == @cut_code"
    ).set_index(["period_start_date", "cut_value"])
    assert found.index.is_unique
    told = found[found.buyer_count > 0].sort_index()
    expected = expected.sort_index()
    assert list(told.index) == list(expected.index)
    for name in COUNTS:
        assert (told[name].astype(int) == expected[name].astype(int)).all(), name
    for name in AMOUNTS:
        assert (told[name].round(2) == expected[name].astype(float).round(2)
                ).all(), name
    for name in KNOWN:
        assert told[name].round(3).astype(float).equals(
            expected[name].round(3)
        ), name
    for name, part, whole in (
        ("units_per_order", "units", "itemized_order_count"),
        ("gross_margin_rate", "gross_profit_amount", "profit_net_amount"),
    ):
        ratio = expected[part] / expected[whole].where(expected[whole] != 0)
        assert (told[name].isna() == ratio.isna()).all(), name
        assert (told[name] - ratio).abs().max() < 1e-9, name
    assert (told.repeat_buyer_rate - (
        expected.repeat_buyer_count.astype(int) / expected.buyer_count
    )).abs().max() < 1e-12
    for name, per in (("buyer", "buyer_count"), ("order", "order_count")):
        assert (told[f"net_amount_per_{name}"] - (
            expected.net_amount / expected[per]
        )).abs().max() < .00501
    # Nobody bought in the rest: from a value's first buyer on, all periods.
    assert (found[found.buyer_count == 0][[*COUNTS, *AMOUNTS]] == 0).all(axis=None)
    all_starts = periods_of(tables["orders"], period_type)
    for value, rows in found.reset_index().groupby("cut_value"):
        first = expected.xs(value, level=column).index.min()
        assert sorted(rows.period_start_date) == [
            start for start in all_starts if start >= first
        ]


def periods_of(orders, period_type):
    """First days of all periods from the first order to the as-of date."""
    return [
        period.start_time for period in pd.period_range(
            orders.purchase_date.min(), AS_OF, freq=PERIODS[period_type]
        )
    ]


@pytest.mark.parametrize("period_type", PERIODS)
def test_periods_are_named_and_bounded(tables, period_type):
    rows = tables["overview"].query(
        "period_type == @period_type and cut_code == 'total'"
    ).sort_values("period_start_date")
    assert list(rows.period_start_date) == periods_of(
        tables["orders"], period_type
    )
    for row in rows.itertuples():
        start = row.period_start_date
        end = start.to_period(PERIODS[period_type]).end_time.normalize()
        assert row.period_end_date == end
        iso = start.isocalendar()
        assert row.period_code == {
            "day": f"{start:%Y-%m-%d}", "week": f"{iso.year}-W{iso.week:02d}",
            "month": f"{start:%Y-%m}",
            "quarter": f"{start.year}-Q{start.quarter}", "year": f"{start:%Y}",
        }[period_type]
        assert row.is_complete == (
            start >= tables["orders"].purchase_date.min() and end <= AS_OF
        )


@pytest.mark.parametrize("cut_code", CUTS)
def test_who_of_the_period_before_buys_again(tables, cut_code):
    """Of the month's own rows, and of nobody whose level or tier may change."""
    column = CUTS[cut_code]
    rows = tables["overview"].query(
        "period_type == 'month' and cut_code == @cut_code"
    )
    if cut_code in ("member_level", "value_tier"):
        assert rows.repurchase_rate.isna().all()
        return
    buyers = buyers_of(tables, "month", column)
    people = buyers.groupby(["start", column]).customer_id.agg(set)
    compared = 0
    for row in rows.itertuples():
        start = row.period_start_date
        before = people.get((start - pd.DateOffset(months=1), row.cut_value))
        if not before:
            assert pd.isna(row.repurchase_rate)
            continue
        again = before & people.get((start, row.cut_value), set())
        assert row.repurchase_rate == pytest.approx(len(again) / len(before))
        compared += 1
    assert compared >= 20


@pytest.mark.parametrize("period_type", PERIODS)
def test_before_and_a_year_before(tables, period_type):
    """What stands beside a period is what its own row says."""
    rows = tables["overview"].query("period_type == @period_type")
    found = rows.set_index(["cut_code", "cut_value", "period_start_date"])
    starts = rows.period_start_date
    before = (starts - pd.Timedelta(days=1)).dt.to_period(
        PERIODS[period_type]
    ).dt.start_time.dt.normalize()
    year_before = (
        starts - pd.Timedelta(weeks=52) if period_type == "week"
        else starts - pd.DateOffset(years=1)
    )
    for relation, days in (("previous", before), ("last_year", year_before)):
        keys = pd.MultiIndex.from_arrays([rows.cut_code, rows.cut_value, days])
        for name in (
            "buyer_count", "new_buyer_count", "order_count", "net_amount"
        ):
            told = rows[f"{relation}_{name}"].to_numpy(dtype=float)
            own = found[name].reindex(keys).to_numpy(dtype=float)
            firsts = rows.groupby(["cut_code", "cut_value"])[
                "period_start_date"
            ].transform("min")
            is_known = (days >= firsts).to_numpy()
            assert (pd.isna(told) == ~is_known).all()
            assert (told[is_known] == own[is_known]).all()
            assert is_known.sum() >= len(CUTS)


@pytest.mark.parametrize(
    "cut_code", ["total", *ORDER_CUTS, "acquisition_channel", "program"]
)
@pytest.mark.parametrize("days", [7, 30, 365])
def test_each_rolling_window(tables, days, cut_code):
    """Day by day, who and what the window to that day holds."""
    orders = orders_of(tables, CUTS[cut_code]).assign(all="all").merge(
        tables["customers"], on="customer_id"
    )
    orders["profit_net_amount"] = orders.net_amount.where(
        orders.gross_profit_amount.notna()
    )
    orders[[*AMOUNTS, *KNOWN]] = orders[[*AMOUNTS, *KNOWN]].astype(float)
    first = orders.purchase_date.min()
    found = tables["rolling"].query(
        "window_days == @days and cut_code == @cut_code"
    ).sort_values("date_day")
    assert set(found.cut_value) == set(orders[CUTS[cut_code]])
    for value, rows in found.groupby("cut_value"):
        own = orders[orders[CUTS[cut_code]] == value].sort_values(
            "purchase_date"
        )
        dates = pd.date_range(own.purchase_date.min(), AS_OF)
        assert list(rows.date_day) == list(dates)
        starts = dates - pd.Timedelta(days=days - 1)
        assert list(rows.window_start_date) == list(starts)
        assert list(rows.is_complete) == list(starts >= first)
        held = [
            slice(*bounds) for bounds in zip(
                own.purchase_date.searchsorted(starts, "left"),
                own.purchase_date.searchsorted(dates, "right"),
            )
        ]
        people, numbers = own.customer_id.to_numpy(), own.order_number.to_numpy()
        expected = {
            "buyer_count": [len(set(people[rows])) for rows in held],
            "new_buyer_count": [(numbers[rows] == 1).sum() for rows in held],
            "repeat_buyer_count": [
                len(rows_of) - rows_of.count(1)
                for rows_of in (
                    list(Counter(people[rows]).values()) for rows in held
                )
            ],
            "order_count": [rows.stop - rows.start for rows in held],
        }
        expected["returning_buyer_count"] = np.subtract(
            expected["buyer_count"], expected["new_buyer_count"]
        )
        for name in (*AMOUNTS, *KNOWN):
            values = own[name].to_numpy()
            known = [values[rows][~np.isnan(values[rows])] for rows in held]
            expected[name] = [
                part.sum() if len(part) or name in AMOUNTS else np.nan
                for part in known
            ]
            if name == "units":
                expected["itemized_order_count"] = [len(part) for part in known]
        for name, values in expected.items():
            np.testing.assert_allclose(
                rows[name].to_numpy(float), np.array(values, float),
                rtol=0, atol=.0005, err_msg=f"{value} {name}",
            )


def test_windows_stand_beside_those_before(tables):
    rows = tables["rolling"]
    keys = ["window_days", "cut_code", "cut_value", "date_day"]
    own = rows[rows.is_complete].set_index(keys)
    for relation, days in (
        ("previous", rows.window_days),
        ("last_year", rows.window_days.where(rows.window_days == 365, 364)),
    ):
        before = rows.assign(
            date_day=rows.date_day - pd.to_timedelta(days, unit="D")
        )
        for name in ("buyer_count", "new_buyer_count", "order_count",
                     "net_amount", "gross_profit_amount"):
            expected = own[name].astype(float).reindex(
                pd.MultiIndex.from_frame(before[keys])
            ).to_numpy()
            told = rows[f"{relation}_{name}"].to_numpy(dtype=float)
            assert ((told == expected) | (pd.isna(told) & pd.isna(expected))).all()
            assert (~pd.isna(told)).sum() > 5000


def test_a_window_to_the_last_of_december_is_the_year(tables):
    """Of 365 days, in a year that has as many."""
    names = [*COUNTS[:4], "order_count", "units", "net_amount",
             "gross_profit_amount", "units_per_order", "repeat_buyer_rate"]
    cuts = ["total", *ORDER_CUTS, "acquisition_channel", "program"]
    year = tables["overview"].query(
        "period_code == '2025' and cut_code in @cuts"
    ).set_index(["cut_code", "cut_value"])[names].sort_index()
    window = tables["rolling"].query(
        "window_days == 365 and date_day == @AS_OF"
    ).set_index(["cut_code", "cut_value"])[names].sort_index()
    assert len(year) > 10
    pd.testing.assert_frame_equal(window, year)


def test_what_adds_up_adds_up(tables):
    """Money and units over all periods and the values of each cut; orders and
    new buyers, too, but by category, where an order can be in several."""
    rows = tables["overview"]
    sums = rows.groupby(["period_type", "cut_code"])[
        ["net_amount", "units", "gross_profit_amount", "order_count",
         "new_buyer_count"]
    ].sum().round(2)
    assert len(sums) == len(PERIODS) * len(CUTS)
    assert len(sums[["net_amount", "units", "gross_profit_amount"]]
               .drop_duplicates()) == 1
    of_lines = sums.xs("category", level="cut_code")
    sums = sums.drop(index="category", level="cut_code")
    assert len(sums.drop_duplicates()) == 1
    assert (of_lines.order_count > sums.order_count.iloc[0] * 1.3).all()
    assert (of_lines.new_buyer_count > sums.new_buyer_count.iloc[0]).all()
    assert sums.units.iloc[0] == pytest.approx(tables["items"].units.sum())
    assert sums.order_count.iloc[0] == len(tables["orders"])
    assert sums.new_buyer_count.iloc[0] == tables["orders"].customer_id.nunique()


BALANCE_CUTS = (
    "total", "acquisition_channel", "member_level", "value_tier", "program",
)


@pytest.mark.parametrize("period_type", ["month", "quarter", "year"])
def test_the_balance_of_customers(tables, period_type):
    """Who is a customer at both ends of each period, one person at a time."""
    ends = {
        day: {it.customer_id: it for it in part.itertuples()}
        for day, part in tables["states"].groupby("snapshot_date")
    }
    people = {it.customer_id: it for it in tables["customers"].itertuples()}
    expected = {}
    for start in pd.date_range(min(ends), AS_OF, freq="MS"):
        period = start.to_period(PERIODS[period_type])
        before, end = start - pd.Timedelta(days=1), period.end_time.normalize()
        if start != period.start_time or not {before, end} <= set(ends):
            continue
        for customer in set(ends[before]) | set(ends[end]):
            was = ends[before].get(customer)
            is_ = ends[end].get(customer)
            facts = balance_facts(was, is_, people[customer], start, end)
            values = {
                "total": "all",
                "acquisition_channel": people[customer].acquisition_channel,
                "program": people[customer].program,
                "member_level": was.member_level if was else "none",
                "value_tier": was.value_tier if was else "none",
            }
            for cut in BALANCE_CUTS:
                expected.setdefault((start, cut, values[cut]), Counter()).update(
                    {f"{name}_customer_count": int(it) for name, it in facts.items()}
                )
    expected = pd.DataFrame(expected).T.sort_index()
    found = tables["balance"].query("period_type == @period_type").set_index(
        ["period_start_date", "cut_code", "cut_value"]
    ).sort_index()
    assert list(found.index) == list(expected.index)
    assert (found[list(expected)] == expected).all(axis=None)
    assert expected.churned_customer_count.sum() > 10


def balance_facts(was, is_, person, start, end):
    """What a customer is in a period, by the rows of its two ends, None where
    there is none."""
    before = was.lifecycle_stage if was else "absent"
    after = is_.lifecycle_stage if is_ else "absent"
    lives = {"new", "active", "dormant"}
    strange = {"absent", "prospect"}
    bought = is_ is not None and is_.last_order_date >= start
    return {
        "opening": before in lives,
        "new": after in lives and before in strange,
        "won_back": after in lives and before == "lapsed" and bought,
        "reclassified": after in lives and before == "lapsed" and not bought,
        "churned": before in lives and after == "lapsed",
        "left": before in lives and after in strange,
        "closing": after in lives,
        "active": after in lives and (end - is_.last_order_date).days < 90,
        "lapsed": before == "lapsed",
        "prospect": before == "prospect",
        "converted": before == "prospect" and after in lives | {"lapsed"},
        "registered": before == "absent" and person.registered_date >= start,
    }
