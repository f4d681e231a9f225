"""Trials with planted effects: their truths and the rows of their tables."""

import hashlib
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

SNAPSHOT = date(2024, 6, 30)
FOLLOW_UP = date(2024, 7, 31)
AS_OF = date(2024, 8, 31)
WINDOW = 30
STRATEGIES = ("activation", "wake_up", "vip_maintenance")

# Share of the customers that a campaign reaches.
REACH = 0.8
MORE_ORDERS = 0.4
SPREAD_OF_CUSTOMERS, SPREAD_OF_ORDERS = 0.5, 0.6
REFUNDED_SHARE, REFUNDED_PART = 0.1, 0.4


@dataclass(frozen=True)
class Trial:
    """A strategy in a world, and the truth about it.

    Uplifts are per assigned customer: of the repurchase rate (0 to 1), of net
    money and of lifetime value.
    """

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
    """Whether the project's hash holds a customer out: the first 32 bits of an
    md5, compared with the share."""
    digest = hashlib.md5(f"{salt}:{customer_id}".encode()).hexdigest()
    return int(digest[:8], 16) < int(share * 2**32)


def day_after(days):
    """The dates that many days after the snapshot."""
    return np.datetime64(SNAPSHOT, "s") + np.asarray(days) * np.timedelta64(
        86400, "s"
    )


def make_trial(rng, number, share, strategy_code, salt):
    """One trial: its truth, and its rows by table (a dict of DataFrames)."""
    segment_code = f"world_{number:03d}"
    # So that the smaller group rarely falls below the required 30 customers.
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
    trial = Trial(
        segment_code=segment_code,
        strategy_code=strategy_code,
        holdout_share=share,
        rate_uplift=rate_uplift,
        amount_uplift=rate_uplift * amount_per_buyer(price),
        ltv_uplift=ltv_uplift,
        is_broken=is_bad and number % 2 == 0,
        is_idle=is_bad and number % 2 == 1,
    )
    has_own_holdout = number % 2 == 0

    is_reached = rng.random(size) < REACH
    is_held = np.array([is_held_out(it, salt, share) for it in ids])
    if has_own_holdout:
        drawn = draw_holdout(rng, trial, inclination)
        is_held = np.where(is_reached, drawn, is_held)
    is_contacted = is_reached & ~is_held & (not trial.is_idle)

    # Contacted customers buy more often, by so much that the planted uplift
    # holds for all assigned customers.
    push = np.where(is_contacted, rate_uplift / (1 - rate) / REACH, 0)
    buys = rng.random(size) < inclination + (1 - inclination) * push
    buyers = np.flatnonzero(buys)
    owners = np.repeat(buyers, 1 + rng.poisson(MORE_ORDERS, len(buyers)))
    scale = price * np.exp(rng.normal(0, SPREAD_OF_CUSTOMERS, size))
    purchases = make_purchases(rng, ids, owners, scale)
    refunds = make_refunds(rng, purchases)

    known = is_reached if has_own_holdout else is_contacted
    known = np.flatnonzero(known & (not trial.is_idle))
    contacts = pd.DataFrame({
        "touch_id": ids[known],
        "campaign_id": f"{segment_code}-{strategy_code}",
        "customer_id": ids[known],
        "is_control": is_held[known],
        "has_own_holdout": has_own_holdout,
        "touched_date": day_after(rng.integers(1, 6, len(known))),
    })

    before = np.round(scale * rng.lognormal(1, 0.5, size), 2)
    lift = np.where(is_contacted, ltv_uplift / REACH, 0)
    after = np.round(before * rng.normal(1, 0.3, size) + lift, 2)
    # A few have no value, as all their purchases were refunded.
    after = np.where(rng.random(size) < 0.03, np.nan, after)
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
        "contacts": contacts,
        "purchases": purchases,
        "refunds": refunds,
    }


def amount_per_buyer(price):
    """Expected net money in the window, of a customer who buys at all."""
    variance = SPREAD_OF_CUSTOMERS**2 + SPREAD_OF_ORDERS**2
    gross = (1 + MORE_ORDERS) * price * np.exp(variance / 2)
    return gross * (1 - REFUNDED_SHARE * REFUNDED_PART)


def draw_holdout(rng, trial, inclination):
    """Whether the campaign itself holds out each customer: a boolean array."""
    drawn = rng.random(len(inclination)) < trial.holdout_share
    if not trial.is_broken:
        return drawn
    # A quarter of those reached too many, and not by chance.
    share = min(trial.holdout_share + 0.25, 0.9)
    return inclination < np.quantile(inclination, share)


def make_purchases(rng, ids, owners, scale):
    """One order in the window for each of `owners` (indexes into `ids`), and a
    few by others just outside it: on the snapshot date and after the window."""
    days = rng.integers(1, WINDOW + 1, len(owners))
    others = rng.choice(len(ids), len(ids) // 4, replace=False)
    owners = np.concatenate([owners, others])
    days = np.concatenate([
        days, np.where(rng.random(len(others)) < 0.5, 0, WINDOW + 1)
    ])
    spread = np.exp(rng.normal(0, SPREAD_OF_ORDERS, len(owners)))
    return pd.DataFrame({
        "order_id": [f"{ids[o]}-{n}" for n, o in enumerate(owners)],
        "customer_id": ids[owners],
        "order_amount": np.round(scale[owners] * spread, 2),
        "purchase_date": day_after(days),
    })


def make_refunds(rng, purchases):
    """Partial refunds of some purchases: the same day or after the window."""
    draw = rng.random(len(purchases))
    is_late = draw > 0.9
    refunds = purchases.assign(
        posted_amount=np.round(purchases.order_amount * REFUNDED_PART, 2),
        is_full_refund=False,
        posted_date=np.where(
            is_late, day_after(WINDOW + 5), purchases.purchase_date
        ),
        refund_id=purchases.order_id,
    )
    return refunds[(draw < REFUNDED_SHARE) | is_late]


def make_worlds(numbers, share, salt):
    """The worlds with these numbers; a trial's rows depend on nothing but its
    world's number, its strategy, the share and the salt."""
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
