"""A feed that unrolls day by day: what had been delivered by the night after.

A row arrives on a day and may be gone from another one on. The sample says when
each row was last written; what was delivered before that is made up here: an
order is paid before it is completed, a contact is sent before it is opened.
Then some rows come late, twice, wrong first, too early in the file, or vanish.
"""

import csv
import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SHANGHAI = timezone(timedelta(hours=8))
TABLES = (
    "ods_cst_customer", "ods_trd_order", "ods_trd_order_item",
    "ods_trd_refund", "ods_prd_product", "ods_log_event", "ods_svc_ticket",
    "ods_prm_campaign", "ods_prm_touch",
)


def _columns():
    found = {}
    for table in TABLES:
        path = PROJECT / "seeds" / "ods" / f"{table}.csv"
        with open(path, encoding="utf-8", newline="") as file:
            found[table] = tuple(next(csv.reader(file)))
    return found


COLUMNS = _columns()


@dataclass
class Row:
    """A delivered row: its values, when it comes and when it is gone."""

    table: str
    values: dict
    arrives: date
    vanishes: date | None = None


@dataclass
class Feed:
    """All rows of all days; faults counts what was planted, by its kind."""

    rows: list = field(default_factory=list)
    faults: dict = field(default_factory=dict)

    def add(self, table, arrives, vanishes=None, **values):
        self.rows.append(Row(table, values, arrives, vanishes))
        return self.rows[-1]

    def count(self, kind):
        self.faults[kind] = self.faults.get(kind, 0) + 1

    def delivered(self, night):
        """{table: (columns, rows)} as they lie there after that day."""
        found = {table: (COLUMNS[table], []) for table in TABLES}
        for row in self.rows:
            if row.arrives <= night and (
                row.vanishes is None or night < row.vanishes
            ):
                columns, rows = found[row.table]
                rows.append(tuple(
                    row.values.get(column) or None for column in columns
                ))
        return found


def business_date(text):
    """The day in Shanghai of an instant as the sample writes it, or none."""
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return moment.astimezone(SHANGHAI).date()


def instant(day, hour=12, minute=0):
    """An instant of a day in Shanghai, as text."""
    return datetime(
        day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI
    ).isoformat()


# What an earlier version of a row did not have yet: when it was written, what
# it said, and what came later.
EARLIER = {
    "ods_trd_order": (("paid_at", "ordered_at"), {"order_status": "paid"}, ()),
    "ods_svc_ticket": (
        ("created_at",), {"ticket_status": "open"},
        ("first_responded_at", "resolved_at", "csat_score", "nps_score"),
    ),
    "ods_prm_touch": (
        ("touched_at",), {}, ("opened_at", "clicked_at", "redeemed_at"),
    ),
}


def _unrolled(feed, table, values, first_day):
    """A row of the sample and what was delivered of it before."""
    written = values["updated_at" if "updated_at" in values else "ingested_at"]
    day = business_date(written or "") or first_day
    if table in EARLIER:
        times, said, later = EARLIER[table]
        start = next((values[name] for name in times if values[name]), "")
        began = business_date(start)
        if began and began < day and began.year < 2090:
            feed.add(table, began, **{
                **values, **said, "updated_at": start,
                **dict.fromkeys(later, ""),
            })
    feed.add(table, day, **values)


def sample_feed(first_night, last_night, seed=1):
    """The sample, unrolled, with faults in what arrives between the nights."""
    feed = Feed()
    for table in TABLES:
        path = PROJECT / "seeds" / "ods" / f"{table}.csv"
        with open(path, encoding="utf-8", newline="") as file:
            for values in csv.DictReader(file):
                _unrolled(feed, table, values, first_night)
    _add_faults(feed, first_night, last_night, random.Random(seed))
    return feed


def _add_faults(feed, first, last, chance):
    days = (last - first).days

    def some_day(after=first):
        return after + timedelta(days=chance.randint(0, (last - after).days))

    for row in list(feed.rows):
        recent = first - timedelta(days=60) <= row.arrives <= last
        plain = row.values.get("customer_id", "").startswith("C")
        if not recent or not (plain or row.table == "ods_trd_refund"):
            continue
        dice = chance.random()
        if row.table in (
            "ods_trd_order", "ods_trd_refund", "ods_log_event",
            "ods_svc_ticket", "ods_prm_touch", "ods_cst_customer",
        ) and dice < 0.02:
            row.arrives += timedelta(days=chance.randint(1, 40))
            feed.count(f"late {row.table}")
        elif dice < 0.03:
            feed.add(row.table, row.arrives + timedelta(
                days=chance.randint(0, 5)
            ), **row.values)
            feed.count(f"duplicate {row.table}")
        elif dice < 0.035 and row.arrives < last:
            row.vanishes = some_day(max(row.arrives, first)) + timedelta(1)
            feed.count(f"vanished {row.table}")
        elif dice < 0.05 and row.table == "ods_trd_order":
            _correct_order(feed, row, some_day(max(row.arrives, first)), chance)
    # A file in another order: the newest version is seldom the last.
    chance.shuffle(feed.rows)

    orders = [
        row for row in feed.rows if row.table == "ods_trd_order"
        and row.values["customer_id"].startswith("C")
        and row.arrives <= first
    ]
    for number, row in enumerate(chance.sample(orders, days)):
        day = some_day(max(row.arrives, first))
        if number % 3 == 0:
            feed.add(
                "ods_trd_refund", day, refund_id=f"replay-R{number}",
                order_id=row.values["order_id"],
                refunded_at=instant(row.arrives, 23),
                refund_amount=row.values["order_amount"],
                updated_at=instant(day),
            )
            feed.count("late refund")
        else:
            _correct_order(feed, row, day, chance)
    customers = [
        row for row in feed.rows if row.table == "ods_cst_customer"
        and row.values["customer_id"].startswith("C")
        and row.arrives <= first
    ]
    changed = chance.sample(customers, 40)
    for number, row in enumerate(changed):
        day = some_day()
        change = [
            ("merge", {"merged_into_customer_id":
                       customers[number].values["customer_id"]}),
            ("erasure", {"is_deleted": "true", "email": "", "mobile": ""}),
            ("opt-out", {"contact_consent": "false"}),
            ("late erasure", {"is_deleted": "true"}),
        ][number % 4]
        if change[1].get("merged_into_customer_id") in (
            row.values["customer_id"],
        ):
            continue
        written = day - timedelta(days=25 if "late" in change[0] else 0)
        feed.add("ods_cst_customer", day, **{
            **row.values, **change[1], "updated_at": instant(written),
        })
        feed.count(change[0])


def _correct_order(feed, row, day, chance):
    """A newer version of an order; one in five comes before the older one."""
    kind = chance.choice(["amount", "cancelled", "customer", "out of order"])
    values = dict(row.values)
    if kind == "amount":
        values["order_amount"] = f"{chance.randint(1, 40000) / 100:.2f}"
    elif kind == "cancelled":
        values["order_status"] = "cancelled"
    elif kind == "customer":
        values["customer_id"] = f"C{chance.randint(1, 1200):05}"
    else:
        values["order_amount"] = "1.00"
        day = row.arrives
        row.arrives = day + timedelta(days=chance.randint(1, 20))
    newer = max(business_date(row.values["updated_at"]) or day, day)
    values["updated_at"] = instant(newer + timedelta(1), 1)
    feed.add("ods_trd_order", day, **values)
    feed.count(f"corrected {kind}")
