"""The sample extract is what its README says, and its rows make sense."""

import csv
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from simulation.sample.build import build
from simulation.sample.cases import CASES, cases_markdown, make_case
from simulation.sample.customers import LEVELS, YEAR
from simulation.sample.goods import CATALOG, SHOPS, UNLISTED, products
from simulation.sample.season import SHANGHAI, STORE_HOURS
from simulation.sample.tables import (
    CAMPAIGN,
    COLUMNS,
    CUSTOMER,
    ITEM,
    ORDER,
    PRODUCT,
    REFUND,
    Tables,
    write_tables,
)
from simulation.sample.world import World
from tests.python.sample_measures import CLEAN, moment, newest

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds" / "ods"
README = (SEEDS / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tables() -> Tables:
    return build(World())


@pytest.fixture(scope="module")
def committed() -> Tables:
    """The committed files, as text."""
    result = {}
    for table in COLUMNS:
        path = SEEDS / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            result[table] = list(csv.DictReader(file))
    return result


@pytest.fixture(scope="module")
def clean() -> Tables:
    """Without ugly rows, and without the campaign that was drawn wrongly."""
    return build(CLEAN)


def test_two_runs_and_the_committed_files_are_equal_byte_for_byte(
    tables: Tables, tmp_path: Path
) -> None:
    write_tables(tables, tmp_path / "first")
    write_tables(build(World()), tmp_path / "second")
    for table in COLUMNS:
        name = f"{table}.csv"
        first = (tmp_path / "first" / name).read_bytes()
        assert first == (tmp_path / "second" / name).read_bytes(), name
        assert first == (SEEDS / name).read_bytes(), (
            f"{name} is stale: run python -m simulation.sample"
        )
        assert b"\r" not in first


def test_all_files_together_stay_below_four_megabytes() -> None:
    assert sum(path.stat().st_size for path in SEEDS.glob("*.csv")) < 4_000_000


def test_columns_are_those_of_the_contract() -> None:
    path = ROOT / "models" / "staging" / "_ods__sources.yml"
    source = yaml.safe_load(path.read_text(encoding="utf-8"))["sources"][0]
    contract = {
        table["name"]: tuple(column["name"] for column in table["columns"])
        for table in source["tables"]
    }
    assert contract == COLUMNS


def test_seeds_read_every_column_as_text() -> None:
    path = SEEDS / "_ods__seeds.yml"
    seeds = yaml.safe_load(path.read_text(encoding="utf-8"))["seeds"]
    types = {seed["name"]: seed["config"]["column_types"] for seed in seeds}
    assert types == {
        table: dict.fromkeys(columns, "string")
        for table, columns in COLUMNS.items()
    }


def test_every_ugly_row_is_in_the_files(committed: Tables) -> None:
    for case in CASES:
        for row in case.rows:
            assert row in committed[case.table], case.case_id


def test_an_ugly_id_names_one_case() -> None:
    ids = [(case.table, case.case_id) for case in CASES]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("section", "error"),
    [
        ({"planted": "x", "expected": "x", "rows": [{"nmae": "x"}]}, "nmae"),
        ({"planted": "x", "rows": [{}]}, "what is expected"),
        ({"planted": "x", "expect": "x"}, "expect"),
    ],
)
def test_a_misspelled_case_is_refused(section: dict, error: str) -> None:
    with pytest.raises((TypeError, ValueError), match=error):
        make_case(ORDER, "ugly-order-new", {"order_amount": "1.00"}, **section)


def test_rejected_ugly_rows_say_why() -> None:
    assert all(bool(case.reason) == bool(case.rejected) for case in CASES)
    assert all(case.superseded >= 0 for case in CASES)


def test_readme_lists_the_ugly_cases() -> None:
    assert cases_markdown() in README, "run make figures"


