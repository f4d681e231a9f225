"""Write the sample extract: seven ODS tables as CSV, with known truths.

    python scripts/generate_sample.py [--out DIR] [--seed N]
    python scripts/generate_sample.py --cases     # the ugly cases, Markdown

The same seed gives the same bytes. Only the standard library is used.

What is planted (`World` holds the numbers, tests build other worlds):

* Purchases follow BG/NBD: a buyer's weekly rate is Gamma(shape
  `rate_shape`, rate `rate_weeks`), the chance to leave for good after each
  purchase is Beta(`leave_a`, `leave_b`). Order amounts follow Gamma-Gamma
  with `amount_p`, `amount_q`, `amount_gamma` (CNY).
* `uplift` is the number of additional orders that one contact causes within
  30 days, by strategy: 0.45 for `activation`, 0.05 for `vip_maintenance`
  (real, but too small to prove with this many customers), 0 for `wake_up`
  and for the campaign outside the strategies. Additional orders change
  nothing else in the life of a customer.
* A share `control_share` of every campaign's audience is held out, by a hash
  of campaign and customer. Redemptions also come from orders that would have
  happened anyway, so they prove nothing.
* One more campaign of `wake_up`, at `broken_month_end`, held out the wrong
  customers: the `broken_share` of its audience who had not bought for longest.
  It causes nothing, but would look like a success; no estimate may be given.
* In the `low_csat_days` days after a ticket that was rated 1 or 2 is
  resolved, a purchase that was due happens only with the probability
  `low_csat_order_share`; the others are lost.
* `UGLY_CASES` is every awkward row, with what must become of it.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from itertools import compress
from pathlib import Path
from random import Random

# Without daylight saving since 1991, so a fixed offset is exact.
SHANGHAI = timezone(timedelta(hours=8))
DEFAULT_OUT = Path(__file__).resolve().parents[1] / "seeds" / "ods"

Row = dict[str, str]
Tables = dict[str, list[Row]]

CUSTOMER = "ods_cst_customer"
ORDER = "ods_trd_order"
REFUND = "ods_trd_refund"
EVENT = "ods_log_event"
TICKET = "ods_svc_ticket"
CAMPAIGN = "ods_prm_campaign"
TOUCH = "ods_prm_touch"

COLUMNS: dict[str, tuple[str, ...]] = {
    CUSTOMER: (
        "customer_id", "registered_at", "updated_at", "gender", "birth_date",
        "city", "province", "member_level", "acquisition_channel",
        "acquisition_cost", "email", "mobile", "contact_consent",
        "is_deleted", "merged_into_customer_id",
    ),
    ORDER: (
        "order_id", "customer_id", "ordered_at", "order_status",
        "order_amount", "updated_at", "paid_at", "discount_amount",
        "freight_amount", "order_channel", "campaign_id", "currency_code",
    ),
    REFUND: (
        "refund_id", "order_id", "refunded_at", "refund_amount", "updated_at",
        "refund_reason",
    ),
    EVENT: (
        "event_id", "event_type", "occurred_at", "customer_id",
        "anonymous_id", "session_id", "device_type", "channel", "product_id",
        "category", "page", "duration_seconds", "ingested_at",
    ),
    TICKET: (
        "ticket_id", "customer_id", "created_at", "ticket_status",
        "updated_at", "order_id", "channel", "category", "first_responded_at",
        "resolved_at", "csat_score", "nps_score",
    ),
    CAMPAIGN: (
        "campaign_id", "campaign_name", "strategy_code", "started_at",
        "ended_at", "budget_amount", "channel", "updated_at",
    ),
    TOUCH: (
        "touch_id", "campaign_id", "customer_id", "touched_at",
        "touch_channel", "is_control", "opened_at", "clicked_at",
        "redeemed_at", "touch_cost", "updated_at",
    ),
}

# Local hour of day: share of shop traffic.
HOUR_WEIGHTS = (
    4, 2, 1, 1, 1, 1, 3, 6, 10, 14, 18, 17,
    16, 13, 12, 12, 13, 14, 16, 20, 26, 28, 20, 10,
)
CITIES = (
    ("上海", "上海"), ("北京", "北京"), ("广州", "广东"), ("深圳", "广东"),
    ("杭州", "浙江"), ("宁波", "浙江"), ("南京", "江苏"), ("苏州", "江苏"),
    ("成都", "四川"), ("武汉", "湖北"), ("西安", "陕西"), ("重庆", "重庆"),
    ("长沙", "湖南"), ("青岛", "山东"), ("厦门", "福建"), ("昆明", "云南"),
)
CITY_WEIGHTS = (16, 14, 9, 10, 9, 4, 6, 6, 7, 6, 4, 5, 4, 3, 3, 2)
MEMBER_LEVELS = ("普通", "银卡", "金卡", "钻石")
# Acquisition channel: share of customers, mean cost in CNY.
ACQUISITION = {
    "organic": (28, 0.0), "search_ads": (22, 38.0), "social": (20, 25.0),
    "kol": (12, 55.0), "referral": (11, 15.0), "store": (7, 8.0),
}
CHANNELS = ("app", "mini_program", "web", "store")
CHANNEL_WEIGHTS = (40, 30, 20, 10)
DEVICES = {
    "app": ("mobile",), "mini_program": ("mobile",),
    "web": ("desktop", "desktop", "mobile", "tablet"),
}
CATEGORIES = ("女装", "男装", "美妆", "母婴", "食品", "家居", "数码", "运动")
REFUND_REASONS = ("七天无理由", "质量问题", "尺码不合适", "发错货", "与描述不符")
TICKET_CHANNELS = ("chat", "phone", "mini_program", "email")
ORDER_TICKETS = ("物流", "质量", "退款", "发票")
OTHER_TICKETS = ("咨询", "账户", "会员权益")

CAMPAIGN_MONTHS = (2, 5, 8, 11)
PROMOTION_MONTH = 10
# Strategy: name, channels, cost of one contact and budget in CNY.
CAMPAIGN_KINDS = {
    "vip_maintenance": ("高价值客户VIP维护", ("phone", "wechat"), 3.0, 2000),
    "activation": ("中价值客户激活", ("sms", "push"), 0.08, 1500),
    "wake_up": ("低价值客户唤醒", ("sms", "email"), 0.06, 800),
    "mass_promotion": ("双十一预热", ("push",), 0.02, 5000),
}


@dataclass(frozen=True)
class World:
    """Parameters of the simulated company.

    Money is CNY, shares are 0 to 1. `audience_limit` is customers per
    campaign, `browsing_sessions` the mean number of visits without an order
    per customer in the newest `event_days`. `broken_month_end` None: no
    campaign whose hold-out was drawn wrongly.
    """

    seed: int = 11
    customers: int = 600
    first_date: date = date(2024, 1, 1)
    extracted_at: datetime = datetime(2026, 1, 1, 3, tzinfo=SHANGHAI)
    prospect_share: float = 0.08
    rate_shape: float = 0.6
    rate_weeks: float = 3.0
    leave_a: float = 0.8
    leave_b: float = 2.5
    amount_p: float = 6.0
    amount_q: float = 4.0
    amount_gamma: float = 90.0
    cancelled_share: float = 0.03
    unpaid_share: float = 0.02
    refund_share: float = 0.06
    order_ticket_share: float = 0.12
    other_ticket_share: float = 0.25
    low_csat_days: int = 90
    low_csat_order_share: float = 0.4
    control_share: float = 0.1
    uplift: Mapping[str, float] = field(default_factory=lambda: {
        "activation": 0.45, "vip_maintenance": 0.05, "wake_up": 0.0,
    })
    audience_limit: int = 260
    broken_month_end: date | None = date(2025, 9, 30)
    broken_share: float = 0.4
    event_days: int = 184
    browsing_sessions: float = 0.75
    anonymous_visits: int = 30
    last_morning_orders: int = 4
    has_ugly_cases: bool = True

    def rng(self, *parts: object) -> Random:
        """Own random numbers for each thing, so that one more customer or
        campaign leaves all others as they are."""
        return Random("/".join(map(str, (self.seed, *parts))))

    def opens_at(self) -> datetime:
        """First moment of the first business date."""
        return datetime.combine(self.first_date, time(0), SHANGHAI)


@dataclass
class Customer:
    customer_id: str
    registered_at: datetime
    is_prospect: bool
    weekly_rate: float
    leave_chance: float
    amount_rate: float
    channel: str
    has_consent: bool
    orders: list[Order] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)


@dataclass
class Order:
    """`amount` and `discount` are in fen (0.01 CNY)."""

    customer: Customer
    ordered_at: datetime
    steps: list[tuple[str, datetime]]
    amount: int
    discount: int
    channel: str
    order_id: str = ""
    campaign_id: str = ""

    @property
    def paid_at(self) -> datetime | None:
        return dict(self.steps).get("paid")

    @property
    def is_purchase(self) -> bool:
        return self.paid_at is not None


@dataclass
class Ticket:
    customer: Customer
    order: Order | None
    created_at: datetime
    responded_at: datetime
    resolved_at: datetime
    csat: int | None
    nps: int | None
    ticket_id: str = ""

    @property
    def is_low(self) -> bool:
        return self.csat is not None and self.csat <= 2


@dataclass(frozen=True)
class Campaign:
    campaign_id: str
    strategy: str
    started_at: datetime
    ended_at: datetime


@dataclass
class Touch:
    campaign: Campaign
    customer: Customer
    touched_at: datetime
    channel: str
    is_control: bool
    opened_at: datetime | None = None
    clicked_at: datetime | None = None
    redeemed_at: datetime | None = None


# --- Text -------------------------------------------------------------------


def money(fen: int) -> str:
    """CNY with two decimals from fen."""
    return f"{fen // 100}.{fen % 100:02d}"


def utc_text(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def stamp(rng: Random, moment: datetime | None) -> str:
    """Text of a moment: mostly UTC, some with an offset, some without."""
    if moment is None:
        return ""
    draw = rng.random()
    if draw < 0.90:
        return utc_text(moment)
    if draw < 0.97:
        hours = 8 if draw < 0.95 else -5 if draw < 0.96 else 9
        local = moment.astimezone(timezone(timedelta(hours=hours)))
        return local.isoformat(timespec="seconds")
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


def flag(value: bool) -> str:
    return "true" if value else "false"


# --- Time -------------------------------------------------------------------


def at_shop_hour(rng: Random, moment: datetime) -> datetime:
    """The same local date, at a time of day when people shop."""
    hour = rng.choices(range(24), HOUR_WEIGHTS)[0]
    clock = time(hour, rng.randrange(60), rng.randrange(60))
    return datetime.combine(moment.astimezone(SHANGHAI).date(), clock, SHANGHAI)


def month_ends(world: World) -> list[date]:
    """Last days of the months that are over, with two weeks after them."""
    ends = []
    year, month = world.first_date.year, world.first_date.month
    newest = world.extracted_at.astimezone(SHANGHAI).date() - timedelta(days=14)
    while True:
        year, month = year + month // 12, month % 12 + 1
        end = date(year, month, 1) - timedelta(days=1)
        if end > newest:
            return ends
        ends.append(end)


# --- Customers, orders, tickets ---------------------------------------------


def make_customer(world: World, number: int) -> Customer:
    customer_id = f"C{number:05d}"
    rng = world.rng("customer", customer_id)
    start = world.opens_at() - timedelta(days=120)
    days = (world.extracted_at - start).days - 20
    # More customers register early, so that most lives can be observed.
    joined = start + timedelta(days=days * rng.random() ** 1.25)
    return Customer(
        customer_id=customer_id,
        registered_at=at_shop_hour(rng, joined),
        is_prospect=rng.random() < world.prospect_share,
        weekly_rate=weekly_rate(world, rng),
        leave_chance=rng.betavariate(world.leave_a, world.leave_b),
        amount_rate=rng.gammavariate(world.amount_q, 1 / world.amount_gamma),
        channel=rng.choices(CHANNELS, CHANNEL_WEIGHTS)[0],
        has_consent=rng.random() < 0.92,
    )


def weekly_rate(world: World, rng: Random) -> float:
    """Purchases per week. Not below one in 200 years: a waiting time has to
    fit into a `timedelta`."""
    rate = rng.gammavariate(world.rate_shape, 1 / world.rate_weeks)
    return max(rate, 1e-4)


def order_steps(
    world: World, rng: Random, ordered_at: datetime
) -> list[tuple[str, datetime]]:
    """Status and moment of each step until the extract was taken."""
    paid = ordered_at + timedelta(minutes=rng.uniform(0.5, 15))
    shipped = paid + timedelta(hours=rng.uniform(8, 40))
    completed = shipped + timedelta(days=rng.uniform(2, 9))
    cancelled = ordered_at + timedelta(hours=24)
    draw = rng.random()
    steps = [("pending", ordered_at)]
    if draw < world.cancelled_share:
        steps.append(("cancelled", cancelled))
    elif draw >= world.cancelled_share + world.unpaid_share:
        steps += [
            ("paid", paid), ("shipped", shipped), ("completed", completed),
        ]
    return [step for step in steps if step[1] <= world.extracted_at]


def make_order(
    world: World, rng: Random, customer: Customer, ordered_at: datetime
) -> Order:
    amount = rng.gammavariate(world.amount_p, 1 / customer.amount_rate)
    fen = max(100, round(amount * 100))
    has_discount = rng.random() < 0.3
    is_usual = rng.random() < 0.75
    return Order(
        customer=customer,
        ordered_at=ordered_at,
        steps=order_steps(world, rng, ordered_at),
        amount=fen,
        discount=round(fen * rng.uniform(0.05, 0.25)) if has_discount else 0,
        channel=customer.channel if is_usual else rng.choice(CHANNELS),
    )


def make_ticket(
    rng: Random, customer: Customer, order: Order | None, after: datetime
) -> Ticket:
    """A ticket; slow answers get worse ratings."""
    created = at_shop_hour(rng, after)
    responded = created + timedelta(minutes=rng.lognormvariate(3.2, 1.2))
    hours = rng.lognormvariate(2.6, 1.1)
    is_slow = hours > 48
    weights = (30, 25, 20, 15, 10) if is_slow else (6, 8, 15, 32, 39)
    csat = rng.choices(range(1, 6), weights)[0]
    nps = min(10, max(0, 2 * csat + rng.randint(-2, 1)))
    return Ticket(
        customer=customer,
        order=order,
        created_at=created,
        responded_at=responded,
        resolved_at=responded + timedelta(hours=hours),
        csat=csat if rng.random() < 0.75 else None,
        nps=nps if rng.random() < 0.35 else None,
    )


def first_purchase_at(
    world: World, rng: Random, customer: Customer
) -> datetime:
    """Half of the buyers order on registering, the others weeks later."""
    earliest = max(customer.registered_at, world.opens_at())
    if rng.random() < 0.5 and customer.registered_at == earliest:
        return earliest + timedelta(minutes=rng.uniform(15, 60))
    later = earliest + timedelta(days=1 + rng.expovariate(1 / 20))
    return at_shop_hour(rng, later)


def is_lost(
    world: World, rng: Random, customer: Customer, moment: datetime
) -> bool:
    """Whether a bad service experience prevents the purchase."""
    spell = timedelta(days=world.low_csat_days)
    is_unhappy = any(
        ticket.is_low
        and ticket.resolved_at <= moment < ticket.resolved_at + spell
        for ticket in customer.tickets
    )
    return is_unhappy and rng.random() >= world.low_csat_order_share


def live(world: World, customer: Customer) -> None:
    """Fill in a customer's own orders and tickets, in order of time."""
    rng = world.rng("life", customer.customer_id)
    open_span = world.extracted_at - customer.registered_at
    if rng.random() < world.other_ticket_share:
        after = customer.registered_at + rng.random() * open_span
        ticket = make_ticket(rng, customer, None, after)
        if customer.registered_at < ticket.created_at < world.extracted_at:
            customer.tickets.append(ticket)
    if customer.is_prospect:
        return
    moment = ordered_at = first_purchase_at(world, rng, customer)
    while ordered_at < world.extracted_at:
        is_first = not customer.orders
        if not is_lost(world, rng, customer, ordered_at):
            purchase(world, rng, customer, ordered_at)
            # BG/NBD: nobody leaves on the purchase that starts the clock.
            if not is_first and rng.random() < customer.leave_chance:
                return
        moment += timedelta(weeks=rng.expovariate(customer.weekly_rate))
        if moment >= world.extracted_at:
            return
        ordered_at = max(
            at_shop_hour(rng, moment), ordered_at + timedelta(hours=1)
        )


