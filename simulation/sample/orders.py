"""Orders and refunds, and the rows of ods_trd_order and ods_trd_refund."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from simulation.sample.customers import CHANNEL_WEIGHTS, CHANNELS
from simulation.sample.goods import (
    CATALOG,
    basket_lines,
    choose_basket,
    item_id,
    shop_of,
)
from simulation.sample.records import Customer, Order
from simulation.sample.season import (
    SHANGHAI,
    STORE_DAYS,
    is_open,
    season_on,
)
from simulation.sample.tables import Row, money, stamp
from simulation.sample.world import World

REFUND_REASONS = ("七天无理由", "质量问题", "发错货", "与描述不符")
SIZE_REASON = "尺码不合适"


class Coupon(NamedTuple):
    """From `least` on (满), `value` off (减), both in fen."""

    name: str
    least: int
    value: int

    @property
    def code(self) -> str:
        return f"{self.name}-{self.least // 100}-{self.value // 100}"


NEWCOMER = Coupon("NEW", 9900, 1500)
OWN_COUPONS = (Coupon("SHOP", 39900, 4000), Coupon("SHOP", 19900, 1500))


def order_steps(
    world: World, rng: Random, ordered_at: datetime, is_store: bool
) -> list[tuple[str, datetime]]:
    """Status and moment of each step up to the extract. In a street, nobody
    orders without paying and taking it along."""
    paid = ordered_at + timedelta(minutes=rng.uniform(0.5, 15))
    shipped = paid + timedelta(hours=rng.uniform(8, 40))
    completed = shipped + timedelta(days=rng.uniform(2, 9))
    cancelled = ordered_at + timedelta(hours=24)
    draw = rng.random()
    steps = [("pending", ordered_at)]
    if draw < world.cancelled_share:
        steps.append(("cancelled", cancelled))
    elif draw >= world.cancelled_share + world.unpaid_share:
        steps.append(("paid", paid))
        steps += [("completed", paid)] if is_store else [
            ("shipped", shipped), ("completed", completed),
        ]
    return [step for step in steps if step[1] <= world.extracted_at]


def choose_channel(
    rng: Random, customer: Customer, moment: datetime
) -> str:
    """Mostly the customer's usual one; to the shops people go on weekends."""
    if rng.random() < 0.8 and customer.channel != "store":
        return customer.channel
    weights = list(CHANNEL_WEIGHTS)
    if customer.channel == "store":
        weights[-1] *= 5
    weights[-1] *= STORE_DAYS[moment.astimezone(SHANGHAI).weekday()]
    return rng.choices(CHANNELS, weights)[0]


def choose_coupon(
    rng: Random, customer: Customer, sale: str, price: float
) -> Coupon | None:
    """The coupon for goods of a price, in fen: that of the sale, of newcomers,
    or one of our own. A sale gives 50 off for each 300."""
    if sale and rng.random() < 0.75:
        times = int(min(price // 30000, 10))
        coupon = Coupon(sale, max(1, times) * 30000, max(1, times) * 5000)
        if not times:
            coupon = Coupon(sale, 15000, 2000)
        return coupon if price >= coupon.least else None
    coupons = (NEWCOMER,) if not customer.orders else OWN_COUPONS
    if rng.random() < 0.3:
        return next((it for it in coupons if price >= it.least), None)
    return None


def make_order(
    world: World, rng: Random, customer: Customer, ordered_at: datetime,
    channel: str,
) -> Order:
    """An order that costs, after discounts, about what Gamma-Gamma draws."""
    if channel == "store" and not is_open(ordered_at):
        channel = "mini_program"
    paid = 100 * rng.gammavariate(world.amount_p, 1 / customer.amount_rate)
    sale = season_on(ordered_at.astimezone(SHANGHAI).date()).coupon
    off = 0.0
    if rng.random() < (0.8 if sale else 0.2):
        off = rng.uniform(0.1, 0.3) if sale else rng.uniform(0.05, 0.15)
    coupon = choose_coupon(rng, customer, sale, paid)
    basket = choose_basket(
        rng, world.seed, customer.favourite,
        (paid + (coupon.value if coupon else 0)) / (1 - off),
    )
    price = sum(it.price * quantity for it, quantity in basket.items())
    discount = round(price * off)
    if coupon and price - discount < coupon.least:
        coupon = None
    value = coupon.value if coupon else 0
    return Order(
        customer=customer,
        ordered_at=ordered_at,
        steps=order_steps(world, rng, ordered_at, channel == "store"),
        channel=channel,
        lines=basket_lines(basket, discount + value),
        coupon=value,
        coupon_code=coupon.code if coupon else "",
    )


def number_orders(
    customers: Iterable[Customer], first: int = 1
) -> list[Order]:
    """All orders in chronological order, numbered."""
    orders = [order for customer in customers for order in customer.orders]
    orders.sort(key=lambda it: (it.ordered_at, it.customer.customer_id))
    for number, order in enumerate(orders, start=first):
        order.order_id = f"O{number:06d}"
    return orders


def order_rows(
    world: World, order: Order, known_at: datetime | None = None
) -> list[Row]:
    """The newest version, and for about 8% an earlier one before it; at an
    earlier moment than the extract, the versions of that moment."""
    steps = [
        step for step in order.steps if not known_at or step[1] <= known_at
    ]
    rng = world.rng("order", order.order_id)
    ordered, paid = stamp(rng, order.ordered_at), stamp(rng, order.paid_at)
    # Free from 99 on.
    is_free = order.channel == "store" or order.amount >= 9900
    freight = 0 if is_free else rng.choice((600, 1000))
    kept = steps[-1:]
    if len(steps) > 1 and rng.random() < 0.08:
        kept = [rng.choice(steps[:-1]), *kept]
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
            **shop_of(order),
            "coupon_code": order.coupon_code,
            "coupon_amount": money(order.coupon) if order.coupon else "",
        }
        for status, moment in kept
    ]


def refund_parts(rng: Random, order: Order) -> list[tuple[int, str, str]]:
    """Refunds of one order: amount, line (none: all of it) and reason. A line
    comes back as often as its category does; one in five is not sent back, but
    made cheaper."""
    back = [
        (number, line) for number, line in enumerate(order.lines, start=1)
        if rng.random()
        < CATALOG[line.product.first_category].returned
    ]
    if not back:
        return []
    is_clothing = back[0][1].product.first_category in ("女装", "男装", "运动")
    reason = rng.choice(REFUND_REASONS + (SIZE_REASON,) * 4 * is_clothing)
    if rng.random() < 0.2:
        number, line = back[0]
        part = round(line.amount * rng.uniform(0.1, 0.5))
        return [(part, item_id(order, number), reason)] if part else []
    if len(back) == len(order.lines):
        return [(order.amount, "", reason)]
    return [
        (line.amount, item_id(order, number), reason) for number, line in back
    ]


def refund_rows(
    world: World, orders: Iterable[Order], first: int = 1
) -> list[Row]:
    rows: list[Row] = []
    for order in orders:
        rng = world.rng("refund", order.order_id)
        refunded = order.ordered_at
        parts = refund_parts(rng, order) if order.is_purchase else []
        for part, line, reason in parts:
            refunded += timedelta(days=rng.uniform(2, 20))
            if refunded >= world.extracted_at:
                break
            rows.append({
                "refund_id": f"R{first + len(rows):04d}",
                "order_id": order.order_id,
                "refunded_at": stamp(rng, refunded),
                "refund_amount": money(part),
                "updated_at": stamp(rng, refunded),
                "refund_reason": reason,
                "item_id": line,
            })
    return rows
