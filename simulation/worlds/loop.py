"""The closed loop: the product's lists decide who is contacted, contacts change
who buys, and purchases change the next lists.

Many companies, the worlds, are packed into one database. A customer's segment is
the company and the state of the customer there, so that the rows of a segment
are those of a strategy of one company.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from simulation.worlds.market import (
    STRATEGIES, Happened, Market, draw_visits,
)
from simulation.worlds.tables import run

SALE = len(STRATEGIES)
SEGMENTS = "cst_intermediate.int_cst_segments_assigned"


@dataclass
class Log:
    """What happened in all months, and who was contacted by what."""

    happened: list = field(default_factory=list)
    contacts: list = field(default_factory=list)
    lists: list = field(default_factory=list)

    def add_contacts(self, numbers, from_day, campaign, is_control=False):
        """By the list of `from_day`; `campaign`: a strategy's place, or SALE."""
        self.contacts.append(pd.DataFrame({
            "number": numbers, "from_day": from_day,
            "day": from_day + 1 + (campaign != SALE) * (numbers % 3),
            "campaign": campaign, "is_sale": campaign == SALE,
            "is_control": is_control,
        }))


def sql_lists(connection, sql, day):
    """What the product has in force at the newest period end, by customer."""
    run(connection, f"""
        create or replace table lists as
        select
            customers.number,
            list_position({list(STRATEGIES)}, strategy_code) - 1 as strategy,
            is_holdout, is_program_holdout,
            episode_start_date = snapshot_date as is_new
        from ({sql}) as in_force
        inner join customers using (customer_id)
        where snapshot_date = date '1970-01-01' + {day}
        order by customers.number
    """)
    lists = connection.execute("select * from lists").fetchnumpy()
    assert np.array_equal(lists["number"], np.arange(len(lists["number"])))
    return lists


def close_the_loop(connection, lists_at, customers, calendar, rng):
    """Live through all months; returns the Log. `lists_at(day, state)` says
    whom the lists hold; this adds to the segments month by month."""
    count = len(customers)
    visits = draw_visits(
        rng, customers, calendar.first_day + 1, calendar.last_day
    )
    market = Market(customers, visits, calendar.first_day)
    nobody = np.zeros(count, dtype=bool)
    log = Log()
    log.happened.append(Happened(
        np.arange(count), market.last_day.copy(),
        np.round(customers.price, 2), ~nobody,
    ))
    log.happened.append(market.pass_days(
        calendar.first_day, calendar.period_ends[0],
        np.zeros(count, dtype=int), nobody, nobody, nobody,
    ))
    for place, day in enumerate(calendar.period_ends):
        state = market.state(day)
        states = pd.DataFrame({"number": np.arange(count), "state": state})
        connection.register("states", states)
        run(connection, f"""
            insert into {SEGMENTS}
            select
                customer_id, date '1970-01-01' + {day},
                concat(world_code, '-', {list(STRATEGIES)}[state + 1]), 'mid'
            from states
            inner join customers using (number)
            order by number
        """)
        connection.unregister("states")
        if day == calendar.last_day:
            break
        lists = lists_at(day, state)
        log.lists.append(pd.DataFrame({
            "number": np.arange(count), "day": np.int32(day),
            **{
                name: lists[name].astype(np.int8 if name == "strategy" else bool)
                for name in ("strategy", "is_new", "is_holdout")
            },
        }))
        # Before the first list that is followed, everybody is contacted.
        is_left_alone = lists["is_holdout"] & (place >= calendar.first_list)
        is_contacted = customers.has_consent & ~is_left_alone
        numbers = np.flatnonzero(is_contacted)
        log.add_contacts(numbers, day, lists["strategy"][numbers])
        is_in_sale = customers.is_in_sale & ~lists["is_program_holdout"]
        is_in_sale &= place == calendar.sale
        numbers = np.flatnonzero(is_in_sale)
        log.add_contacts(
            numbers, day, SALE, customers.is_sale_control[numbers]
        )
        log.happened.append(market.pass_days(
            day, calendar.period_ends[place + 1], lists["strategy"],
            is_contacted, lists["is_new"],
            is_in_sale & ~customers.is_sale_control,
        ))
    return log
