"""As it was known: `cst_known_at` hides what arrived later, as if it had not
been delivered; who withdrew later is withdrawn all the same.

One small company, built three times as of 2025-03-31: by today's knowledge, by
what was known then, and from files that hold no more than had arrived. Each
number of the cases is worked out by hand beside them.
"""

import shutil
from datetime import date, datetime, timedelta
from decimal import Decimal

import duckdb
import pytest
from case_data import TABLES, write_csv
from warehouse import Warehouse

AS_OF = "2025-03-31"
END = datetime.fromisoformat("2025-04-01T00:00:00+08:00")
BUILT = [
    "+dws_cst_segmentation", "+dws_cst_behavior", "+dws_cst_retention",
    "+ads_cst_audience", "+ads_cst_data_quality", "+ads_cst_rejected_row",
    "+dwd_prm_contact", "+dim_date", "+dim_cst_customer",
    "path:models/contact",
]
JANUARY = "2025-01-05T10:00:00+08:00"
# Before the date ends, and after.
IN_TIME = "2025-03-31T23:59:59+08:00"
LATER = "2025-04-01T00:00:00+08:00"


def customer(customer_id, arrived_at=JANUARY, **values):
    return {
        "customer_id": customer_id, "registered_at": JANUARY,
        "updated_at": JANUARY, "email": f"{customer_id}@example.com",
        "city": "武汉", "contact_consent": "true", "consent_sms": "",
        "is_deleted": "", "merged_into_customer_id": "",
        "ingested_at": arrived_at, **values,
    }


def order(order_id, customer_id, day, arrived_at, **values):
    at = f"{day}T12:00:00+08:00"
    return {
        "order_id": order_id, "customer_id": customer_id, "ordered_at": at,
        "order_status": "paid", "order_amount": "100.00", "updated_at": at,
        "ingested_at": arrived_at, **values,
    }


def company():
    """Two orders and two views a day, delivered two hours later."""
    rows = {source: [] for source in TABLES}
    day, number = date(2024, 11, 1), 0
    while day <= date(2025, 4, 20):
        for part in range(2):
            number += 1
            who = f"bg{number % 40:02}"
            if number <= 40:
                rows["customer"].append(customer(
                    who, updated_at="2024-10-01T00:00:00+08:00",
                    registered_at="2024-10-01T00:00:00+08:00",
                    ingested_at="2024-10-01T00:00:00+08:00",
                ))
            rows["order"].append(order(
                f"bgO{number}", who, day, f"{day}T14:00:00+08:00",
                order_amount=f"{20 + number % 50}.00",
            ))
            rows["event"].append({
                "event_id": f"bgE{number}", "customer_id": who,
                "event_type": "page_view", "anonymous_id": f"dev-{who}",
                "occurred_at": f"{day}T1{part}:00:00+08:00",
                "ingested_at": f"{day}T1{part}:00:30+08:00",
            })
        day += timedelta(days=1)
    rows["product"].append({"product_id": "P", "updated_at": ""})
    rows["order_item"] += [
        {
            "item_id": f"{row['order_id']}-1", "order_id": row["order_id"],
            "product_id": "P", "quantity": "1",
            "item_amount": row["order_amount"], "updated_at": "",
            "ingested_at": row["ingested_at"],
        }
        for row in rows["order"]
    ]
    rows["campaign"].append({
        "campaign_id": "K", "campaign_name": "Spring",
        "strategy_code": "wake_up",
        "started_at": "2025-01-01T00:00:00+08:00",
        "ended_at": "2025-06-30T00:00:00+08:00",
        "updated_at": "2025-01-01T00:00:00+08:00", "ingested_at": "",
    })
    return rows


def refund(refund_id, order_id, amount, arrived_at):
    return {
        "refund_id": refund_id, "order_id": order_id,
        "refunded_at": "2025-03-25T12:00:00+08:00", "refund_amount": amount,
        # no ingested_at: it was written when it arrived
        "updated_at": arrived_at,
    }


