"""Visits, and the rows of ods_log_event."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from simulation.sample.customers import CHANNELS
from simulation.sample.records import Customer
from simulation.sample.tables import Row, stamp
from simulation.sample.world import World, at_shop_hour, poisson

DEVICES = {
    "app": ("mobile",), "mini_program": ("mobile",),
    "web": ("desktop", "desktop", "mobile", "tablet"),
}
CATEGORIES = ("女装", "男装", "美妆", "母婴", "食品", "家居", "数码", "运动")


def event_rows(world: World, customers: Sequence[Customer]) -> list[Row]:
    """Events of the newest `event_days`: visits with and without an order."""
    start = world.extracted_at - timedelta(days=world.event_days)
    rows = []
    for customer in customers:
        rng = world.rng("visits", customer.customer_id)
        for order in customer.orders:
            if order.ordered_at >= start and order.channel != "store":
                rows += visit_rows(
                    world, customer, order.channel, order.order_id[1:],
                    order.ordered_at, is_order=True,
                )
        for number in range(poisson(rng, world.browsing_sessions)):
            moment = start + rng.random() * timedelta(days=world.event_days - 1)
            if moment > customer.registered_at:
                rows += visit_rows(
                    world, customer, rng.choices(CHANNELS[:3], (4, 3, 2))[0],
                    f"{customer.customer_id[1:]}V{number}",
                    at_shop_hour(rng, moment), is_order=False,
                )
    return rows + anonymous_rows(world, start)


def anonymous_rows(world: World, start: datetime) -> list[Row]:
    """Visits from devices on which nobody ever logs in."""
    rng = world.rng("anonymous")
    rows = []
    for number in range(world.anonymous_visits):
        moment = start + rng.random() * timedelta(days=world.event_days - 1)
        rows += visit_rows(
            world, None, rng.choice(CHANNELS[:3]), f"N{number:03d}",
            at_shop_hour(rng, moment), is_order=False,
        )
    return rows


def visit_rows(
    world: World,
    customer: Customer | None,
    channel: str,
    visit_id: str,
    moment: datetime,
    is_order: bool,
) -> list[Row]:
    """Events of one visit, ending at `moment` with an order or starting at it.

    A third of the visits begins before the login; only the app and the mini
    program number their sessions.
    """
    rng = world.rng("visit", visit_id)
    steps = visit_steps(rng, is_order)
    login = len(steps) + 1
    if customer is not None:
        login = rng.randrange(1, len(steps)) if rng.random() < 0.33 else -1
        if login > 0:
            steps.insert(login, "login")
    gaps = [rng.uniform(8, 70) for _ in steps]
    if is_order:
        moment -= timedelta(seconds=sum(gaps[1:]))
    device = f"{channel[0].upper()}{customer.customer_id}" if customer else ""
    product, category = f"P{rng.randrange(400):03d}", rng.choice(CATEGORIES)
    device_type = rng.choice(DEVICES[channel])
    rows = []
    for index, (step, gap) in enumerate(zip(steps, gaps)):
        moment += timedelta(seconds=gap) if index else timedelta(0)
        is_product = step in ("product_view", "cart")
        is_view = step in ("page_view", "product_view")
        is_known = customer is not None and index >= login
        rows.append({
            "event_id": "",
            "event_type": step,
            "occurred_at": stamp(rng, moment),
            "customer_id": customer.customer_id if is_known else "",
            "anonymous_id": device or f"A{visit_id}",
            "session_id": "" if channel == "web" else f"S{visit_id}",
            "device_type": device_type,
            "channel": channel,
            "product_id": product if is_product else "",
            "category": category if is_product else "",
            "page": {"page_view": "/首页", "search": "/搜索"}.get(step, ""),
            "duration_seconds": str(rng.randint(3, 180)) if is_view else "",
            "ingested_at": stamp(
                rng, moment + timedelta(seconds=rng.uniform(1, 60))
            ),
        })
    return rows


def visit_steps(rng: Random, is_order: bool) -> list[str]:
    """Event types of one visit, in order."""
    steps = ["page_view"]
    if rng.random() < 0.35:
        steps.append("search")
    steps += ["product_view"] * rng.randint(1, 3)
    if is_order:
        return [*steps, "cart", "checkout", "order"]
    if rng.random() < 0.35:
        steps.append("cart")
    if steps[-1] == "cart" and rng.random() < 0.35:
        steps.append("checkout")
    return steps
