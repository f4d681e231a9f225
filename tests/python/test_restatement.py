"""Corrections that come after a snapshot closed: each is one line with its cause.

A healthy company and customers of the test's own are built and published; the
day after, their data is corrected, or the rules are. The expected values are
written by hand.
"""

import shutil
from datetime import date
from decimal import Decimal

import duckdb
import pytest
from case_data import background, filled, read, write_csv
from warehouse import Warehouse

NEEDED = [
    "+ads_cst_restatement", "+ads_cst_restatement_summary",
    "+dws_cst_retention", "+dws_cst_behavior", "+ads_cst_ltv",
    # tells what was published of own tables from the sample
    "+ads_cst_data_quality",
]
APRIL, MAY = date(2025, 4, 30), date(2025, 5, 31)
OWN = [
    "late_order", "late_refund", "settled_refund", "corrected_order",
    "cancelled_order",
    "late_order_and_refund", "corrected_and_refunded", "merged", "survivor",
    "erased", "vanished", "vanished_buyer", "late_event", "late_ticket",
]


def customer(name, **values):
    return {"customer_id": name, "is_deleted": "false", **values}


def order(name, number=1, **values):
    return {
        "order_id": f"{name}-{number}", "customer_id": name,
        "order_status": "paid", **values,
    }


def second_order(name):
    """An order of 60 in May."""
    return order(
        name, 2, ordered_at="2025-05-10T12:00:00+08:00", order_amount="60.00",
    )


def refund(name):
    """30 are returned in May."""
    return {"refund_id": f"{name}-1", "order_id": f"{name}-1"}


def running_refund(name):
    """They were asked for before."""
    return refund(name) | {
        "refund_status": "processing", "refunded_at": "",
        "updated_at": "2025-05-02T12:00:00+08:00",
    }


def first_feed():
    """Each customer has an order of 100 on 1 April, but who vanishes without."""
    defaults = read("defaults")
    feed = background()
    feed["customer"] += [customer(name) for name in OWN]
    feed["order"] += [order(name) for name in OWN if name != "vanished"]
    feed["order"].append(second_order("cancelled_order"))
    feed["refund"].append(running_refund("settled_refund"))
    return filled_feed(feed, defaults)


def filled_feed(feed, defaults):
    return {
        source: [filled(source, row, defaults) for row in rows]
        for source, rows in feed.items()
    }


def corrected_feed():
    """What is delivered the day after."""
    feed = first_feed()
    customers = {row["customer_id"]: row for row in feed["customer"]}
    orders = {row["order_id"]: row for row in feed["order"]}
    customers["merged"]["merged_into_customer_id"] = "survivor"
    customers["erased"]["is_deleted"] = "true"
    orders["corrected_order-1"]["order_amount"] = "90.00"
    orders["corrected_and_refunded-1"]["order_amount"] = "120.00"
    orders["cancelled_order-2"]["order_status"] = "cancelled"
    gone = {"erased-1", "vanished_buyer-1"}
    feed["order"] = [
        row for row in feed["order"] if row["order_id"] not in gone
    ]
    feed["customer"] = [
        row for row in feed["customer"]
        if not row["customer_id"].startswith("vanished")
    ]
    late = filled_feed(
        {
            "customer": [customer("late_customer")],
            "order": [
                second_order("late_order"),
                second_order("late_order_and_refund"),
            ],
            "refund": [
                refund("late_refund"), refund("settled_refund"),
                refund("late_order_and_refund"),
                refund("corrected_and_refunded"),
            ],
            "event": [{
                "event_id": "late", "customer_id": "late_event",
                "occurred_at": "2025-05-20T12:00:00+08:00",
            }],
            "ticket": [{
                "ticket_id": "late", "customer_id": "late_ticket",
                "created_at": "2025-05-20T12:00:00+08:00",
            }],
        },
        read("defaults"),
    )
    return {
        source: rows + late.get(source, []) for source, rows in feed.items()
    }


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """Build a feed after what was published, if anything was."""

    def build_feed(feed, published=None, **dbt_vars):
        warehouse = Warehouse(
            tmp_path_factory.mktemp("history"), cst_start_date="2024-06-01",
            cst_allow_feed_changes=True, **dbt_vars,
        )
        write_csv(feed, warehouse.ods)
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("CST_PUBLISHED_PATH", raising=False)
            if published:
                patch.setenv("CST_PUBLISHED_PATH", str(published))
            result = warehouse.build(*NEEDED)
            assert result.returncode == 0, result.text[-1500:]
            result = warehouse.run(
                "test", "--select", "path:models/ads/history",
                "path:models/intermediate/history", "path:tests/history",
                "--exclude-resource-type", "unit_test",
            )
        assert result.returncode == 0, result.text[-1500:]
        return warehouse

    return build_feed


