"""Customers who buy, and what a contact changes: the part of a world that no
warehouse sees.

Every visit that anybody could ever pay is drawn beforehand, each with a mark
between 0 and 1. Whether it happens, and ends in an order, depends on the mark
and on how eager the customer is then. So two courses of the same world, with and
without a contact, differ by what the contact changes and by nothing else.
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
VISITS_PER_ORDER = 2
# Share of the customers that a sale outside the strategies draws, half of them
# as its own control group.
IN_SALE, SALE_CONTROL = 0.4, 0.5
HISTORY_DAYS = 400


@dataclass(frozen=True)
class Kind:
    """What all worlds of one kind have in common.

    `effects`: by how much more (0.5: by half) who is contacted buys, for each
    of STRATEGIES; `sale_effect`: the same for a sale outside of them.
    `is_promotion`: instead, the contact at entry brings the next order forward
    for half of the customers, and nobody buys more.
    """

    name: str
    orders_per_month: float
    effects: tuple[float, float, float] = (0.0, 0.0, 0.0)
    sale_effect: float = 0.0
    is_promotion: bool = False


@dataclass(frozen=True)
class Customers:
    """Who they are; arrays with a place for each."""

    world: np.ndarray
    eagerness: np.ndarray
    price: np.ndarray
    has_consent: np.ndarray
    effects: np.ndarray
    sale_effect: np.ndarray
    is_in_sale: np.ndarray
    is_sale_control: np.ndarray
    is_promoted: np.ndarray

    def __len__(self):
        return len(self.world)

    def take(self, places):
        return Customers(*(
            getattr(self, name)[places]
            for name in self.__dataclass_fields__
        ))


@dataclass(frozen=True)
class Visits:
    """Visits that could happen, sorted by day; the amount is that of the order
    in which one may end."""

    owner: np.ndarray
    day: np.ndarray
    mark: np.ndarray
    amount: np.ndarray

    def take(self, places):
        return Visits(*(
            getattr(self, name)[places]
            for name in self.__dataclass_fields__
        ))

    def between(self, after_day, last_day):
        """Places of the visits after one day, and until the other."""
        first, end = np.searchsorted(self.day, [after_day + 1, last_day + 1])
        return slice(first, end)


@dataclass(frozen=True)
class Happened:
    """Visits that happened."""

    owner: np.ndarray
    day: np.ndarray
    amount: np.ndarray
    is_order: np.ndarray


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
        sale_effect=by_world([kind.sale_effect for kind in kinds]),
        is_in_sale=rng.random(count) < IN_SALE,
        is_sale_control=rng.random(count) < SALE_CONTROL,
        is_promoted=by_world([kind.is_promotion for kind in kinds]),
    )


def highest_pace(customers):
    """The most orders, over those of the usual pace, that anybody can place."""
    return np.where(
        customers.is_promoted, 1,
        max(PACES) * (1 + customers.effects.max(axis=1))
        * (1 + customers.sale_effect),
    )


def draw_visits(rng, customers, first_day, last_day):
    """All visits that the customers could pay from one day to the other."""
    months = (last_day - first_day + 1) / 30.44
    owner = np.repeat(
        np.arange(len(customers)),
        rng.poisson(
            VISITS_PER_ORDER * customers.eagerness * highest_pace(customers)
            * months
        ),
    )
    day = rng.integers(first_day, last_day + 1, len(owner))
    order = np.argsort(day, kind="stable")
    owner, day = owner[order], day[order]
    amount = customers.price[owner] * np.exp(
        rng.normal(0, SPREAD_OF_ORDERS, len(owner))
    )
    return Visits(owner, day, rng.random(len(owner)), np.round(amount, 2))


class Market:
    """A course of the world: when each customer bought last, and what else has
    changed by what was bought so far."""

    def __init__(self, customers, visits, first_day):
        self.customers = customers
        self.visits = visits
        self.last_day = np.full(len(customers), first_day - LONG_DAYS)
        self.is_moved = np.zeros(len(visits.owner), dtype=bool)
        self.highest = highest_pace(customers)

    def copy_of(self, places):
        """The course so far, of these customers alone, to be continued."""
        number = np.full(len(self.customers), -1)
        number[places] = np.arange(len(places))
        is_kept = number[self.visits.owner] >= 0
        visits = self.visits.take(is_kept)
        visits = replace(visits, owner=number[visits.owner])
        course = Market(self.customers.take(places), visits, 0)
        course.last_day = self.last_day[places]
        course.is_moved = self.is_moved[is_kept]
        return course

    def state(self, day):
        """Place in STRATEGIES of what each customer's silence calls for."""
        silence = day - self.last_day
        return (silence > RECENT_DAYS).astype(int) + (silence > LONG_DAYS)

    def pass_days(
        self, after_day, last_day, strategy, is_contacted, is_new, is_in_sale
    ):
        """Let the days pass; returns what Happened. `is_contacted`: by their
        strategy; `is_new`: at entry; `is_in_sale`: by the sale as well."""
        customers = self.customers
        effect = customers.effects[np.arange(len(customers)), strategy]
        eager = np.array(PACES)[self.state(after_day)]
        eager = eager * np.where(is_contacted, 1 + effect, 1)
        eager = eager * np.where(is_in_sale, 1 + customers.sale_effect, 1)
        limit = np.where(customers.is_promoted, 1, eager / self.highest)

        window = self.visits.between(after_day, last_day)
        visits = self.visits.take(window)
        is_paid = visits.mark < limit[visits.owner]
        is_paid &= ~self.is_moved[window]
        visits = visits.take(is_paid)
        is_order = VISITS_PER_ORDER * visits.mark < limit[visits.owner]

        moved = self.visits.take(self._pull_forward(
            last_day, is_contacted & is_new & customers.is_promoted
        ))
        happened = Happened(
            owner=np.concatenate([visits.owner, moved.owner]),
            day=np.concatenate([
                visits.day, np.full(len(moved.owner), after_day + 7)
            ]),
            amount=np.concatenate([visits.amount, moved.amount]),
            is_order=np.concatenate([
                is_order, np.ones(len(moved.owner), dtype=bool)
            ]),
        )
        np.maximum.at(
            self.last_day, happened.owner[happened.is_order],
            happened.day[happened.is_order],
        )
        return happened

    def _pull_forward(self, last_day, is_promoted):
        """Places of the next orders of half of those promoted."""
        if not is_promoted.any():
            return np.array([], dtype=int)
        later = self.visits.between(last_day, last_day + 300)
        is_open = is_promoted[self.visits.owner[later]]
        is_open &= ~self.is_moved[later]
        is_open &= VISITS_PER_ORDER * self.visits.mark[later] < 1
        places = later.start + np.flatnonzero(is_open)
        _, first = np.unique(self.visits.owner[places], return_index=True)
        places = places[first]
        moved = places[
            VISITS_PER_ORDER * self.visits.mark[places] < PULLED_FORWARD
        ]
        self.is_moved[moved] = True
        return moved
