"""The lists that the company received from its warehouse, month by month.

`lists.csv` holds what `ads_cst_audience` said at each month end, on the data
that the company had by then: one row per customer, strategy and group, from the
first list to the last in an unbroken run of month ends. Who could not be
contacted is left out, and so are the customers of the ugly rows.

| group | the company |
|---|---|
| contact | contacts the customer, in campaigns of the strategy |
| hold-out | spares the customer, as long as the strategy is in force, but for \
campaigns that belong to no strategy |
| program | spares the customer for good |

`python -m simulation.sample.make_lists` writes the file anew.

A large world has no such file: the `Rule` says what its warehouse might say, by
each customer's own orders and without a comparison with others. It knows no cut
points, no cooling-off, no service and no behavior.
"""

import csv
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from simulation.sample.records import Customer
from simulation.sample.season import SHANGHAI

LISTS = Path(__file__).with_name("lists.csv")
COLUMNS = ("customer_id", "strategy", "group", "first_list", "last_list")


@dataclass(frozen=True, order=True)
class Stay:
    """A customer on one strategy's lists, without a gap."""

    customer_id: str
    first_list: date
    strategy: str
    group: str
    last_list: date

    def holds(self, month_end: date) -> bool:
        return self.first_list <= month_end <= self.last_list

    def months_before(self, month_end: date) -> int:
        """0 on the first list, 1 on the next."""
        years = month_end.year - self.first_list.year
        return 12 * years + month_end.month - self.first_list.month


class Lists:
    """The lists of a file, asked month by month."""

    def __init__(self, stays: Iterable[Stay]) -> None:
        self.stays = sorted(stays)

    def on(
        self, month_end: date, customers: Iterable[Customer]
    ) -> list[Stay]:
        """Those on a list whom the company has: a world of another size or
        seed does not have all of them."""
        known = {it.customer_id for it in customers}
        return [
            stay for stay in self.stays
            if stay.holds(month_end) and stay.customer_id in known
        ]


class Rule(Lists):
    """Lists by a rule of thumb: it remembers what it said the month before."""

    def __init__(self, seed: int) -> None:
        super().__init__(())
        self.seed = seed
        self.newest: dict[str, Stay] = {}

    def on(
        self, month_end: date, customers: Iterable[Customer]
    ) -> list[Stay]:
        named = [
            self.stay(customer, month_end) for customer in customers
            if customer.has_consent
            and customer.registered_at.date() <= month_end
        ]
        again = {
            stay.customer_id for stay in named if stay.first_list < month_end
        }
        self.stays = [
            stay for stay in self.stays if stay.customer_id not in again
            or stay is not self.newest[stay.customer_id]
        ] + named
        self.newest |= {stay.customer_id: stay for stay in named}
        return named

    def stay(self, customer: Customer, month_end: date) -> Stay:
        """As in the warehouse, one in twenty is spared for good, and one in ten
        as long as a strategy is in force."""
        customer_id = customer.customer_id
        strategy = strategy_of(customer, month_end)
        before = self.newest.get(customer_id)
        if before and before.strategy == strategy:
            return replace(before, last_list=month_end)
        group = "contact"
        if draw(self.seed, "program", customer_id) < 0.05:
            group = "program"
        elif draw(self.seed, strategy, customer_id, month_end) < 0.1:
            group = "hold-out"
        return Stay(customer_id, month_end, strategy, group, month_end)


def draw(*parts: object) -> float:
    """From 0 to below 1, the same for the same parts."""
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def strategy_of(customer: Customer, month_end: date) -> str:
    """What the rules of the warehouse come to, of silence and spending."""
    end = datetime.combine(month_end + timedelta(days=1), time(0), SHANGHAI)
    bought = [
        it for it in customer.orders if it.is_purchase and it.ordered_at < end
    ]
    if not bought:
        return "first_purchase"
    year = timedelta(days=365)
    spent = sum(it.amount for it in bought if it.ordered_at >= end - year)
    silent = end - max(it.ordered_at for it in bought)
    if silent > timedelta(days=150):
        return "wake_up"
    return "vip_maintenance" if spent >= 60000 else "activation"


def read_lists(path: Path = LISTS) -> list[Stay]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Stay(
                customer_id=row["customer_id"],
                strategy=row["strategy"],
                group=row["group"],
                first_list=date.fromisoformat(row["first_list"]),
                last_list=date.fromisoformat(row["last_list"]),
            )
            for row in csv.DictReader(file)
        ]


def write_lists(stays: Iterable[Stay], path: Path = LISTS) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for stay in sorted(stays):
            writer.writerow(getattr(stay, column) for column in COLUMNS)


def lists_before(stays: Iterable[Stay], month_end: date) -> Iterable[Stay]:
    """The stays as they were known before a month end."""
    day_before = month_end.replace(day=1) - timedelta(days=1)
    return (
        replace(stay, last_list=min(stay.last_list, day_before))
        for stay in stays if stay.first_list < month_end
    )


def add_list(
    stays: Sequence[Stay],
    month_end: date,
    newest: Iterable[tuple[str, str, str]],
) -> list[Stay]:
    """The stays with one more list: customer, strategy and group of each."""
    day_before = month_end.replace(day=1) - timedelta(days=1)
    known = {
        (stay.customer_id, stay.strategy, stay.group): stay
        for stay in stays if stay.last_list == day_before
    }
    result = [stay for stay in stays if stay.last_list != day_before]
    for customer_id, strategy, group in newest:
        stay = known.pop((customer_id, strategy, group), None)
        first_list = stay.first_list if stay else month_end
        result.append(
            Stay(customer_id, first_list, strategy, group, month_end)
        )
    return result + list(known.values())
