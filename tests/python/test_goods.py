"""Affinity and the next category, once more in pandas, from the public lines.

The worlds of known truth are companies whose customers do what one of the
methods expects: what they always did, what mostly follows, or neither.
"""

import duckdb
import numpy as np
import pandas as pd
import pytest

WINDOW, TEST, TOP = 365, 90, 3
METHODS = ("popular", "habit", "sequence")


def read_lines(connection) -> pd.DataFrame:
    """Lines that count and have a category, with the number of their order."""
    return connection.execute("""
        select
            item.customer_id, item.order_id, item.category_1 as category,
            item.gross_amount, item.net_amount, item.quantity,
            item.purchase_date, sale.order_number
        from cst_dwd.dwd_trd_order_item as item
        inner join cst_dwd.dwd_trd_order as sale using (order_id)
        where item.is_counted and item.category_1 is not null
    """).df()


def category_orders(lines: pd.DataFrame) -> pd.DataFrame:
    """A row per order and category; `is_main` for the dearest, then by name."""
    rows = lines.groupby(
        ["customer_id", "order_id", "order_number", "purchase_date", "category"]
    )[["gross_amount", "net_amount", "quantity"]].sum().reset_index()
    rows["place"] = rows.gross_amount.astype(float)
    rows = rows.sort_values(
        ["order_id", "place", "category"], ascending=[True, False, True]
    )
    rows["is_main"] = ~rows.duplicated("order_id")
    return rows


def predict(rows: pd.DataFrame, day: pd.Timestamp) -> dict[str, dict[str, list]]:
    """By method and customer, three categories in order, knowing the window of
    a year up to the day."""
    known = rows[rows.purchase_date <= day]
    start = day - pd.Timedelta(days=WINDOW)
    recent = known[known.purchase_date > start]
    everything = sorted(
        recent.category.unique(),
        key=lambda name: (
            -int(recent[recent.is_main].category.eq(name).sum()), name,
        ),
    )
    place = {name: number for number, name in enumerate(everything)}
    follows: dict[str, dict[str, int]] = {name: {} for name in everything}
    mains = known[known.is_main].sort_values("order_number")
    for _, one in mains.groupby("customer_id"):
        pairs = zip(one.category, one.category[1:], one.purchase_date[1:])
        for before, after, bought in pairs:
            if bought > start and before in follows:
                follows[before][after] = follows[before].get(after, 0) + 1
    found: dict[str, dict[str, list]] = {name: {} for name in METHODS}
    for customer, own in recent.groupby("customer_id"):
        found["popular"][customer] = everything[:TOP]
        counts = {
            name: (
                -int(part.is_main.sum()), -len(part),
                -part.purchase_date.max().value, place[name],
            )
            for name, part in own.groupby("category")
        }
        habit = sorted(counts, key=counts.get)
        habit += [name for name in everything[:TOP] if name not in counts]
        found["habit"][customer] = habit[:TOP]
        last = own[own.is_main].sort_values("order_number").category.iloc[-1]
        found["sequence"][customer] = sorted(
            everything,
            key=lambda name: (-follows[last].get(name, 0), place[name]),
        )[:TOP]
    return found


@pytest.fixture(scope="module")
def company(sample_path):
    """Rows, the newest day, and the tables that are tested."""
    with duckdb.connect(str(sample_path), read_only=True) as connection:
        rows = category_orders(read_lines(connection))
        day = pd.Timestamp(connection.execute(
            "select max(snapshot_date) from cst_dim.dim_cst_snapshot"
        ).fetchone()[0])
        yield rows, day, {
            name: connection.execute(f"from cst_ads.ads_cst_{name}").df()
            for name in (
                "category_affinity", "next_category", "next_category_method",
            )
        }


def test_affinity_is_share_and_lift(company) -> None:
    rows, day, tables = company
    recent = rows[
        (rows.purchase_date <= day)
        & (rows.purchase_date > day - pd.Timedelta(days=WINDOW))
    ]
    orders = recent.groupby("customer_id").order_id.nunique()
    groups = recent.groupby(["customer_id", "category"])
    expected = pd.DataFrame({
        "order_count": groups.order_id.nunique(),
        "units": groups.quantity.sum().astype(float),
        "net_amount": groups.net_amount.sum().astype(float),
        "last_purchase_date": groups.purchase_date.max(),
    })
    expected["order_share"] = expected.order_count / orders.reindex(
        expected.index.get_level_values(0)
    ).to_numpy()
    everybody = recent.groupby("category").order_id.nunique() / orders.sum()
    expected["lift"] = expected.order_share / everybody.reindex(
        expected.index.get_level_values(1)
    ).to_numpy()
    actual = tables["category_affinity"].set_index(
        ["customer_id", "category"]
    ).sort_index()
    assert len(expected) > 1000
    pd.testing.assert_frame_equal(
        actual[list(expected)].astype({"units": float, "net_amount": float}),
        expected.sort_index(), check_dtype=False,
    )


def test_each_method_is_right_as_often_as_it_says(company) -> None:
    rows, day, tables = company
    before = day - pd.Timedelta(days=TEST)
    predictions = predict(rows, before)
    later = rows[rows.is_main & (rows.purchase_date > before)]
    came = later.sort_values("order_number").groupby("customer_id").category.first()
    tested = [it for it in came.index if it in predictions["popular"]]
    actual = tables["next_category_method"].set_index(["method_code", "top_count"])
    assert len(tested) > 100 and len(actual) == len(METHODS) * TOP
    for (method, top), row in actual.iterrows():
        hits = np.array([
            came[it] in predictions[method][it][:top] for it in tested
        ])
        popular = np.array([
            came[it] in predictions["popular"][it][:top] for it in tested
        ])
        gain = hits.astype(int) - popular.astype(int)
        error = gain.std() / np.sqrt(len(gain))
        assert row.tested_customer_count == len(tested)
        assert row.hit_count == hits.sum(), (method, top)
        assert row.hit_rate_difference == pytest.approx(gain.mean())
        assert row.hit_rate_difference_low == pytest.approx(
            gain.mean() - 1.959964 * error, abs=1e-6
        )
        if top == 1 and method != "popular" and row.is_chosen:
            assert gain.mean() > 1.645 * error
    assert actual.is_chosen.groupby("method_code").nunique().eq(1).all()
    assert actual.xs(1, level="top_count").is_chosen.sum() == 1


def test_the_chosen_method_predicts_today(company) -> None:
    rows, day, tables = company
    table = tables["next_category"]
    (method,) = table.method_code.unique()
    methods = tables["next_category_method"]
    assert methods[methods.is_chosen].method_code.unique() == [method]
    expected = predict(rows, day)[method]
    actual = table.sort_values("prediction_rank").groupby(
        "customer_id"
    ).category.agg(list).to_dict()
    assert actual == expected
