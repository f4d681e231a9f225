"""Gross profit in lifetime values and effects, against pandas on the orders of
the sample as people see them."""

import pandas as pd
import pytest


@pytest.fixture(scope="module")
def orders(sample_database):
    """Orders that somebody bought, also those that were refunded later."""
    orders = sample_database.execute(
        """
        select
            order_id, purchase_date, gross_amount, cost_amount, refund_amount,
            net_amount, gross_profit_amount, is_counted
        from cst_dwd.dwd_trd_order
        where coalesce(not_counted_reason, '') not in ('not_a_purchase', 'guest')
        """
    ).df()
    amounts = ["gross_amount", "cost_amount", "refund_amount", "net_amount",
               "gross_profit_amount"]
    orders[amounts] = orders[amounts].astype(float)
    orders["purchase_date"] = pd.to_datetime(orders.purchase_date)
    return orders


def test_the_margin_is_that_of_the_year_up_to_the_snapshot(
    sample_database, orders
):
    """Each snapshot's, by what was sold until then and nothing later."""
    found = sample_database.execute(
        """
        select distinct snapshot_date, gross_margin_rate, margin_coverage_share
        from cst_ads.ads_cst_ltv
        """
    ).df().set_index("snapshot_date").sort_index()
    assert found.index.is_unique and len(found) > 20
    for day, row in found.iterrows():
        day = pd.Timestamp(day)
        sold = orders[
            (orders.purchase_date <= day)
            & (orders.purchase_date > day - pd.Timedelta(365, "D"))
        ]
        known = sold[sold.cost_amount.notna()]
        assert row.gross_margin_rate == pytest.approx(
            1 - known.cost_amount.sum() / known.gross_amount.sum()
        )
        assert row.margin_coverage_share == pytest.approx(
            known.gross_amount.sum() / sold.gross_amount.sum()
        )
    assert found.gross_margin_rate.nunique() > 20
    assert found.margin_coverage_share.min() > 0.9


def test_lifetime_values_are_taken_at_it(sample_database):
    values = sample_database.execute(
        """
        select ltv_amount, ltv_gross_profit_amount, gross_margin_rate
        from cst_ads.ads_cst_ltv
        """
    ).df().astype(float)
    known = values.dropna()
    assert len(known) > 10000
    assert (
        values.ltv_gross_profit_amount.isna() == values.ltv_amount.isna()
    ).all()
    assert (
        (known.ltv_amount * known.gross_margin_rate
         - known.ltv_gross_profit_amount).abs() <= 0.0051
    ).all()


def test_the_ledger_earns_what_the_orders_did(sample_database, orders):
    """To the cent where nothing was refunded. With refunds, the ledger takes the
    order's share and the order that of its lines, so sums are alike."""
    ledger = sample_database.execute(
        """
        select order_id, sum(gross_profit_amount) as earned
        from cst_intermediate.int_cst_ledger_entries
        where posted_date <= (
            select max(snapshot_date) from cst_dim.dim_cst_snapshot
        )
        group by order_id
        """
    ).df()
    both = orders.merge(ledger, "left", "order_id")
    both["earned"] = both.earned.astype(float)
    whole = both[both.is_counted & (both.refund_amount == 0)]
    assert len(whole) > 3000
    assert (whole.earned.isna() == whole.gross_profit_amount.isna()).all()
    assert (
        (whole.earned - whole.gross_profit_amount).abs().fillna(0) < 0.005
    ).all()
    parts = both[both.is_counted & (both.refund_amount > 0)].dropna()
    assert len(parts) > 20
    assert parts.earned.sum() == pytest.approx(
        parts.gross_profit_amount.sum(), rel=0.05
    )
    back = both[~both.is_counted & (both.net_amount == 0)]
    assert len(back) > 100
    assert (back.earned.fillna(0).abs() < 0.02).all()
