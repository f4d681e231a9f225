"""Small worlds in which it is known what a strategy does.

A world is a segment of its own, and a trial in it a strategy: 300 to 3,000
customers, each with his own inclination to buy. What is planted, by strategy:

* `activation` raises the share of customers who buy within 30 days, the money
  that they spend, and their lifetime value, by amounts drawn for the world.
* `wake_up` changes nothing.
* `vip_maintenance` changes nothing either, but looks as if it did: in every
  other world its campaign held out other customers than it should have, the
  least inclined ones; in the rest nobody was ever contacted, and the customers
  held out are left with what chance gave them.

The tables written are those above the marts' own steps: assignments, touches,
purchases, refunds, lifetime values. Who is held out, what falls into a window,
every sum and every statistic is left to the project's models.
"""

import hashlib
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
import pandas as pd

SNAPSHOT = date(2024, 6, 30)
FOLLOW_UP = date(2024, 7, 31)
AS_OF = date(2024, 8, 31)
WINDOW = 30
STRATEGIES = ("activation", "wake_up", "vip_maintenance")

# Share of the customers that a campaign gets hold of.
REACH = 0.8
MORE_ORDERS = 0.4
SPREAD_OF_CUSTOMERS, SPREAD_OF_ORDERS = 0.5, 0.6
REFUNDED_SHARE, REFUNDED_PART = 0.1, 0.4


@dataclass(frozen=True)
class Trial:
    """A strategy in a world, and the truth about it, per customer."""

    segment_code: str
    strategy_code: str
    holdout_share: float
    rate_uplift: float
    amount_uplift: float
    ltv_uplift: float
    is_broken: bool = False
    is_idle: bool = False


@dataclass(frozen=True)
class Worlds:
    """Trials with the same share held out, and the rows of their tables."""

    holdout_share: float
    trials: list[Trial]
    tables: dict[str, pd.DataFrame]


def is_held_out(customer_id, salt, share):
    """The draw as the README promises it: the first 32 bits of an md5."""
    digest = hashlib.md5(f"{salt}:{customer_id}".encode()).hexdigest()
    return int(digest[:8], 16) < int(share * 2**32)


def day_after(days):
    """Dates so many days after the snapshot."""
    return np.datetime64(SNAPSHOT, "s") + np.asarray(days) * np.timedelta64(
        86400, "s"
    )