def event(event_id, customer_id, arrived_at):
    return {
        "event_id": event_id, "customer_id": customer_id,
        "event_type": "page_view", "anonymous_id": "",
        "occurred_at": "2025-03-30T09:00:00+08:00", "ingested_at": arrived_at,
    }


def ticket(ticket_id, customer_id, arrived_at, **values):
    return {
        "ticket_id": ticket_id, "customer_id": customer_id,
        "created_at": "2025-03-29T09:00:00+08:00", "ticket_status": "open",
        "updated_at": "2025-03-29T09:00:00+08:00", "ingested_at": arrived_at,
        **values,
    }


def touch(touch_id, customer_id, arrived_at, **values):
    return {
        "touch_id": touch_id, "campaign_id": "K", "customer_id": customer_id,
        "touched_at": "2025-03-28T09:00:00+08:00", "touch_cost": "1.00",
        "redeemed_at": "", "updated_at": "2025-03-28T09:00:00+08:00",
        "ingested_at": arrived_at, **values,
    }


# name: (rows, query with $id, known then, known today)
ORDERS = (
    "select frequency, lifetime_net_amount "
    "from cst_dws.dws_cst_segmentation "
    "where customer_id = ? and is_current"
)
REGISTERED = (
    "select not is_unregistered, email is not null "
    "from cst_dim.dim_cst_customer where customer_id = ? and is_current"
)
SURVIVOR = (
    "select surviving_customer_id from cst_dim.dim_cst_customer "
    "where customer_id = ? and is_current"
)
BEHAVIOR = (
    "select view_count_30d, ticket_count_90d, open_ticket_count "
    "from cst_dws.dws_cst_behavior where customer_id = ? and is_current"
)
CONTACTS = (
    "select count(*), count(case when is_redeemed then 1 end) "
    "from cst_dwd.dwd_prm_contact where customer_id = ?"
)


CASES = {
    "late order": (
        {"customer": [customer("lo")], "order": [
            order("lo1", "lo", "2025-03-10", IN_TIME),
            order("lo2", "lo", "2025-03-20", LATER),
        ]},
        ORDERS, "lo",
        [(1, Decimal("100.00"))],
        [(2, Decimal("200.00"))],
    ),
    "corrected order": (
        {"customer": [customer("co")], "order": [
            order("co1", "co", "2025-03-10", IN_TIME),
            # Written in March, so only the load time tells.
            order(
                "co1", "co", "2025-03-10", LATER, order_amount="80.00",
                updated_at="2025-03-11T12:00:00+08:00",
            ),
        ]},
        ORDERS, "co",
        [(1, Decimal("100.00"))],
        [(1, Decimal("80.00"))],
    ),
    "cancelled later": (
        {"customer": [customer("ca")], "order": [
            order("ca1", "ca", "2025-03-10", IN_TIME),
            order("ca2", "ca", "2025-03-11", IN_TIME),
            order(
                "ca2", "ca", "2025-03-11", "", order_status="cancelled",
                order_amount="", updated_at=LATER,
            ),
        ]},
        ORDERS, "ca",
        [(2, Decimal("200.00"))],
        [(1, Decimal("100.00"))],
    ),
    "only the newest version was delivered": (
        {"customer": [customer("on")], "order": [
            order("on1", "on", "2025-03-10", IN_TIME),
            order("on2", "on", "2025-03-11", "", updated_at=LATER),
        ]},
        ORDERS, "on",
        [(1, Decimal("100.00"))],
        [(2, Decimal("200.00"))],
    ),
    "late refund": (
        {"customer": [customer("lr")], "order": [
            order("lr1", "lr", "2025-03-10", IN_TIME),
        ], "refund": [
            refund("lrA", "lr1", "10.00", IN_TIME),
            refund("lrB", "lr1", "30.00", LATER),
        ]},
        ORDERS, "lr",
        [(1, Decimal("90.00"))],
        [(1, Decimal("60.00"))],
    ),
    "registered late": (
        {"customer": [customer("rl", LATER)], "order": [
            order("rl1", "rl", "2025-03-10", IN_TIME),
        ]},
        REGISTERED, "rl", [(False, False)], [(True, True)],
    ),
    "merge reported late": (
        {"customer": [
            customer("mA"), customer("mB"),
            customer("mA", LATER, merged_into_customer_id="mB",
                     updated_at="2025-03-20T00:00:00+08:00"),
        ], "order": [
            order("m1", "mA", "2025-03-10", IN_TIME),
            order("m2", "mB", "2025-03-11", IN_TIME),
        ]},
        SURVIVOR, "mA", [(None,)], [("mB",)],
    ),
    "orders of a merge reported late": (
        {}, ORDERS, "mB",
        [(1, Decimal("100.00"))],
        [(2, Decimal("200.00"))],
    ),
    "event and ticket late": (
        {"customer": [customer("et")], "order": [
            order("et1", "et", "2025-03-10", IN_TIME),
        ], "event": [
            event("etE1", "et", IN_TIME), event("etE2", "et", LATER),
            event("etE3", "et", ""),
        ], "ticket": [
            ticket("etT1", "et", IN_TIME), ticket("etT2", "et", LATER),
            ticket("etT1", "et", "", ticket_status="closed",
                   resolved_at="2025-03-30T09:00:00+08:00", updated_at=LATER),
        ]},
        # E3 says nothing of its arrival, so it is known.
        BEHAVIOR, "et", [(2, 1, 1)], [(3, 2, 1)],
    ),
    "contact late": (
        {"customer": [customer("cl")], "order": [
            order("cl1", "cl", "2025-03-10", IN_TIME),
        ], "touch": [
            touch("cl1", "cl", IN_TIME), touch("cl2", "cl", LATER),
            touch("cl1", "cl", LATER,
                  redeemed_at="2025-03-29T09:00:00+08:00",
                  updated_at="2025-03-29T09:00:00+08:00"),
        ]},
        CONTACTS, "cl", [(1, 0)], [(2, 1)],
    ),
}

