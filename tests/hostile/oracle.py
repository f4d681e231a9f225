"""What must hold of a hostile feed, read from it without the warehouse."""

import csv
import re
from datetime import datetime, timezone

import pyarrow.parquet as pq
from simulation.hostile import trimmed

YES = {"true", "t", "yes", "y", "1"}
NO = {"false", "f", "no", "n", "0"}
NULLS = {
    "", "null", r"\n", "nan", "none", "n/a", "#n/a", "nil", "<null>",
    "undefined",
}
NOBODY = {"0", "-1", "guest", "anonymous", "unknown"}
ALWAYS = datetime.max.replace(tzinfo=timezone.utc)

# Columns whose value is one customer's own affair: whoever was not touched
# has the numbers of the clean build. Scores, segments and strategies compare
# customers with each other, so they are left out.
OWN_COLUMNS = {
    "cst_dws.dws_cst_segmentation": [
        "recency_days", "frequency", "monetary_amount",
        "average_order_amount", "lifetime_order_count", "lifetime_net_amount",
        "new_order_count", "new_refund_amount", "first_order_date",
        "last_order_date", "tenure_days",
    ],
    "cst_dws.dws_cst_behavior": [
        "order_count_7d", "order_count_30d", "order_count_90d",
        "session_count_30d", "session_count_90d", "active_day_count_90d",
        "view_count_30d", "view_count_90d", "search_count_90d",
        "cart_count_90d", "gross_amount_90d", "discount_amount_90d",
        "refund_amount_90d", "ticket_count_90d", "open_ticket_count",
        "resolved_ticket_count_90d", "resolution_hours_90d",
        "csat_response_count_90d", "csat_average_90d", "last_activity_date",
        "last_ticket_date",
    ],
}


def count_rows(folder):
    """Rows per table by Python's own readers."""
    counts = {}
    for path in sorted(folder.glob("ods_*")):
        if path.suffix == ".parquet":
            counts[path.stem] = pq.read_metadata(path).num_rows
        else:
            with open(path, newline="", encoding="utf-8") as file:
                counts[path.stem] = sum(1 for _ in csv.DictReader(file))
    return counts


def known(value):
    """A cell as text without white space; '' where it means null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat()
    text = trimmed(str(value))
    return "" if text.lower() in NULLS else text


def written_at(row):
    """When a row was written; what cannot be read may be the newest."""
    text = known(row.get("updated_at"))
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return ALWAYS
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=timezone.utc)
    # An implausible clock says nothing about when.
    return ALWAYS if instant.year >= 2027 else instant


def withdrawn_customers(rows):
    """Who must not be contacted: customer to the reason. Whoever may be left
    out is: a false alarm here would hide a wrong number there.

    Erased since a true or unreadable flag, until an explicit false in a later
    row; else without consent, where the newest row refuses or is unreadable.
    """
    versions = {}
    for row in rows:
        key = known(row["customer_id"])
        is_nobody = key.lower() in NOBODY or re.fullmatch(r"[0-]+", key)
        if key and not is_nobody:
            versions.setdefault(key, []).append(row)
    withdrawn = {}
    for customer, own in versions.items():
        erased = [written_at(r) for r in own if says_erased(r)]
        revoked = [
            written_at(r) for r in own
            if known(r.get("is_deleted")).lower() in NO
            and written_at(r) < ALWAYS
        ]
        newest = max(map(written_at, own))
        if erased and max(erased) >= max(revoked, default=min(erased)):
            withdrawn[customer] = "erased"
        elif any(
            known(r.get("contact_consent")).lower() not in YES
            for r in own if written_at(r) == newest
        ):
            withdrawn[customer] = "no consent"
    return withdrawn


def says_erased(row):
    """Whether a row's own flag erases; a flag that cannot be read does."""
    flag = known(row.get("is_deleted")).lower()
    return bool(flag) and flag not in NO


def own_numbers(rows, customers):
    """The public numbers of some customers; rows(sql) reads a database."""
    numbers = {}
    for table, columns in OWN_COLUMNS.items():
        for customer, snapshot, *values in rows(
            f"select customer_id, snapshot_date, {', '.join(columns)} "
            f"from {table}"
        ):
            if customer in customers:
                numbers[table, customer, snapshot] = dict(zip(columns, values))
    return numbers


def differences(clean, hostile):
    """What differs between two sets of numbers, in words."""
    found = []
    for key in sorted(clean.keys() | hostile.keys(), key=str):
        table, customer, snapshot = key
        where = f"{table} {customer} {snapshot}"
        if key not in hostile or key not in clean:
            found.append(
                f"{where}: {'missing' if key in clean else 'only hostile'}"
            )
            continue
        found += [
            f"{where} {column}: {clean[key][column]} became {value}"
            for column, value in hostile[key].items()
            if value != clean[key][column]
        ]
    return found