def test_readme_counts_rows_keys_and_fates(tables: Tables) -> None:
    clean = build(World(has_ugly_cases=False))
    for table, columns in COLUMNS.items():
        cases = [case for case in CASES if case.table == table]
        rows = len(tables[table])
        rejected = sum(case.rejected for case in cases)
        accepted = len({row[columns[0]] for row in clean[table]})
        accepted += sum(case.accepted for case in cases)
        superseded = rows - accepted - rejected
        keys = len({row[columns[0]] for row in tables[table]} - {""})
        line = (
            f"| {table} | {rows} | {keys} "
            f"| {accepted} | {superseded} | {rejected} |"
        )
        assert line in README


def test_clean_rows_are_never_later_than_the_extract(clean: Tables) -> None:
    for table, rows in clean.items():
        for row in rows:
            for column, text in row.items():
                if column.endswith("_at") and text:
                    assert moment(text) <= CLEAN.extracted_at, (table, row)


def test_clean_rows_happen_before_they_are_written(clean: Tables) -> None:
    for table, rows in clean.items():
        version = "updated_at" if "updated_at" in COLUMNS[table] else (
            "ingested_at"
        )
        for row in rows:
            for column, text in row.items():
                if column.endswith("_at") and text and row[version]:
                    if column == "ended_at":
                        continue
                    late = moment(text) - moment(row[version])
                    assert table == CAMPAIGN or late <= timedelta(0), row


def test_nobody_orders_before_registering(clean: Tables) -> None:
    registered = {
        row["customer_id"]: moment(row["registered_at"])
        for row in clean[CUSTOMER]
    }
    for row in clean[ORDER]:
        assert moment(row["ordered_at"]) >= registered[row["customer_id"]]


def test_newest_orders_fall_on_the_incomplete_last_date(
    clean: Tables,
) -> None:
    dates = [
        moment(row["ordered_at"]).astimezone(SHANGHAI).date()
        for row in newest(clean[ORDER], "order_id")
    ]
    assert max(dates) == CLEAN.extracted_at.date()
    assert dates.count(max(dates)) == CLEAN.last_morning_orders
    assert min(dates) >= CLEAN.first_date


def test_a_world_without_customers_is_empty() -> None:
    empty = build(replace(CLEAN, customers=0, anonymous_visits=0))
    assert not any(
        rows for table, rows in empty.items()
        if table not in (CAMPAIGN, PRODUCT)
    )


def test_lines_add_up_to_their_orders(clean: Tables) -> None:
    """Amount and discount of every order, to the cent, in one shop each."""
    lines = defaultdict(list)
    for row in clean[ITEM]:
        lines[row["order_id"]].append(row)
    orders = newest(clean[ORDER], "order_id")
    assert len(lines) == len(orders)
    for row in orders:
        own = lines[row["order_id"]]
        for column, of_line in (
            ("order_amount", "item_amount"),
            ("discount_amount", "discount_amount"),
        ):
            total = sum(Decimal(it[of_line] or 0) for it in own)
            assert total == Decimal(row[column]), row["order_id"]
        coupon = Decimal(row["coupon_amount"] or 0)
        assert coupon <= Decimal(row["discount_amount"])
        assert bool(row["coupon_code"]) == (coupon > 0), row["order_id"]
        assert row["shop_name"] == dict(SHOPS)[row["shop_id"]]
    assert {row["shop_id"] for row in orders} == set(dict(SHOPS))


def test_margins_are_those_planted(clean: Tables) -> None:
    """By category, before discounts, and never outside 25 to 60 %."""
    categories = {
        it.product_id: it.category.split(" > ")[0] for it in products(11)
    }
    price, cost = defaultdict(int), defaultdict(int)
    for row in clean[ITEM]:
        if not row["cost_amount"]:
            continue
        category = categories[row["product_id"]]
        price[category] += sum(
            Decimal(row[it] or 0) for it in ("item_amount", "discount_amount")
        )
        cost[category] += Decimal(row["cost_amount"])
    for category, planted in CATALOG.items():
        found = 1 - cost[category] / price[category]
        assert abs(float(found) - planted.margin) < 0.02, category
        assert 0.25 <= found <= 0.6