# Who withdrew: (rows, known then and today: erased, versions that show
# anything, and whether they may be contacted).
MAY = "2025-05-01T00:00:00+08:00"
JUNE = "2025-06-01T00:00:00+08:00"
WITHDRAWN = {
    "w-stays": ([customer("w-stays")], (False, 1, True), (False, 1, True)),
    "w-erased": (
        [customer("w-erased"),
         customer("w-erased", MAY, updated_at=MAY, is_deleted="true",
                  email="", city="")],
        (True, 0, False), (True, 0, False),
    ),
    "w-erased in a broken row": (
        [customer("w-erased in a broken row"),
         customer("w-erased in a broken row", "", updated_at="soon",
                  registered_at="", is_deleted="true"),
         customer("w-erased in a broken row", MAY, updated_at="soon",
                  registered_at="", is_deleted="true")],
        (True, 0, False), (True, 0, False),
    ),
    # Today back, with what was written since; then, an erased person.
    "w-came back": (
        [customer("w-came back"),
         customer("w-came back", MAY, updated_at=MAY, is_deleted="true"),
         customer("w-came back", JUNE, updated_at=JUNE, is_deleted="false")],
        (True, 0, False), (False, 1, True),
    ),
    # Erased in time, back later: then, nobody had said so.
    "w-back later": (
        [customer("w-back later", is_deleted="true"),
         customer("w-back later", JUNE, updated_at=JUNE, is_deleted="false")],
        (True, 0, False), (False, 1, True),
    ),
    "w-refused": (
        [customer("w-refused"),
         customer("w-refused", MAY, updated_at=MAY, contact_consent="false")],
        (False, 1, False), (False, 2, False),
    ),
    "w-unsubscribed": (
        [customer("w-unsubscribed"),
         customer("w-unsubscribed", MAY, updated_at=MAY,
                  contact_consent="unsubscribed")],
        (False, 1, False), (False, 2, False),
    ),
    # A later yes was not given yet, a later no counts whatever came after it.
    "w-granted later": (
        [customer("w-granted later", contact_consent=""),
         customer("w-granted later", MAY, updated_at=MAY)],
        (False, 1, False), (False, 2, True),
    ),
    "w-refused and granted": (
        [customer("w-refused and granted"),
         customer("w-refused and granted", MAY, updated_at=MAY,
                  contact_consent="no"),
         customer("w-refused and granted", JUNE, updated_at=JUNE)],
        (False, 1, False), (False, 3, True),
    ),
    # Merged later into somebody who was erased.
    "w-merged": (
        [customer("w-merged"),
         customer("w-merged", MAY, updated_at=MAY,
                  merged_into_customer_id="w-erased")],
        (True, 0, False), (True, 0, False),
    ),
}


