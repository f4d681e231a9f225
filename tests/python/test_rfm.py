"""Recency by the shop's rhythm, and names that are true of every row.

The sample's scores are computed again in plain Python, a sale day is put at
its end, and rows of all customers are searched for what cannot be.
"""

import csv
import random
from datetime import date
from fractions import Fraction

import duckdb
import pandas as pd
import pytest
from rfm_oracle import (
    FIXED_DAYS,
    contradictions,
    lifecycle_stages,
    rank_scores,
    recency_scores,
    rhythm_days,
    shares_back,
)
from warehouse import Warehouse

HALF = Fraction(1, 2)


def read_purchase_days(database):
    """Every purchase, refunded later or not."""
    days = database.execute(
        """
        select
            coalesce(
                merged.surviving_customer_id, orders.customer_id
            ) as customer_id,
            cast(orders.purchase_date as timestamp) as date
        from cst_staging.stg_trd__orders as orders
        left join cst_intermediate.int_cst_merged_customers as merged
            on orders.customer_id = merged.customer_id
        where
            orders.order_status in ('paid', 'shipped', 'completed')
            and orders.customer_id is not null
        """
    ).df()
    days["date"] = days["date"].astype("datetime64[ns]")
    return days


def read_states(database):
    """Customers on snapshots who have bought, amounts in cents."""
    return database.execute(
        """
        select
            customer_id,
            snapshot_date,
            recency_days,
            frequency,
            cast(monetary_amount * 100 as bigint) as cents,
            tenure_days,
            r_score,
            f_score,
            m_score,
            r_score_method,
            lifecycle_stage
        from cst_dws.dws_cst_segmentation
        where last_order_date is not null
        """
    ).df().astype({"snapshot_date": "datetime64[ns]"})


@pytest.fixture(scope="module")
def purchase_days(sample_database):
    return read_purchase_days(sample_database)


def methods_of_right_scores(purchase_days, states):
    """How recency was scored, after each customer's scores were computed again
    on every snapshot."""
    methods = set()
    for snapshot, built in states.groupby("snapshot_date"):
        cuts = rhythm_days(purchase_days, snapshot)
        method = "fixed" if cuts is FIXED_DAYS else "rhythm"
        methods.add(method)
        is_buyer = built["frequency"] > 0
        recency = recency_scores(built["recency_days"], cuts)
        expected = pd.DataFrame({
            "r_score": recency,
            "f_score": rank_scores(built["frequency"], is_buyer, Fraction(0)),
            "m_score": rank_scores(built["cents"], is_buyer, HALF),
            "r_score_method": method,
            "lifecycle_stage": lifecycle_stages(recency, built["tenure_days"]),
        })
        pd.testing.assert_frame_equal(
            built[expected.columns], expected, check_dtype=False,
            obj=f"snapshot {snapshot:%Y-%m-%d}",
        )
    return methods


def test_every_score_of_the_sample_follows_the_definitions(
    purchase_days, sample_database
):
    """In its first weeks the shop has too few gaps, and its cut points are fixed."""
    states = read_states(sample_database)
    assert methods_of_right_scores(purchase_days, states) == {"fixed", "rhythm"}
    fixed = states[states["r_score_method"] == "fixed"]
    assert fixed["snapshot_date"].max() < pd.Timestamp("2024-06-01")


def test_so_do_those_of_a_shop_with_too_few_gaps(
    tmp_path_factory, project_root
):
    """The sample in its fourth week."""
    warehouse = Warehouse(
        tmp_path_factory.mktemp("fourth_week"),
        cst_enabled_sources=["customer", "order"],
        cst_as_of_date="2024-01-28",
    )
    for name in ("ods_cst_customer.csv", "ods_trd_order.csv"):
        path = project_root / "seeds" / "ods" / name
        (warehouse.ods / name).write_bytes(path.read_bytes())
    result = warehouse.build("+dws_cst_segmentation")
    assert result.returncode == 0, result.text[-3000:]
    with duckdb.connect(str(warehouse.database), read_only=True) as database:
        states = read_states(database)
        assert len(states) > 100
        assert methods_of_right_scores(
            read_purchase_days(database), states
        ) == {"fixed"}


def test_cut_points_of_the_sample_are_those_of_the_rhythm(
    sample_database, purchase_days
):
    built = sample_database.execute(
        """
        select snapshot_date, list(-cut_point - 1 order by score desc)
        from cst_intermediate.int_cst_rfm_cut_points
        where measure = 'recency' and method = 'rhythm'
        group by snapshot_date
        """
    ).fetchall()
    assert len(built) > 12
    for snapshot, days in built:
        expected = rhythm_days(purchase_days, pd.Timestamp(snapshot))
        assert [int(day) for day in days] == expected, snapshot