@pytest.fixture(scope="module")
def published(build):
    """The database of the first day."""
    return build(first_feed(), cst_as_of_date="2025-06-30").database


@pytest.fixture(scope="module")
def corrected(build, published):
    """The warehouse after the corrections."""
    return build(
        corrected_feed(), published, cst_as_of_date="2025-07-01"
    )


@pytest.fixture(scope="module")
def ruled_anew(build, published, tmp_path_factory):
    """The first feed by another rule; April had been written by a release
    before."""
    copy = tmp_path_factory.mktemp("published") / "before.duckdb"
    shutil.copyfile(published, copy)
    with duckdb.connect(str(copy)) as connection:
        connection.execute(
            "update cst_dim.dim_cst_snapshot set code_version = '0.6.9' "
            "where snapshot_date = ?", [APRIL],
        )
    return build(
        first_feed(), copy, cst_as_of_date="2025-07-01",
        rfm_window_days=30, ltv_margin_rate=0.5,
    )


def lines(warehouse, who, on, table="dws_cst_segmentation", group="purchases"):
    """column -> (published, restated, cause)"""
    return {
        column: values for column, *values in warehouse.rows(
            """
            select column_name, published_value, restated_value, cause_code
            from cst_ads.ads_cst_restatement
            where customer_id = ? and snapshot_date = ? and table_name = ?
            and column_group = ?
            """,
            who, on, table, group,
        )
    }


def test_nothing_published_nothing_restated(build, published):
    with duckdb.connect(str(published), read_only=True) as connection:
        for table in ("ads_cst_restatement", "ads_cst_restatement_summary"):
            assert connection.execute(
                f"select count(*) from cst_ads.{table}"
            ).fetchone() == (0,)


def changed(cause, **columns):
    """What `lines` returns, of columns with (published, restated)."""
    return {column: [*values, cause] for column, values in columns.items()}


