"""The parameters of the simulated company, and what all its parts share."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from random import Random

from simulation.sample.lists import LISTS

# No daylight saving since 1991, so a fixed offset is exact.
SHANGHAI = timezone(timedelta(hours=8))

# Local hour of day: share of shop traffic.
HOUR_WEIGHTS = (
    4, 2, 1, 1, 1, 1, 3, 6, 10, 14, 18, 17,
    16, 13, 12, 12, 13, 14, 16, 20, 26, 28, 20, 10,
)


@dataclass(frozen=True)
class World:
    """Parameters of the simulated company.

    Money is CNY, shares are 0 to 1. `lists_since` is the first month end whose
    list was used, `lists` the file of all lists. `uplift` is the number of
    additional orders that one contact causes, by kind of campaign; `arms` is
    the same by arm, for the one campaign that has arms. `browsing_sessions` is
    the mean number of visits without an order per customer in the newest
    `event_days`. If `broken_month_end` is None, no campaign draws its control
    group wrongly.
    """

    seed: int = 11
    customers: int = 1200
    first_date: date = date(2024, 1, 1)
    extracted_at: datetime = datetime(2026, 1, 1, 3, tzinfo=SHANGHAI)
    prospect_share: float = 0.08
    rate_shape: float = 0.6
    rate_weeks: float = 3.0
    leave_a: float = 0.8
    leave_b: float = 6.0
    amount_p: float = 6.0
    amount_q: float = 4.0
    amount_gamma: float = 90.0
    cancelled_share: float = 0.03
    unpaid_share: float = 0.02
    refund_share: float = 0.06
    order_ticket_share: float = 0.12
    other_ticket_share: float = 0.25
    low_csat_days: int = 90
    low_csat_order_share: float = 0.4
    lists_since: date = date(2024, 6, 30)
    lists: Path = LISTS
    uplift: Mapping[str, float] = field(default_factory=lambda: {
        "activation": 0.25, "vip_maintenance": 0.05, "wake_up": 0.0,
        "first_purchase": 0.04, "mass_promotion": 0.2,
    })
    first_campaign_month_end: date = date(2024, 4, 30)
    arms_month_end: date = date(2025, 3, 31)
    arms: Mapping[str, float] = field(default_factory=lambda: {
        "coupon": 0.8, "reminder": 0.25,
    })
    arms_control_share: float = 0.3
    promotion_month_end: date = date(2025, 10, 31)
    promotion_control_share: float = 0.5
    broken_month_end: date | None = date(2025, 9, 30)
    broken_control_share: float = 0.1
    broken_share: float = 0.4
    event_days: int = 184
    browsing_sessions: float = 0.75
    anonymous_visits: int = 30
    last_morning_orders: int = 4
    has_ugly_cases: bool = True

    def rng(self, *parts: object) -> Random:
        """A generator for each thing, so that adding a customer or a campaign
        leaves all others unchanged."""
        return Random("/".join(map(str, (self.seed, *parts))))

    def opens_at(self) -> datetime:
        """First moment of the first business date."""
        return datetime.combine(self.first_date, time(0), SHANGHAI)


def at_shop_hour(rng: Random, moment: datetime) -> datetime:
    """The same local date, at a time of day when people shop."""
    hour = rng.choices(range(24), HOUR_WEIGHTS)[0]
    clock = time(hour, rng.randrange(60), rng.randrange(60))
    return datetime.combine(moment.astimezone(SHANGHAI).date(), clock, SHANGHAI)


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
