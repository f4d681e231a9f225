"""Campaigns: whom they contact, whom they hold out, what they cause."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import NamedTuple

from simulation.sample.lists import Lists, Stay, draw
from simulation.sample.orders import choose_channel, make_order
from simulation.sample.records import Campaign, Customer, Touch
from simulation.sample.season import SHANGHAI, at_shop_hour
from simulation.sample.tables import Row, flag, money, stamp
from simulation.sample.world import World, month_ends, poisson

# Before there were lists, whoever had bought nothing for so long was written
# to, all at once.
SILENT_DAYS = 60


class Kind(NamedTuple):
    """What all campaigns of a kind have in common. `budget` is in CNY. A
    campaign contacts a customer on the first of the
    strategy's lists and on each `every`th after it."""

    name: str
    strategy: str
    channels: tuple[str, ...]
    budget: int
    every: int = 1


class Channel(NamedTuple):
    """What a contact costs, in fen, and how many open it, and of these click.
    `caused` are the shares among those who buy only because of it."""

    cost: int
    opened: float
    clicked: float
    caused: tuple[float, float] = (0.85, 0.7)


CHANNELS = {
    "sms": Channel(5, 0.12, 0.45),
    "push": Channel(1, 0.08, 0.5),
    "email": Channel(2, 0.22, 0.08),
    "wecom": Channel(30, 0.55, 0.15),
    "phone": Channel(350, 0.4, 0.2),
}
KINDS = {
    "vip_maintenance": Kind(
        "高价值客户VIP维护", "vip_maintenance", ("phone", "wecom"), 1000,
        every=3,
    ),
    "activation": Kind("中价值客户激活", "activation", ("sms", "push"), 100),
    "wake_up": Kind(
        "低价值客户唤醒", "wake_up", ("sms", "email"), 100, every=6
    ),
    "first_purchase": Kind(
        "注册未购客户首购转化", "first_purchase", ("sms", "push"), 50, every=6
    ),
    "win_back": Kind("沉睡客户召回", "wake_up", ("sms",), 100),
    "mass_promotion": Kind("双十一预热", "", ("push",), 5000),
}


def run_campaigns(
    world: World, customers: Sequence[Customer], lists: Lists
) -> tuple[list[Campaign], list[Touch]]:
    """All campaigns in chronological order: each sees the orders so far."""
    by_id = {customer.customer_id: customer for customer in customers}
    campaigns: list[Campaign] = []
    touches: list[Touch] = []
    for end in month_ends(world):
        if end < world.lists_since:
            audiences = {"wake_up": silent_for(customers, end)} if (
                end == world.first_campaign_month_end
            ) else {}
            stays = []
        else:
            stays = lists.on(end, customers)
            audiences = {
                kind: find(by_id, due(stays, kind, end))
                for kind in (
                    "vip_maintenance", "activation", "wake_up",
                    "first_purchase",
                )
            }
        if end == world.promotion_month_end:
            # Also whom the strategies hold out, or its effect would pass for
            # that of the strategies.
            audiences["mass_promotion"] = find(
                by_id, stays, groups=("contact", "hold-out"),
            )
        for kind, audience in audiences.items():
            if audience:
                campaign = make_campaign(world, kind, end)
                campaigns.append(campaign)
                touches += run_campaign(world, campaign, audience)
    return campaigns, touches


