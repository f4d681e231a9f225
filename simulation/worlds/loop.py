"""The closed loop: the product's lists decide who is contacted, contacts change
who buys, and purchases change the next lists.

Many companies, the worlds, live side by side.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from simulation.worlds.market import (
    STRATEGIES, Happened, Market, draw_visits,
)

SALE = len(STRATEGIES)


@dataclass
class Log:
    """What happened in all months, and who was contacted by what."""

    happened: list = field(default_factory=list)
    contacts: list = field(default_factory=list)
    lists: list = field(default_factory=list)
    last_state: np.ndarray | None = None

    def add_contacts(self, numbers, from_day, campaign, is_control=False):
        """By the list of `from_day`; `campaign`: place of a strategy, or SALE."""
        self.contacts.append(pd.DataFrame({
            "number": numbers, "from_day": from_day,
            "day": from_day + 1 + (campaign != SALE) * (numbers % 3),
            "campaign": campaign, "is_sale": campaign == SALE,
            "is_control": is_control,
        }))


def close_the_loop(lists_at, customers, calendar, rng):
    """Live through all months; returns the Log. `lists_at(day, state)` says
    whom the lists of a period end hold."""
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
        if day == calendar.last_day:
            log.last_state = state
            break
        lists = lists_at(day, state)
        log.lists.append(pd.DataFrame({
            "number": np.arange(count), "day": np.int32(day),
            "state": state.astype(np.int8),
            "strategy": lists["strategy"].astype(np.int8),
            **{
                name: lists[name].astype(bool)
                for name in ("is_new", "is_holdout", "is_program_holdout")
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
