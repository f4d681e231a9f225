"""A shop with a strong year end, whose seasons are known."""

import numpy as np
import pandas as pd

# How much customers buy in a month, January to December; the mean is 1.
YEAR_END = (0.7, 0.7, 0.8, 0.8, 0.9, 0.8, 0.8, 0.8, 0.9, 1.1, 1.6, 2.1)
EVEN = (1.0,) * 12


def draw_seasons(
    rng: np.random.Generator,
    size: int,
    first_day: str,
    last_day: str,
    season: tuple[float, ...] = YEAR_END,
) -> pd.DataFrame:
    """One row per purchase: customer_id, purchase_date and amount.

    Customers come evenly over the whole time. Each buys at a rate of their own,
    one purchase in 75 days on average, times the season of the month, and
    leaves for good after 400 days on average. Purchases of a day are one.
    """
    start, end = pd.Timestamp(first_day), pd.Timestamp(last_day)
    days = pd.date_range(start, end)
    strength = np.array(season)[days.month - 1]
    arrival = np.sort(rng.integers(0, len(days), size))
    rate = rng.gamma(1.5, 1 / (1.5 * 75), size)
    leave = arrival + rng.exponential(400, size)
    price = rng.gamma(4, 10, size)
    # A Poisson process at the season's peak, thinned to each day's season.
    peak = strength.max()
    number = rng.poisson(rate * peak * (len(days) - arrival))
    who = np.repeat(np.arange(size), number)
    when = rng.uniform(arrival[who], len(days)).astype(int)
    stays = (when > arrival[who]) & (when <= leave[who])
    stays &= rng.random(len(who)) < strength[when] / peak
    who = np.concatenate([np.arange(size), who[stays]])
    when = np.concatenate([arrival, when[stays]])
    purchases = pd.DataFrame({
        "customer_id": who, "purchase_date": days[when],
    }).drop_duplicates().sort_values(["customer_id", "purchase_date"])
    purchases["amount"] = np.round(
        price[purchases["customer_id"]] * rng.gamma(6, 1 / 6, len(purchases)), 2
    )
    return purchases.reset_index(drop=True)