def feed():
    rows = company()
    for case_rows, *_ in CASES.values():
        for source, given in case_rows.items():
            rows[source] += given
    for number, (name, (given, *_)) in enumerate(WITHDRAWN.items()):
        rows["customer"] += given
        rows["order"].append(order(f"wO{number}", name, "2025-03-10", IN_TIME))
    return rows


def arrived_in_time(row):
    """Whether a row had arrived when the date ended, read by Python."""
    for column in ("ingested_at", "updated_at"):
        try:
            return datetime.fromisoformat(row.get(column, "")) < END
        except ValueError:
            continue
    return True


def build(folder, rows, **dbt_vars):
    warehouse = Warehouse(
        folder, cst_as_of_date=AS_OF, cst_start_date="2025-02-28", **dbt_vars
    )
    write_csv(rows, warehouse.ods)
    result = warehouse.build(*BUILT)
    assert result.returncode == 0, result.stdout[-3000:]
    return warehouse


@pytest.fixture(scope="module")
def today(tmp_path_factory):
    return build(tmp_path_factory.mktemp("today"), feed())


@pytest.fixture(scope="module")
def then(tmp_path_factory):
    return build(tmp_path_factory.mktemp("then"), feed(), cst_known_at=AS_OF)


@pytest.fixture(scope="module")
def delivered(tmp_path_factory):
    """What a build of that night had before it."""
    rows = {
        source: [row for row in given if arrived_in_time(row)]
        for source, given in feed().items()
    }
    return build(tmp_path_factory.mktemp("delivered"), rows)


@pytest.mark.parametrize("name", CASES)
def test_what_arrived_later(then, today, name):
    _, sql, key, known_then, known_today = CASES[name]
    assert then.rows(sql, key) == known_then
    assert today.rows(sql, key) == known_today


def withdrawals(warehouse):
    return {
        name: (erased, shown, contactable)
        for name, erased, shown, contactable in warehouse.rows(
            """
            select
                customer_id,
                bool_or(is_deleted and is_current),
                count(coalesce(email, city)),
                customer_id in (
                    select customer_id from cst_contact.contact_cst_customer
                )
            from cst_dim.dim_cst_customer
            where customer_id like 'w-%'
            group by customer_id
            """
        )
    }


def test_who_withdrew_later_is_withdrawn(then, today):
    found = withdrawals(then), withdrawals(today)
    assert found[0] == {name: case[1] for name, case in WITHDRAWN.items()}
    assert found[1] == {name: case[2] for name, case in WITHDRAWN.items()}


def test_nothing_of_the_erased_is_anywhere(then):
    """Not in a private table either."""
    tables = then.rows(
        """
        select table_schema || '.' || table_name
        from information_schema.tables
        where table_type = 'BASE TABLE' and table_schema like 'cst%'
        """
    )
    for (table,) in tables:
        assert then.rows(
            f"select * from {table} as one "
            "where cast(one as varchar) like '%w-erased@%' "
            "or cast(one as varchar) like '%w-merged@%'"
        ) == [], table


def test_as_if_it_had_not_been_delivered(then, delivered):
    """All public tables are those of that night, but for who withdrew."""
    tables = set(then.public_tables())
    assert tables == set(delivered.public_tables()) and len(tables) >= 11
    for table in sorted(tables):
        columns = {name for (name,) in then.rows(
            "select column_name from duckdb_columns() "
            "where schema_name || '.' || table_name = ?", table
        )}
        where = (
            "where coalesce(customer_id, '') not like 'w-%'"
            if "customer_id" in columns else ""
        )
        sql = f"select * from {table} {where} order by all"
        assert then.rows(sql) == delivered.rows(sql), table


