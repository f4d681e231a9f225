"""Customers, and the rows of ods_cst_customer."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple

from simulation.sample.goods import CATALOG
from simulation.sample.records import Customer
from simulation.sample.season import at_shop_hour
from simulation.sample.tables import Row, flag, money, stamp
from simulation.sample.world import World

CITIES = (
    ("上海", "上海"), ("北京", "北京"), ("广州", "广东"), ("深圳", "广东"),
    ("杭州", "浙江"), ("宁波", "浙江"), ("南京", "江苏"), ("苏州", "江苏"),
    ("成都", "四川"), ("武汉", "湖北"), ("西安", "陕西"), ("重庆", "重庆"),
    ("长沙", "湖南"), ("青岛", "山东"), ("厦门", "福建"), ("昆明", "云南"),
)
CITY_WEIGHTS = (16, 14, 9, 10, 9, 4, 6, 6, 7, 6, 4, 5, 4, 3, 3, 2)
# What a level asks for, in fen paid within a year. It is kept for a year.
LEVELS = (("普通", 0), ("银卡", 50000), ("金卡", 120000), ("钻石", 300000))
YEAR = timedelta(days=365)
CHANNELS = ("app", "mini_program", "web", "store")
CHANNEL_WEIGHTS = (34, 31, 15, 20)


class Source(NamedTuple):
    """A channel of acquisition: its shares of those who will buy often and of
    the others, and the mean cost of a customer in CNY."""

    frequent: int
    other: int
    cost: float


SOURCES = {
    "organic": Source(34, 26, 0.0), "search_ads": Source(20, 22, 130.0),
    "social": Source(16, 23, 105.0), "kol": Source(8, 13, 170.0),
    "referral": Source(14, 9, 45.0), "store": Source(8, 7, 25.0),
}


def make_customer(world: World, number: int) -> Customer:
    customer_id = f"C{number:05d}"
    rng = world.rng("customer", customer_id)
    joining = world.joining()
    joined = joining.moment(joining.ends[-1] * rng.random())
    channel = rng.choices(CHANNELS, CHANNEL_WEIGHTS)[0]
    gender = rng.choices(("female", "male", "unknown"), (58, 35, 7))[0]
    return Customer(
        customer_id=customer_id,
        registered_at=at_shop_hour(rng, joined, channel),
        is_prospect=rng.random() < world.prospect_share,
        weekly_rate=weekly_rate(world, rng),
        leave_chance=rng.betavariate(world.leave_a, world.leave_b),
        amount_rate=rng.gammavariate(world.amount_q, 1 / world.amount_gamma),
        channel=channel,
        gender=gender,
        favourite=favourite(rng, gender),
        has_consent=rng.random() < 0.9,
    )


def weekly_rate(world: World, rng: Random) -> float:
    """Purchases per week, at least one in 200 years: a waiting time has to fit
    into a `timedelta`."""
    rate = rng.gammavariate(world.rate_shape, 1 / world.rate_weeks)
    return max(rate, 1e-4)


def favourite(rng: Random, gender: str) -> str:
    """Half of the men do not look at dresses, nor women at shirts."""
    weights = {name: it.weight for name, it in CATALOG.items()}
    if gender != "unknown":
        weights["女装" if gender == "male" else "男装"] /= 4
    if gender == "male":
        weights["美妆"] /= 3
        weights["数码"] *= 2
    return rng.choices(list(weights), list(weights.values()))[0]


def customer_rows(world: World, customer: Customer) -> list[Row]:
    """Versions of a customer: some move, and spending changes the level."""
    rng = world.rng("profile", customer.customer_id)
    row = first_profile(world, rng, customer)
    changes: list[tuple[datetime, str, str]] = [
        (moment, "level", level) for moment, level in levels(world, customer)
    ]
    if rng.random() < 0.06:
        span = world.extracted_at - customer.registered_at
        moved = customer.registered_at + rng.random() * span
        changes.append((moved, "city", ""))
    rows = [row]
    for moment, kind, level in sorted(changes):
        row = dict(rows[-1])
        row["updated_at"] = stamp(rng, moment)
        if kind == "level":
            row["member_level"] = level
        else:
            elsewhere = [it for it in CITIES if it[0] != row["city"]]
            row["city"], row["province"] = rng.choice(elsewhere)
        rows.append(row)
    return rows


def levels(
    world: World, customer: Customer
) -> Iterator[tuple[datetime, str]]:
    """Each change of the level: up with the payment that earns it, down a year
    after what kept it."""
    paid = sorted(
        (order.paid_at, order.amount)
        for order in customer.orders if order.is_purchase
    )
    now, until = 0, world.extracted_at
    for end, _ in [*paid, (world.extracted_at, 0)]:
        while now and until < end:
            now = earned(paid, until)
            yield until, LEVELS[now][0]
            until += YEAR
        reached = earned(paid, end)
        if reached >= now and reached:
            until = end + YEAR
        if reached > now:
            now = reached
            yield end, LEVELS[now][0]


def earned(paid: list[tuple[datetime, int]], moment: datetime) -> int:
    """The level that the spending of the year before a moment is worth."""
    spent = sum(
        amount for at, amount in paid if moment - YEAR < at <= moment
    )
    return max(
        number for number, (_, least) in enumerate(LEVELS) if spent >= least
    )


def first_profile(world: World, rng: Random, customer: Customer) -> Row:
    city, province = rng.choices(CITIES, CITY_WEIGHTS)[0]
    is_frequent = customer.weekly_rate > world.rate_shape / world.rate_weeks
    shares = [
        it.frequent if is_frequent else it.other for it in SOURCES.values()
    ]
    source = rng.choices(list(SOURCES), shares)[0]
    registered = stamp(rng, customer.registered_at)
    # Mostly between 18 and 50.
    age = 18 + 50 * rng.betavariate(1.6, 3.2)
    born = date(2025, 1, 1) - timedelta(days=age * 365.25)
    number = int(customer.customer_id[1:])
    return {
        "customer_id": customer.customer_id,
        "registered_at": registered,
        "updated_at": registered,
        "gender": customer.gender,
        "birth_date": born.isoformat() if rng.random() < 0.6 else "",
        "city": city,
        "province": province,
        "member_level": LEVELS[0][0],
        "acquisition_channel": source,
        "acquisition_cost": money(
            round(SOURCES[source].cost * rng.uniform(60, 140))
        ),
        "email": f"user{number:05d}@example.com" if rng.random() < 0.5 else "",
        # The prefix is not assigned to any carrier, so this is nobody's number.
        "mobile": f"1000{number:07d}",
        "contact_consent": flag(customer.has_consent),
        "is_deleted": "false",
        "merged_into_customer_id": "",
    }
