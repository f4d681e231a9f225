"""The strategy of each customer on a date, by the warehouse's own rules."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import compress

from simulation.sample.records import Customer
from simulation.sample.world import SHANGHAI


def strategies_at(
    customers: Sequence[Customer], as_of: date
) -> dict[str, list[Customer]]:
    """Buyers by the strategy that their RFM scores call for on a date."""
    end = datetime.combine(as_of + timedelta(days=1), time(0), SHANGHAI)
    start = end - timedelta(days=365)
    buyers, measures = [], []
    for customer in customers:
        bought = [
            order for order in customer.orders
            if order.is_purchase and order.ordered_at < end
        ]
        if not bought:
            continue
        recent = [order for order in bought if order.ordered_at >= start]
        newest = max(order.ordered_at for order in bought)
        spent = sum(order.amount for order in recent)
        buyers.append(customer)
        measures.append((newest.date().toordinal(), len(recent), spent))
    groups: dict[str, list[Customer]] = {
        "vip_maintenance": [], "activation": [], "wake_up": [],
    }
    are_active = [recent_count > 0 for _, recent_count, _ in measures]
    if any(are_active):
        scores = zip(*(
            quintiles(column, are_active) for column in zip(*measures)
        ))
        for customer, cell in zip(buyers, scores):
            groups[strategy_for(*cell)].append(customer)
    return groups


def quintiles(values: Sequence[int], are_active: Sequence[bool]) -> list[int]:
    """Scores 1 to 5: one more than the number of cut points below the value.
    The cut points come from the active customers."""
    ranked = sorted(compress(values, are_active))
    # The n-th cut point: the smallest value that n fifths do not exceed.
    cuts = [ranked[-(-len(ranked) * fifth // 5) - 1] for fifth in range(1, 5)]
    return [1 + sum(cut < value for cut in cuts) for value in values]


def strategy_for(recency: int, frequency: int, monetary: int) -> str:
    """Strategy for RFM scores, by the rules in `seeds/rules/`."""
    breadth = (frequency + monetary + 1) // 2
    if recency >= 4 and breadth == 1:
        return "activation"
    if recency <= 2 and breadth >= 3:
        return "wake_up"
    total = recency + frequency + monetary
    if total >= 12:
        return "vip_maintenance"
    return "activation" if total >= 8 else "wake_up"
