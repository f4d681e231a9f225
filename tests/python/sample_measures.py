"""What the rows of a sample extract show: newest versions, purchases, arms."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import sqrt
from statistics import mean, variance

from simulation.sample.lists import read_lists
from simulation.sample.tables import (
    ORDER,
    TICKET,
    TOUCH,
    Row,
    Tables,
    read_stamp as moment,
)
from simulation.sample.season import SHANGHAI
from simulation.sample.world import World

# Nothing but the planted effects: no ugly rows, no control group drawn wrongly.
CLEAN = World(has_ugly_cases=False, broken_month_end=None)


@dataclass
class Arms:
    """Purchases in the days after, one number per contact or entry."""

    treated: list[int]
    held_out: list[int]

    @property
    def uplift(self) -> float:
        """Additional purchases per contact or entry."""
        return mean(self.treated) - mean(self.held_out)

    @property
    def standard_error(self) -> float:
        return sqrt(sum(
            variance(arm) / len(arm) for arm in (self.treated, self.held_out)
        ))


def newest(rows: Iterable[Row], key: str) -> list[Row]:
    """The newest version of each key."""
    by_version = sorted(rows, key=lambda row: moment(row["updated_at"]))
    return list({row[key]: row for row in by_version}.values())


def purchases(tables: Tables) -> dict[str, list[datetime]]:
    """Moments of the paid orders by customer."""
    moments = defaultdict(list)
    for row in newest(tables[ORDER], "order_id"):
        if row["order_status"] in ("paid", "shipped", "completed"):
            moments[row["customer_id"]].append(moment(row["ordered_at"]))
    return moments


def count_within(
    moments: list[datetime], start: datetime, days: int
) -> int:
    return sum(start < it <= start + timedelta(days=days) for it in moments)


def list_arms(
    world: World, tables: Tables, strategy: str, days: int = 30
) -> Arms:
    """All entries into a strategy's lists whose days are over, by group."""
    bought = purchases(tables)
    result = Arms([], [])
    for stay in read_lists(world.lists):
        entered = datetime.combine(
            stay.first_list + timedelta(days=1), time(0), SHANGHAI
        )
        is_over = entered + timedelta(days=days) <= world.extracted_at
        if stay.strategy != strategy or stay.group == "program" or not is_over:
            continue
        arm = result.treated if stay.group == "contact" else result.held_out
        arm.append(count_within(bought[stay.customer_id], entered, days))
    return result


def campaign_arms(tables: Tables, campaign_id: str, arm_code: str = "") -> Arms:
    """A campaign's contacts, of one arm if it is named, and its own control
    group: purchases in the 30 days after."""
    bought = purchases(tables)
    result = Arms([], [])
    for row in tables[TOUCH]:
        if row["campaign_id"] != campaign_id:
            continue
        count = count_within(
            bought[row["customer_id"]], moment(row["touched_at"]), 30
        )
        if row["is_control"] == "true":
            result.held_out.append(count)
        elif arm_code in ("", row["arm_code"]):
            result.treated.append(count)
    return result


def purchases_after_rating(
    world: World, tables: Tables
) -> tuple[list[int], list[int]]:
    """Purchases in 90 days after a low rating, and after any other."""
    bought = purchases(tables)
    low, other = [], []
    for row in newest(tables[TICKET], "ticket_id"):
        if not row["csat_score"]:
            continue
        resolved = moment(row["resolved_at"])
        if resolved + timedelta(days=90) <= world.extracted_at:
            group = low if int(row["csat_score"]) <= 2 else other
            group.append(count_within(bought[row["customer_id"]], resolved, 90))
    return low, other
