"""Shops in three currencies in one warehouse, in euros: a whole build with its
data tests, and each amount as pandas and exact decimals find it.

Rates are missing on weekends, come in versions, some of them broken; lines have
discounts and costs, and refunds come back in parts, in full and by line.
"""

import random
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pytest
from case_data import TABLES, write_csv
from simulation.hostile import write_table
from warehouse import Warehouse

FIRST, LAST = date(2025, 1, 1), date(2025, 4, 15)
SOURCES = [*TABLES, "exchange_rate"]
CENT = Decimal("0.01")
# The second one has so small a unit that a cent is worth many of it.
CURRENCIES = {"USD": Decimal("0.92"), "VND": Decimal("0.0000355"), "EUR": 1}
# Days without a delivery, of which one is a rate that comes late.
LATE_RATE = ("GBP", date(2025, 3, 3), Decimal("1.19"))


def days():
    return [
        FIRST + timedelta(days=number)
        for number in range((LAST - FIRST).days + 1)
    ]


def rate_rows(rng):
    """Rates of weekdays, from 1 January; a tenth is corrected an hour later,
    another is followed by a version that counts for nothing."""
    rows = []
    for day in days():
        for code in ("USD", "VND"):
            if day.weekday() >= 5 and day != FIRST:
                continue
            rate = CURRENCIES[code] * Decimal(rng.randint(900, 1100)) / 1000
            row = {
                "currency_code": code, "rate_date": f"{day}",
                "exchange_rate": f"{rate:.10f}",
                "updated_at": f"{day}T01:00:00Z",
            }
            rows.append(row)
            if rng.random() < 0.1:
                rows.append(row | {
                    "currency_code": code.lower(),
                    "exchange_rate": f"{rate * 2:.10f}",
                    "updated_at": f"{day}T02:00:00Z",
                })
            elif rng.random() < 0.1:
                rows.append(row | {
                    "exchange_rate": rng.choice(("0", "-1", "high", "")),
                    "updated_at": f"{day}T03:00:00Z",
                })
    rng.shuffle(rows)
    return rows


def amounts(rng, code, count):
    """So many amounts with cents, of the size of the currency's prices."""
    largest = {"USD": 9000, "VND": 90000000, "EUR": 9000}[code]
    return [Decimal(rng.randint(1, largest)) / 100 for _ in range(count)]


def company(rng):
    rows = {source: [] for source in TABLES}
    rows["customer"] = [
        {
            "customer_id": f"c{number}", "registered_at": "2024-12-01T00:00:00Z",
            "updated_at": "2024-12-01T00:00:00Z",
        }
        for number in range(40)
    ]
    rows["product"] = [{"product_id": "p", "category": "A"}]
    rows["campaign"] = [{
        "campaign_id": "k", "campaign_name": "k",
        "started_at": f"{FIRST}T00:00:00Z", "ended_at": f"{LAST}T00:00:00Z",
    }]
    number = 0
    for day in days():
        for _ in range(6):
            number += 1
            add_order(rows, rng, number, day)
        for source, key, at in (
            ("event", "event_id", "occurred_at"),
            ("ticket", "ticket_id", "created_at"),
        ):
            rows[source] += [
                {
                    key: f"{key}{day}{part}", "customer_id": f"c{part}",
                    at: f"{day}T0{part}:00:00Z",
                    "updated_at": f"{day}T0{part}:00:00Z",
                    "event_type": "page_view", "ticket_status": "closed",
                }
                for part in range(2)
            ]
        rows["touch"].append({
            "touch_id": f"t{day}", "campaign_id": "k", "customer_id": "c1",
            "touched_at": f"{day}T05:00:00Z",
            "updated_at": f"{day}T05:00:00Z",
        })
    rows["order"].append(rows["order"][-1] | {
        "order_id": "pounds", "currency_code": LATE_RATE[0],
        "ordered_at": f"{LATE_RATE[1]}T12:00:00Z", "order_amount": "100.00",
        "customer_id": "c0", "discount_amount": "", "freight_amount": "",
    })
    # of the customer alone it would be taken off another order
    rows["refund"].append({
        "refund_id": "pounds", "order_id": "pounds", "customer_id": "c0",
        "refunded_at": f"{LAST}T12:00:00Z", "refund_amount": "100.00",
        "updated_at": f"{LAST}T12:00:00Z",
    })
    return rows


