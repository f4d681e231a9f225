"""The life of a customer: orders and tickets in chronological order."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from simulation.sample.orders import choose_channel, make_order
from simulation.sample.records import Customer
from simulation.sample.season import at_shop_hour
from simulation.sample.tickets import make_ticket
from simulation.sample.world import World


def live(world: World, customer: Customer) -> None:
    """Fill in a customer's own orders and tickets, in chronological order."""
    rng = world.rng("life", customer.customer_id)
    open_span = world.extracted_at - customer.registered_at
    if rng.random() < world.other_ticket_share:
        after = customer.registered_at + rng.random() * open_span
        ticket = make_ticket(rng, customer, None, after)
        if customer.registered_at < ticket.created_at < world.extracted_at:
            customer.tickets.append(ticket)
    if customer.is_prospect:
        return
    clock = world.buying()
    ordered_at, channel = first_purchase(world, rng, customer)
    felt = clock.felt(ordered_at)
    while ordered_at < world.extracted_at:
        is_first = not customer.orders
        if not is_lost(world, rng, customer, ordered_at):
            purchase(world, rng, customer, ordered_at, channel)
            # BG/NBD: nobody leaves on the purchase that starts the clock.
            if not is_first and rng.random() < customer.leave_chance:
                return
        felt += 7 * rng.expovariate(customer.weekly_rate)
        moment = clock.moment(felt)
        if moment >= world.extracted_at:
            return
        channel = choose_channel(rng, customer, moment)
        ordered_at = max(
            at_shop_hour(rng, moment, channel),
            ordered_at + timedelta(hours=1),
        )


def purchase(
    world: World, rng: Random, customer: Customer, ordered_at: datetime,
    channel: str,
) -> None:
    """One order, and perhaps a ticket about it."""
    order = make_order(world, rng, customer, ordered_at, channel)
    customer.orders.append(order)
    if rng.random() < world.order_ticket_share:
        after = ordered_at + timedelta(days=rng.uniform(1, 8))
        ticket = make_ticket(rng, customer, order, after)
        if ticket.created_at < world.extracted_at:
            customer.tickets.append(ticket)


def first_purchase(
    world: World, rng: Random, customer: Customer
) -> tuple[datetime, str]:
    """Half of the buyers order upon registering, the others weeks later."""
    earliest = max(customer.registered_at, world.opens_at())
    if rng.random() < 0.5 and customer.registered_at == earliest:
        soon = earliest + timedelta(minutes=rng.uniform(5, 40))
        return soon, customer.channel
    clock = world.buying()
    later = clock.moment(clock.felt(earliest) + 1 + rng.expovariate(1 / 25))
    channel = choose_channel(rng, customer, later)
    return max(at_shop_hour(rng, later, channel), earliest), channel


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


def add_last_morning(world: World, customers: Sequence[Customer]) -> None:
    """Orders on the date of the extract, a day that is therefore incomplete."""
    rng = world.rng("last morning", *(it.customer_id for it in customers[:1]))
    midnight = world.extracted_at.replace(hour=0, minute=0, second=0)
    seconds = (world.extracted_at - midnight).total_seconds()
    buyers = [customer for customer in customers if customer.orders]
    for customer in rng.sample(
        buyers, min(world.last_morning_orders, len(buyers))
    ):
        moment = midnight + timedelta(seconds=rng.uniform(0.1, 0.8) * seconds)
        customer.orders.append(
            make_order(world, rng, customer, moment, "app")
        )
