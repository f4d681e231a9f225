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
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

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