def add_order(rows, rng, number, day):
    code = rng.choice(tuple(CURRENCIES))
    lines = amounts(rng, code, rng.randint(1, 3))
    order_id = f"o{number}"
    at = f"{day}T{rng.randint(0, 23):02}:30:00Z"
    # one in ten misses its lines by a unit or by many
    missed = rng.choice([Decimal(0)] * 9 + [Decimal(rng.choice((1, 500)))])
    rows["order"].append({
        "order_id": order_id, "customer_id": f"c{rng.randint(0, 39)}",
        "ordered_at": at, "order_status": "paid", "updated_at": at,
        "order_amount": f"{sum(lines) + missed}",
        "discount_amount": f"{amounts(rng, code, 1)[0]}",
        "freight_amount": f"{amounts(rng, code, 1)[0]}",
        "currency_code": rng.choice((code, code.lower())),
        "shop_id": f"shop {code}",
    })
    for place, amount in enumerate(lines):
        rows["order_item"].append({
            "item_id": f"{order_id}-{place}", "order_id": order_id,
            "product_id": "p", "quantity": "1", "updated_at": at,
            "item_amount": f"{amount}",
            "cost_amount": "" if rng.random() < 0.05
            else f"{(amount / 3).quantize(CENT)}",
        })
    left, parts = sum(lines) + missed, rng.choice((0, 0, 0, 0, 0, 1, 2, 3))
    for part in range(parts):
        # the last of three gives back all that is left
        amount = left if part == 2 else (left / 3).quantize(CENT)
        left -= amount
        if amount > 0:
            refunded_at = datetime.fromisoformat(at) + timedelta(days=part + 1)
            rows["refund"].append({
                "refund_id": f"{order_id}-r{part}", "order_id": order_id,
                "refunded_at": refunded_at.isoformat(),
                "refund_amount": f"{amount}",
                "updated_at": refunded_at.isoformat(),
                "item_id": f"{order_id}-0" if part == 1 else "",
            })


def deliver(warehouse, rows, rates):
    write_csv(rows, warehouse.ods)
    write_table(warehouse.ods / "ods_fin_exchange_rate.csv", rates)


@pytest.fixture(scope="module")
def feed():
    rng = random.Random(11)
    return company(rng), rate_rows(rng)


@pytest.fixture(scope="module")
def warehouse(feed, tmp_path_factory):
    warehouse = Warehouse(
        tmp_path_factory.mktemp("currencies"), cst_enabled_sources=SOURCES,
        cst_currency_code="EUR", cst_timezone="UTC",
    )
    deliver(warehouse, *feed)
    result = warehouse.run("build", "--exclude-resource-type", "unit_test")
    assert not result.returncode, result.text[-3000:]
    return warehouse


# -- the oracle -------------------------------------------------------------


def cents(value):
    return value.quantize(CENT, ROUND_HALF_UP)


def expected_rates(rates):
    """The rate of each currency and day: the newest version that can be read,
    of the newest day that has one."""
    table = pd.DataFrame(rates)
    table["code"] = table["currency_code"].str.upper()
    table["rate"] = table["exchange_rate"].map(
        lambda text: Decimal(text) if text[:1].isdigit() else Decimal(0)
    )
    table = table[table["rate"] > 0].sort_values("updated_at")
    table = table.groupby(["code", "rate_date"], as_index=False).last()
    every_day = pd.DataFrame({"rate_date": [f"{day}" for day in days()]})
    filled = {
        code: every_day.merge(found, "left").ffill().set_index("rate_date")["rate"]
        for code, found in table.groupby("code")
    }
    return filled | {"EUR": pd.Series(Decimal(1), every_day["rate_date"])}


