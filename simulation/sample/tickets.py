"""Service tickets, and the rows of ods_svc_ticket."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from random import Random

from simulation.sample.records import Customer, Order, Ticket
from simulation.sample.season import at_shop_hour
from simulation.sample.tables import Row, stamp
from simulation.sample.world import World

TICKET_CHANNELS = {"chat": 62, "phone": 16, "mini_program": 18, "email": 4}
ORDER_TICKETS = {"物流": 38, "退款": 30, "质量": 22, "发票": 10}
OTHER_TICKETS = {"咨询": 60, "账户": 22, "会员权益": 18}


def make_ticket(
    rng: Random, customer: Customer, order: Order | None, after: datetime
) -> Ticket:
    """A ticket; slow answers get worse ratings."""
    created = at_shop_hour(rng, after)
    responded = created + timedelta(minutes=rng.lognormvariate(3.2, 1.2))
    hours = rng.lognormvariate(2.6, 1.1)
    is_slow = hours > 48
    weights = (34, 27, 18, 13, 8) if is_slow else (5, 5, 10, 32, 48)
    csat = rng.choices(range(1, 6), weights)[0]
    nps = min(10, max(0, 2 * csat + rng.randint(-2, 1)))
    return Ticket(
        customer=customer,
        order=order,
        created_at=created,
        responded_at=responded,
        resolved_at=responded + timedelta(hours=hours),
        csat=csat if rng.random() < 0.7 else None,
        nps=nps if rng.random() < 0.3 else None,
    )


def number_tickets(
    customers: Iterable[Customer], first: int = 1
) -> list[Ticket]:
    """All tickets in chronological order, numbered."""
    tickets = [ticket for customer in customers for ticket in customer.tickets]
    tickets.sort(key=lambda it: (it.created_at, it.customer.customer_id))
    for number, ticket in enumerate(tickets, start=first):
        ticket.ticket_id = f"S{number:05d}"
    return tickets


def pick(rng: Random, weights: Mapping[str, int]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def ticket_rows(
    world: World, ticket: Ticket, known_at: datetime | None = None
) -> list[Row]:
    """The newest version, and for about 10% the first one before it; at an
    earlier moment than the extract, the versions of that moment."""
    known_at = known_at or world.extracted_at
    rng = world.rng("ticket", ticket.ticket_id)
    topics = ORDER_TICKETS if ticket.order else OTHER_TICKETS
    is_answered = ticket.responded_at <= known_at
    # Some tickets are never closed; an open one has no rating.
    is_resolved = (
        ticket.resolved_at <= known_at
        and (ticket.csat is not None or rng.random() >= 0.15)
    )
    opened = {
        "ticket_id": ticket.ticket_id,
        "customer_id": ticket.customer.customer_id,
        "created_at": stamp(rng, ticket.created_at),
        "ticket_status": "open",
        "updated_at": stamp(rng, ticket.created_at),
        "order_id": ticket.order.order_id if ticket.order else "",
        "channel": pick(rng, TICKET_CHANNELS),
        "category": pick(rng, topics),
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