# A refund of 30 on 9 May and an order of 60 on 10 May, beside that of 100 on
# 1 April; 31 May is 60 and 21 days after.
AMOUNTS = {
    "late_order": changed(
        "late_order",
        recency_days=("60", "21"), frequency=("1", "2"),
        monetary_amount=("100.00", "160.00"),
        average_order_amount=("100.00", "80.00"),
        lifetime_order_count=("1", "2"),
        lifetime_net_amount=("100.00", "160.00"), new_order_count=("0", "1"),
        last_order_date=("2025-04-01", "2025-05-10"),
    ),
    "late_refund": changed(
        "late_refund",
        monetary_amount=("100.00", "70.00"),
        average_order_amount=("100.00", "70.00"),
        lifetime_net_amount=("100.00", "70.00"),
        new_refund_amount=("0.00", "30.00"),
    ),
    # known before as one that runs, which moves no money
    "settled_refund": changed(
        "late_refund",
        monetary_amount=("100.00", "70.00"),
        average_order_amount=("100.00", "70.00"),
        lifetime_net_amount=("100.00", "70.00"),
        new_refund_amount=("0.00", "30.00"),
    ),
    "corrected_order": changed(
        "corrected_order",
        monetary_amount=("100.00", "90.00"),
        average_order_amount=("100.00", "90.00"),
        lifetime_net_amount=("100.00", "90.00"),
    ),
    "cancelled_order": changed(
        "corrected_order",
        recency_days=("21", "60"), frequency=("2", "1"),
        monetary_amount=("160.00", "100.00"),
        average_order_amount=("80.00", "100.00"),
        lifetime_order_count=("2", "1"),
        lifetime_net_amount=("160.00", "100.00"), new_order_count=("1", "0"),
        last_order_date=("2025-05-10", "2025-04-01"),
    ),
    # two causes at once: the order is named, not the refund
    "late_order_and_refund": changed(
        "late_order",
        recency_days=("60", "21"), frequency=("1", "2"),
        monetary_amount=("100.00", "130.00"),
        average_order_amount=("100.00", "65.00"),
        lifetime_order_count=("1", "2"),
        lifetime_net_amount=("100.00", "130.00"), new_order_count=("0", "1"),
        new_refund_amount=("0.00", "30.00"),
        last_order_date=("2025-04-01", "2025-05-10"),
    ),
    # 20 more and 30 less: what is missing is less than what was returned
    "corrected_and_refunded": changed(
        "late_refund",
        monetary_amount=("100.00", "90.00"),
        average_order_amount=("100.00", "90.00"),
        lifetime_net_amount=("100.00", "90.00"),
        new_refund_amount=("0.00", "30.00"),
    ),
    "survivor": changed(
        "merge",
        frequency=("1", "2"), monetary_amount=("100.00", "200.00"),
        lifetime_order_count=("1", "2"),
        lifetime_net_amount=("100.00", "200.00"),
    ),
    "erased": changed(
        "erasure",
        recency_days=("60", None), frequency=("1", "0"),
        monetary_amount=("100.00", "0.00"),
        average_order_amount=("100.00", None), tenure_days=("60", None),
        lifetime_order_count=("1", "0"),
        lifetime_net_amount=("100.00", "0.00"),
        first_order_date=("2025-04-01", None),
        last_order_date=("2025-04-01", None),
    ),
    "late_event": {},
    "late_ticket": {},
}


@pytest.mark.parametrize("who", AMOUNTS)
def test_corrected_purchases(corrected, who):
    assert lines(corrected, who, MAY) == AMOUNTS[who]


def test_a_correction_reaches_the_snapshots_from_its_date_on(corrected):
    """The order of April was corrected, the refund came in May."""
    assert lines(corrected, "corrected_and_refunded", APRIL) == changed(
        "corrected_order",
        monetary_amount=("100.00", "120.00"),
        average_order_amount=("100.00", "120.00"),
        lifetime_net_amount=("100.00", "120.00"),
    )
    assert lines(corrected, "late_order", APRIL) == {}


# Rows that are in one of the two alone: every column with a value.
ROWS = {
    "merged": ("merge", ("1", None)),
    "vanished_buyer": ("corrected_order", ("1", None)),
    "vanished": ("vanished_customer", ("0", None)),
    "late_customer": ("late_customer", (None, "0")),
}


@pytest.mark.parametrize("who", ROWS)
def test_whole_rows(corrected, who):
    cause, values = ROWS[who]
    for table, column, group in [
        ("dws_cst_segmentation", "lifetime_order_count", "purchases"),
        ("dws_cst_behavior", "view_count_90d", "behavior"),
        ("dws_cst_behavior", "ticket_count_90d", "service"),
        ("ads_cst_ltv", "historic_ltv_amount", "ltv"),
    ]:
        found = lines(corrected, who, MAY, table, group)
        assert {value[2] for value in found.values()} == {cause}
        was, would_be, _ = found[column]
        assert (was is None, would_be is None) == (
            values[0] is None, values[1] is None
        )
    segmentation = lines(corrected, who, MAY)
    assert segmentation["lifetime_order_count"] == [*values, cause]


def test_behavior_and_service(corrected):
    """An event and a ticket of 20 May: eleven days before the end of it."""
    table = "dws_cst_behavior"
    found = lines(corrected, "late_event", MAY, table, "behavior")
    assert {cause for *_, cause in found.values()} == {"late_activity"}
    for column in ("view_count_30d", "session_count_90d"):
        assert found[column] == ["0", "1", "late_activity"]
    assert found["last_activity_date"][1] == "2025-05-20"
    assert lines(corrected, "late_event", MAY, table, "service") == {}
    found = lines(corrected, "late_ticket", MAY, table, "service")
    assert found["ticket_count_90d"] == ["0", "1", "late_activity"]
    assert found["last_ticket_date"] == [None, "2025-05-20", "late_activity"]
    assert lines(corrected, "late_ticket", MAY, table, "purchases") == {}
    purchases = lines(corrected, "late_order", MAY, table, "purchases")
    assert purchases["gross_amount_90d"] == ["100.00", "160.00", "late_order"]


