"""Felt time: the shop has its year, and buyers keep their rhythm."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import numpy as np
import pytest
from scipy import stats

from simulation.sample.customers import make_customer
from simulation.sample.lives import live
from simulation.sample.season import (
    CHINESE_NEW_YEARS,
    SHANGHAI,
    SPRING_FESTIVAL,
    at_shop_hour,
    season_on,
)
from simulation.sample.world import World

WORLD = World()
CLOCK = WORLD.buying()
RETAIL_PERIODS = (
    Path(__file__).resolve().parents[2]
    / "seeds" / "calendar" / "cst_retail_periods.csv"
)


def test_a_mean_day_is_as_long_as_any() -> None:
    days = (WORLD.last_date() - WORLD.first_date).days + 1
    assert CLOCK.ends[-1] == pytest.approx(days)
    lengths = np.diff(CLOCK.ends)
    sale = (date(2025, 11, 11) - WORLD.first_date).days
    feast = (CHINESE_NEW_YEARS[2025] - WORLD.first_date).days
    assert 6 < max(lengths) < 1.1 * lengths[sale]
    assert lengths[feast] < 0.5


def test_the_clock_reads_both_ways() -> None:
    rng = Random(1)
    for _ in range(1000):
        felt = rng.uniform(0, CLOCK.ends[-1] + 100)
        assert CLOCK.felt(CLOCK.moment(felt)) == pytest.approx(felt, abs=1e-6)
    moments = [CLOCK.moment(it / 10) for it in range(9000)]
    assert all(sooner < later for sooner, later in pairwise(moments))


def test_the_sales_are_those_of_the_retail_calendar() -> None:
    """And more: what the calendar calls 618 and 双11 is a sale on each day."""
    coupons = {"june_18": "618", "double_11": "D11"}
    for line in RETAIL_PERIODS.read_text(encoding="utf-8").splitlines()[1:]:
        code, first, last, *_ = line.split(",")
        day, end = date.fromisoformat(first), date.fromisoformat(last)
        while code in coupons and day <= end:
            assert season_on(day).coupon == coupons[code], day
            day += timedelta(days=1)
    for new_year in CHINESE_NEW_YEARS.values():
        assert season_on(new_year).factor == SPRING_FESTIVAL


def test_waiting_times_are_exponential_in_felt_time() -> None:
    """Of customers who never leave, and buy once in ten days: the calendar has
    seasons, felt time has none. A day's hour is drawn anew, so that days count."""
    world = replace(
        WORLD, rate_shape=1e6, rate_weeks=1e6 / 0.7, leave_a=1e-6, leave_b=1e6,
        prospect_share=0.0, order_ticket_share=0.0, other_ticket_share=0.0,
    )
    gaps, days = [], []
    for number in range(1, 200):
        customer = make_customer(world, number)
        live(world, customer)
        moments = [order.ordered_at for order in customer.orders]
        days += [it.astimezone(SHANGHAI).date() for it in moments]
        # What has not ended by the extract is missing, and long.
        gaps += [
            CLOCK.felt(later) - CLOCK.felt(sooner)
            for sooner, later in pairwise(moments)
            if CLOCK.felt(sooner) < CLOCK.ends[-1] - 150
        ]
    assert np.mean(gaps) == pytest.approx(10, rel=0.05)
    assert stats.kstest(gaps, "expon", args=(0, 10)).statistic < 0.05
    sale = sum(day in (date(2024, 11, 11), date(2025, 11, 11)) for day in days)
    assert sale > 3 * 2 * len(days) / 731


def test_a_sale_day_begins_at_midnight() -> None:
    rng = Random(2)
    noon = datetime(2025, 11, 11, 12, tzinfo=SHANGHAI)
    hours = [at_shop_hour(rng, noon).hour for _ in range(2000)]
    other = [
        at_shop_hour(rng, noon - timedelta(days=30)).hour for _ in range(2000)
    ]
    assert hours.count(0) > 4 * other.count(0)