def run_broken_campaign(
    world: World, customers: Sequence[Customer], lists: Lists
) -> tuple[list[Campaign], list[Touch]]:
    """A campaign that causes nothing; it held out the longest-dormant ones."""
    end = world.broken_month_end
    if end not in month_ends(world):
        return [], []
    campaign = make_campaign(world, "win_back", end)
    by_id = {customer.customer_id: customer for customer in customers}
    audience = find(by_id, (
        stay for stay in lists.stays
        if stay.holds(end) and stay.strategy == campaign.strategy
    ))
    silent_first = sorted(audience, key=lambda it: (
        last_purchase_at(it, campaign.started_at), it.customer_id,
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


def make_campaign(world: World, kind: str, month_end: date) -> Campaign:
    day_after = month_end + timedelta(days=1)
    started = datetime.combine(day_after, time(10), SHANGHAI)
    has_arms = (kind, month_end) == ("activation", world.arms_month_end)
    control_shares = {
        "mass_promotion": world.promotion_control_share,
        "win_back": world.broken_control_share,
    }
    return Campaign(
        campaign_id=f"K{month_end:%Y%m}-{kind}",
        kind=kind,
        strategy=KINDS[kind].strategy,
        started_at=started,
        ended_at=started + timedelta(days=29, hours=13, minutes=59, seconds=59),
        control_share=(
            world.arms_control_share if has_arms else control_shares.get(kind)
        ),
        arms=tuple(world.arms) if has_arms else (),
    )


def due(
    stays: Iterable[Stay], strategy: str, month_end: date
) -> Iterable[Stay]:
    """Those on a strategy's list whom a campaign contacts this month."""
    return (
        stay for stay in stays
        if stay.strategy == strategy
        and stay.months_before(month_end) % KINDS[strategy].every == 0
    )


def find(
    by_id: dict[str, Customer],
    stays: Iterable[Stay],
    groups: Sequence[str] = ("contact",),
) -> list[Customer]:
    """The customers to contact."""
    return [
        by_id[stay.customer_id]
        for stay in sorted(stays)
        if stay.group in groups and stay.customer_id in by_id
    ]


def silent_for(
    customers: Sequence[Customer], as_of: date
) -> list[Customer]:
    """Buyers with consent who have not bought for `SILENT_DAYS`."""
    day_after = as_of + timedelta(days=1)
    end = datetime.combine(day_after, time(0), SHANGHAI)
    return [
        customer for customer in customers
        if customer.has_consent
        and any(it.is_purchase and it.ordered_at < end for it in customer.orders)
        and last_purchase_at(customer, end) < end - timedelta(days=SILENT_DAYS)
    ]


def last_purchase_at(customer: Customer, before: datetime) -> datetime:
    return max(
        (
            order.ordered_at for order in customer.orders
            if order.is_purchase and order.ordered_at < before
        ),
        default=customer.registered_at,
    )


def run_campaign(
    world: World, campaign: Campaign, audience: Sequence[Customer]
) -> list[Touch]:
    """Contact the audience or hold it out; treated customers may respond."""
    touches = []
    for customer in audience:
        rng = touch_rng(world, campaign, customer)
        draw = own_draw(world, campaign, customer)
        control_share = campaign.control_share or 0
        touch = make_touch(
            rng, campaign, customer, is_control=draw < control_share
        )
        if campaign.arms and not touch.is_control:
            place = (draw - control_share) / (1 - control_share)
            touch.arm = campaign.arms[int(place * len(campaign.arms))]
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
        channel=rng.choice(KINDS[campaign.kind].channels),
        is_control=is_control,
    )


def own_draw(world: World, campaign: Campaign, customer: Customer) -> float:
    """From 0 to below 1: where the campaign's own draw puts a customer."""
    return draw(world.seed, campaign.campaign_id, customer.customer_id)


def add_caused_orders(world: World, rng: Random, touch: Touch) -> None:
    """Orders that would not exist without this contact."""
    customer = touch.customer
    mean = world.uplift.get(touch.campaign.kind, 0.0)
    if touch.arm:
        mean = world.arms[touch.arm]
    clock = world.buying()
    soon, late = (
        clock.felt(touch.touched_at + timedelta(days=days))
        for days in (1, 28)
    )
    for _ in range(poisson(rng, mean)):
        day = clock.moment(rng.uniform(soon, late))
        channel = choose_channel(rng, customer, day)
        ordered_at = at_shop_hour(rng, day, channel)
        if ordered_at < world.extracted_at:
            order = make_order(world, rng, customer, ordered_at, channel)
            order.cause = touch
            customer.orders.append(order)


def add_response(rng: Random, touch: Touch) -> None:
    """Opens, clicks, and a redemption by whichever order follows."""
    channel = CHANNELS[touch.channel]
    opened, clicked = channel.opened, channel.clicked
    if any(order.cause is touch for order in touch.customer.orders):
        opened, clicked = channel.caused
    if rng.random() >= opened:
        return
    touch.opened_at = touch.touched_at + timedelta(minutes=rng.uniform(1, 600))
    if rng.random() >= clicked:
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
    kind = KINDS[campaign.kind]
    started = campaign.started_at
    share = campaign.control_share
    return {
        "campaign_id": campaign.campaign_id,
        "campaign_name": f"{started.year}年{started.month}月{kind.name}",
        "strategy_code": campaign.strategy,
        "started_at": stamp(rng, started),
        "ended_at": stamp(rng, campaign.ended_at),
        "budget_amount": money(kind.budget * 100),
        "channel": kind.channels[0],
        "control_share": "" if share is None else str(share),
        "updated_at": stamp(rng, started - timedelta(hours=20)),
    }


def touch_row(world: World, touch: Touch, number: int) -> Row:
    rng = world.rng("touch row", number)
    moments = (
        touch.touched_at, touch.opened_at, touch.clicked_at, touch.redeemed_at,
    )
    newest = max(moment for moment in moments if moment is not None)
    cost = 0 if touch.is_control else CHANNELS[touch.channel].cost
    return {
        "touch_id": f"T{number:05d}",
        "campaign_id": touch.campaign.campaign_id,
        "customer_id": touch.customer.customer_id,
        "touched_at": stamp(rng, touch.touched_at),
        "touch_channel": "" if touch.is_control else touch.channel,
        "arm_code": touch.arm,
        "is_control": flag(touch.is_control),
        "opened_at": stamp(rng, touch.opened_at),
        "clicked_at": stamp(rng, touch.clicked_at),
        "redeemed_at": stamp(rng, touch.redeemed_at),
        "touch_cost": money(cost),
        "updated_at": stamp(rng, newest),
    }