def test_outcomes_of_closed_windows(corrected):
    """From 30 April, 10 May is in all windows; those of 30 days closed on
    6 June, those of 60 days will on 6 July."""
    found = lines(
        corrected, "late_order", APRIL, "dws_cst_retention", "outcome"
    )
    assert found == changed(
        "late_order",
        is_repurchased_within_30d=("false", "true"),
        order_count_next_30d=("0", "1"),
        net_amount_next_30d=("0.00", "60.00"),
    )


def test_forecasts_move_with_others(corrected):
    """Nobody corrected the background: what differs, differs by others."""
    causes = corrected.rows(
        """
        select distinct column_group, cause_code
        from cst_ads.ads_cst_restatement
        where customer_id like 'bg%'
        """
    )
    assert {cause for _, cause in causes} == {"others_corrected"}
    assert {group for group, _ in causes} <= {"segment", "cut_points", "ltv"}


def test_the_summary_explains_the_sums(corrected, published):
    """The net amount of May, of the tables of both days."""
    found = corrected.rows(
        """
        select cause_code, restated_row_count, difference, published_total,
            restated_total
        from cst_ads.ads_cst_restatement_summary
        where snapshot_date = ? and table_name = 'dws_cst_segmentation'
        and column_name = 'lifetime_net_amount'
        """,
        MAY,
    )
    assert {cause: (rows, difference) for cause, rows, difference, *_ in found
    } == {
        "late_order": (2, Decimal(60 + 30)),
        "late_refund": (3, Decimal(-30 - 30 - 10)),
        "corrected_order": (3, Decimal(-10 - 60 - 100)),
        "erasure": (1, Decimal(-100)),
        "merge": (2, Decimal(0)),
        "vanished_customer": (1, Decimal(0)),
        "late_customer": (1, Decimal(0)),
    }
    with duckdb.connect(str(published), read_only=True) as connection:
        (total,) = connection.execute(
            "select sum(lifetime_net_amount) from cst_dws.dws_cst_segmentation "
            "where snapshot_date = ?", [MAY],
        ).fetchone()
    (kept,), (today,) = (
        corrected.rows(
            f"select sum(lifetime_net_amount) from {table} "
            "where snapshot_date = ?", MAY,
        )[0]
        for table in (
            "cst_dws.dws_cst_segmentation",
            "cst_intermediate.int_cst_segmentation",
        )
    )
    assert total == kept == today + 250
    assert {row[3:] for row in found} == {(total, today)}


def test_codes_have_rows_and_no_totals(corrected):
    found = corrected.rows(
        """
        select sum(restated_row_count), count(published_total),
            count(restated_total), count(difference)
        from cst_ads.ads_cst_restatement_summary
        where column_name in ('segment_code', 'recency_days', 'p_alive')
        """
    )
    assert found[0][0] > 0
    assert found[0][1:] == (0, 0, 0)


def test_another_rule_and_another_release(ruled_anew):
    """Half the margin is half the value. May was written by this release,
    April by the one before."""
    for on, cause in ((MAY, "rule_change"), (APRIL, "code_version")):
        found = lines(ruled_anew, "late_order", on, "ads_cst_ltv", "ltv")
        assert found["historic_ltv_amount"] == ["100.00", "50.00", cause]
    # the order of 1 April is no longer in the window
    found = lines(ruled_anew, "late_order", MAY)
    assert found == changed(
        "rule_change",
        frequency=("1", "0"), monetary_amount=("100.00", "0.00"),
        average_order_amount=("100.00", None),
    )
    assert ruled_anew.rows(
        """
        select distinct cause_code from cst_ads.ads_cst_restatement
        order by 1
        """
    ) == [("code_version",), ("rule_change",)]