def expected_orders(rows, rates):
    """What each order and its lines are worth, by their ids."""
    by_day = expected_rates(rates)
    orders, lines = {}, {}
    refunds = pd.DataFrame(rows["refund"])
    refunds["amount"] = refunds["refund_amount"].map(Decimal)
    refunded = refunds[refunds["updated_at"].str[:10] < f"{LAST}"].groupby(
        "order_id"
    )["amount"].sum()
    for row in rows["order"]:
        code = row["currency_code"].upper()
        if code not in by_day:
            continue
        rate = by_day[code][row["ordered_at"][:10]]
        gross = Decimal(row["order_amount"])
        back = min(refunded.get(row["order_id"], Decimal(0)), gross)
        orders[row["order_id"]] = (
            code, rate, cents(gross * rate),
            cents(Decimal(row["discount_amount"]) * rate),
            cents(Decimal(row["freight_amount"]) * rate),
            cents(back * rate), gross, Decimal(row["discount_amount"]), back,
        )
    for row in sorted(rows["order_item"], key=lambda row: row["item_id"]):
        rate = orders[row["order_id"]][1]
        sums = lines.setdefault(row["order_id"], {"item": 0, "cost": 0})
        worth = []
        for name in ("item", "cost"):
            text, before = row[f"{name}_amount"], Decimal(sums[name])
            sums[name] = before + Decimal(text or 0)
            worth.append(
                cents(sums[name] * rate) - cents(before * rate) if text
                else None
            )
        sums[row["item_id"]] = tuple(worth)
    return orders, lines


# -- what is compared ---------------------------------------------------------


def as_of(warehouse):
    return warehouse.rows(
        "select max(snapshot_date) from cst_dim.dim_cst_snapshot"
    )[0][0]


def test_orders_are_worth_what_their_day_says(feed, warehouse):
    rows, rates = feed
    # what is refunded on the last day is not known yet, see expected_orders
    assert as_of(warehouse) == LAST - timedelta(days=1)
    expected, _ = expected_orders(rows, rates)
    found = {
        order_id: tuple(values)
        for order_id, *values in warehouse.rows(
            """
            select
                order_id, currency_code, exchange_rate, gross_amount,
                discount_amount, freight_amount, refund_amount,
                original_gross_amount, original_discount_amount,
                original_refund_amount
            from cst_dwd.dwd_trd_order
            """
        )
    }
    wrong = {
        key: (found.get(key), value)
        for key, value in expected.items() if found.get(key) != value
    }
    assert not wrong, list(wrong.items())[:3]
    assert found.keys() == expected.keys()
    assert {"USD", "VND", "EUR"} == {value[0] for value in found.values()}


def test_lines_add_up_as_they_did(feed, warehouse):
    rows, rates = feed
    orders, lines = expected_orders(rows, rates)
    found = warehouse.rows(
        """
        select
            order_id, item_id, item_amount, cost_amount, original_item_amount
        from cst_dwd.dwd_trd_order_item
        """
    )
    assert len(found) == len(rows["order_item"])
    for order_id, item_id, item_amount, cost_amount, _ in found:
        assert (item_amount, cost_amount) == lines[order_id][item_id], item_id
    # those that add up where they were delivered, and only those
    differ = dict(warehouse.rows(
        "select order_id, items_differ_amount from cst_dwd.dwd_trd_order"
    ))
    flagged = {
        key for (key,) in warehouse.rows(
            "select source_key from cst_intermediate.int_cst_flagged_items "
            "where flag_code = 'items_differ'"
        )
    }
    missing = {
        order_id for order_id, values in orders.items()
        if values[6] != lines[order_id]["item"]
    }
    assert flagged == missing
    assert 20 < len(missing) < len(orders) / 5
    assert all(
        differ[order_id] == 0 for order_id in orders.keys() - missing
    )


def test_full_refunds_net_to_zero(feed, warehouse):
    rows, rates = feed
    orders, _ = expected_orders(rows, rates)
    full = {
        order_id for order_id, values in orders.items()
        if values[6] == values[8] and values[2] > 0
    }
    found = {
        key for (key,) in warehouse.rows(
            "select order_id from cst_dwd.dwd_trd_order "
            "where net_amount = 0 and gross_amount > 0 "
            "and not_counted_reason = 'fully_refunded'"
        )
    }
    assert found == full
    assert len(full) > 20


