"""What an entry is worth, by living through it twice.

A large company of a kind is simulated under the product's rules. Whoever enters
does so once treated and once held out, and lives on under the same rules, with
the same chances. The mean difference is the truth that the estimates of all
worlds of that kind aim at: of the entry, and of all that follows from it.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulation.worlds.market import (
    HISTORY_DAYS, STRATEGIES, Market, draw_visits, make_customers,
)
from simulation.worlds.policy import Policy


@dataclass(frozen=True)
class Calendar:
    """Period ends (days since 1970), the places of that of the first list whose
    hold-out is respected and of that before the sale, and the windows."""

    period_ends: tuple[int, ...]
    first_list: int
    sale: int
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


class Course:
    """A market and the product's rules in it, which go on together."""

    def __init__(self, market, policy, draws, is_excluded):
        self.market = market
        self.policy = policy
        self.draws = draws
        self.is_excluded = is_excluded
        self.is_sale_control = market.customers.is_sale_control

    def copy_of(self, places):
        course = Course(
            self.market.copy_of(places), self.policy.copy_of(places),
            self.draws[:, places], self.is_excluded[places],
        )
        course.is_sale_control = self.is_sale_control[places].copy()
        return course

    def in_sale(self):
        """Who the sale draws, with its control group. A strategy's hold-out is
        nothing to it, or it would pass for an effect of the strategy."""
        return self.market.customers.is_in_sale & ~self.is_excluded

    def end_month(self, calendar, place):
        day = calendar.period_ends[place]
        self.policy.end_month(day, self.market.state(day), self.draws[place])

    def pass_month(self, calendar, place):
        policy = self.policy
        is_left_alone = policy.is_held_out | self.is_excluded
        is_left_alone = is_left_alone & (place >= calendar.first_list)
        is_in_sale = self.in_sale() & ~self.is_sale_control
        return self.market.pass_days(
            *calendar.period_ends[place:place + 2], policy.strategy,
            self.market.customers.has_consent & ~is_left_alone, policy.is_new,
            is_in_sale & (place == calendar.sale),
        )


def live_on(course, calendar, place):
    """Visits, orders and amounts of each customer, by window, from the period
    end at `place` on. The groups are decided there."""
    entry_day = calendar.period_ends[place]
    count = len(course.market.customers)
    sums = {
        window: np.zeros((3, count)) for window in calendar.windows
        if entry_day + window <= calendar.last_day
    }
    for here in range(place, len(calendar.period_ends) - 1):
        if calendar.period_ends[here] >= entry_day + max(sums, default=0):
            break
        if here > place:
            course.end_month(calendar, here)
        happened = course.pass_month(calendar, here)
        for window, (visits, orders, amounts) in sums.items():
            is_in = happened.day <= entry_day + window
            np.add.at(visits, happened.owner[is_in], 1)
            is_in &= happened.is_order
            np.add.at(orders, happened.owner[is_in], 1)
            np.add.at(amounts, happened.owner[is_in], happened.amount[is_in])
    return sums


def values_measured(sums, cap_amount):
    """The value of each measure for each customer."""
    visits, orders, amounts = sums
    return {
        "repurchase_rate": orders > 0,
        "visit_rate": visits > 0,
        "order_count": orders,
        "net_amount": amounts,
        "net_amount_capped": np.minimum(amounts, cap_amount),
    }


def true_uplifts(kind, shares, calendar, size, seed, caps):
    """The mean outcomes of both groups, by scope, subject, entry, state, window
    and measure. `caps`: at what amounts are capped, by subject and window."""
    rng = np.random.default_rng(seed)
    customers = make_customers(rng, [kind], [size])
    visits = draw_visits(
        rng, customers, calendar.first_day + 1, calendar.last_day
    )
    nobody = np.zeros(size, dtype=bool)
    course = Course(
        Market(customers, visits, calendar.first_day), Policy(size),
        # As a hash would: the same in both courses, where both enter.
        rng.random((len(calendar.period_ends), size)) < shares.episode,
        rng.random(size) < shares.program,
    )
    course.market.pass_days(
        calendar.first_day, calendar.period_ends[0],
        course.policy.strategy, nobody, nobody, nobody,
    )
    parts = []
    for place in range(len(calendar.period_ends) - 1):
        course.end_month(calendar, place)
        for scope, subject, places, state in entries_at(course, calendar, place):
            groups = []
            for is_held_out in (False, True):
                branch = course.copy_of(places)
                if scope == "program":
                    branch.is_excluded = nobody[places] | is_held_out
                elif scope == "strategy":
                    branch.policy.is_held_out[:] = is_held_out
                else:
                    branch.is_sale_control[:] = is_held_out
                groups.append(live_on(branch, calendar, place))
            day = calendar.period_ends[place]
            names = {
                "kind": kind.name, "scope_code": scope,
                "subject_code": subject, "entry_day": day,
            }
            parts += rows_of(names, caps, state, *groups)
        course.pass_month(calendar, place)
    return pd.DataFrame(parts)


def entries_at(course, calendar, place):
    """Scope and subject, who enters, and their state."""
    if place < calendar.first_list:
        return
    policy = course.policy
    state = course.market.state(calendar.period_ends[place])
    # The first list is an entry for everybody on it.
    is_first = place == calendar.first_list
    new = np.flatnonzero((policy.is_new | is_first) & ~course.is_excluded)
    if len(new):
        # In the cooling-off period, the state is not that of the strategy.
        for strategy, strategy_code in enumerate(STRATEGIES):
            mine = new[policy.strategy[new] == strategy]
            if len(mine):
                yield "strategy", strategy_code, mine, state[mine]
    if is_first:
        everybody = np.arange(len(state))
        yield "program", "program", everybody, state
    if place == calendar.sale:
        drawn = np.flatnonzero(course.in_sale() & ~policy.is_held_out)
        yield "campaign", "sale", drawn, state[drawn]


def rows_of(names, caps, state, treated, held_out):
    """One row for each state, window and measure."""
    for window in treated:
        cap_amount = caps.get((names["subject_code"], window), np.nan)
        for place, state_code in enumerate(STRATEGIES):
            mine = state == place
            if not mine.any():
                continue
            measures, others = (
                values_measured(group[window][:, mine], cap_amount)
                for group in (treated, held_out)
            )
            for measure_code, values in measures.items():
                other_mean = others[measure_code].mean()
                yield {
                    **names, "state_code": state_code, "window_days": window,
                    "measure_code": measure_code,
                    "true_holdout_mean": other_mean,
                    # Of who buys at all, whatever is measured.
                    "true_holdout_buyers": others["repurchase_rate"].mean(),
                    "true_uplift": values.mean() - other_mean,
                }
