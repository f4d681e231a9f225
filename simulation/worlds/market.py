"""Customers who buy, and what a contact changes: the part of a world that no
warehouse sees.

Every order that anybody could ever place is drawn beforehand, each with a mark
between 0 and 1. Whether it is placed depends on the mark and on how eager the
customer is then. So two courses of the same world, with and without a contact,
differ by what the contact changes and by nothing else.
"""

from dataclasses import dataclass, replace

import numpy as np

# In this order: what is recommended to who bought lately, a while ago, and
# long ago. So a purchase takes a customer out of what a strategy is for.
STRATEGIES = ("vip_maintenance", "activation", "wake_up")
RECENT_DAYS, LONG_DAYS = 45, 120

# Who has been silent for long buys less; a contact comes on top.
PACES = (1.4, 1.0, 0.6)
CONSENT = 0.8
SPREAD_OF_CUSTOMERS, SPREAD_OF_ORDERS = 0.5, 0.9
PULLED_FORWARD = 0.5
HISTORY_DAYS = 400


@dataclass(frozen=True)
class Kind:
    """What all worlds of one kind have in common.

    `effects`: by how much more (0.5: by half) who is contacted buys, for each
    of STRATEGIES. `is_promotion`: instead, the contact at entry brings the next
    order forward for half of the customers, and nobody buys more.
    """

    name: str
    orders_per_month: float
    effects: tuple[float, float, float] = (0.0, 0.0, 0.0)
    is_promotion: bool = False

    @property
    def is_idle(self):
        return not any(self.effects) and not self.is_promotion


@dataclass(frozen=True)
class Customers:
    """Who they are; arrays with a place for each."""

    world: np.ndarray
    eagerness: np.ndarray
    price: np.ndarray
    has_consent: np.ndarray
    effects: np.ndarray
    is_promoted: np.ndarray

    def __len__(self):
        return len(self.world)

    def take(self, places):
        return Customers(*(
            getattr(self, name)[places]
            for name in self.__dataclass_fields__
        ))


@dataclass(frozen=True)
class Orders:
    """Orders that could be placed, sorted by day."""

    owner: np.ndarray
    day: np.ndarray
    mark: np.ndarray
    amount: np.ndarray

    def take(self, places):
        return Orders(*(
            getattr(self, name)[places]
            for name in self.__dataclass_fields__
        ))

    def of(self, places, customer_count):
        """The orders of the customers at these places, who are renumbered."""
        number = np.full(customer_count, -1)
        number[places] = np.arange(len(places))
        kept = self.take(number[self.owner] >= 0)
        return replace(kept, owner=number[kept.owner])

    def between(self, after_day, last_day):
        """Places of the orders after one day, and until the other."""
        first, end = np.searchsorted(self.day, [after_day + 1, last_day + 1])
        return slice(first, end)


def make_customers(rng, kinds, sizes):
    """The customers of worlds of these kinds and sizes, in that order."""
    world = np.repeat(np.arange(len(sizes)), sizes)
    count = len(world)

    def by_world(values):
        return np.array(values)[world]

    return Customers(
        world=world,
        eagerness=by_world([kind.orders_per_month for kind in kinds])
        * rng.gamma(2, 0.5, count),
        price=60 * np.exp(rng.normal(0, SPREAD_OF_CUSTOMERS, count)),
        has_consent=rng.random(count) < CONSENT,
        effects=by_world([kind.effects for kind in kinds]),
        is_promoted=by_world([kind.is_promotion for kind in kinds]),
    )


def highest_pace(customers):
    return max(PACES) * (1 + customers.effects.max(axis=1))


def draw_orders(rng, customers, first_day, last_day):
    """All orders that the customers could place from one day to the other."""
    months = (last_day - first_day + 1) / 30.44
    pace = np.where(customers.is_promoted, 1, highest_pace(customers))
    owner = np.repeat(
        np.arange(len(customers)),
        rng.poisson(customers.eagerness * pace * months),
    )
    day = rng.integers(first_day, last_day + 1, len(owner))
    order = np.argsort(day, kind="stable")
    owner, day = owner[order], day[order]
    amount = customers.price[owner] * np.exp(
        rng.normal(0, SPREAD_OF_ORDERS, len(owner))
    )
    return Orders(owner, day, rng.random(len(owner)), np.round(amount, 2))


class Market:
    """A course of the world: when each customer bought last, and what else has
    changed by what was placed so far."""

    def __init__(self, customers, orders, first_day):
        self.customers = customers
        self.orders = orders
        self.last_day = np.full(len(customers), first_day - LONG_DAYS)
        self.is_moved = np.zeros(len(orders.owner), dtype=bool)
        self.highest = highest_pace(customers)

    def copy_of(self, places):
        """The course so far, of these customers alone, to be continued."""
        orders = self.orders.of(places, len(self.customers))
        course = Market(self.customers.take(places), orders, 0)
        course.last_day = self.last_day[places]
        is_kept = np.isin(self.orders.owner, places)
        course.is_moved = self.is_moved[is_kept]
        return course

    def state(self, day):
        """Place in STRATEGIES of what each customer's silence calls for."""
        silence = day - self.last_day
        return (silence > RECENT_DAYS).astype(int) + (silence > LONG_DAYS)

    def pass_days(self, after_day, last_day, strategy, is_contacted, is_new):
        """Let the days pass; returns owner, day and amount of each order
        placed. `is_contacted` by their strategy; `is_new`: at entry."""
        customers = self.customers
        effect = customers.effects[np.arange(len(customers)), strategy]
        eager = np.array(PACES)[self.state(after_day)] * np.where(
            is_contacted, 1 + effect, 1
        )
        limit = np.where(customers.is_promoted, 1, eager / self.highest)

        window = self.orders.between(after_day, last_day)
        owner, day = self.orders.owner[window], self.orders.day[window]
        amount = self.orders.amount[window]
        is_placed = self.orders.mark[window] < limit[owner]
        is_placed &= ~self.is_moved[window]
        owner, day, amount = (
            owner[is_placed], day[is_placed], amount[is_placed]
        )

        moved = self._pull_forward(
            last_day, is_contacted & is_new & customers.is_promoted
        )
        owner = np.concatenate([owner, self.orders.owner[moved]])
        amount = np.concatenate([amount, self.orders.amount[moved]])
        day = np.concatenate([day, np.full(len(moved), after_day + 7)])
        np.maximum.at(self.last_day, owner, day)
        return owner, day, amount

    def _pull_forward(self, last_day, is_promoted):
        """Places of the next orders of half of those promoted."""
        if not is_promoted.any():
            return np.array([], dtype=int)
        later = slice(*np.searchsorted(
            self.orders.day, [last_day + 1, last_day + 301]
        ))
        places = np.arange(later.start, later.stop)
        places = places[
            is_promoted[self.orders.owner[later]] & ~self.is_moved[later]
        ]
        _, first = np.unique(self.orders.owner[places], return_index=True)
        places = places[first]
        moved = places[self.orders.mark[places] < PULLED_FORWARD]
        self.is_moved[moved] = True
        return moved