def make_trial(rng, number, share, strategy_code, salt):
    """One trial: its truth, and its rows by table."""
    segment_code = f"world_{number:03d}"
    # So that the smaller group is hardly ever below the 30 that are asked for.
    smallest = max(300, 50 / share)
    size = int(np.exp(rng.uniform(np.log(smallest), np.log(3000))))
    ids = np.array([f"{segment_code}-{strategy_code}-{i}" for i in range(size)])

    rate = rng.uniform(0.05, 0.35)
    inclination = rng.beta(3 * rate, 3 * (1 - rate), size)
    price = rng.uniform(20, 200)
    works = strategy_code == "activation"
    rate_uplift = rng.uniform(0.02, 0.15) if works else 0.0
    ltv_uplift = rng.uniform(5, 30) if works else 0.0

    is_bad = strategy_code == "vip_maintenance"
    is_broken, is_idle = is_bad and number % 2 == 0, is_bad and number % 2 == 1
    has_own_holdout = is_broken or (not is_bad and number % 2 == 0)

    is_reached = rng.random(size) < REACH
    is_held = np.array([is_held_out(it, salt, share) for it in ids])
    if has_own_holdout:
        drawn = rng.random(size) < share
        if is_broken:
            # A fifth of all customers too many, and not by chance.
            limit = np.quantile(inclination, min(share + 0.25, 0.9))
            drawn = inclination < limit
        is_held = np.where(is_reached, drawn, is_held)
    is_contacted = is_reached & ~is_held & (not is_idle)

    # Those contacted buy so much oftener that all assigned buy as planted.
    push = np.where(is_contacted, rate_uplift / (1 - rate) / REACH, 0)
    buys = rng.random(size) < inclination + (1 - inclination) * push
    buyers = np.flatnonzero(buys)
    order_counts = 1 + rng.poisson(MORE_ORDERS, len(buyers))
    scale = price * np.exp(rng.normal(0, SPREAD_OF_CUSTOMERS, size))
    owners = np.repeat(buyers, order_counts)
    days = rng.integers(1, WINDOW + 1, len(owners))
    # Orders that no window holds: on the snapshot date, and after the window.
    others = rng.choice(size, size // 4, replace=False)
    owners = np.concatenate([owners, others])
    days = np.concatenate([
        days, np.where(rng.random(len(others)) < 0.5, 0, WINDOW + 1)
    ])
    amounts = np.round(
        scale[owners] * np.exp(rng.normal(0, SPREAD_OF_ORDERS, len(owners))), 2
    )
    purchases = pd.DataFrame({
        "order_id": [f"{ids[o]}-{n}" for n, o in enumerate(owners)],
        "customer_id": ids[owners],
        "order_amount": amounts,
        "purchase_date": day_after(days),
    })
    # A part goes back on the same day; of others more, when the window is over.
    draw = rng.random(len(owners))
    is_early, is_late = draw < REFUNDED_SHARE, draw > 0.9
    refunds = purchases[is_early | is_late].assign(
        booked_amount=np.round(amounts * REFUNDED_PART, 2)[is_early | is_late],
        is_full_refund=False,
        booking_date=day_after(
            np.where(is_early, days, WINDOW + 5)[is_early | is_late]
        ),
    ).rename(columns={"order_id": "refund_id"})
    refunds["order_id"] = refunds.refund_id

    variance = SPREAD_OF_CUSTOMERS**2 + SPREAD_OF_ORDERS**2
    per_buyer = (1 + MORE_ORDERS) * price * np.exp(variance / 2)
    per_buyer *= 1 - REFUNDED_SHARE * REFUNDED_PART

    touched = is_reached if has_own_holdout else is_contacted
    touched = np.flatnonzero(touched & (not is_idle))
    touches = pd.DataFrame({
        "touch_id": ids[touched],
        "campaign_id": f"{segment_code}-{strategy_code}",
        "customer_id": ids[touched],
        "is_control": is_held[touched],
        "has_own_holdout": has_own_holdout,
        "touched_date": day_after(rng.integers(1, 6, len(touched))),
    })

    before = np.round(scale * rng.lognormal(1, 0.5, size), 2)
    lift = np.where(is_contacted, ltv_uplift / REACH, 0)
    after = np.round(before * rng.normal(1, 0.3, size) + lift, 2)
    # A few never get a value: their purchases were refunded.
    after = np.where(rng.random(size) < 0.03, np.nan, after)

    trial = Trial(
        segment_code=segment_code,
        strategy_code=strategy_code,
        holdout_share=share,
        rate_uplift=rate_uplift,
        amount_uplift=rate_uplift * per_buyer,
        ltv_uplift=ltv_uplift,
        is_broken=is_broken,
        is_idle=is_idle,
    )
    assigned = pd.DataFrame({
        "customer_id": ids,
        "segment_code": segment_code,
        "strategy_code": strategy_code,
        "is_held_out": is_held,
        "value_before": before,
        "value_after": after,
    })
    return trial, {
        "assigned": assigned,
        "touches": touches,
        "purchases": purchases,
        "refunds": refunds,
    }


def make_worlds(numbers, share, salt):
    """The worlds of these numbers; each has random numbers of its own."""
    trials, parts = [], []
    for number in numbers:
        for place, strategy_code in enumerate(STRATEGIES):
            rng = np.random.default_rng([number, place])
            trial, tables = make_trial(rng, number, share, strategy_code, salt)
            trials.append(trial)
            parts.append(tables)
    tables = {
        name: pd.concat([part[name] for part in parts], ignore_index=True)
        for name in parts[0]
    }
    return Worlds(share, trials, tables)


SETUP = f"""
create schema cst_intermediate;
create schema cst_dim;
create schema cst_ads;

create table cst_intermediate.int_cst_snapshot_dates as
select
    snapshot_date,
    lag(snapshot_date) over (order by snapshot_date) as previous_snapshot_date,
    date '2024-05-31' as first_snapshot_date,
    date '{AS_OF}' as last_snapshot_date,
    snapshot_date = date '{AS_OF}' as is_current,
    snapshot_date + interval 16 hour as known_until_at
from (
    values
        (date '2024-05-31'), (date '{SNAPSHOT}'), (date '{FOLLOW_UP}'),
        (date '{AS_OF}')
) as dates (snapshot_date);

create table cst_intermediate.int_cst_strategies_assigned as
select
    customer_id, date '{SNAPSHOT}' as snapshot_date, segment_code,
    'mid' as value_tier, strategy_code, 'planted' as assignment_reason,
    'planted' as assignment_reason_zh,
    false as is_strategy_kept
from assigned;

create table cst_intermediate.int_cst_touches_matched as
select
    touch_id, campaign_id, customer_id, date '{SNAPSHOT}' as snapshot_date,
    'matched' as match_status, cast(0.1 as decimal(18, 2)) as touch_cost_amount,
    is_control, has_own_holdout, false as is_opened, false as is_clicked,
    false as is_redeemed, cast(touched_date as date) as touched_date,
    cast(touched_date as timestamp) as touched_at
from touches;

create table cst_intermediate.int_cst_purchases as
select
    order_id, customer_id, cast(order_amount as decimal(18, 2)) as order_amount,
    cast(0 as decimal(18, 2)) as discount_amount,
    cast(purchase_date as date) as purchase_date
from purchases;

create table cst_intermediate.int_cst_refunds_booked as
select
    refund_id, order_id, customer_id,
    cast(booked_amount as decimal(18, 2)) as booked_amount, is_full_refund,
    cast(purchase_date as date) as purchase_date,
    cast(booking_date as date) as booking_date
from refunds;

create table cst_dim.dim_cst_customer as
select
    customer_id as customer_key, customer_id,
    timestamp '1900-01-01' as valid_from_at, timestamp '9999-12-31' as valid_to_at
from assigned;

create table cst_dim.dim_cst_segment as
select distinct
    segment_code, segment_code as segment_name_zh,
    segment_code as segment_name_en
from assigned;

create table cst_dim.dim_cst_strategy as
select distinct
    strategy_code, strategy_code as strategy_name_zh,
    strategy_code as strategy_name_en
from assigned;

create table cst_ads.ads_cst_ltv as
select
    customer_id, date '{SNAPSHOT}' as snapshot_date,
    cast(value_before as decimal(18, 2)) as ltv_amount
from assigned
union all
select
    customer_id, date '{FOLLOW_UP}' as snapshot_date,
    cast(
        case when not isnan(value_after) then value_after end
        as decimal(18, 2)
    ) as ltv_amount
from assigned
union all
select customer_id, date '{AS_OF}' as snapshot_date, null as ltv_amount
from assigned;
"""

# What the project makes of these tables.
MODELS = (
    "int_cst_order_bookings", "int_cst_next_purchases",
    "int_cst_recent_contacts", "int_cst_strategy_assignments",
    "int_cst_repurchase_outcomes", "dws_cst_retention",
    "ads_cst_strategy_outcome", "ads_cst_strategy_effect",
    "ads_cst_strategy_ltv_outcome", "ads_cst_strategy_ltv_effect",
)


def write_worlds(worlds, path):
    """A new database with the tables that MODELS read."""
    with duckdb.connect(str(path)) as connection:
        for name, rows in worlds.tables.items():
            connection.register(name, rows)
        connection.execute(SETUP)