def test_a_past_state_is_compared_with_none_after_it(today, tmp_path):
    """A third of the rows is no feed that broke off, but the past; the run of
    the day after is compared with it."""
    past = Warehouse(tmp_path, **{
        **today.vars, "cst_as_of_date": "2024-12-31",
        "cst_start_date": "2024-12-31", "cst_known_at": "2024-12-31",
    })
    shutil.copy(today.database, past.database)
    result = past.build("+dws_cst_segmentation", "+ads_cst_data_quality")
    assert result.returncode == 0, result.stdout[-3000:]
    compared = (
        "select source_name, accepted_count, as_of_date "
        "from cst_intermediate.int_cst_published_run "
        "where source_name = 'customer'"
    )
    assert past.rows(compared) == []
    result = past.build(
        "+int_cst_feed_guard", cst_as_of_date="2025-01-01",
        cst_known_at="2025-01-01",
    )
    assert result.returncode == 0, result.stdout[-3000:]
    assert past.rows(compared) == [("customer", 40, date(2024, 12, 31))]


# -- arrivals of every kind -------------------------------------------------

# What a file says of the arrival of each order, in SQL, and whether the order
# is known; the other columns are the same for all.
NIGHT = {"cst_known_at": "2025-03-31"}
NEW_YORK = {
    "cst_timezone": "America/New_York",
    "cst_source_timezone": "America/New_York",
}
ARRIVALS = {
    "text": (NIGHT, {
        "'2025-03-31T23:59:59.999999+08:00'": True,
        "'2025-04-01T00:00:00+08:00'": False,
        "'2025-03-31 15:59:59'": True,
        "'2025-03-31 16:00:00'": False,
        "'2025/3/31 15:59:59 UTC'": True,
        "'2025-03-31T05:59-10:00'": True,
        "'2025-03-31T06:00-10:00'": False,
        "'2025-03-31'": True,
        "'2025-04-01'": False,
        "' NULL '": True,
        "'0000-00-00'": True,
        "'20250401'": True,
        "'1970-01-01T00:00:00Z'": True,
        "'9999-12-31T00:00:00Z'": True,
        "'2262-01-01T00:00:00Z'": False,
    }),
    "local times": ({**NIGHT, "cst_source_timezone": "Asia/Shanghai"}, {
        "timestamp '2025-03-31 23:59:59'": True,
        "timestamp '2025-04-01 00:00:00'": False,
        "cast(null as timestamp)": True,
        "timestamp '9999-12-31 23:59:59'": True,
    }),
    "times of nanoseconds": (NIGHT, {
        "timestamp_ns '2025-03-31 15:59:59.999999'": True,
        "timestamp_ns '2025-03-31 16:00:00.000001'": False,
    }),
    "instants": (NIGHT, {
        "timestamptz '2025-03-31 23:59:59+08'": True,
        "timestamptz '2025-03-31 16:00:00Z'": False,
        "timestamptz 'infinity'": True,
    }),
    "dates": (NIGHT, {
        "date '2025-03-31'": True,
        "date '2025-04-01'": False,
        "date '9999-12-31'": True,
    }),
    "dates west of Greenwich": ({**NEW_YORK, **NIGHT}, {
        "'2025-03-31'": True,
        "'2025-04-01'": False,
        "'2025-03-31 23:59:59'": True,
        "'2025-04-01T03:59:59Z'": True,
        "'2025-04-01T04:00:00Z'": False,
    }),
    "a date of 23 hours": ({**NEW_YORK, "cst_known_at": "2025-03-09"}, {
        "'2025-03-10T03:59:59Z'": True,
        "'2025-03-10T04:00:00Z'": False,
    }),
    # 01:30 comes twice; without an offset, the first is meant.
    "a date of 25 hours": ({**NEW_YORK, "cst_known_at": "2025-11-02"}, {
        "'2025-11-03T04:59:59Z'": True,
        "'2025-11-03T05:00:00Z'": False,
    }),
    "an instant in an hour that comes twice": (
        {**NEW_YORK, "cst_known_at": "2025-11-02T01:45:00-04:00"}, {
            "'2025-11-02 01:30:00'": True,
            "'2025-11-02T01:30:00-05:00'": False,
        },
    ),
    "an instant in another zone": (
        {"cst_known_at": "2025-03-31T12:00:00-04:00"}, {
            "'2025-04-01T00:00:00+08:00'": True,
            "'2025-04-01T00:00:01+08:00'": False,
            "'2025-04-01'": True,
        },
    ),
}