def test_no_row_of_the_sample_contradicts_itself(sample_database):
    assert contradictions(sample_database) == {}


def test_better_recency_comes_back_more_often_in_the_sample(sample_database):
    rows = shares_back(sample_database)
    assert [score for score, _, _ in rows] == [1, 2, 3, 4, 5]
    shares = [share for _, _, share in rows]
    assert shares == sorted(shares), rows


# A sale day

SALE_DAY = date(2025, 12, 20)
DAY_BEFORE = date(2025, 12, 19)


def sale_orders(orders, seed):
    """Orders until the day before, and one by 30 % of all customers then."""
    chance = random.Random(seed)
    known = [
        order for order in orders
        if order["ordered_at"][:10] <= DAY_BEFORE.isoformat()
    ]
    customers = sorted({order["customer_id"] for order in known} - {""})
    sale = [
        {
            **known[0], "order_id": f"sale-{customer}",
            "customer_id": customer, "order_status": "paid",
            "ordered_at": f"{SALE_DAY}T02:00:00Z",
            "paid_at": f"{SALE_DAY}T02:00:00Z",
            "updated_at": f"{SALE_DAY}T02:00:00Z", "campaign_id": "",
            "order_amount": f"{chance.uniform(10, 200):.2f}",
        }
        for customer in chance.sample(customers, len(customers) * 3 // 10)
    ]
    return known + sale


@pytest.fixture(scope="module")
def sale(tmp_path_factory, project_root):
    """The sample until a sale day, by day."""
    warehouse = Warehouse(
        tmp_path_factory.mktemp("sale"),
        cst_enabled_sources=["customer", "order"],
        cst_snapshot_grain="day",
        cst_start_date=DAY_BEFORE.isoformat(),
        cst_as_of_date=SALE_DAY.isoformat(),
    )
    source = project_root / "seeds" / "ods"
    (warehouse.ods / "ods_cst_customer.csv").write_bytes(
        (source / "ods_cst_customer.csv").read_bytes()
    )
    with open(source / "ods_trd_order.csv", encoding="utf-8") as file:
        orders = list(csv.DictReader(file))
    rows = sale_orders(orders, seed=1)
    with open(
        warehouse.ods / "ods_trd_order.csv", "w", newline="", encoding="utf-8"
    ) as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    result = warehouse.build("+dws_cst_retention")
    assert result.returncode == 0, result.text[-3000:]
    return warehouse


def test_no_champion_is_lost_by_a_sale_day(sale):
    rows = sale.rows(
        """
        select today.new_order_count > 0, today.segment_code, count(*),
            count(*) filter (where today.movement_cause = 'cut_points_moved')
        from cst_dws.dws_cst_segmentation as today
        inner join cst_dws.dws_cst_segmentation as yesterday
            on today.customer_id = yesterday.customer_id
            and today.snapshot_date = yesterday.snapshot_date + 1
        where yesterday.segment_code = 'champions'
        group by all
        """
    )
    buyers = {segment: count for bought, segment, count, _ in rows if bought}
    assert sum(buyers.values()) > 10
    assert set(buyers) <= {"champions"}, buyers
    # Who did not buy is a day older, and no more than that, but for the few whom
    # the others' orders overtook.
    others = {
        segment: count - overtaken
        for bought, segment, count, overtaken in rows
        if not bought and count > overtaken
    }
    assert set(others) <= {"champions", "loyal"}, others
    overtaken = sum(row[3] for row in rows if not row[0])
    assert overtaken < 0.1 * sum(row[2] for row in rows if not row[0])


def test_whoever_buys_on_a_sale_day_is_recent(sale):
    found = sale.rows(
        """
        select distinct r_score, recency_days
        from cst_dws.dws_cst_segmentation
        where is_current and new_order_count > 0
        """
    )
    assert found == [(5, 0)]


def test_a_sale_day_makes_no_silence_look_worse(sale):
    """It ends gaps, and those of who came back at last are long."""
    before, after = sale.rows(
        """
        select list(-cut_point order by score desc)
        from cst_intermediate.int_cst_rfm_rhythm
        where method = 'rhythm'
        group by snapshot_date
        order by snapshot_date
        """
    )
    assert all(
        new >= old for old, new in zip(before[0], after[0], strict=True)
    ), (before, after)
