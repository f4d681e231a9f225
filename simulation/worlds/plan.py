"""Which worlds there are: their kinds, sizes and calendars.

How many are needed: of 1,200 rows of different worlds, a share that is .95 is
below .93 by chance once in 1,000 tries; of 4,300, one that is .05 is above .06 as
often. Rows of one world are not quite different ones, so each share comes with a
standard error that takes worlds for what is drawn.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

import numpy as np

from simulation.worlds.market import Kind
from simulation.worlds.truth import Calendar, Shares

SALT = "worlds"
WINDOWS = (30, 60, 90)
VALUE_WINDOWS = (180, 365)
ORDERS_PER_MONTH = {"seldom": 0.03, "often": 0.12, "very_often": 0.35}
WORKING = {
    "none": (0.0, 0.0, 0.0),
    "activation": (0.0, 0.8, 0.0),
    "all": (0.4, 0.8, 0.6),
}
KINDS = tuple(
    Kind(f"{rate}/{working}", orders, effects, 0.5 if any(effects) else 0.0)
    for rate, orders in ORDERS_PER_MONTH.items()
    for working, effects in WORKING.items()
)
PROMOTION = Kind("often/promotion", 0.12, is_promotion=True)


@dataclass(frozen=True)
class Plan:
    """Worlds that are simulated together, in one database.

    `sizes`: fewest and most customers of a world. `truth_size`: customers of
    the company in which the truth is found.
    """

    kinds: tuple[Kind, ...]
    worlds_per_kind: int
    sizes: tuple[int, int]
    shares: Shares
    truth_size: int
    months: int = 16

    def calendar(self):
        ends = []
        for number in range(self.months):
            year, month = 2023 + number // 12, 1 + number % 12
            end = date(year, month, monthrange(year, month)[1])
            ends.append((end - date(1970, 1, 1)).days)
        return Calendar(
            tuple(ends), first_list=2, sale=5, windows=WINDOWS + VALUE_WINDOWS
        )

    def worlds(self):
        """The kind and the size of each world; sizes that grow in equal
        ratios, so that rows of all sizes arise."""
        kinds = [kind for kind in self.kinds
                 for _ in range(self.worlds_per_kind)]
        sizes = np.geomspace(*self.sizes, self.worlds_per_kind).astype(int)
        return kinds, np.tile(sizes, len(self.kinds))

    def dbt_vars(self):
        since = date.fromordinal(
            date(1970, 1, 1).toordinal() + self.calendar().period_ends[2]
        )
        return {
            "cst_use_sample_data": False,
            "retention_holdout_since": since.isoformat(),
            "retention_holdout_share": self.shares.episode,
            "retention_program_holdout_share": self.shares.program,
            "retention_salt": SALT,
            "retention_window_days": list(WINDOWS),
        }


# All of the product's models run in these, the sums of who enters and what comes
# of it as well, which have to be those that numpy finds.
PROVED = Plan(KINDS, 4, (500, 4000), Shares(0.1, 0.05), 200_000)
# Then many more, by these sums: as a company would begin, and with as many held
# out as not, for the cells that else took millions of customers.
LONG = (
    Plan(KINDS, 12, (500, 5000), Shares(0.1, 0.05), 300_000),
    Plan(KINDS, 24, (300, 2000), Shares(0.5, 0.05), 300_000),
)
ROUNDS = 20
# A promotion brings orders forward; a year after entry it has sold nothing more.
PROMOTIONS = Plan(
    (PROMOTION,), 30, (2000, 4000), Shares(0.3, 0.05), 200_000, months=28
)
SHORT = Plan(
    tuple(kind for kind in KINDS if kind.name in ("often/none", "often/all")),
    5, (600, 2400), Shares(0.2, 0.05), 60_000,
)