def write_orders(folder, kind, column, arrivals, others):
    """Orders 0, 1, … whose arrivals are these expressions."""
    rows = " union all ".join(
        f"select '{number}' as order_id, 'c' as customer_id, "
        "'2025-01-01' as ordered_at, 'paid' as order_status, '1' as "
        f"order_amount, {arrival} as {column}{others}"
        for number, arrival in enumerate(arrivals)
    )
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(
            f"copy ({rows}) to '{folder}/ods_trd_order.{kind}' "
            f"({'format parquet' if kind == 'parquet' else 'header'})"
        )


def known_orders(warehouse):
    result = warehouse.build("base_trd__orders")
    assert result.returncode == 0, result.stdout[-3000:]
    return {
        int(order_id) for (order_id,) in warehouse.rows(
            "select order_id from cst_staging.base_trd__orders"
        )
    }


@pytest.mark.parametrize("name", ARRIVALS)
def test_arrivals(tmp_path, name):
    """The load time decides, in text and in typed columns."""
    dbt_vars, arrivals = ARRIVALS[name]
    warehouse = Warehouse(tmp_path, **dbt_vars)
    write_orders(warehouse.ods, "parquet", "ingested_at", arrivals, "")
    right = {
        number for number, is_known in enumerate(arrivals.values()) if is_known
    }
    assert known_orders(warehouse) == right
    if "text" not in name:
        return
    # The same in CSV, and in updated_at where the load time is empty.
    (warehouse.ods / "ods_trd_order.parquet").unlink()
    write_orders(
        warehouse.ods, "csv", "updated_at", arrivals, ", ' ' as ingested_at"
    )
    assert known_orders(warehouse) == right


def test_parts_with_and_without_a_load_time(tmp_path):
    """A loader that began to write load times in April: the parts before it
    have none, so updated_at tells."""
    warehouse = Warehouse(tmp_path, **NIGHT)
    folder = warehouse.ods / "ods_trd_order"
    folder.mkdir()
    columns = "order_id,customer_id,ordered_at,order_status,order_amount"
    (folder / "march.csv").write_text(
        f"{columns},updated_at\n"
        "0,c,2025-01-01,paid,1,2025-03-31T12:00:00Z\n"
        "1,c,2025-01-01,paid,1,2025-04-01T12:00:00Z\n"
        "2,c,2025-01-01,paid,1\n"
    )
    (folder / "april.csv").write_text(
        f"{columns},updated_at,ingested_at\n"
        "3,c,2025-01-01,paid,1,2025-03-01T12:00:00Z,2025-04-01T12:00:00Z\n"
        "4,c,2025-01-01,paid,1,2025-04-02T12:00:00Z,2025-03-02T12:00:00Z\n"
        "5,c,2025-01-01,paid,1,,\n"
    )
    result = warehouse.build("base_trd__orders")
    assert result.returncode == 0, result.stdout[-3000:]
    # The line of a field too few is known: it names nobody and no time.
    assert warehouse.rows(
        "select order_id, row_status from cst_staging.base_trd__orders "
        "order by order_id nulls last"
    ) == [
        ("0", "accepted"), ("4", "accepted"), ("5", "accepted"),
        (None, "rejected"),
    ]