def test_a_product_has_one_price(clean: Tables) -> None:
    prices = {it.product_id: Decimal(it.price) / 100 for it in products(11)}
    for row in clean[ITEM]:
        paid, off = (
            Decimal(row[it] or 0) for it in ("item_amount", "discount_amount")
        )
        assert paid + off == prices[row["product_id"]] * int(row["quantity"])


def test_goods_of_others_have_no_cost(clean: Tables) -> None:
    blank = {
        row["product_id"] for row in clean[ITEM] if not row["cost_amount"]
    }
    assert 0 < len(blank) <= UNLISTED
    assert not blank & {row["product_id"] for row in clean[PRODUCT]}
    assert blank == {row["product_id"] for row in clean[ITEM]} - {
        row["product_id"] for row in clean[PRODUCT]
    }


def test_a_coupon_gives_what_its_code_says(clean: Tables) -> None:
    """300-50: from 300 on, 50 off."""
    used = [row for row in clean[ORDER] if row["coupon_code"]]
    assert len({row["coupon_code"].split("-")[0] for row in used}) >= 6
    for row in used:
        _, least, value = row["coupon_code"].split("-")
        assert Decimal(row["coupon_amount"]) == int(value)
        before = Decimal(row["order_amount"]) + int(value)
        assert before >= int(least), row["order_id"]


def test_a_level_is_earned(clean: Tables) -> None:
    """At each version a customer has what the spending of some year up to then
    was worth, and nobody spends enough without rising."""
    worth = dict(LEVELS)
    paid = defaultdict(list)
    for row in newest(clean[ORDER], "order_id"):
        if row["order_status"] in ("paid", "shipped", "completed"):
            paid[row["customer_id"]].append((
                moment(row["paid_at"]),
                int(Decimal(row["order_amount"]) * 100),
            ))
    spent = {
        customer_id: [
            (at, sum(it for when, it in rows if at - YEAR < when <= at))
            for at, _ in rows
        ]
        for customer_id, rows in paid.items()
    }
    versions = defaultdict(list)
    for row in clean[CUSTOMER]:
        versions[row["customer_id"]].append(row)
    assert len({it["member_level"] for it in clean[CUSTOMER]}) == len(LEVELS)
    falls = 0
    for customer_id, rows in versions.items():
        for before, row in zip(rows, rows[1:]):
            at = moment(row["updated_at"]) + timedelta(seconds=1)
            best = max(
                (it for when, it in spent.get(customer_id, []) if when <= at),
                default=0,
            )
            assert worth[row["member_level"]] <= best
            falls += worth[row["member_level"]] < worth[before["member_level"]]
        highest = max(worth[row["member_level"]] for row in rows)
        reached = max((it for _, it in spent.get(customer_id, [])), default=0)
        assert not any(highest < it <= reached for it in worth.values())
    assert falls > 10


def test_the_shops_in_the_street_are_closed_at_night(clean: Tables) -> None:
    hours = {
        moment(row["ordered_at"]).astimezone(SHANGHAI).hour
        for row in clean[ORDER] if row["order_channel"] == "store"
    }
    assert hours == {hour for hour, it in enumerate(STORE_HOURS) if it}


def test_few_products_sell_often(clean: Tables) -> None:
    """A tenth of the products makes two fifths of the lines or more, and a
    twentieth of the lines goes to the lower third."""
    counts = sorted(Counter(row["product_id"] for row in clean[ITEM]).values())
    assert sum(counts[-40:]) > 0.4 * len(clean[ITEM])
    assert sum(counts[:-267]) > 0.05 * len(clean[ITEM])


def test_a_refunded_line_is_in_the_order(clean: Tables) -> None:
    lines = {row["item_id"]: row for row in clean[ITEM]}
    named = [row for row in clean[REFUND] if row["item_id"]]
    assert len(named) > 100
    for row in named:
        line = lines[row["item_id"]]
        assert line["order_id"] == row["order_id"]
        assert Decimal(row["refund_amount"]) <= Decimal(line["item_amount"])


def test_another_seed_is_another_world(clean: Tables) -> None:
    other = build(replace(CLEAN, seed=7, customers=20))
    assert other[ORDER][0] not in clean[ORDER]
