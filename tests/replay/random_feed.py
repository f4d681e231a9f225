"""Feeds that hypothesis draws: a few customers, a few orders, and what may go
wrong with them. A plan is plain numbers, so that what fails shrinks."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from feed import Feed, instant
from hypothesis import strategies as st

FIRST_DAY = date(2025, 1, 1)
LAST_DAY = 150


@dataclass
class Plan:
    """What is drawn; `feed()` and `nights()` are what it means."""

    customer_count: int
    orders: list = field(default_factory=list)
    faults: list = field(default_factory=list)
    night_gaps: list = field(default_factory=list)
    changes: list = field(default_factory=list)

    def nights(self):
        """The nights with a run: month ends and days near, and outages."""
        day, found = date(2025, 2, 27), []
        for gap in self.night_gaps:
            day += timedelta(days=gap)
            found.append(day)
        return found

    def feed(self):
        feed = Feed()
        orders = []
        # the last ones never register, so that their orders make them known
        for number in range(min(self.customer_count, 3)):
            feed.add("ods_cst_customer", FIRST_DAY, **_customer(number, 0))
        for number, (customer, on_day, amount, late) in enumerate(self.orders):
            day = FIRST_DAY + timedelta(days=on_day)
            orders.append(feed.add(
                "ods_trd_order", day + timedelta(days=late),
                order_id=f"o{number}",
                customer_id=f"c{customer % self.customer_count}",
                ordered_at=instant(day), order_status="paid",
                order_amount=f"{amount}.00", updated_at=instant(day),
                currency_code="CNY",
            ))
        for number, (kind, target, on_day, late) in enumerate(self.faults):
            day = FIRST_DAY + timedelta(days=on_day)
            FAULTS[kind](
                feed, self, orders, number, target, day,
                day + timedelta(days=late),
            )
        return feed


def _customer(number, on_day):
    day = FIRST_DAY + timedelta(days=on_day)
    return {
        "customer_id": f"c{number}", "registered_at": instant(FIRST_DAY, 8),
        "updated_at": instant(day, 9), "email": f"c{number}@example.com",
        "mobile": f"1000000000{number}", "contact_consent": "true",
    }


def _newer(**changes):
    """A newer version of an order."""

    def fault(feed, plan, orders, number, target, day, arrives):
        if orders:
            order = orders[target % len(orders)]
            arrives = max(arrives, order.arrives)
            feed.add("ods_trd_order", arrives, **{
                **order.values, **changes, "updated_at": instant(arrives, 20),
            })

    return fault


def _other_customer(feed, plan, orders, number, target, day, arrives):
    customer = f"c{(target + 1) % plan.customer_count}"
    _newer(customer_id=customer)(
        feed, plan, orders, number, target, day, arrives
    )


def _vanished(feed, plan, orders, number, target, day, arrives):
    if orders:
        order = orders[target % len(orders)]
        order.vanishes = max(arrives, order.arrives + timedelta(days=1))


def _missing_a_night(feed, plan, orders, number, target, day, arrives):
    """An incomplete file: the row is there again the night after."""
    if orders:
        order = orders[target % len(orders)]
        order.vanishes = max(arrives, order.arrives + timedelta(days=1))
        feed.add(
            "ods_trd_order", order.vanishes + timedelta(days=1),
            **order.values,
        )


def _twice(feed, plan, orders, number, target, day, arrives):
    if orders:
        order = orders[target % len(orders)]
        feed.add("ods_trd_order", arrives, **order.values)


def _refund(feed, plan, orders, number, target, day, arrives):
    if orders:
        order = orders[target % len(orders)]
        feed.add(
            "ods_trd_refund", arrives, refund_id=f"r{number}",
            order_id=order.values["order_id"],
            refunded_at=instant(day, 13), updated_at=instant(day, 13),
            refund_amount=order.values["order_amount"] if target % 2
            else "1.00",
        )


def _of_customer(**changes):
    """A newer version of a customer."""

    def fault(feed, plan, orders, number, target, day, arrives):
        on_day = (day - FIRST_DAY).days
        customer = _customer(target % plan.customer_count, on_day)
        feed.add("ods_cst_customer", arrives, **{**customer, **changes})

    return fault


def _merge(feed, plan, orders, number, target, day, arrives):
    survivor = f"c{(target + 1) % plan.customer_count}"
    _of_customer(merged_into_customer_id=survivor)(
        feed, plan, orders, number, target, day, arrives
    )


def _registration(feed, plan, orders, number, target, day, arrives):
    """Somebody registers, and we hear of it late."""
    feed.add("ods_cst_customer", arrives, **{
        **_customer(5, 0), "customer_id": f"late{number}",
        "registered_at": instant(day), "updated_at": instant(day),
    })


def _event(feed, plan, orders, number, target, day, arrives):
    feed.add(
        "ods_log_event", arrives, event_id=f"e{number}",
        event_type="product_view", occurred_at=instant(day, 10),
        customer_id=f"c{target % plan.customer_count}",
        ingested_at=instant(arrives, 10), device_type="mobile",
    )


def _ticket(feed, plan, orders, number, target, day, arrives):
    feed.add(
        "ods_svc_ticket", arrives, ticket_id=f"t{number}",
        customer_id=f"c{target % plan.customer_count}",
        created_at=instant(day, 10), ticket_status="closed",
        updated_at=instant(day, 15), resolved_at=instant(day, 15),
        csat_score=str(1 + target % 5),
    )


def _contact(feed, plan, orders, number, target, day, arrives):
    strategy = ("vip_maintenance", "activation", "wake_up")[target % 3]
    feed.add(
        "ods_prm_campaign", FIRST_DAY, campaign_id=f"k{number}",
        campaign_name="k", strategy_code=strategy,
        started_at=instant(FIRST_DAY), updated_at=instant(FIRST_DAY),
        ended_at=instant(FIRST_DAY + timedelta(days=360)),
    )
    feed.add(
        "ods_prm_touch", arrives, touch_id=f"p{number}",
        campaign_id=f"k{number}", touched_at=instant(day, 11),
        customer_id=f"c{target % plan.customer_count}", touch_channel="sms",
        is_control="false", touch_cost="0.10", updated_at=instant(day, 11),
        opened_at=instant(day, 12),
    )


FAULTS = {
    "cancelled": _newer(order_status="cancelled"),
    "amount": _newer(order_amount="77.70"),
    "other customer": _other_customer,
    "vanished": _vanished,
    "missing a night": _missing_a_night,
    "twice": _twice,
    "refund": _refund,
    "merge": _merge,
    "erasure": _of_customer(is_deleted="true"),
    "opt-out": _of_customer(contact_consent="false"),
    "registration": _registration,
    "event": _event,
    "ticket": _ticket,
    "contact": _contact,
}
DAYS = st.integers(0, LAST_DAY)
LATE = st.one_of(st.just(0), st.integers(1, 40))


def plans(nights=4, changes=()):
    """Random plans of some nights; `changes` may happen before each."""
    return st.builds(
        Plan,
        customer_count=st.integers(2, 5),
        orders=st.lists(
            st.tuples(st.integers(0, 4), DAYS, st.integers(1, 200), LATE),
            min_size=2, max_size=14,
        ),
        faults=st.lists(
            st.tuples(
                st.sampled_from(sorted(FAULTS)), st.integers(0, 13), DAYS, LATE
            ),
            max_size=8,
        ),
        night_gaps=st.lists(
            st.sampled_from([1, 2, 4, 7, 9, 22, 31, 40]),
            min_size=2, max_size=nights,
        ),
        changes=st.lists(
            st.sampled_from(["none", "none", *changes]),
            min_size=nights, max_size=nights,
        ),
    )
