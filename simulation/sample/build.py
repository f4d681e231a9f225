"""All seven tables of a world."""

from simulation.sample.campaigns import (
    campaign_row,
    run_broken_campaign,
    run_campaigns,
    touch_row,
)
from simulation.sample.cases import CASES
from simulation.sample.customers import customer_rows, make_customer
from simulation.sample.events import event_rows
from simulation.sample.lives import add_last_morning, live
from simulation.sample.orders import number_orders, order_rows, refund_rows
from simulation.sample.tables import (
    CAMPAIGN,
    CUSTOMER,
    EVENT,
    ORDER,
    REFUND,
    TICKET,
    TOUCH,
    Tables,
)
from simulation.sample.tickets import number_tickets, ticket_rows
from simulation.sample.world import World


def build(world: World) -> Tables:
    """All seven tables of a world: rows of text, in a fixed order."""
    customers = [
        make_customer(world, number) for number in range(1, world.customers + 1)
    ]
    for customer in customers:
        live(world, customer)
    campaigns, touches = run_campaigns(world, customers)
    # Appended last, so the rows of the other campaigns do not depend on it.
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
        for case in CASES:
            tables[case.table] += case.rows
    return tables
