"""Visits, and the rows of ods_log_event."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from simulation.sample.customers import CHANNELS
from simulation.sample.goods import choose_category, choose_product
from simulation.sample.records import Customer, Order, Product
from simulation.sample.season import at_shop_hour
from simulation.sample.tables import Row, stamp
from simulation.sample.world import World, poisson

DEVICES = {
    "app": ("mobile",), "mini_program": ("mobile",),
    "web": ("desktop", "desktop", "mobile", "tablet"),
}
HALF_YEAR = timedelta(days=182)


def event_rows(world: World, customers: Sequence[Customer]) -> list[Row]:
    """Events of the newest `event_days`: visits with and without an order."""
    start = world.events_since()
    rows = []
    for customer in customers:
        rng = world.rng("visits", customer.customer_id)
        number = customer.customer_id[1:]
        recent = [it for it in customer.orders if it.ordered_at >= start]
        for order in recent:
            if order.channel != "store":
                rows += visit_rows(
                    world, customer, order.channel, order.order_id[1:],
                    order.ordered_at, order,
                )
        for visit, moment in enumerate(looks(world, rng, customer, start)):
            channel = customer.channel
            if channel == "store" or rng.random() < 0.3:
                channel = rng.choices(CHANNELS[:3], (4, 4, 2))[0]
            moment = at_shop_hour(rng, moment)
            if customer.registered_at < moment < world.extracted_at:
                rows += visit_rows(
                    world, customer, channel, f"{number}V{visit}", moment
                )
        for visit in range(poisson(rng, world.anonymous_visits)):
            moment = at_shop_hour(rng, any_time(world, rng, start))
            if moment < world.extracted_at:
                rows += visit_rows(
                    world, None, rng.choices(CHANNELS[:3], (2, 4, 4))[0],
                    f"{number}N{visit}", moment,
                )
    return rows


def looks(
    world: World, rng: Random, customer: Customer, start: datetime
) -> list[datetime]:
    """Moments of visits without an order: some before each order, and now and
    then."""
    newest = max(
        (it.ordered_at for it in customer.orders if it.ordered_at < start),
        default=customer.registered_at,
    )
    mean = (
        world.visits_active if newest >= start - HALF_YEAR
        else world.visits_silent
    )
    moments = [any_time(world, rng, start) for _ in range(poisson(rng, mean))]
    for order in customer.orders:
        if order.ordered_at >= start:
            moments += [
                order.ordered_at - timedelta(days=rng.uniform(0.5, 9))
                for _ in range(poisson(rng, world.visits_before_order))
            ]
    return [it for it in moments if it >= start]


def any_time(world: World, rng: Random, start: datetime) -> datetime:
    """A moment since the start, most likely in a sale."""
    clock = world.buying()
    return clock.moment(rng.uniform(clock.felt(start), clock.ends[-1]))


def visit_rows(
    world: World,
    customer: Customer | None,
    channel: str,
    visit_id: str,
    moment: datetime,
    order: Order | None = None,
) -> list[Row]:
    """Events of one visit, ending at `moment` with an order or starting at it.

    A third of the visits begins before the login; only the app numbers its
    sessions. Few events arrive late, and only these say
    when.
    """
    rng = world.rng("visit", visit_id)
    steps = visit_steps(rng, order is not None, customer is not None)
    login = len(steps) + 1
    if customer is not None:
        login = -1
        if len(steps) > 1 and rng.random() < 0.33:
            login = rng.randrange(1, len(steps))
            steps.insert(login, "login")
    gaps = [rng.uniform(8, 70) for _ in steps]
    if order:
        moment -= timedelta(seconds=sum(gaps[1:]))
    device = f"{channel[0].upper()}{customer.customer_id}" if customer else ""
    product = product_seen(world, rng, customer, order)
    device_type = rng.choice(DEVICES[channel])
    rows = []
    for index, (step, gap) in enumerate(zip(steps, gaps)):
        moment += timedelta(seconds=gap) if index else timedelta(0)
        is_product = step in ("product_view", "cart")
        is_view = step in ("page_view", "product_view")
        is_known = customer is not None and index >= login
        arrived = None
        if rng.random() < 0.02:
            arrived = moment + timedelta(minutes=rng.uniform(1, 300))
        if arrived and arrived > world.extracted_at:
            arrived = None
        rows.append({
            "event_id": "",
            "event_type": step,
            "occurred_at": stamp(rng, moment),
            "customer_id": customer.customer_id if is_known else "",
            "anonymous_id": device or f"A{visit_id}",
            "session_id": f"S{visit_id}" if channel == "app" else "",
            "device_type": device_type,
            "channel": channel,
            "product_id": product.product_id if is_product else "",
            "category": product.first_category if is_product else "",
            "page": {"page_view": "/首页", "search": "/搜索"}.get(step, ""),
            "duration_seconds": str(rng.randint(3, 180)) if is_view else "",
            "ingested_at": stamp(rng, arrived),
        })
    return rows


def product_seen(
    world: World, rng: Random, customer: Customer | None, order: Order | None
) -> Product:
    if order:
        return order.lines[0].product
    category = choose_category(rng, customer.favourite if customer else "")
    return choose_product(rng, world.seed, category)


def visit_steps(rng: Random, is_order: bool, is_known: bool) -> list[str]:
    """Event types of one visit, in order. Half of the strangers, and a third
    of the others, see one page and leave."""
    views = ["product_view"] * rng.choices((1, 2, 3), (68, 24, 8))[0]
    if is_order:
        return ["page_view", *views, "cart", "checkout", "order"]
    if rng.random() < (0.36 if is_known else 0.54):
        return [rng.choice(("page_view", "product_view"))]
    steps = [] if rng.random() < 0.4 else ["page_view"]
    if rng.random() < 0.25:
        steps.append("search")
    steps += views
    if rng.random() < (0.3 if is_known else 0.21):
        steps.append("cart")
        if rng.random() < 0.35:
            steps.append("checkout")
    return steps
