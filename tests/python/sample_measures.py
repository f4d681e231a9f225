"""What the rows of a sample extract show: newest versions, purchases, arms."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from math import sqrt
from statistics import mean, variance

from simulation.sample.tables import (
    CAMPAIGN,
    ORDER,
    TICKET,
    TOUCH,
    Row,
    Tables,
)
from simulation.sample.world import World

# Nothing but the planted effects: no ugly rows, no campaign drawn wrongly.
CLEAN = World(has_ugly_cases=False, broken_month_end=None)


@dataclass
class Arms:
    """Purchases within 30 days of a contact, one number per contact."""

    treated: list[int]
    held_out: list[int]

    @property
    def uplift(self) -> float:
        """Additional purchases per contact."""
        return mean(self.treated) - mean(self.held_out)

    @property
    def standard_error(self) -> float:
        return sqrt(sum(
            variance(arm) / len(arm) for arm in (self.treated, self.held_out)
        ))


def moment(text: str) -> datetime:
    """A timestamp of the extract; without an offset it is UTC."""
    parsed = datetime.fromisoformat(text)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=timezone.utc)


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


def arms(world: World, tables: Tables, strategy: str) -> Arms:
    """All contacts of a strategy whose 30 days are over."""
    bought = purchases(tables)
    strategies = {
        row["campaign_id"]: row["strategy_code"] for row in tables[CAMPAIGN]
    }
    result = Arms([], [])
    for row in tables[TOUCH]:
        touched = moment(row["touched_at"])
        is_over = touched + timedelta(days=30) <= world.extracted_at
        if strategies[row["campaign_id"]] == strategy and is_over:
            arm = (
                result.held_out if row["is_control"] == "true"
                else result.treated
            )
            arm.append(count_within(bought[row["customer_id"]], touched, 30))
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
