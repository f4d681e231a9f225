"""What an entry is worth, by living through it twice.

A large company of a kind is simulated under the product's rules. Whoever enters
an episode does so once treated and once held out, and lives on under the same
rules, with the same chances. The mean difference is the truth that the
estimates of all worlds of that kind aim at: of the entry, and of all that
follows from it.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulation.worlds.market import (
    HISTORY_DAYS, STRATEGIES, Market, draw_orders, make_customers,
)
from simulation.worlds.policy import Policy


@dataclass(frozen=True)
class Calendar:
    """Period ends (days since 1970), the place of that of the first list whose
    hold-out is respected, and the windows of the outcomes."""

    period_ends: tuple[int, ...]
    first_list: int
    windows: tuple[int, ...]

    @property
    def first_day(self):
        return self.period_ends[0] - HISTORY_DAYS

    @property
    def last_day(self):
        return self.period_ends[-1]


@dataclass(frozen=True)
class Shares:
    """Held out per episode, and from everything for good."""

    episode: float
    program: float


def live_on(market, policy, calendar, place, draws, is_excluded):
    """Outcomes by window from the period end at `place` on, of a course whose
    groups there are decided: orders, amounts and whether there is an order."""
    count = len(market.customers)
    entry_day = calendar.period_ends[place]
    sums = {
        window: (np.zeros(count), np.zeros(count))
        for window in calendar.windows
        if entry_day + window <= calendar.last_day
    }
    for here in range(place, len(calendar.period_ends) - 1):
        day, next_day = calendar.period_ends[here:here + 2]
        if day >= entry_day + max(sums, default=0):
            break
        if here > place:
            policy.end_month(day, market.state(day), draws[here])
        owner, days, amount = market.pass_days(
            day, next_day, policy.strategy,
            market.customers.has_consent & ~policy.is_held_out & ~is_excluded,
            policy.is_new,
        )
        for window, (orders, amounts) in sums.items():
            is_in = days <= entry_day + window
            np.add.at(orders, owner[is_in], 1)
            np.add.at(amounts, owner[is_in], amount[is_in])
    return sums


def true_uplifts(kind, shares, calendar, size, seed):
    """Per kind's strategy, entry and window: the mean outcomes of both groups
    and the uplift, for each measure."""
    rng = np.random.default_rng(seed)
    customers = make_customers(rng, [kind], [size])
    orders = draw_orders(
        rng, customers, calendar.first_day + 1, calendar.last_day
    )
    market = Market(customers, orders, calendar.first_day)
    policy = Policy(size)
    # As a hash would: the same in both courses, where both enter.
    draws = rng.random((len(calendar.period_ends), size)) < shares.episode
    no_one = np.zeros(size, dtype=bool)

    market.pass_days(
        calendar.first_day, calendar.period_ends[0], policy.strategy, no_one,
        no_one,
    )
    rows = []
    for place, day in enumerate(calendar.period_ends[:-1]):
        policy.end_month(day, market.state(day), draws[place])
        is_in_use = place >= calendar.first_list
        # The first list is an entry for everybody on it.
        new = np.flatnonzero(policy.is_new | (place == calendar.first_list))
        if is_in_use and len(new):
            outcomes = []
            for is_held_out in (False, True):
                course = policy.copy_of(new)
                course.is_held_out[:] = is_held_out
                outcomes.append(live_on(
                    market.copy_of(new), course, calendar, place,
                    draws[:, new], no_one[new],
                ))
            rows += rows_of(kind, day, policy.strategy[new], *outcomes)
        market.pass_days(
            day, calendar.period_ends[place + 1], policy.strategy,
            customers.has_consent & ~(policy.is_held_out & is_in_use),
            policy.is_new,
        )
    return pd.DataFrame(rows)


def rows_of(kind, day, strategy, treated, held_out):
    rows = []
    for window in treated:
        measures = {
            "repurchase_rate": lambda sums: (sums[0] > 0).astype(float),
            "order_count": lambda sums: sums[0],
            "net_amount": lambda sums: sums[1],
        }
        for place, strategy_code in enumerate(STRATEGIES):
            mine = strategy == place
            if not mine.any():
                continue
            for measure, of in measures.items():
                mean = of(treated[window])[mine].mean()
                other = of(held_out[window])[mine].mean()
                rows.append({
                    "kind": kind.name, "strategy_code": strategy_code,
                    "entry_day": day, "window_days": window,
                    "measure_code": measure, "entries": mine.sum(),
                    "holdout_mean": other, "true_uplift": mean - other,
                })
    return rows
