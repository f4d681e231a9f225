"""The parameters of the simulated company, and what all its parts share."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from simulation.sample.lists import LISTS
from simulation.sample.season import (
    SHANGHAI,
    Clock,
    buying_clock,
    joining_clock,
)

# Who had joined before the first order.
EARLY_DAYS = 120


@dataclass(frozen=True)
class World:
    """Parameters of the simulated company.

    Money is CNY, shares are 0 to 1. `growth` is that of registrations from year
    to year. `lists_since` is the first month end whose list was used, `lists`
    the file of all lists; without one, a rule of thumb stands in for the
    warehouse (`lists.py`). `uplift` is the number of additional orders that one
    contact causes, by kind of campaign; `arms` is the same by arm, for the one
    campaign that has arms. Of the newest `event_days` there are events:
    `visits_active` and `visits_silent` are the mean numbers of visits without
    an order of a customer who bought or registered in the half year before them
    and of any other, `visits_before_order` of those before an order, and
    `anonymous_visits` of those per customer whom nobody knows. If
    `broken_month_end` is None, no campaign draws its control group wrongly.
    """

    seed: int = 11
    customers: int = 1450
    first_date: date = date(2024, 1, 1)
    extracted_at: datetime = datetime(2026, 1, 1, 3, tzinfo=SHANGHAI)
    growth: float = 0.25
    prospect_share: float = 0.2
    rate_shape: float = 0.3
    rate_weeks: float = 7.0
    leave_a: float = 0.8
    leave_b: float = 8.0
    amount_p: float = 6.0
    amount_q: float = 4.0
    amount_gamma: float = 90.0
    cancelled_share: float = 0.03
    unpaid_share: float = 0.02
    order_ticket_share: float = 0.11
    other_ticket_share: float = 0.12
    low_csat_days: int = 90
    low_csat_order_share: float = 0.25
    lists_since: date = date(2024, 6, 30)
    lists: Path | None = LISTS
    uplift: Mapping[str, float] = field(default_factory=lambda: {
        "activation": 0.2, "vip_maintenance": 0.03, "wake_up": 0.0,
        "first_purchase": 0.03, "mass_promotion": 0.15,
    })
    first_campaign_month_end: date = date(2024, 4, 30)
    arms_month_end: date = date(2025, 3, 31)
    arms: Mapping[str, float] = field(default_factory=lambda: {
        "coupon": 0.5, "reminder": 0.15,
    })
    arms_control_share: float = 0.3
    promotion_month_end: date = date(2025, 10, 31)
    promotion_control_share: float = 0.5
    broken_month_end: date | None = date(2025, 9, 30)
    broken_control_share: float = 0.1
    broken_share: float = 0.4
    event_days: int = 61
    visits_active: float = 1.2
    visits_silent: float = 0.6
    visits_before_order: float = 1.0
    anonymous_visits: float = 5.6
    last_morning_orders: int = 2
    has_ugly_cases: bool = True

    def rng(self, *parts: object) -> Random:
        """A generator for each thing, so that adding a customer or a campaign
        leaves all others unchanged."""
        return Random("/".join(map(str, (self.seed, *parts))))

    def opens_at(self) -> datetime:
        """First moment of the first business date."""
        return datetime.combine(self.first_date, time(0), SHANGHAI)

    def events_since(self) -> datetime:
        """The first moment of the newest `event_days`."""
        return datetime.combine(
            self.last_date() - timedelta(days=self.event_days - 1), time(0),
            SHANGHAI,
        )

    def last_date(self) -> date:
        """The newest complete business date."""
        return self.extracted_at.astimezone(SHANGHAI).date() - timedelta(days=1)

    def buying(self) -> Clock:
        return buying_clock(self.first_date, self.last_date())

    def joining(self) -> Clock:
        return joining_clock(
            self.first_date - timedelta(days=EARLY_DAYS), self.last_date(),
            self.growth,
        )


def month_ends(world: World) -> list[date]:
    """Last days of the months that ended two weeks or more before the end."""
    ends = []
    year, month = world.first_date.year, world.first_date.month
    newest = world.extracted_at.astimezone(SHANGHAI).date() - timedelta(days=14)
    while True:
        year, month = year + month // 12, month % 12 + 1
        end = date(year, month, 1) - timedelta(days=1)
        if end > newest:
            return ends
        ends.append(end)


def poisson(rng: Random, mean: float) -> int:
    """A Poisson number (Knuth's product of uniforms)."""
    count, product, floor = 0, rng.random(), math.exp(-mean)
    while product > floor:
        count, product = count + 1, product * rng.random()
    return count
