"""Customers who follow BG/NBD and Gamma-Gamma with known parameters."""

import numpy as np
import pandas as pd

# r, alpha, a, b of BG/NBD, in weeks.
PURCHASES = (0.5, 6.0, 0.8, 2.5)
# p, q, gamma of Gamma-Gamma.
AMOUNTS = (6.0, 4.0, 20.0)


def draw(
    rng: np.random.Generator,
    size: int,
    q: float = AMOUNTS[1],
    in_whole_days: bool = True,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All customers, and those with a repeat purchase, as two tables.

    One row per customer, observed for 100 to 364 days: repeat_count,
    days_to_last_purchase, days_observed, repeat_amount (sum of all repeats) and
    customer_count (always 1). `in_whole_days` counts the purchases of a day as
    one, as the warehouse does; otherwise times are continuous, as in the
    models.
    """
    r, alpha, a, b = PURCHASES
    p, _, gamma = AMOUNTS
    rate = rng.gamma(r, 1 / alpha, size)
    leave = rng.beta(a, b, size)
    scale = rng.gamma(q, 1 / gamma, size)
    observed = rng.integers(100, 365, size).astype(float)
    time, last, count, amount = np.zeros((4, size))
    is_alive = np.full(size, True)
    while is_alive.any():
        time += 7 * rng.exponential(1, size) / rate
        seen = np.ceil(time) if in_whole_days else time
        is_alive &= seen <= observed
        is_new = is_alive & (seen > last)
        count += is_new
        amount += np.where(is_alive, rng.gamma(p, 1, size) / scale, 0)
        last = np.where(is_new, seen, last)
        is_alive &= rng.random(size) >= leave
    customers = pd.DataFrame({
        "repeat_count": count,
        "days_to_last_purchase": last,
        "days_observed": observed,
        "repeat_amount": amount,
        "customer_count": 1,
    })
    return customers, customers[customers["repeat_count"] > 0]
