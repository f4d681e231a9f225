"""What the contacts of a world caused, which only its story can tell."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from simulation.sample.build import Story
from simulation.sample.lists import Stay
from simulation.sample.records import Order, Touch
from simulation.sample.world import SHANGHAI


def caused_entry_buyers(
    story: Story,
    stays: Iterable[Stay],
    strategy: str,
    entries_from: date,
    entries_to: date,
    days: int,
) -> dict[str, int]:
    """By group, the entries that bought within so many days only because of a
    contact in them. A campaign outside the strategies contacts both groups and
    is no part of a strategy's effect."""
    customers = {it.customer_id: it for it in story.customers}
    counts = {"contact": 0, "hold-out": 0}
    for stay in stays:
        if (
            stay.strategy == strategy
            and stay.group in counts
            and stay.customer_id in customers
            and entries_from <= stay.first_list <= entries_to
        ):
            start = datetime.combine(
                stay.first_list + timedelta(days=1), time(0), SHANGHAI
            )
            bought = [
                order for order in customers[stay.customer_id].orders
                if order.is_purchase
                and start <= order.ordered_at < start + timedelta(days=days)
            ]
            counts[stay.group] += bool(bought) and all(
                is_caused_since(order, start) for order in bought
            )
    return counts


def is_caused_since(order: Order, start: datetime) -> bool:
    """Whether a contact of a strategy from a moment on caused an order."""
    return (
        order.cause is not None
        and order.cause.touched_at >= start
        and order.cause.campaign.strategy != ""
    )


def caused_touch_buyers(touches: Iterable[Touch], days: int) -> int:
    """The contacts whose customers bought in the days after only because of
    that contact."""
    count = 0
    for touch in touches:
        start = datetime.combine(
            touch.touched_at.astimezone(SHANGHAI).date(), time(0), SHANGHAI
        )
        bought = [
            order for order in touch.customer.orders
            if order.is_purchase
            and start <= order.ordered_at < start + timedelta(days=days)
        ]
        count += bool(bought) and all(it.cause is touch for it in bought)
    return count
