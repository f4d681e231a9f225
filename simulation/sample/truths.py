"""What the contacts of a world caused, which only its story can tell."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from simulation.sample.build import Story, tell
from simulation.sample.lists import Stay
from simulation.sample.records import Order, Touch
from simulation.sample.season import SHANGHAI
from simulation.sample.world import World

STRATEGIES = ("activation", "vip_maintenance", "wake_up")
STRATEGY_DAYS = 90
CAMPAIGN_DAYS = 30


class Planted(NamedTuple):
    """How many treated entries bought within the days only because of a contact:
    a row of `ads_cst_effect`, as it ought to be."""

    scope: str
    subject: str
    arm: str
    days: int
    caused: int


def planted_effects(world: World) -> list[Planted]:
    """The strategies in the last four quarters, and the campaigns with a control
    group of their own; buyers, not orders, so that purchases which would have
    happened anyway count for nothing."""
    story = tell(world)
    stays = story.stays
    as_of = world.extracted_at.date() - timedelta(days=1)
    rows = []
    for strategy in STRATEGIES:
        treated = [
            stay for stay in stays
            if stay.strategy == strategy
            and stay.group == "contact"
            and stay.first_list >= date(as_of.year, 1, 1)
            and stay.first_list + timedelta(days=STRATEGY_DAYS) <= as_of
        ]
        rows.append(Planted(
            "strategy", strategy, "all", STRATEGY_DAYS,
            caused_entry_buyers(story, treated),
        ))
    for campaign in story.campaigns:
        if campaign.control_share is not None:
            list_date = campaign.started_at.date() - timedelta(days=1)
            compared = {
                stay.customer_id for stay in stays
                if stay.holds(list_date) and stay.group == "contact"
            }
            touches = [
                touch for touch in story.touches
                if touch.campaign is campaign
                and not touch.is_control
                and touch.customer.customer_id in compared
            ]
            rows += [
                Planted(
                    "campaign", campaign.campaign_id, arm, CAMPAIGN_DAYS,
                    caused_touch_buyers(
                        it for it in touches if arm in ("all", it.arm)
                    ),
                )
                for arm in ("all", *campaign.arms)
            ]
    return rows


def caused_entry_buyers(story: Story, stays: Iterable[Stay]) -> int:
    """Entries that bought only because of a contact since. A campaign outside
    the strategies contacts both groups and is no part of a strategy's effect."""
    customers = {it.customer_id: it for it in story.customers}
    count = 0
    for stay in stays:
        start = midnight(stay.first_list + timedelta(days=1))
        orders = orders_within(
            customers[stay.customer_id].orders, start, STRATEGY_DAYS
        )
        count += bool(orders) and all(
            order.cause is not None
            and order.cause.touched_at >= start
            and order.cause.campaign.strategy != ""
            for order in orders
        )
    return count


def caused_touch_buyers(touches: Iterable[Touch]) -> int:
    """Contacts whose customers bought only because of them."""
    count = 0
    for touch in touches:
        orders = orders_within(
            touch.customer.orders,
            midnight(touch.touched_at.astimezone(SHANGHAI).date()),
            CAMPAIGN_DAYS,
        )
        count += bool(orders) and all(it.cause is touch for it in orders)
    return count


def orders_within(
    orders: Iterable[Order], start: datetime, days: int
) -> list[Order]:
    end = start + timedelta(days=days)
    return [
        it for it in orders if it.is_purchase and start <= it.ordered_at < end
    ]


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), SHANGHAI)