def test_customers_have_bought_their_orders(feed, warehouse):
    """In the warehouse's currency, whichever shop it was."""
    rows, rates = feed
    orders, _ = expected_orders(rows, rates)
    expected = {}
    for row in rows["order"]:
        if row["order_id"] not in orders or row["ordered_at"][:10] == f"{LAST}":
            continue
        values = orders[row["order_id"]]
        net = values[2] - values[5]
        expected[row["customer_id"]] = expected.get(row["customer_id"], 0) + net
    assert dict(warehouse.rows(
        "select customer_id, lifetime_net_amount "
        "from cst_dws.dws_cst_segmentation where is_current"
    )) == expected


def test_quality_says_what_has_no_rate(warehouse):
    """The order in pounds, and the rates that are none; its refund waits, and is
    taken off nothing."""
    assert warehouse.rows(
        "select source_key, reason_en, problem_value "
        "from cst_ads.ads_cst_rejected_row where source_name = 'order'"
    ) == [(
        "pounds",
        "No exchange rate of the currency on or before the day of the order",
        "GBP",
    )]
    assert warehouse.rows(
        "select order_amount from cst_ads.ads_cst_data_quality "
        "where source_name = 'order' and row_status = 'rejected'"
    ) == [(None,)]
    assert {
        reason for (reason,) in warehouse.rows(
            "select reason_code from cst_ads.ads_cst_data_quality "
            "where source_name = 'exchange_rate' and row_status = 'rejected'"
        )
    } == {
        "rate_not_positive", "unreadable_exchange_rate",
        "missing_exchange_rate",
    }
    assert warehouse.rows(
        "select flag_code from cst_intermediate.int_cst_flagged_rows "
        "where source_key = 'pounds'"
    ) == [("order_unknown",)]


def test_a_late_rate_and_a_corrected_one(feed, warehouse, tmp_path):
    """The order counts when its rate arrives, and so does its refund; a rate that
    is corrected changes the orders of its days and no other. Without the source,
    all in another currency is rejected, which stops the run."""
    rows, rates = feed
    before = dict(warehouse.rows(
        "select order_id, exchange_rate from cst_dwd.dwd_trd_order"
    ))
    later = Warehouse(
        tmp_path, cst_enabled_sources=SOURCES, cst_currency_code="EUR",
        cst_timezone="UTC",
    )
    code, day, rate = LATE_RATE
    corrected = {
        "currency_code": "USD", "rate_date": "2025-02-03",
        "exchange_rate": "0.5", "updated_at": "2025-04-10T00:00:00Z",
    }
    deliver(later, rows, [*rates, corrected, {
        "currency_code": code, "rate_date": f"{day}",
        "exchange_rate": f"{rate}", "updated_at": "2025-04-10T00:00:00Z",
    }])
    select = ("+dwd_trd_order", "+int_cst_flagged_rows")
    assert not later.build(*select).returncode
    after = dict(later.rows(
        "select order_id, exchange_rate from cst_dwd.dwd_trd_order"
    ))
    changed = {
        order_id for order_id in after if after[order_id] != before.get(order_id)
    }
    monday = {
        row["order_id"] for row in rows["order"]
        if row["ordered_at"][:10] == "2025-02-03"
        and row["currency_code"].upper() == "USD"
    }
    assert monday and changed == monday | {"pounds"}
    assert later.rows(
        "select gross_amount, original_gross_amount, exchange_rate "
        "from cst_dwd.dwd_trd_order where order_id = 'pounds'"
    ) == [(Decimal("119.00"), Decimal("100.00"), rate)]
    assert later.rows(
        "select posted_amount, is_full_refund "
        "from cst_intermediate.int_cst_refunds_posted "
        "where refund_id = 'pounds'"
    ) == [(Decimal("119.00"), True)]

    result = later.build(*select, cst_enabled_sources=list(TABLES))
    assert result.returncode
    assert "other_currency" in result.text
    assert "cst_enabled_sources, with exchange_rate" in result.text
