"""One company through everything, and feeds that once showed a fault, as small
as they could be made."""

from random_feed import FAULTS, Plan

# Orders of four customers: (customer, day, amount, days late).
ORDERS = [
    (0, 5, 120, 0), (0, 40, 80, 0), (0, 75, 90, 0), (0, 100, 60, 3),
    (1, 20, 30, 0), (1, 50, 200, 25), (1, 65, 33, 30), (1, 95, 20, 0),
    (2, 10, 15, 0), (2, 33, 25, 31), (2, 88, 45, 0), (2, 110, 45, 0),
    (3, 30, 70, 0), (3, 58, 70, 9), (3, 61, 10, 0),
    # known before March closes, and above what the tier was published by
    (2, 86, 400, 6),
]
# Each kind of fault twice: once before the dates close, once long after.
EVERY_FAULT = Plan(
    5, ORDERS,
    [
        (kind, number, 45 + 9 * (number % 4), late)
        for number, kind in enumerate(sorted(FAULTS)) for late in (3, 38)
    ],
    # 7 March and 7 April close a date, 6 April a window of 30 days.
    [1, 4, 3, 21, 3, 6, 1, 22, 22],
    ["none", "none", "none", "code", "none", "rules", "roll back"],
)

# Many customers who enter one strategy after the other, with nothing wrong: what
# they get depends on the effects that were published the night before.
MANY_ENTRIES = Plan(
    150,
    [
        (number % 150, (7 * number + 40 * (number // 150)) % 150, 20 + number, 0)
        for number in range(300)
    ],
    night_gaps=[1, 31, 31],
)

FOUND = {
    # Known late: nobody was there to move from, so they are new.
    "a registration is delivered after the date before it closed": Plan(
        2, [(0, 10, 20, 0), (1, 30, 40, 0)],
        [("registration", 0, 75, 22)], [33, 8],
    ),
    # Today's rows begin later than the published ones.
    "a first order was another customer's": Plan(
        4, [(3, 20, 50, 0), (3, 80, 50, 0), (0, 10, 20, 0), (1, 30, 40, 0)],
        [("other customer", 0, 62, 0)], [2, 14, 23],
    ),
    # Who is missing one night stays on the list that was handed out.
    "an order is missing for one night": Plan(
        4, [(3, 20, 50, 0), (0, 10, 20, 0), (1, 30, 40, 0)],
        [("missing a night", 0, 60, 0)], [2, 1, 1, 29],
    ),
}
