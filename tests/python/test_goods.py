"""Affinity and the next category are what pandas finds in the public lines."""

import duckdb
import pandas as pd
import pytest
from goods_oracle import (
    WINDOW,
    category_orders,
    hit_rates,
    newest_day,
    predict,
    read_lines,
)


@pytest.fixture(scope="module")
def company(sample_path):
    """Rows, the newest day, and the tables that are tested."""
    with duckdb.connect(str(sample_path), read_only=True) as connection:
        rows = category_orders(read_lines(connection))
        day = newest_day(connection)
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
    expected = hit_rates(rows, day)
    is_better = expected.pop("is_better").xs(1, level="top_count")
    actual = tables["next_category_method"].set_index(
        ["method_code", "top_count"]
    ).sort_index()
    assert expected.tested_customer_count.min() > 100
    pd.testing.assert_frame_equal(
        actual[list(expected)], expected, check_dtype=False, atol=1e-6,
        check_index_type=False,
    )
    # One method rules, and another than popular only if it is better.
    (method,) = actual[actual.is_chosen].index.unique("method_code")
    assert actual.is_chosen.sum() == len(actual) / 3
    better = set(is_better[is_better == 1].index)
    assert method in (better or {"popular"})
    # In the sample, customers have favourites.
    assert method == "habit"


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
