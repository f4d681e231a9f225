"""All ten tables of a world."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from simulation.sample.campaigns import (
    campaign_row,
    run_broken_campaign,
    run_campaigns,
    touch_row,
)
from simulation.sample.cases import CASES
from simulation.sample.customers import customer_rows, make_customer
from simulation.sample.events import event_rows
from simulation.sample.goods import item_rows, product_rows
from simulation.sample.lists import Lists, Rule, Stay, read_lists
from simulation.sample.lives import add_last_morning, live
from simulation.sample.orders import number_orders, order_rows, refund_rows
from simulation.sample.records import Campaign, Customer, Order, Touch
from simulation.sample.tables import (
    CAMPAIGN,
    CUSTOMER,
    EVENT,
    ITEM,
    ORDER,
    PRODUCT,
    RATE,
    REFUND,
    TICKET,
    TOUCH,
    Row,
    Tables,
    read_stamp,
)
from simulation.sample.tickets import number_tickets, ticket_rows
from simulation.sample.world import World


class Story(NamedTuple):
    """All that happens in a world; orders are numbered in order of time."""

    customers: list[Customer]
    orders: list[Order]
    campaigns: list[Campaign]
    touches: list[Touch]
    stays: list[Stay]


def build(world: World, known_at: datetime | None = None) -> Tables:
    """All ten tables of a world, rows of text in a fixed order; at an earlier
    moment than the extract, the rows that were written by then."""
    tables = build_part(world, range(1, world.customers + 1), 1, known_at)
    add_cases(world, tables)
    if known_at is None:
        return tables
    return {
        table: [row for row in rows if is_known(row, known_at)]
        for table, rows in tables.items()
    }


def build_part(
    world: World, numbers: Sequence[int], first: int,
    known_at: datetime | None = None,
) -> Tables:
    """The tables of some of the customers. What has a number of its own begins
    with `first`."""
    story = tell(world, numbers, first)
    tickets = number_tickets(story.customers, first)
    events = event_rows(world, story.customers)
    for number, row in enumerate(events, start=first):
        row["event_id"] = f"E{number:06d}"
    return {
        CUSTOMER: [
            row for it in story.customers for row in customer_rows(world, it)
        ],
        ORDER: [
            row for it in story.orders
            for row in order_rows(world, it, known_at)
        ],
        ITEM: item_rows(story.orders),
        REFUND: refund_rows(world, story.orders, first),
        PRODUCT: product_rows(world),
        RATE: [],
        EVENT: events,
        TICKET: [
            row for it in tickets for row in ticket_rows(world, it, known_at)
        ],
        CAMPAIGN: [campaign_row(world, it) for it in story.campaigns],
        TOUCH: [
            touch_row(world, touch, number)
            for number, touch in enumerate(story.touches, start=first)
        ],
    }


def tell(
    world: World, numbers: Sequence[int] | None = None, first: int = 1
) -> Story:
    """The lives of all customers, or of some, and the campaigns among them."""
    if numbers is None:
        numbers = range(1, world.customers + 1)
    customers = [make_customer(world, number) for number in numbers]
    for customer in customers:
        live(world, customer)
    lists = Lists(read_lists(world.lists)) if world.lists else Rule(world.seed)
    campaigns, touches = run_campaigns(world, customers, lists)
    # Appended last, so the rows of the other campaigns do not depend on it.
    for every, broken in zip(
        (campaigns, touches), run_broken_campaign(world, customers, lists)
    ):
        every += broken
    add_last_morning(world, customers)
    return Story(
        customers, number_orders(customers, first), campaigns, touches,
        lists.stays,
    )


def add_cases(world: World, tables: Tables) -> None:
    """First of all, as they have quotes: DuckDB looks for these in the first
    20,480 lines of a file."""
    if world.has_ugly_cases:
        for table, rows in tables.items():
            tables[table] = [
                row for case in CASES if case.table == table
                for row in case.rows
            ] + rows


def is_known(row: Row, moment: datetime) -> bool:
    """Whether a row was written by then. Rows with a response to a contact
    count from the response, events from their arrival."""
    written = row.get("updated_at") or row["ingested_at"] or row["occurred_at"]
    return read_stamp(written) <= moment
