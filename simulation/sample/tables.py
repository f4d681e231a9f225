"""The ten ODS tables: their columns, values as text, and CSV files."""

import csv
import gzip
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random

Row = dict[str, str]
Tables = dict[str, list[Row]]

CUSTOMER = "ods_cst_customer"
ORDER = "ods_trd_order"
ITEM = "ods_trd_order_item"
REFUND = "ods_trd_refund"
PRODUCT = "ods_prd_product"
RATE = "ods_fin_exchange_rate"
EVENT = "ods_log_event"
TICKET = "ods_svc_ticket"
CAMPAIGN = "ods_prm_campaign"
TOUCH = "ods_prm_touch"

COLUMNS: dict[str, tuple[str, ...]] = {
    CUSTOMER: (
        "customer_id", "registered_at", "updated_at", "gender", "birth_date",
        "city", "province", "member_level", "acquisition_channel",
        "acquisition_cost", "email", "mobile", "contact_consent",
        "consent_sms", "consent_email", "consent_phone", "consent_wecom",
        "consent_push",
        "is_deleted", "merged_into_customer_id", "ingested_at",
    ),
    ORDER: (
        "order_id", "customer_id", "ordered_at", "order_status",
        "order_amount", "updated_at", "paid_at", "discount_amount",
        "freight_amount", "order_channel", "campaign_id", "currency_code",
        "shop_id", "shop_name", "coupon_code", "coupon_amount", "ingested_at",
    ),
    ITEM: (
        "item_id", "order_id", "product_id", "quantity", "item_amount",
        "updated_at", "category", "product_name", "discount_amount",
        "cost_amount", "ingested_at",
    ),
    REFUND: (
        "refund_id", "order_id", "refunded_at", "refund_amount", "updated_at",
        "refund_reason", "refund_status", "item_id", "customer_id",
        "ingested_at",
    ),
    PRODUCT: (
        "product_id", "product_name", "category", "brand", "updated_at",
        "ingested_at",
    ),
    # the shop sells in one currency, so it has none
    RATE: (
        "currency_code", "rate_date", "exchange_rate", "updated_at",
        "ingested_at",
    ),
    EVENT: (
        "event_id", "event_type", "occurred_at", "customer_id",
        "anonymous_id", "session_id", "device_type", "channel", "product_id",
        "category", "page", "duration_seconds", "ingested_at",
    ),
    TICKET: (
        "ticket_id", "customer_id", "created_at", "ticket_status",
        "updated_at", "order_id", "channel", "category", "first_responded_at",
        "resolved_at", "csat_score", "nps_score", "ingested_at",
    ),
    CAMPAIGN: (
        "campaign_id", "campaign_name", "strategy_code", "started_at",
        "ended_at", "budget_amount", "channel", "control_share",
        "updated_at", "ingested_at",
    ),
    TOUCH: (
        "touch_id", "campaign_id", "customer_id", "touched_at",
        "touch_channel", "arm_code", "is_control", "opened_at",
        "clicked_at", "redeemed_at", "touch_cost", "updated_at",
        "ingested_at",
    ),
}


def money(fen: int) -> str:
    """An amount in fen as CNY with two decimals."""
    return f"{fen // 100}.{fen % 100:02d}"


def utc_text(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def stamp(rng: Random, moment: datetime | None) -> str:
    """A moment as text: mostly UTC, some with another offset or with none."""
    if moment is None:
        return ""
    draw = rng.random()
    if draw < 0.90:
        return utc_text(moment)
    if draw < 0.97:
        hours = 8 if draw < 0.95 else -5 if draw < 0.96 else 9
        local = moment.astimezone(timezone(timedelta(hours=hours)))
        return local.isoformat(timespec="seconds")
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


def read_stamp(text: str) -> datetime:
    """The moment in a text of `stamp`; without an offset it is UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def flag(value: bool) -> str:
    return "true" if value else "false"


def write_tables(tables: Tables, out: Path) -> None:
    """One CSV per table, UTF-8, lines end with LF."""
    for table, rows in tables.items():
        write_rows(table, rows, out / f"{table}.csv")


def write_rows(table: str, rows: Iterable[Row], path: Path) -> None:
    """The rows of a table; compressed where the name ends in .gz."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        gzip.open(path, "wt", 6, encoding="utf-8", newline="")
        if path.suffix == ".gz"
        else path.open("w", encoding="utf-8", newline="")
    ) as file:
        writer = csv.DictWriter(file, COLUMNS[table], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