def purchase(
    world: World, rng: Random, customer: Customer, ordered_at: datetime
) -> None:
    """One order, and perhaps a ticket about it."""
    order = make_order(world, rng, customer, ordered_at)
    customer.orders.append(order)
    if rng.random() < world.order_ticket_share:
        after = ordered_at + timedelta(days=rng.uniform(1, 8))
        ticket = make_ticket(rng, customer, order, after)
        if ticket.created_at < world.extracted_at:
            customer.tickets.append(ticket)


def add_last_morning(world: World, customers: Sequence[Customer]) -> None:
    """Orders on the date of the extract, which is therefore incomplete."""
    rng = world.rng("last morning")
    midnight = world.extracted_at.replace(hour=0, minute=0, second=0)
    seconds = (world.extracted_at - midnight).total_seconds()
    buyers = [customer for customer in customers if customer.orders]
    for customer in rng.sample(
        buyers, min(world.last_morning_orders, len(buyers))
    ):
        moment = midnight + timedelta(seconds=rng.uniform(0.1, 0.8) * seconds)
        customer.orders.append(make_order(world, rng, customer, moment))


# --- Campaigns --------------------------------------------------------------


def quintiles(values: Sequence[int], are_active: Sequence[bool]) -> list[int]:
    """Scores 1 to 5: one more than the number of cut points below, which are
    drawn from the active customers."""
    ranked = sorted(compress(values, are_active))
    # The n-th cut point: the smallest value that n fifths do not surpass.
    cuts = [ranked[-(-len(ranked) * fifth // 5) - 1] for fifth in range(1, 5)]
    return [1 + sum(cut < value for cut in cuts) for value in values]


def strategies_at(
    customers: Sequence[Customer], as_of: date
) -> dict[str, list[Customer]]:
    """Buyers by the strategy that their value suggests on a date."""
    end = datetime.combine(as_of + timedelta(days=1), time(0), SHANGHAI)
    start = end - timedelta(days=365)
    buyers, measures = [], []
    for customer in customers:
        bought = [
            order for order in customer.orders
            if order.is_purchase and order.ordered_at < end
        ]
        if not bought:
            continue
        recent = [order for order in bought if order.ordered_at >= start]
        newest = max(order.ordered_at for order in bought)
        spent = sum(order.amount for order in recent)
        buyers.append(customer)
        measures.append((newest.date().toordinal(), len(recent), spent))
    groups: dict[str, list[Customer]] = {
        "vip_maintenance": [], "activation": [], "wake_up": [],
    }
    are_active = [recent_count > 0 for _, recent_count, _ in measures]
    if any(are_active):
        scores = zip(*(
            quintiles(column, are_active) for column in zip(*measures)
        ))
        for customer, triple in zip(buyers, scores):
            groups[strategy_for(*triple)].append(customer)
    return groups


def strategy_for(recency: int, frequency: int, monetary: int) -> str:
    """Strategy for RFM scores, by the rules in `seeds/rules/`."""
    breadth = (frequency + monetary + 1) // 2
    if recency >= 4 and breadth == 1:
        return "activation"
    if recency <= 2 and breadth >= 3:
        return "wake_up"
    total = recency + frequency + monetary
    if total >= 12:
        return "vip_maintenance"
    return "activation" if total >= 8 else "wake_up"


def make_campaign(strategy: str, month_end: date) -> Campaign:
    day_after = month_end + timedelta(days=1)
    started = datetime.combine(day_after, time(10), SHANGHAI)
    return Campaign(
        campaign_id=f"K{month_end:%Y%m}-{strategy}",
        strategy=strategy,
        started_at=started,
        ended_at=started + timedelta(days=29, hours=13, minutes=59, seconds=59),
    )


def is_held_out(world: World, campaign: Campaign, customer: Customer) -> bool:
    text = f"{world.seed}/{campaign.campaign_id}/{customer.customer_id}"
    digest = hashlib.sha256(text.encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64 < world.control_share


def poisson(rng: Random, mean: float) -> int:
    """A Poisson number (Knuth's product of uniforms)."""
    count, product, floor = 0, rng.random(), math.exp(-mean)
    while product > floor:
        count, product = count + 1, product * rng.random()
    return count


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
    """Opens, clicks, and a redemption by any order that follows."""
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


def run_campaign(
    world: World, campaign: Campaign, audience: Sequence[Customer]
) -> list[Touch]:
    """Contact an audience, or hold out; treated customers may respond."""
    touches = []
    _, channels, _, _ = CAMPAIGN_KINDS[campaign.strategy]
    for customer in audience:
        rng = world.rng("touch", campaign.campaign_id, customer.customer_id)
        # In shop hours: campaigns start at ten in the morning.
        touched = campaign.started_at + timedelta(
            days=rng.randint(1, 2), hours=rng.uniform(0, 9)
        )
        touch = Touch(
            campaign=campaign,
            customer=customer,
            touched_at=touched,
            channel=rng.choice(channels),
            is_control=is_held_out(world, campaign, customer),
        )
        if not touch.is_control:
            add_caused_orders(world, rng, touch)
            add_response(rng, touch)
        touches.append(touch)
    return touches


def pick_audience(
    world: World, campaign: Campaign, customers: Sequence[Customer]
) -> list[Customer]:
    """Those who agreed to be contacted, at most `audience_limit`."""
    willing = [customer for customer in customers if customer.has_consent]
    rng = world.rng("audience", campaign.campaign_id)
    chosen = rng.sample(willing, min(world.audience_limit, len(willing)))
    return sorted(chosen, key=lambda it: it.customer_id)


def run_campaigns(
    world: World, customers: Sequence[Customer]
) -> tuple[list[Campaign], list[Touch]]:
    """All campaigns in order of time: each sees the orders so far."""
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
    """A campaign that causes nothing, and held out those silent for longest."""
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
    touches = []
    for customer in audience:
        rng = world.rng("touch", campaign.campaign_id, customer.customer_id)
        touches.append(Touch(
            campaign=campaign,
            customer=customer,
            touched_at=campaign.started_at + timedelta(
                days=rng.randint(1, 2), hours=rng.uniform(0, 9)
            ),
            channel=rng.choice(CAMPAIGN_KINDS["wake_up"][1]),
            is_control=customer.customer_id in held_out,
        ))
    return [campaign], touches


def registered_by(
    customers: Sequence[Customer], as_of: date
) -> list[Customer]:
    return [
        customer for customer in customers
        if customer.registered_at.date() <= as_of
    ]


# --- Rows -------------------------------------------------------------------


def customer_rows(world: World, customer: Customer) -> list[Row]:
    """Versions of a customer: about 15 % move or change level."""
    rng = world.rng("profile", customer.customer_id)
    row = first_profile(rng, customer)
    rows = [row]
    if rng.random() >= 0.15:
        return rows
    span = (world.extracted_at - customer.registered_at).total_seconds()
    for moment in sorted(rng.random() for _ in range(rng.randint(1, 3))):
        row = dict(rows[-1])
        changed = customer.registered_at + timedelta(seconds=moment * span)
        row["updated_at"] = stamp(rng, changed)
        change_profile(rng, row)
        rows.append(row)
    return rows


def first_profile(rng: Random, customer: Customer) -> Row:
    city, province = rng.choices(CITIES, CITY_WEIGHTS)[0]
    shares = [share for share, _ in ACQUISITION.values()]
    source = rng.choices(list(ACQUISITION), shares)[0]
    mean_cost = ACQUISITION[source][1]
    registered = stamp(rng, customer.registered_at)
    born = date(1960, 1, 1) + timedelta(days=rng.randrange(365 * 46))
    digits = customer.customer_id[1:]
    return {
        "customer_id": customer.customer_id,
        "registered_at": registered,
        "updated_at": registered,
        "gender": rng.choices(("female", "male", "unknown"), (55, 38, 7))[0],
        "birth_date": born.isoformat() if rng.random() < 0.8 else "",
        "city": city,
        "province": province,
        "member_level": rng.choices(MEMBER_LEVELS, (70, 18, 9, 3))[0],
        "acquisition_channel": source,
        "acquisition_cost": money(round(mean_cost * rng.uniform(60, 140))),
        "email": f"user{digits}@example.com" if rng.random() < 0.7 else "",
        # Not an assigned mobile prefix, so nobody's number.
        "mobile": f"100000{digits}",
        "contact_consent": flag(customer.has_consent),
        "is_deleted": "false",
        "merged_into_customer_id": "",
    }


def change_profile(rng: Random, row: Row) -> None:
    """Move one level up, or to another city."""
    level = MEMBER_LEVELS.index(row["member_level"])
    if rng.random() < 0.6 and level + 1 < len(MEMBER_LEVELS):
        row["member_level"] = MEMBER_LEVELS[level + 1]
        return
    elsewhere = [place for place in CITIES if place[0] != row["city"]]
    row["city"], row["province"] = rng.choice(elsewhere)


def order_rows(world: World, order: Order) -> list[Row]:
    """The newest version, and for about 10 % an earlier one before it."""
    rng = world.rng("order", order.order_id)
    ordered, paid = stamp(rng, order.ordered_at), stamp(rng, order.paid_at)
    freight = rng.choice((0, 0, 600, 1000))
    kept = order.steps[-1:]
    if len(order.steps) > 1 and rng.random() < 0.1:
        kept = [rng.choice(order.steps[:-1]), *kept]
    return [
        {
            "order_id": order.order_id,
            "customer_id": order.customer.customer_id,
            "ordered_at": ordered,
            "order_status": status,
            "order_amount": money(order.amount),
            "updated_at": stamp(rng, moment),
            "paid_at": "" if status == "pending" else paid,
            "discount_amount": money(order.discount),
            "freight_amount": money(freight),
            "order_channel": order.channel,
            "campaign_id": order.campaign_id,
            "currency_code": "CNY",
        }
        for status, moment in kept
    ]


def refund_parts(rng: Random, amount: int) -> list[int]:
    """Fen of each refund of one order: full, partial, or two partial."""
    draw = rng.random()
    part = round(amount * rng.uniform(0.2, 0.6))
    if draw < 0.6:
        return [amount]
    return [part] if draw < 0.9 else [part, (amount - part) // 2]


def refund_rows(world: World, orders: Iterable[Order]) -> list[Row]:
    rows = []
    for order in orders:
        rng = world.rng("refund", order.order_id)
        if not order.is_purchase or rng.random() >= world.refund_share:
            continue
        refunded = order.ordered_at
        reason = rng.choice(REFUND_REASONS)
        for part in refund_parts(rng, order.amount):
            refunded += timedelta(days=rng.uniform(2, 25))
            if refunded >= world.extracted_at:
                break
            rows.append({
                "refund_id": f"R{len(rows) + 1:04d}",
                "order_id": order.order_id,
                "refunded_at": stamp(rng, refunded),
                "refund_amount": money(part),
                "updated_at": stamp(rng, refunded),
                "refund_reason": reason,
            })
    return rows


def ticket_rows(world: World, ticket: Ticket) -> list[Row]:
    """The newest version, and for about 10 % the first one before it."""
    rng = world.rng("ticket", ticket.ticket_id)
    topics = ORDER_TICKETS if ticket.order else OTHER_TICKETS
    is_answered = ticket.responded_at <= world.extracted_at
    # Some are never closed; nobody rates an open ticket.
    is_resolved = (
        ticket.resolved_at <= world.extracted_at
        and (ticket.csat is not None or rng.random() >= 0.15)
    )
    opened = {
        "ticket_id": ticket.ticket_id,
        "customer_id": ticket.customer.customer_id,
        "created_at": stamp(rng, ticket.created_at),
        "ticket_status": "open",
        "updated_at": stamp(rng, ticket.created_at),
        "order_id": ticket.order.order_id if ticket.order else "",
        "channel": rng.choice(TICKET_CHANNELS),
        "category": rng.choice(topics),
        "first_responded_at": "",
        "resolved_at": "",
        "csat_score": "",
        "nps_score": "",
    }
    if not is_answered:
        return [opened]
    newest = opened | {
        "ticket_status": "in_progress",
        "updated_at": stamp(rng, ticket.responded_at),
        "first_responded_at": stamp(rng, ticket.responded_at),
    }
    if is_resolved:
        newest |= {
            "ticket_status": "resolved",
            "updated_at": stamp(rng, ticket.resolved_at),
            "resolved_at": stamp(rng, ticket.resolved_at),
            "csat_score": "" if ticket.csat is None else str(ticket.csat),
            "nps_score": "" if ticket.nps is None else str(ticket.nps),
        }
    return [opened, newest] if rng.random() < 0.1 else [newest]


def campaign_row(world: World, campaign: Campaign) -> Row:
    rng = world.rng("campaign", campaign.campaign_id)
    name, channels, _, budget = CAMPAIGN_KINDS[campaign.strategy]
    started = campaign.started_at
    return {
        "campaign_id": campaign.campaign_id,
        "campaign_name": f"{started.year}年{started.month}月{name}",
        "strategy_code": campaign.strategy,
        "started_at": stamp(rng, started),
        "ended_at": stamp(rng, campaign.ended_at),
        "budget_amount": money(budget * 100),
        "channel": channels[0],
        "updated_at": stamp(rng, started - timedelta(hours=20)),
    }


def touch_row(world: World, touch: Touch, number: int) -> Row:
    rng = world.rng("touch row", number)
    moments = (
        touch.touched_at, touch.opened_at, touch.clicked_at, touch.redeemed_at,
    )
    newest = max(moment for moment in moments if moment is not None)
    cost = round(CAMPAIGN_KINDS[touch.campaign.strategy][2] * 100)
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


# --- Events -----------------------------------------------------------------


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


def visit_rows(
    world: World,
    customer: Customer | None,
    channel: str,
    visit_id: str,
    moment: datetime,
    is_order: bool,
) -> list[Row]:
    """Events of one visit: up to `moment` (an order), or from it on.

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


def event_rows(world: World, customers: Sequence[Customer]) -> list[Row]:
    """Events of the newest `event_days`: visits with an order, or without."""
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
    """Visits of devices that nobody ever logs in on."""
    rng = world.rng("anonymous")
    rows = []
    for number in range(world.anonymous_visits):
        moment = start + rng.random() * timedelta(days=world.event_days - 1)
        rows += visit_rows(
            world, None, rng.choice(CHANNELS[:3]), f"N{number:03d}",
            at_shop_hour(rng, moment), is_order=False,
        )
    return rows


# --- Ugly cases -------------------------------------------------------------


@dataclass(frozen=True)
class UglyCase:
    """Awkward rows with one id, and what must become of them.

    `versions` override the table's plain row. Rows that are neither accepted
    nor rejected are superseded. `reason` is the warehouse's reject reason,
    `marker` the column that names the case where that is not the key.
    """

    table: str
    ugly_id: str
    planted: str
    expected: str
    versions: Sequence[Mapping[str, str]] = ({},)
    accepted: int = 1
    rejected: int = 0
    reason: str = ""
    marker: str = ""

    @property
    def superseded(self) -> int:
        return len(self.versions) - self.accepted - self.rejected

    def rows(self) -> list[Row]:
        key = COLUMNS[self.table][0]
        blank = dict.fromkeys(COLUMNS[self.table], "")
        named = {self.marker or key: self.ugly_id}
        return [
            blank | PLAIN_ROWS[self.table] | named | dict(version)
            for version in self.versions
        ]


PLAIN_CUSTOMER = "ugly-cust-plain"
SURVIVOR = "ugly-cust-survivor"
MERGED = "ugly-cust-merged"
MERGED_FIRST = "ugly-cust-merged-first"
LONG_CUSTOMER = "ugly-cust-long-".ljust(200, "x")
LONG_ORDER = "ugly-order-long-".ljust(200, "x")
HARD_TEXT = '他说"好",\n再来一单🎉'

PLAIN_ROWS: dict[str, Row] = {
    CUSTOMER: {
        "registered_at": "2024-06-01T02:00:00Z",
        "updated_at": "2024-06-01T02:00:00Z",
        "gender": "female", "birth_date": "1990-05-17",
        "city": "上海", "province": "上海", "member_level": "普通",
        "acquisition_channel": "organic", "acquisition_cost": "0.00",
        "mobile": "10000000000", "contact_consent": "true",
        "is_deleted": "false",
    },
    ORDER: {
        "customer_id": PLAIN_CUSTOMER,
        "ordered_at": "2024-11-05T02:00:00Z", "order_status": "completed",
        "order_amount": "100.00", "updated_at": "2024-11-12T02:00:00Z",
        "paid_at": "2024-11-05T02:05:00Z", "discount_amount": "0.00",
        "freight_amount": "0.00", "order_channel": "app",
        "currency_code": "CNY",
    },
    REFUND: {
        "refunded_at": "2024-11-20T02:00:00Z", "refund_amount": "30.00",
        "updated_at": "2024-11-20T02:00:00Z", "refund_reason": "质量问题",
    },
    EVENT: {
        "event_type": "page_view", "occurred_at": "2025-10-28T02:00:00Z",
        "customer_id": PLAIN_CUSTOMER, "device_type": "mobile",
        "channel": "app", "page": "/首页", "duration_seconds": "10",
        "ingested_at": "2025-10-28T02:00:05Z",
    },
    TICKET: {
        "customer_id": PLAIN_CUSTOMER, "created_at": "2025-09-10T02:00:00Z",
        "ticket_status": "resolved", "updated_at": "2025-09-11T02:00:00Z",
        "channel": "chat", "category": "物流",
        "first_responded_at": "2025-09-10T02:10:00Z",
        "resolved_at": "2025-09-11T02:00:00Z", "csat_score": "4",
    },
    CAMPAIGN: {
        "campaign_name": "测试活动", "strategy_code": "mass_promotion",
        "started_at": "2025-04-10T02:00:00Z",
        "ended_at": "2025-04-20T02:00:00Z", "budget_amount": "100.00",
        "channel": "sms", "updated_at": "2025-04-01T02:00:00Z",
    },
    TOUCH: {
        "campaign_id": "ugly-campaign-twice", "customer_id": PLAIN_CUSTOMER,
        "touched_at": "2025-04-11T02:00:00Z", "touch_channel": "sms",
        "is_control": "false", "touch_cost": "0.08",
        "updated_at": "2025-04-11T02:00:00Z",
    },
}


def accepted(
    table: str, ugly_id: str, planted: str, expected: str,
    *versions: Mapping[str, str],
) -> UglyCase:
    """The newest version counts, the others are superseded."""
    return UglyCase(table, ugly_id, planted, expected, versions or ({},))


def rejected(
    table: str, ugly_id: str, planted: str, reason: str,
    version: Mapping[str, str], marker: str = "",
) -> UglyCase:
    """One row that the warehouse must refuse."""
    return UglyCase(
        table, ugly_id, planted, "changes nothing", (version,),
        accepted=0, rejected=1, reason=reason, marker=marker,
    )


CUSTOMER_CASES = (
    accepted(
        CUSTOMER, PLAIN_CUSTOMER, "nothing: owner of most ugly rows",
        "on 2025-12-31: nine purchases that are not fully refunded, net "
        "728.00 in all, four of them (400.00) in the last 365 days",
        {"email": "ugly-plain@example.com"},
    ),
    accepted(
        CUSTOMER, "ugly-cust-twice", "same row delivered twice",
        "one customer, one version", {}, {},
    ),
    accepted(
        CUSTOMER, SURVIVOR, f"survives the merge of `{MERGED}`",
        f"also has the orders, tickets and touches of `{MERGED}`", {},
    ),
    accepted(
        CUSTOMER, MERGED, f"merged into `{SURVIVOR}` on 2025-06-15",
        f"everything is credited to `{SURVIVOR}`; no customer of its own", {},
        {
            "updated_at": "2025-06-15T02:00:00Z",
            "merged_into_customer_id": SURVIVOR,
        },
    ),
    accepted(
        CUSTOMER, MERGED_FIRST, f"merged into `{MERGED}`, itself merged later",
        f"everything is credited to `{SURVIVOR}`; no customer of its own",
        {
            "updated_at": "2025-02-15T02:00:00Z",
            "merged_into_customer_id": MERGED,
        },
    ),
    accepted(
        CUSTOMER, "ugly-cust-deleted",
        "erasure request on 2025-08-01; the old version still has the "
        "personal data, the new one still the mobile number",
        "orders stay in the totals; personal columns null in every version; "
        "never in an audience",
        {"email": "ugly-deleted@example.com", "mobile": "10000000009"},
        {
            "updated_at": "2025-08-01T02:00:00Z", "mobile": "10000000009",
            "is_deleted": "true",
        },
    ),
    accepted(
        CUSTOMER, "ugly-cust-late", "registers 2025-06-10, after an order",
        "see `ugly-order-before-registration`",
        {
            "registered_at": "2025-06-10T02:00:00Z",
            "updated_at": "2025-06-10T02:00:00Z",
        },
    ),
    accepted(
        CUSTOMER, "00042", "leading zeros", "not the same as `42`", {},
    ),
    accepted(
        CUSTOMER, "42", "equal to `00042` as a number",
        "not the same as `00042`", {},
    ),
    accepted(
        CUSTOMER, LONG_CUSTOMER, "id of 200 characters", "kept whole", {},
    ),
    accepted(
        CUSTOMER, "ugly-cust-text",
        "quotes, comma, line break, emoji in the city; empty gender; blanks "
        "as province",
        "city unchanged; gender and province null",
        {"city": HARD_TEXT, "gender": "", "province": "  "},
    ),
    rejected(
        CUSTOMER, "ugly-cust-future-birth", "born 2090-05-17",
        "born_after_registration", {"birth_date": "2090-05-17"},
    ),
    rejected(
        CUSTOMER, "ugly-cust-future",
        "registered 2099, version written 2025",
        "registered_in_the_future",
        {
            "registered_at": "2099-01-01T00:00:00Z",
            "updated_at": "2025-03-01T02:00:00Z",
        },
    ),
    rejected(
        CUSTOMER, "ugly-cust-bad-time", "registered_at `昨天`",
        "unreadable_registered_at", {"registered_at": "昨天"},
    ),
    rejected(
        CUSTOMER, "ugly-cust-no-key@example.com", "no customer_id",
        "missing_customer_id", {}, marker="email",
    ),
)

ORDER_CASES = (
    accepted(
        ORDER, "ugly-order-twice", "same row delivered twice",
        "counts once", {}, {},
    ),
    accepted(
        ORDER, "ugly-order-cancelled-later",
        "paid 2025-01-28, cancelled 2025-02-05; the newer version comes "
        "first in the file",
        "not a purchase, also not on 2025-01-31 once the new version is known",
        {
            "ordered_at": "2025-01-28T02:00:00Z",
            "paid_at": "2025-01-28T02:05:00Z",
            "updated_at": "2025-02-05T02:00:00Z", "order_status": "cancelled",
        },
        {
            "ordered_at": "2025-01-28T02:00:00Z",
            "paid_at": "2025-01-28T02:05:00Z",
            "updated_at": "2025-01-28T02:05:00Z", "order_status": "paid",
        },
    ),
    accepted(
        ORDER, "ugly-order-version-offset",
        "the text of the older updated_at sorts after the newer one "
        "(2025-06-02T02:00+08:00 against 2025-06-01T20:00Z)",
        "status `completed`: moments are compared, not text",
        {
            "ordered_at": "2025-06-01T17:50:00Z",
            "paid_at": "2025-06-01T17:55:00Z",
            "updated_at": "2025-06-02T02:00:00+08:00", "order_status": "paid",
        },
        {
            "ordered_at": "2025-06-01T17:50:00Z",
            "paid_at": "2025-06-01T17:55:00Z",
            "updated_at": "2025-06-01T20:00:00Z",
        },
    ),
    UglyCase(
        ORDER, "ugly-order-bad-version",
        "a good version of 88.00, then one whose amount is `abc`",
        "the good version stays",
        (
            {"order_amount": "88.00", "updated_at": "2024-11-05T02:05:00Z",
             "order_status": "paid"},
            {"order_amount": "abc"},
        ),
        accepted=1, rejected=1, reason="unreadable_order_amount",
    ),
    accepted(
        ORDER, "ugly-order-refund-late", "`ugly-refund-late` comes 196 days on",
        "full amount until 2025-05-19, no purchase from 2025-05-20", {},
    ),
    accepted(
        ORDER, "ugly-order-refund-partial", "refunded in part",
        "100.00 until 2024-11-19, 70.00 from 2024-11-20", {},
    ),
    accepted(
        ORDER, "ugly-order-refund-repeated",
        "300.00, three refunds of 100.00 in three months",
        "200.00, 100.00, and no purchase from 2025-01-20",
        {"order_amount": "300.00"},
    ),
    accepted(
        ORDER, "ugly-order-refund-over", "100.00, refunded 150.00",
        "fully refunded: no purchase from 2024-11-20", {},
    ),
    accepted(
        ORDER, "ugly-order-cancelled", "cancelled", "not a purchase",
        {"order_status": "cancelled", "paid_at": ""},
    ),
    accepted(
        ORDER, "ugly-order-pending", "never paid", "not a purchase",
        {
            "order_status": "pending", "paid_at": "",
            "updated_at": "2024-11-05T02:00:00Z",
        },
    ),
    accepted(
        ORDER, "ugly-order-zero", "amount 0.00",
        "a purchase of 0.00, not a fully refunded one",
        {"order_amount": "0.00", "discount_amount": "59.00"},
    ),
    rejected(
        ORDER, "ugly-order-no-customer", "no customer_id",
        "missing_customer_id", {"customer_id": ""},
    ),
    accepted(
        ORDER, "ugly-order-absent-customer",
        "customer `ugly-cust-absent` is not in the customer table",
        "counts for `ugly-cust-absent`, whose attributes are null; remark "
        "`customer_not_registered`",
        {"customer_id": "ugly-cust-absent"},
    ),
    accepted(
        ORDER, "ugly-order-before-registration",
        "ordered 2025-05-20, customer registers 2025-06-10",
        "counts for `ugly-cust-late` from 2025-05-20",
        {
            "customer_id": "ugly-cust-late",
            "ordered_at": "2025-05-20T02:00:00Z",
            "paid_at": "2025-05-20T02:05:00Z",
            "updated_at": "2025-05-27T02:00:00Z",
        },
    ),
    accepted(
        ORDER, "ugly-order-merged-before", f"by `{MERGED}`, before the merge",
        f"credited to `{SURVIVOR}`", {"customer_id": MERGED},
    ),
    accepted(
        ORDER, "ugly-order-merged-after",
        f"by `{MERGED}` on 2025-08-20, after the merge",
        f"credited to `{SURVIVOR}`",
        {
            "customer_id": MERGED, "ordered_at": "2025-08-20T02:00:00Z",
            "paid_at": "2025-08-20T02:05:00Z",
            "updated_at": "2025-08-27T02:00:00Z",
        },
    ),
    accepted(
        ORDER, "ugly-order-merged-first", f"by `{MERGED_FIRST}`",
        f"credited to `{SURVIVOR}`", {"customer_id": MERGED_FIRST},
    ),
    accepted(
        ORDER, "ugly-order-survivor", f"by `{SURVIVOR}` itself",
        f"`{SURVIVOR}` has four purchases", {"customer_id": SURVIVOR},
    ),
    accepted(
        ORDER, "ugly-order-deleted-customer",
        "customer is erased later", "stays in the totals",
        {"customer_id": "ugly-cust-deleted"},
    ),
    accepted(
        ORDER, "0000777", "leading zeros", "not the same as `777`",
        {"customer_id": "00042", "order_amount": "77.00"},
    ),
    accepted(
        ORDER, "777", "equal to `0000777` as a number",
        "not the same as `0000777`",
        {"customer_id": "42", "order_amount": "7.00"},
    ),
    accepted(
        ORDER, LONG_ORDER, "ids of 200 characters", "kept whole",
        {"customer_id": LONG_CUSTOMER},
    ),
    accepted(
        ORDER, "ugly-order-2330-shanghai",
        "23:30 Shanghai on 2025-03-31, given in UTC", "business date 03-31",
        {
            "ordered_at": "2025-03-31T15:30:00Z",
            "paid_at": "2025-03-31T23:35:00+08:00",
            "updated_at": "2025-04-07T02:00:00Z",
        },
    ),
    accepted(
        ORDER, "ugly-order-0030-shanghai",
        "00:30 Shanghai on 2025-04-01, given with +08:00 and -05:00",
        "business date 04-01",
        {
            "ordered_at": "2025-04-01T00:30:00+08:00",
            "paid_at": "2025-03-31T11:35:00-05:00",
            "updated_at": "2025-04-07T02:00:00Z",
        },
    ),
    accepted(
        ORDER, "ugly-order-0030-naive",
        "00:30 Shanghai on 2025-04-01, given as UTC without offset",
        "business date 04-01",
        {
            "ordered_at": "2025-03-31 16:30:00",
            "paid_at": "2025-03-31 16:35:00",
            "updated_at": "2025-04-07 02:00:00",
        },
    ),
    accepted(
        ORDER, "ugly-order-millis", "timestamps with milliseconds",
        "read like any other",
        {
            "ordered_at": "2024-11-05T02:00:00.123Z",
            "paid_at": "2024-11-05T10:05:00.456+08:00",
        },
    ),
    rejected(
        ORDER, "ugly-order-future", "ordered 2099, version written 2025",
        "ordered_in_the_future",
        {
            "ordered_at": "2099-01-01T00:00:00Z",
            "paid_at": "2099-01-01T00:05:00Z",
            "updated_at": "2025-03-01T02:00:00Z",
        },
    ),
    rejected(
        ORDER, "ugly-order-bad-amount", "amount `abc`",
        "unreadable_order_amount", {"order_amount": "abc"},
    ),
    rejected(
        ORDER, "ugly-order-negative", "amount -50.00",
        "negative_amount", {"order_amount": "-50.00"},
    ),
    rejected(
        ORDER, "ugly-order-bad-time", "ordered_at `2025-13-45 99:00`",
        "unreadable_ordered_at", {"ordered_at": "2025-13-45 99:00"},
    ),
    rejected(
        ORDER, "ugly-order-no-key", "no order_id",
        "missing_order_id", {}, marker="campaign_id",
    ),
    rejected(
        ORDER, "ugly-order-usd", "amount in USD",
        "other_currency", {"currency_code": "USD"},
    ),
)

REFUND_CASES = (
    accepted(
        REFUND, "ugly-refund-twice", "same row delivered twice",
        "takes 30.00 off `ugly-order-twice` once",
        {"order_id": "ugly-order-twice"}, {"order_id": "ugly-order-twice"},
    ),
    accepted(
        REFUND, "ugly-refund-late", "full, 196 days after the order",
        "counts from 2025-05-20",
        {
            "order_id": "ugly-order-refund-late", "refund_amount": "100.00",
            "refunded_at": "2025-05-20T02:00:00Z",
            "updated_at": "2025-05-20T02:00:00Z",
        },
    ),
    accepted(
        REFUND, "ugly-refund-partial", "30.00 of 100.00; blank reason",
        "reason null",
        {"order_id": "ugly-order-refund-partial", "refund_reason": "   "},
    ),
    *(
        accepted(
            REFUND, f"ugly-refund-repeated-{number}",
            f"part {number} of 3, 100.00 of 300.00",
            f"counts from {day}",
            {
                "order_id": "ugly-order-refund-repeated",
                "refund_amount": "100.00",
                "refunded_at": f"{day}T02:00:00Z",
                "updated_at": f"{day}T02:00:00Z",
            },
        )
        for number, day in enumerate(
            ("2024-11-20", "2024-12-20", "2025-01-20"), start=1
        )
    ),
    accepted(
        REFUND, "ugly-refund-over", "150.00 of 100.00",
        "counts as a full refund; remark `refund_above_order`",
        {"order_id": "ugly-order-refund-over", "refund_amount": "150.00"},
    ),
    accepted(
        REFUND, "ugly-refund-of-cancelled", "of a cancelled order",
        "changes no measure; remark `order_not_a_purchase`",
        {"order_id": "ugly-order-cancelled"},
    ),
    accepted(
        REFUND, "ugly-refund-no-order", "order `ugly-order-absent` is unknown",
        "changes no measure; remark `order_unknown`",
        {"order_id": "ugly-order-absent"},
    ),
    rejected(
        REFUND, "ugly-refund-negative", "amount -20.00",
        "refund_not_positive",
        {"order_id": "ugly-order-twice", "refund_amount": "-20.00"},
    ),
    rejected(
        REFUND, "ugly-refund-no-key", "no refund_id", "missing_refund_id",
        {"order_id": "ugly-order-twice"}, marker="refund_reason",
    ),
)

DEVICE, SHARED = "ugly-device-anon", "ugly-device-shared"

EVENT_CASES = (
    accepted(
        EVENT, "ugly-event-twice", "same row delivered twice", "counts once",
        {}, {},
    ),
    accepted(
        EVENT, "ugly-event-late", "arrives nine days after it happened",
        "counts on 2025-10-28", {"ingested_at": "2025-11-06T02:00:00Z"},
    ),
    *(
        accepted(
            EVENT, f"ugly-event-anon-{number}", "before the login, no customer",
            f"credited to `{PLAIN_CUSTOMER}`, who logs in on this device",
            {
                "customer_id": "", "anonymous_id": DEVICE,
                "occurred_at": f"2025-11-10T02:0{number}:00Z",
                "ingested_at": f"2025-11-10T02:0{number}:05Z",
            },
        )
        for number in (1, 2)
    ),
    accepted(
        EVENT, "ugly-event-anon-login", "login on the same device",
        f"counts for `{PLAIN_CUSTOMER}`",
        {
            "event_type": "login", "anonymous_id": DEVICE,
            "occurred_at": "2025-11-10T02:03:00Z",
            "ingested_at": "2025-11-10T02:03:05Z",
        },
    ),
    *(
        accepted(
            EVENT, f"ugly-event-shared-{number}-anon",
            f"shared device, {day}, before the login of `{owner}`",
            f"credited to `{owner}`, the next to log in",
            {
                "customer_id": "", "anonymous_id": SHARED,
                "occurred_at": f"{day}T02:00:00Z",
                "ingested_at": f"{day}T02:00:05Z",
            },
        )
        for number, day, owner in (
            (1, "2025-09-01", PLAIN_CUSTOMER), (2, "2025-10-01", SURVIVOR),
        )
    ),
    *(
        accepted(
            EVENT, f"ugly-event-shared-{number}-login",
            f"shared device, login of `{owner}`", f"counts for `{owner}`",
            {
                "event_type": "login", "customer_id": owner,
                "anonymous_id": SHARED,
                "occurred_at": f"{day}T02:05:00Z",
                "ingested_at": f"{day}T02:05:05Z",
            },
        )
        for number, day, owner in (
            (1, "2025-09-01", PLAIN_CUSTOMER), (2, "2025-10-01", SURVIVOR),
        )
    ),
    accepted(
        EVENT, "ugly-event-clock-ahead",
        "the device clock runs 30 minutes ahead of the arrival",
        "inside the tolerance", {"ingested_at": "2025-10-28T01:30:00Z"},
    ),
    accepted(
        EVENT, "ugly-event-other-type", "event_type `share`",
        "activity, no view, cart or order", {"event_type": "share"},
    ),
    accepted(
        EVENT, "ugly-event-text", "quotes, comma, line break, emoji in page",
        "page unchanged", {"page": HARD_TEXT},
    ),
    rejected(
        EVENT, "ugly-event-future", "occurred 2099, arrived 2025",
        "occurred_in_the_future", {"occurred_at": "2099-01-01T00:00:00Z"},
    ),
    rejected(
        EVENT, "ugly-event-nobody", "neither customer_id nor anonymous_id",
        "missing_customer_and_device", {"customer_id": ""},
    ),
    rejected(
        EVENT, "ugly-event-bad-time", "occurred_at `not a time`",
        "unreadable_occurred_at", {"occurred_at": "not a time"},
    ),
    rejected(
        EVENT, "ugly-event-no-key", "no event_id", "missing_event_id", {},
        marker="page",
    ),
)

TICKET_CASES = (
    accepted(
        TICKET, "ugly-ticket-versions", "open, then resolved",
        "one resolved ticket",
        {
            "ticket_status": "open", "updated_at": "2025-09-10T02:00:00Z",
            "first_responded_at": "", "resolved_at": "", "csat_score": "",
        },
        {},
    ),
    accepted(
        TICKET, "ugly-ticket-open", "never answered",
        "counts as a ticket; response, resolution and CSAT null",
        {
            "ticket_status": "open", "updated_at": "2025-09-10T02:00:00Z",
            "first_responded_at": "", "resolved_at": "", "csat_score": "",
        },
    ),
    accepted(
        TICKET, "ugly-ticket-merged", f"by `{MERGED}`",
        f"credited to `{SURVIVOR}`", {"customer_id": MERGED},
    ),
    accepted(
        TICKET, "ugly-ticket-text",
        "quotes, comma, line break, emoji in category", "category unchanged",
        {"category": HARD_TEXT},
    ),
    rejected(
        TICKET, "ugly-ticket-csat-9", "csat 9", "csat_not_1_to_5",
        {"csat_score": "9"},
    ),
    rejected(
        TICKET, "ugly-ticket-nps-11", "nps 11", "nps_not_0_to_10",
        {"nps_score": "11"},
    ),
    rejected(
        TICKET, "ugly-ticket-resolved-early", "resolved before it was created",
        "resolved_before_created",
        {
            "first_responded_at": "",
            "resolved_at": "2025-09-09T02:00:00Z",
        },
    ),
    rejected(
        TICKET, "ugly-ticket-future", "created 2099, version written 2025",
        "created_in_the_future",
        {
            "created_at": "2099-01-01T00:00:00Z", "ticket_status": "open",
            "first_responded_at": "", "resolved_at": "", "csat_score": "",
        },
    ),
    rejected(
        TICKET, "ugly-ticket-no-key", "no ticket_id", "missing_ticket_id", {},
        marker="category",
    ),
)

CAMPAIGN_CASES = (
    accepted(
        CAMPAIGN, "ugly-campaign-twice", "same row delivered twice",
        "one campaign, outside the strategies", {}, {},
    ),
    rejected(
        CAMPAIGN, "ugly-campaign-backwards", "ends before it starts",
        "ended_before_started", {"ended_at": "2025-04-01T02:00:00Z"},
    ),
    rejected(
        CAMPAIGN, "ugly-campaign-no-key", "no campaign_id",
        "missing_campaign_id", {}, marker="campaign_name",
    ),
)

TOUCH_CASES = (
    accepted(
        TOUCH, "ugly-touch-twice", "same row delivered twice",
        "counts and costs once", {}, {},
    ),
    accepted(
        TOUCH, "ugly-touch-merged", f"to `{MERGED}`",
        f"credited to `{SURVIVOR}`", {"customer_id": MERGED},
    ),
    accepted(
        TOUCH, "ugly-touch-no-campaign",
        "campaign `ugly-campaign-absent` is unknown",
        "credited to no strategy; remark `campaign_unknown`",
        {"campaign_id": "ugly-campaign-absent"},
    ),
    rejected(
        TOUCH, "ugly-touch-future", "touched 2099, version written 2025",
        "touched_in_the_future", {"touched_at": "2099-01-01T00:00:00Z"},
    ),
    rejected(
        TOUCH, "ugly-touch-bad-time", "touched_at `2025/4/31`",
        "unreadable_touched_at", {"touched_at": "2025/4/31"},
    ),
    rejected(
        TOUCH, "ugly-touch-no-key", "no touch_id", "missing_touch_id",
        {}, marker="touch_channel",
    ),
)

UGLY_CASES: tuple[UglyCase, ...] = (
    CUSTOMER_CASES + ORDER_CASES + REFUND_CASES + EVENT_CASES + TICKET_CASES
    + CAMPAIGN_CASES + TOUCH_CASES
)


def verdict(case: UglyCase) -> str:
    """How many rows of a case are accepted, superseded, rejected and why."""
    counts = {
        "accepted": case.accepted,
        "superseded": case.superseded,
        f"rejected: `{case.reason}`": case.rejected,
    }
    return ", ".join(
        f"{count} {name}" for name, count in counts.items() if count
    )


def cases_markdown() -> str:
    """The ugly cases as a Markdown table."""
    lines = [
        "| table | id | planted | rows | what must become of it |",
        "|---|---|---|---|---|",
    ]
    for case in UGLY_CASES:
        is_long = len(case.ugly_id) == 200
        shown = case.ugly_id.rstrip("x") + "x…" if is_long else case.ugly_id
        lines.append(
            f"| {case.table} | `{shown}` | {case.planted} | {verdict(case)} "
            f"| {case.expected} |"
        )
    return "\n".join(lines) + "\n"


# --- Build ------------------------------------------------------------------


def number_orders(customers: Iterable[Customer]) -> list[Order]:
    """All orders in order of time, with their ids."""
    orders = [order for customer in customers for order in customer.orders]
    orders.sort(key=lambda it: (it.ordered_at, it.customer.customer_id))
    for number, order in enumerate(orders, start=1):
        order.order_id = f"O{number:06d}"
    return orders


def number_tickets(customers: Iterable[Customer]) -> list[Ticket]:
    """All tickets in order of time, with their ids."""
    tickets = [ticket for customer in customers for ticket in customer.tickets]
    tickets.sort(key=lambda it: (it.created_at, it.customer.customer_id))
    for number, ticket in enumerate(tickets, start=1):
        ticket.ticket_id = f"S{number:05d}"
    return tickets


def build(world: World) -> Tables:
    """All seven tables of a world: rows of text, in a fixed order."""
    customers = [
        make_customer(world, number) for number in range(1, world.customers + 1)
    ]
    for customer in customers:
        live(world, customer)
    campaigns, touches = run_campaigns(world, customers)
    # Behind the others, whose rows so stay as they are without it.
    for every, broken in zip(
        (campaigns, touches), run_broken_campaign(world, customers)
    ):
        every += broken
    add_last_morning(world, customers)
    orders = number_orders(customers)
    tickets = number_tickets(customers)
    events = event_rows(world, customers)
    for number, row in enumerate(events, start=1):
        row["event_id"] = f"E{number:06d}"
    tables = {
        CUSTOMER: [row for it in customers for row in customer_rows(world, it)],
        ORDER: [row for it in orders for row in order_rows(world, it)],
        REFUND: refund_rows(world, orders),
        EVENT: events,
        TICKET: [row for it in tickets for row in ticket_rows(world, it)],
        CAMPAIGN: [campaign_row(world, it) for it in campaigns],
        TOUCH: [
            touch_row(world, it, number)
            for number, it in enumerate(touches, start=1)
        ],
    }
    if world.has_ugly_cases:
        for case in UGLY_CASES:
            tables[case.table] += case.rows()
    return tables


def write_tables(tables: Tables, out: Path) -> None:
    """One CSV per table, UTF-8, lines end with LF."""
    out.mkdir(parents=True, exist_ok=True)
    for table, rows in tables.items():
        path = out / f"{table}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(
                file, COLUMNS[table], lineterminator="\n"
            )
            writer.writeheader()
            writer.writerows(rows)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT)
    parser.add_argument("--seed", type=int, default=World.seed)
    parser.add_argument(
        "--cases", action="store_true", help="print the ugly cases, write none"
    )
    options = parser.parse_args(arguments)
    if options.cases:
        sys.stdout.write(cases_markdown())
        return
    write_tables(build(World(seed=options.seed)), options.out)


if __name__ == "__main__":
    main()
