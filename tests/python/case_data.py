"""The cases of tests/cases: read, stacked into runs, written as files.

tests/cases/README.md tells the form. Ids that begin with `~` are unique to
their case, so many cases share one build.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import yaml
from simulation.hostile import write_table

FOLDER = Path(__file__).resolve().parents[1] / "cases"
TABLES = {
    "customer": "ods_cst_customer",
    "order": "ods_trd_order",
    "order_item": "ods_trd_order_item",
    "refund": "ods_trd_refund",
    "product": "ods_prd_product",
    "event": "ods_log_event",
    "ticket": "ods_svc_ticket",
    "campaign": "ods_prm_campaign",
    "touch": "ods_prm_touch",
}
OFF_BY_DEFAULT = {"exchange_rate": "ods_fin_exchange_rate"}


@dataclass
class Case:
    """One situation: rows per source, and what is right."""

    kind: str
    name: str
    why: str
    run: str
    rows: dict
    expect: dict
    flags: dict = field(default_factory=dict)
    gone: list = field(default_factory=list)

    @property
    def prefix(self):
        return f"{self.name}-"

    def own(self, text):
        """A text in which `~A` is the case's own id."""
        return re.sub(r"~(?=\w)", self.prefix, text)

    def queries(self, checks):
        """SQL and the expected rows of each expectation, with its name."""
        for check, expected in self.expect.items():
            name, _, key = check.partition(" ")
            sql = checks[name].replace("{id}", self.own(key))
            yield check, sql, rows_of(expected, self.own)


def rows_of(expected, own):
    """Rows of texts: `[4, 40.00]` is one row, `[[…], […]]` are several."""
    if not isinstance(expected, list):
        expected = [expected]
    if not expected or not isinstance(expected[0], list):
        expected = [expected] if expected else []
    return [tuple(own(value) for value in row) for row in expected]


def read(name):
    """A YAML file of which every scalar is text, as a CSV has it."""
    with open(FOLDER / f"{name}.yml", encoding="utf-8") as file:
        return yaml.load(file, yaml.BaseLoader)


def all_cases():
    """Every case of every kind, in the order of the files."""
    cases = []
    special = {"runs", "checks", "defaults"}
    for path in sorted(FOLDER.glob("*.yml")):
        if path.stem in special:
            continue
        content = read(path.stem)
        for name, body in content["cases"].items():
            rows = {table: body.get(table, []) for table in TABLES}
            cases.append(Case(
                path.stem, name, body.get("why", content["why"]),
                body.get("run", "main"), rows,
                body.get("expect", {}), body.get("flags", {}),
                body.get("gone", []),
            ))
    names = [case.name for case in cases]
    assert len(names) == len(set(names)), "two cases of one name"
    return cases


def filled(source, row, defaults):
    """A row with the defaults of its source; `=column` copies another one."""
    row = {**row, **{
        column: value for column, value in defaults[source].items()
        if column not in row
    }}
    return {
        column: row.get(value[1:], value) if value.startswith("=") else value
        for column, value in row.items()
    }


def background(days_from="2024-06-01", days_to="2025-06-28"):
    """A healthy company around the cases: one order and one view a day, so
    that the share of bad rows is small and the newest day is a usual one."""
    day, last = date.fromisoformat(days_from), date.fromisoformat(days_to)
    rows = {source: [] for source in TABLES}
    rows["campaign"] = [{"campaign_id": "bgK"}]
    rows["product"] = [{"product_id": "bgP"}]
    number = 0
    while day <= last:
        number += 1
        who, noon = f"bg{number % 120:03}", f"{day}T12:00:00+08:00"
        if number <= 120:
            rows["customer"].append({
                "customer_id": who, "email": f"{who}@example.com",
                "contact_consent": "true",
            })
        for part in range(2):
            rows["order"].append({
                "order_id": f"bgO{number}-{part}", "customer_id": who,
                "ordered_at": noon, "order_amount": f"{20 + number % 50}.00",
            })
            rows["order_item"].append({
                "item_id": f"bgO{number}-{part}-1",
                "order_id": f"bgO{number}-{part}",
                "item_amount": f"{20 + number % 50}.00",
            })
            rows["event"].append({
                "event_id": f"bgE{number}-{part}", "customer_id": who,
                "anonymous_id": f"dev-{who}",
                "occurred_at": f"{day}T1{part}:00:00+08:00",
            })
        rows["refund"].append({
            "refund_id": f"bgR{number}", "order_id": f"bgO{number}-0",
            "refunded_at": f"{day}T18:00:00+08:00", "refund_amount": "1.00",
        })
        rows["ticket"].append({
            "ticket_id": f"bgT{number}", "customer_id": who,
            "created_at": f"{day}T09:00:00+08:00",
            "ticket_status": "closed",
            "updated_at": f"{day}T19:00:00+08:00",
        })
        rows["touch"].append({
            "touch_id": f"bgP{number}", "campaign_id": "bgK",
            "customer_id": who, "touched_at": f"{day}T08:00:00+08:00",
        })
        day += timedelta(days=1)
    return rows


def repeated(row):
    """A row, or many: `{every 10 minutes <day> <day>}` stands for one at each
    of those instants, the days included, with a key of its own; `{chain 2 40}`
    for customers ~2 to ~40, each merged into the next; `{number 1 40}` in any
    text for 40 rows with a number each."""
    numbers = next(
        filter(None, (
            re.search(r"\{number (\d+) (\d+)\}", value)
            for value in row.values()
        )), None,
    )
    if numbers:
        for number in range(int(numbers[1]), int(numbers[2]) + 1):
            yield {
                column: value.replace(numbers[0], f"{number:02}")
                for column, value in row.items()
            }
        return
    for column, value in row.items():
        match = re.fullmatch(r"\{chain (\d+) (\d+)\}", value)
        if match:
            for number in range(int(match[1]), int(match[2]) + 1):
                yield {
                    **row, column: f"~{number}",
                    "merged_into_customer_id": f"~{number + 1}",
                }
            return
        match = re.fullmatch(r"\{every (\d+) minutes (\S+) (\S+)\}", value)
        if match:
            minutes, first, last = match.groups()
            end = datetime.fromisoformat(last) + timedelta(days=1)
            instant, key = datetime.fromisoformat(first), next(iter(row))
            while instant < end:
                text = f"{instant:%Y-%m-%dT%H:%M:%S}+08:00"
                yield {**row, key: f"{row[key]}-{instant:%d%H%M}", column: text}
                instant += timedelta(minutes=int(minutes))
            return
    yield row


def stacked(cases, without=(), company=True):
    """Rows per source of a run: the background, unless the cases are the whole
    company, then every case's own."""
    defaults = read("defaults")
    around = background() if company else {source: [] for source in TABLES}
    rows = {
        source: [filled(source, row, defaults) for row in source_rows]
        for source, source_rows in around.items()
    }
    for case in cases:
        for source, source_rows in case.rows.items():
            rows[source] += [
                {
                    column: case.own(value)
                    for column, value in filled(source, row, defaults).items()
                }
                for given in source_rows
                for row in repeated(given)
            ]
    for source_rows in rows.values():
        for row in source_rows:
            for column in without:
                row.pop(column, None)
    return rows


def write_csv(rows, folder):
    """One CSV per source that is there, with every column of any row."""
    folder.mkdir(parents=True, exist_ok=True)
    for source, table in TABLES.items():
        if source in rows:
            write_table(folder / f"{table}.csv", rows[source])


def as_text(value):
    """A value of the database as the cases write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return str(value)
