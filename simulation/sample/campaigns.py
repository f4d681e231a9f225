"""Campaigns: whom they contact, whom they hold out, what they cause."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import NamedTuple

from simulation.sample.orders import make_order
from simulation.sample.records import Campaign, Customer, Touch
from simulation.sample.strategies import strategies_at
from simulation.sample.tables import Row, flag, money, stamp
from simulation.sample.world import (
    SHANGHAI,
    World,
    at_shop_hour,
    month_ends,
    poisson,
)

CAMPAIGN_MONTHS = (2, 5, 8, 11)
PROMOTION_MONTH = 10


class Kind(NamedTuple):
    """What all campaigns of a strategy have in common. `cost` (of one contact)
    and `budget` are in CNY."""

    name: str
    channels: tuple[str, ...]
    cost: float
    budget: int


KINDS = {
    "vip_maintenance": Kind("高价值客户VIP维护", ("phone", "wechat"), 3.0, 2000),
    "activation": Kind("中价值客户激活", ("sms", "push"), 0.08, 1500),
    "wake_up": Kind("低价值客户唤醒", ("sms", "email"), 0.06, 800),
    "mass_promotion": Kind("双十一预热", ("push",), 0.02, 5000),
}


def run_campaigns(
    world: World, customers: Sequence[Customer]
) -> tuple[list[Campaign], list[Touch]]:
    """All campaigns in chronological order: each sees the orders so far."""
    campaigns: list[Campaign] = []
    touches: list[Touch] = []
    promotions = [
        end for end in month_ends(world) if end.month == PROMOTION_MONTH
    ]
    for end in month_ends(world):
        groups: dict[str, list[Customer]] = {}
        if end.month in CAMPAIGN_MONTHS:
            groups = strategies_at(customers, end)
        elif end in promotions[-1:]:
            groups = {"mass_promotion": registered_by(customers, end)}
        for strategy, group in groups.items():
            campaign = make_campaign(strategy, end)
            audience = pick_audience(world, campaign, group)
            campaigns.append(campaign)
            touches += run_campaign(world, campaign, audience)
    return campaigns, touches


def run_broken_campaign(
    world: World, customers: Sequence[Customer]
) -> tuple[list[Campaign], list[Touch]]:
    """A campaign that causes nothing; it held out the longest-dormant ones."""
    end = world.broken_month_end
    if end not in month_ends(world):
        return [], []
    campaign = make_campaign("wake_up", end)
    group = strategies_at(customers, end)["wake_up"]
    audience = pick_audience(world, campaign, group)
    silent_first = sorted(audience, key=lambda it: (
        max(
            order.ordered_at for order in it.orders
            if order.is_purchase and order.ordered_at < campaign.started_at
        ),
        it.customer_id,
    ))
    held_out = {
        it.customer_id
        for it in silent_first[:round(len(audience) * world.broken_share)]
    }
    return [campaign], [
        make_touch(
            touch_rng(world, campaign, customer), campaign, customer,
            is_control=customer.customer_id in held_out,
        )
        for customer in audience
    ]


def make_campaign(strategy: str, month_end: date) -> Campaign:
    day_after = month_end + timedelta(days=1)
    started = datetime.combine(day_after, time(10), SHANGHAI)
    return Campaign(
        campaign_id=f"K{month_end:%Y%m}-{strategy}",
        strategy=strategy,
        started_at=started,
        ended_at=started + timedelta(days=29, hours=13, minutes=59, seconds=59),
    )


def registered_by(
    customers: Sequence[Customer], as_of: date
) -> list[Customer]:
    return [
        customer for customer in customers
        if customer.registered_at.date() <= as_of
    ]


def pick_audience(
    world: World, campaign: Campaign, customers: Sequence[Customer]
) -> list[Customer]:
    """Customers with consent, at most `audience_limit` of them."""
    willing = [customer for customer in customers if customer.has_consent]
    rng = world.rng("audience", campaign.campaign_id)
    chosen = rng.sample(willing, min(world.audience_limit, len(willing)))
    return sorted(chosen, key=lambda it: it.customer_id)


def run_campaign(
    world: World, campaign: Campaign, audience: Sequence[Customer]
) -> list[Touch]:
    """Contact the audience or hold it out; treated customers may respond."""
    touches = []
    for customer in audience:
        rng = touch_rng(world, campaign, customer)
        touch = make_touch(
            rng, campaign, customer,
            is_control=is_held_out(world, campaign, customer),
        )
        if not touch.is_control:
            add_caused_orders(world, rng, touch)
            add_response(rng, touch)
        touches.append(touch)
    return touches


def touch_rng(world: World, campaign: Campaign, customer: Customer) -> Random:
    return world.rng("touch", campaign.campaign_id, customer.customer_id)


def make_touch(
    rng: Random, campaign: Campaign, customer: Customer, is_control: bool
) -> Touch:
    """A contact in shop hours, as campaigns start at ten in the morning."""
    return Touch(
        campaign=campaign,
        customer=customer,
        touched_at=campaign.started_at + timedelta(
            days=rng.randint(1, 2), hours=rng.uniform(0, 9)
        ),
        channel=rng.choice(KINDS[campaign.strategy].channels),
        is_control=is_control,
    )


def is_held_out(world: World, campaign: Campaign, customer: Customer) -> bool:
    text = f"{world.seed}/{campaign.campaign_id}/{customer.customer_id}"
    digest = hashlib.sha256(text.encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64 < world.control_share


def add_caused_orders(world: World, rng: Random, touch: Touch) -> None:
    """Orders that would not exist without this contact."""
    mean = world.uplift.get(touch.campaign.strategy, 0.0)
    for _ in range(poisson(rng, mean)):
        day = touch.touched_at + timedelta(days=rng.uniform(1, 28))
        ordered_at = at_shop_hour(rng, day)
        if ordered_at < world.extracted_at:
            order = make_order(world, rng, touch.customer, ordered_at)
            touch.customer.orders.append(order)


def add_response(rng: Random, touch: Touch) -> None:
    """Opens, clicks, and a redemption by whichever order follows."""
    if rng.random() >= 0.5:
        return
    touch.opened_at = touch.touched_at + timedelta(minutes=rng.uniform(1, 600))
    if rng.random() >= 0.5:
        return
    touch.clicked_at = touch.opened_at + timedelta(minutes=rng.uniform(0.2, 5))
    for order in sorted(touch.customer.orders, key=lambda it: it.ordered_at):
        is_due = touch.clicked_at < order.ordered_at <= touch.campaign.ended_at
        if is_due and order.is_purchase and not order.campaign_id:
            touch.redeemed_at = order.ordered_at
            order.campaign_id = touch.campaign.campaign_id
            return


def campaign_row(world: World, campaign: Campaign) -> Row:
    rng = world.rng("campaign", campaign.campaign_id)
    kind = KINDS[campaign.strategy]
    started = campaign.started_at
    return {
        "campaign_id": campaign.campaign_id,
        "campaign_name": f"{started.year}年{started.month}月{kind.name}",
        "strategy_code": campaign.strategy,
        "started_at": stamp(rng, started),
        "ended_at": stamp(rng, campaign.ended_at),
        "budget_amount": money(kind.budget * 100),
        "channel": kind.channels[0],
        "updated_at": stamp(rng, started - timedelta(hours=20)),
    }


def touch_row(world: World, touch: Touch, number: int) -> Row:
    rng = world.rng("touch row", number)
    moments = (
        touch.touched_at, touch.opened_at, touch.clicked_at, touch.redeemed_at,
    )
    newest = max(moment for moment in moments if moment is not None)
    cost = round(KINDS[touch.campaign.strategy].cost * 100)
    return {
        "touch_id": f"T{number:05d}",
        "campaign_id": touch.campaign.campaign_id,
        "customer_id": touch.customer.customer_id,
        "touched_at": stamp(rng, touch.touched_at),
        "touch_channel": "" if touch.is_control else touch.channel,
        "is_control": flag(touch.is_control),
        "opened_at": stamp(rng, touch.opened_at),
        "clicked_at": stamp(rng, touch.clicked_at),
        "redeemed_at": stamp(rng, touch.redeemed_at),
        "touch_cost": "0.00" if touch.is_control else money(cost),
        "updated_at": stamp(rng, newest),
    }
