"""When people buy: sales, holidays, days of the week and hours of the day.

A buyer waits in felt time, which a `Clock` maps to dates: a day of a sale is
long, a day of the holidays short, and a mean day as long as any. So purchases
keep their rhythm, and the shop has its year.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from itertools import accumulate
from random import Random
from typing import NamedTuple

# No daylight saving since 1991, so a fixed offset is exact.
SHANGHAI = timezone(timedelta(hours=8))

# Local hour of day: share of shop traffic.
HOURS = (
    4, 2, 1, 1, 1, 1, 3, 6, 10, 14, 18, 17,
    16, 13, 12, 12, 13, 14, 16, 20, 26, 28, 20, 10,
)
# A sale day begins at midnight and ends with a rush.
SALE_DAY_HOURS = (
    40, 12, 4, 2, 1, 1, 3, 7, 14, 20, 22, 18,
    16, 13, 12, 12, 13, 14, 16, 22, 34, 36, 34, 32,
)
# A shop in a street is open from ten to ten.
STORE_HOURS = (
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 10,
    12, 10, 10, 11, 11, 12, 13, 14, 12, 7, 0, 0,
)

MONTHS = (0.95, 0.9, 1.0, 0.95, 1.0, 1.0, 0.88, 0.9, 1.0, 1.05, 1.0, 1.08)
# From Monday to Sunday; the shops in a street have their own (`STORE_DAYS`).
WEEKDAYS = (1.03, 1.02, 1.0, 1.0, 1.04, 0.97, 0.94)
STORE_DAYS = (0.45, 0.45, 0.45, 0.5, 1.0, 2.6, 2.4)


class Season(NamedTuple):
    """Days of every year on which people buy more, or less. `coupon` names the
    coupons of a sale and is empty for any other season."""

    first: tuple[int, int]
    last: tuple[int, int]
    factor: float
    coupon: str = ""


# The later one counts where two meet.
SEASONS = (
    Season((3, 1), (3, 8), 1.25, "W38"),
    Season((3, 8), (3, 8), 2.0, "W38"),
    Season((5, 1), (5, 5), 0.85),
    Season((6, 1), (6, 18), 1.35, "618"),
    Season((6, 1), (6, 1), 2.0, "618"),
    Season((6, 16), (6, 17), 1.8, "618"),
    Season((6, 18), (6, 18), 6.0, "618"),
    Season((6, 19), (6, 30), 0.75),
    Season((9, 7), (9, 9), 1.4, "S99"),
    Season((10, 1), (10, 7), 0.85),
    Season((10, 21), (10, 31), 1.15),
    Season((11, 1), (11, 11), 1.5, "D11"),
    Season((11, 1), (11, 1), 3.0, "D11"),
    Season((11, 11), (11, 11), 9.0, "D11"),
    Season((11, 12), (11, 20), 0.65),
    Season((12, 10), (12, 12), 1.6, "D12"),
)
NEW_YEAR_SALE = ("NHJ", 1.3)
SPRING_FESTIVAL = 0.4
# First day of the Chinese year. The sale before it ends as parcels stop.
CHINESE_NEW_YEARS = {
    2023: date(2023, 1, 22), 2024: date(2024, 2, 10),
    2025: date(2025, 1, 29), 2026: date(2026, 2, 17),
}


class Day(NamedTuple):
    factor: float
    coupon: str

    @property
    def is_peak(self) -> bool:
        return self.factor >= 2 and self.coupon != ""


@cache
def season_on(day: date) -> Day:
    """How much people buy on a day of the year, and the coupons of its sale."""
    factor, coupon = 1.0, ""
    for season in SEASONS:
        if season.first <= (day.month, day.day) <= season.last:
            factor, coupon = season.factor, season.coupon
    new_year = CHINESE_NEW_YEARS.get(day.year)
    if new_year:
        away = (day - new_year).days
        if -22 <= away < -6:
            coupon, factor = NEW_YEAR_SALE
        elif -3 <= away <= 7:
            coupon, factor = "", SPRING_FESTIVAL
    return Day(factor, coupon)


def day_length(day: date) -> float:
    """How long a day feels to buyers."""
    return (
        season_on(day).factor * MONTHS[day.month - 1] * WEEKDAYS[day.weekday()]
    )


class Clock:
    """Felt time in days, from the beginning of `first` on. Behind the last day
    of `lengths` days are as long as they are."""

    def __init__(self, first: date, lengths: Sequence[float]) -> None:
        self.start = datetime.combine(first, time(0), SHANGHAI)
        mean = sum(lengths) / len(lengths)
        self.ends = list(accumulate((it / mean for it in lengths), initial=0))

    def felt(self, moment: datetime) -> float:
        day, part = divmod((moment - self.start) / timedelta(days=1), 1)
        day = int(day)
        if day >= len(self.ends) - 1:
            return self.ends[-1] + day + part - (len(self.ends) - 1)
        return self.ends[day] + part * (self.ends[day + 1] - self.ends[day])

    def moment(self, felt: float) -> datetime:
        day = bisect_right(self.ends, felt) - 1
        if day >= len(self.ends) - 1:
            days = len(self.ends) - 1 + felt - self.ends[-1]
        else:
            length = self.ends[day + 1] - self.ends[day]
            days = day + (felt - self.ends[day]) / length
        return self.start + timedelta(days=days)


@cache
def buying_clock(first: date, last: date) -> Clock:
    days = (last - first).days + 1
    return Clock(first, [
        day_length(first + timedelta(days=it)) for it in range(days)
    ])


@cache
def joining_clock(first: date, last: date, growth: float) -> Clock:
    """Registrations: more from year to year, and most in sales, too."""
    days = (last - first).days + 1
    return Clock(first, [
        day_length(first + timedelta(days=it)) ** 0.7
        * (1 + growth) ** (it / 365)
        for it in range(days)
    ])


def at_shop_hour(
    rng: Random, moment: datetime, channel: str = ""
) -> datetime:
    """The same local date, at a time of day when people shop."""
    day = moment.astimezone(SHANGHAI).date()
    hours = HOURS
    if channel == "store":
        hours = STORE_HOURS
    elif season_on(day).is_peak:
        hours = SALE_DAY_HOURS
    hour = rng.choices(range(24), hours)[0]
    clock = time(hour, rng.randrange(60), rng.randrange(60))
    return datetime.combine(day, clock, SHANGHAI)


def is_open(moment: datetime) -> bool:
    """Whether the shops in a street are."""
    return STORE_HOURS[moment.astimezone(SHANGHAI).hour] > 0
