"""Customers, and the rows of ods_cst_customer."""

from datetime import date, timedelta
from random import Random

from simulation.sample.records import Customer
from simulation.sample.tables import Row, flag, money, stamp
from simulation.sample.world import World, at_shop_hour

CITIES = (
    ("上海", "上海"), ("北京", "北京"), ("广州", "广东"), ("深圳", "广东"),
    ("杭州", "浙江"), ("宁波", "浙江"), ("南京", "江苏"), ("苏州", "江苏"),
    ("成都", "四川"), ("武汉", "湖北"), ("西安", "陕西"), ("重庆", "重庆"),
    ("长沙", "湖南"), ("青岛", "山东"), ("厦门", "福建"), ("昆明", "云南"),
)
CITY_WEIGHTS = (16, 14, 9, 10, 9, 4, 6, 6, 7, 6, 4, 5, 4, 3, 3, 2)
MEMBER_LEVELS = ("普通", "银卡", "金卡", "钻石")
# Acquisition channel: share of customers, mean cost in CNY.
ACQUISITION = {
    "organic": (28, 0.0), "search_ads": (22, 38.0), "social": (20, 25.0),
    "kol": (12, 55.0), "referral": (11, 15.0), "store": (7, 8.0),
}
CHANNELS = ("app", "mini_program", "web", "store")
CHANNEL_WEIGHTS = (40, 30, 20, 10)


def make_customer(world: World, number: int) -> Customer:
    customer_id = f"C{number:05d}"
    rng = world.rng("customer", customer_id)
    start = world.opens_at() - timedelta(days=120)
    days = (world.extracted_at - start).days - 20
    # Skewed toward early registrations, so most lives are observed for long.
    joined = start + timedelta(days=days * rng.random() ** 1.25)
    return Customer(
        customer_id=customer_id,
        registered_at=at_shop_hour(rng, joined),
        is_prospect=rng.random() < world.prospect_share,
        weekly_rate=weekly_rate(world, rng),
        leave_chance=rng.betavariate(world.leave_a, world.leave_b),
        amount_rate=rng.gammavariate(world.amount_q, 1 / world.amount_gamma),
        channel=rng.choices(CHANNELS, CHANNEL_WEIGHTS)[0],
        has_consent=rng.random() < 0.92,
    )


def weekly_rate(world: World, rng: Random) -> float:
    """Purchases per week, at least one in 200 years: a waiting time has to fit
    into a `timedelta`."""
    rate = rng.gammavariate(world.rate_shape, 1 / world.rate_weeks)
    return max(rate, 1e-4)


def customer_rows(world: World, customer: Customer) -> list[Row]:
    """Versions of a customer: about 15% move or change level."""
    rng = world.rng("profile", customer.customer_id)
    row = first_profile(rng, customer)
    rows = [row]
    if rng.random() >= 0.15:
        return rows
    span = (world.extracted_at - customer.registered_at).total_seconds()
    for moment in sorted(rng.random() for _ in range(rng.randint(1, 3))):
        row = dict(rows[-1])
        changed = customer.registered_at + timedelta(seconds=moment * span)
        row["updated_at"] = stamp(rng, changed)
        change_profile(rng, row)
        rows.append(row)
    return rows


def first_profile(rng: Random, customer: Customer) -> Row:
    city, province = rng.choices(CITIES, CITY_WEIGHTS)[0]
    shares = [share for share, _ in ACQUISITION.values()]
    source = rng.choices(list(ACQUISITION), shares)[0]
    mean_cost = ACQUISITION[source][1]
    registered = stamp(rng, customer.registered_at)
    born = date(1960, 1, 1) + timedelta(days=rng.randrange(365 * 46))
    digits = customer.customer_id[1:]
    return {
        "customer_id": customer.customer_id,
        "registered_at": registered,
        "updated_at": registered,
        "gender": rng.choices(("female", "male", "unknown"), (55, 38, 7))[0],
        "birth_date": born.isoformat() if rng.random() < 0.8 else "",
        "city": city,
        "province": province,
        "member_level": rng.choices(MEMBER_LEVELS, (70, 18, 9, 3))[0],
        "acquisition_channel": source,
        "acquisition_cost": money(round(mean_cost * rng.uniform(60, 140))),
        "email": f"user{digits}@example.com" if rng.random() < 0.7 else "",
        # The prefix is not assigned to any carrier, so this is nobody's number.
        "mobile": f"100000{digits}",
        "contact_consent": flag(customer.has_consent),
        "is_deleted": "false",
        "merged_into_customer_id": "",
    }


def change_profile(rng: Random, row: Row) -> None:
    """Move one level up, or to another city."""
    level = MEMBER_LEVELS.index(row["member_level"])
    if rng.random() < 0.6 and level + 1 < len(MEMBER_LEVELS):
        row["member_level"] = MEMBER_LEVELS[level + 1]
        return
    elsewhere = [place for place in CITIES if place[0] != row["city"]]
    row["city"], row["province"] = rng.choice(elsewhere)
