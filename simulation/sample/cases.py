"""The ugly cases: awkward rows and what must become of them.

One TOML file per table in `cases/`. `[plain]` is a row with nothing wrong in
it; every other section is a case, and its name is the id of its rows:

    [ugly-order-usd]
    planted = "amount in USD"
    rejected = "other_currency"
    rows = [{ currency_code = "USD" }]

| key | meaning |
|---|---|
| planted | what is odd about the rows |
| expected | what must become of them; "changes nothing" if one is rejected |
| rows | each row as it differs from the plain one; by default the plain one |
| rejected | reason for which the warehouse must reject one of the rows |
| accepted | how many rows count: 1 by default, 0 if one is rejected |
| marker | column that holds the id, if it is not the key |

Rows that are neither accepted nor rejected are superseded.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from simulation.sample.tables import COLUMNS, Row

FOLDER = Path(__file__).with_name("cases")


@dataclass(frozen=True)
class Case:
    """Rows of one table with one id. `rejected` and `accepted` count rows,
    `reason` is the reject reason, empty if no row is rejected."""

    table: str
    case_id: str
    planted: str
    expected: str
    rows: tuple[Row, ...]
    accepted: int
    rejected: int
    reason: str

    @property
    def superseded(self) -> int:
        return len(self.rows) - self.accepted - self.rejected


def make_case(
    table: str,
    case_id: str,
    plain: Row,
    *,
    planted: str,
    expected: str = "",
    rows: Sequence[Mapping[str, str]] = ({},),
    rejected: str = "",
    accepted: int | None = None,
    marker: str = "",
) -> Case:
    """The case that a section describes. Raises TypeError for an unknown key,
    ValueError for an unknown column or if nothing says what is expected."""
    columns = COLUMNS[table]
    strange = {marker, *plain, *(name for row in rows for name in row)}
    strange -= {"", *columns}
    if strange:
        raise ValueError(f"{table}, {case_id}: no column {min(strange)}")
    if not (expected or rejected):
        raise ValueError(f"{table}, {case_id}: what is expected?")
    blank = dict.fromkeys(columns, "")
    named = {marker or columns[0]: case_id}
    return Case(
        table=table,
        case_id=case_id,
        planted=planted,
        expected=expected or "changes nothing",
        rows=tuple(blank | plain | named | row for row in rows),
        accepted=int(not rejected) if accepted is None else accepted,
        rejected=int(bool(rejected)),
        reason=rejected,
    )


def read_cases(table: str) -> list[Case]:
    """The cases of a table, in the order of its file."""
    path = FOLDER / f"{table}.toml"
    sections = tomllib.loads(path.read_text(encoding="utf-8"))
    plain = sections.pop("plain")
    return [
        make_case(table, case_id, plain, **section)
        for case_id, section in sections.items()
    ]


CASES = tuple(case for table in COLUMNS for case in read_cases(table))


def verdict(case: Case) -> str:
    """How many rows are accepted, superseded, and rejected, and why."""
    counts = {
        "accepted": case.accepted,
        "superseded": case.superseded,
        f"rejected: `{case.reason}`": case.rejected,
    }
    return ", ".join(
        f"{count} {name}" for name, count in counts.items() if count
    )


def cases_markdown() -> str:
    """The ugly cases as a Markdown table."""
    lines = [
        "| table | id | planted | rows | what must become of it |",
        "|---|---|---|---|---|",
    ]
    for case in CASES:
        is_long = len(case.case_id) == 200
        shown = case.case_id.rstrip("x") + "x…" if is_long else case.case_id
        lines.append(
            f"| {case.table} | `{shown}` | {case.planted} | {verdict(case)} "
            f"| {case.expected} |"
        )
    return "\n".join(lines) + "\n"
