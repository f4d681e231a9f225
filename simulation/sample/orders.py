"""Orders and refunds, and the rows of ods_trd_order and ods_trd_refund."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from simulation.sample.customers import CHANNELS
from simulation.sample.goods import place_and_coupon, refunded_item
from simulation.sample.records import Customer, Order
from simulation.sample.tables import Row, money, stamp
from simulation.sample.world import World

REFUND_REASONS = ("七天无理由", "质量问题", "尺码不合适", "发错货", "与描述不符")


def order_steps(
    world: World, rng: Random, ordered_at: datetime
) -> list[tuple[str, datetime]]:
    """Status and moment of each step up to the extract."""
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


def number_orders(customers: Iterable[Customer]) -> list[Order]:
    """All orders in chronological order, numbered."""
    orders = [order for customer in customers for order in customer.orders]
    orders.sort(key=lambda it: (it.ordered_at, it.customer.customer_id))
    for number, order in enumerate(orders, start=1):
        order.order_id = f"O{number:06d}"
    return orders


def order_rows(
    world: World, order: Order, known_at: datetime | None = None
) -> list[Row]:
    """The newest version, and for about 10% an earlier one before it; at an
    earlier moment than the extract, the versions of that moment."""
    steps = [
        step for step in order.steps if not known_at or step[1] <= known_at
    ]
    rng = world.rng("order", order.order_id)
    ordered, paid = stamp(rng, order.ordered_at), stamp(rng, order.paid_at)
    freight = rng.choice((0, 0, 600, 1000))
    kept = steps[-1:]
    if len(steps) > 1 and rng.random() < 0.1:
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
            **place_and_coupon(world, order),
        }
        for status, moment in kept
    ]


def refund_parts(rng: Random, amount: int) -> list[int]:
    """Refunds of one order, in fen: one full, one partial, or two partial."""
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
                "item_id": refunded_item(world, order, part),
            })
    return rows
