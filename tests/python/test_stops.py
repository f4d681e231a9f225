"""A feed that is unusable stops the build, and leaves the tables as they were.

A good database, then one bad delivery after the other. The output has one line
that names the table, how much is wrong, the reason and the var to set.
"""

import os
import shutil

import pytest
from case_data import background, filled, read, write_csv
from warehouse import Warehouse

# A build each, or more: `make test-hostile` runs them.
LONG = pytest.mark.skipif(
    "CST_LONG" not in os.environ, reason="make test-hostile (CST_LONG=1)"
)
NEEDED = ["+ads_cst_audience", "+ads_cst_data_quality", "+dws_cst_behavior"]


def good_feed():
    """The healthy company: two of its customers are erased, two want no SMS."""
    defaults = read("defaults")
    feed = {
        source: [filled(source, row, defaults) for row in rows]
        for source, rows in background().items()
    }
    for number, row in enumerate(feed["customer"]):
        row["is_deleted"] = "true" if number < 2 else "false"
        row["consent_sms"] = "false" if number in (2, 3) else ""
    for row in feed["order"]:
        row["currency_code"] = "CNY"
    return feed


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A warehouse after a good run."""
    warehouse = Warehouse(
        tmp_path_factory.mktemp("good"), cst_start_date="2024-06-01"
    )
    write_csv(good_feed(), warehouse.ods)
    result = warehouse.build(*NEEDED)
    assert result.returncode == 0, result.text[-1500:]
    return warehouse


def changed(source, **columns):
    """A delivery in which every row of a source has other values."""

    def change(feed):
        for row in feed[source]:
            row.update(columns)

    return change


def both(*changes):
    """Several changes of one delivery."""

    def change(feed):
        for one in changes:
            one(feed)

    return change


def unreadable_orders(count):
    def change(feed):
        for row in feed["order"][:count]:
            row["order_amount"] = "n.n."

    return change


def part_unreadable(share):
    def change(feed):
        for number, row in enumerate(feed["order"]):
            if number % 100 < 100 * share:
                row["order_amount"] = "n.n."

    return change


def header_only(source):
    def change(feed):
        feed[source] = [dict.fromkeys(feed[source][0], "")]

    return change


def all_rejected(feed):
    for source in ("order", "customer"):
        for row in feed[source]:
            for column in list(row):
                if column.endswith("_at"):
                    row[column] = "02/01/2025"


def multiplied(column, factor):
    def change(feed):
        for row in feed["order"]:
            row[column] = str(int(float(row[column]) * factor))

    return change


def without(column):
    def change(feed):
        for row in feed["customer"]:
            del row[column]

    return change


def tenth(source):
    def change(feed):
        feed[source] = feed[source][::10]

    return change


def two_years_later(feed):
    for row in feed["order"]:
        for column in ("ordered_at", "updated_at"):
            row[column] = f"{int(row[column][:4]) + 2}{row[column][4:]}"


# Name: what is delivered, and what the one line must tell.
STOPS = {
    "all_rejected": (
        all_rejected, ["order", "786", "unreadable_ordered_at", "cst_"],
    ),
    "wrong_status": (
        changed("order", order_status="PAGADO"),
        ["order", "pagado", "cst_valid_order_statuses"],
    ),
    "vanished_erasure_flag": (
        without("is_deleted"), ["ods_cst_customer", "is_deleted", "cst_"],
    ),
    "emptied_erasure_flag": (
        changed("customer", is_deleted=""),
        ["customer", "is_deleted", "cst_"],
    ),
    "vanished_consent_of_a_channel": (
        without("consent_sms"),
        ["no column 'consent_sms'", ": 2.", "cst_allow_missing_withdrawals"],
    ),
    "emptied_consent_of_a_channel": (
        changed("customer", consent_sms=""),
        ["no value in 'consent_sms'", ": 2.", "cst_allow_missing_withdrawals"],
    ),
    "amounts_in_a_smaller_unit": (
        multiplied("order_amount", 10**12), ["order", "implausible_amount",
                                             "cst_largest_amount"],
    ),
    "all_orders_of_1970": (
        changed("order", ordered_at="1970-01-01T00:00:00Z"),
        ["order", "implausible_ordered_at", "cst_earliest_date"],
    ),
    "all_ids_null_texts": (
        changed("customer", customer_id="NULL"),
        ["customer", "missing_customer_id", "cst_"],
    ),
    "header_only_orders": (header_only("order"), ["order", "cst_"]),
    "wrong_currency": (
        changed("order", currency_code="USD"),
        ["order", "other_currency", "USD", "cst_currency_code"],
    ),
    "header_only_customers": (header_only("customer"), ["customer", "cst_"]),
    "header_only_events": (header_only("event"), ["event", "cst_"]),
    "all_events_rejected": (
        changed("event", occurred_at="yesterday"),
        ["event", "unreadable_occurred_at", "cst_"],
    ),
    "most_orders_rejected": (
        part_unreadable(0.6), ["order", "unreadable_order_amount", "cst_"],
    ),
    "a_tenth_of_the_orders": (tenth("order"), ["order", "cst_"]),
    "a_tenth_of_the_customers": (tenth("customer"), ["customer", "cst_"]),
    "a_tenth_of_the_events": (tenth("event"), ["event", "cst_"]),
    "as_of_date_jumps": (two_years_later, ["2025-06-27", "2027-06-2", "cst_"]),
    "two_sources_at_once": (
        both(
            changed("order", currency_code="USD"),
            changed("event", occurred_at="yesterday"),
        ),
        ["order", "cst_currency_code", "event", "unreadable_occurred_at"],
    ),
    "a_status_with_a_line_end": (
        changed("order", order_status="pa\nid"),
        ["order", "pa id (", "cst_valid_order_statuses"],
    ),
    "all_orders_of_nobody": (
        changed("order", customer_id="0"), ["order", "cst_"],
    ),
}
# test_no_part_of_a_stopped_feed_is_published has wrong_status.
SHORT = {
    "all_rejected", "vanished_erasure_flag", "vanished_consent_of_a_channel",
}


def deliver(warehouse, change):
    """Write a changed feed; a row of empty cells stands for a header alone."""
    feed = good_feed()
    change(feed)
    warehouse.clear()
    write_csv(feed, warehouse.ods)
    for path in warehouse.ods.glob("*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        if len(lines) == 2 and not lines[1].strip(",\n"):
            path.write_text(lines[0], encoding="utf-8")


def build_stops(good, name):
    """Deliver a feed of STOPS: nothing is replaced, and one line tells why."""
    change, words = STOPS[name]
    before = good.public_tables()
    deliver(good, change)
    result = good.build(*NEEDED)
    assert good.public_tables() == before, "public tables were replaced"
    assert result.returncode != 0, "the build passed"
    missing = [word for word in words if word not in result.text]
    assert not missing, f"not told: {missing}\n{result.text[-1500:]}"
    one_line = [
        line for line in result.lines if all(word in line for word in words)
    ]
    assert one_line, f"told, but not in one line:\n{result.text[-1500:]}"


@pytest.mark.parametrize(
    "name",
    [
        name if name in SHORT else pytest.param(name, marks=LONG)
        for name in STOPS
    ],
)
def test_an_unusable_feed_stops(good, name):
    build_stops(good, name)


def test_no_part_of_a_stopped_feed_is_published(good):
    """The private tables hold it: no public one may be built from them alone."""
    before = good.public_tables()
    build_stops(good, "wrong_status")
    result = good.run("run", "--select", "dim_cst_customer", "contact_cst_customer")
    assert result.returncode != 0
    assert "pagado" in result.text
    assert good.public_tables() == before


def copied(warehouse, folder):
    """A warehouse of its own in the same state, to publish into."""
    shutil.copytree(
        warehouse.folder, folder, ignore=shutil.ignore_patterns("target")
    )
    return Warehouse(folder, cst_start_date="2024-06-01")


@LONG
def test_the_next_good_feed_heals(good):
    before = good.public_tables()
    deliver(good, changed("order", currency_code="USD"))
    assert good.build(*NEEDED).returncode != 0
    deliver(good, lambda feed: None)
    result = good.build(*NEEDED)
    assert result.returncode == 0, result.text[-1500:]
    assert good.public_tables() == before


@LONG
def test_the_guard_needs_no_test_to_run(good):
    """`dbt run` as well, and whatever part of the public models is built."""
    before = good.public_tables()
    deliver(good, changed("order", currency_code="USD"))
    result = good.run("run", "--select", "+ads_cst_rejected_row")
    assert result.returncode != 0
    assert "other_currency" in result.text
    assert good.public_tables() == before


@LONG
def test_a_public_model_alone_is_built(good):
    """From steps that passed before: nothing is judged again."""
    deliver(good, lambda feed: None)
    assert good.build(*NEEDED).returncode == 0
    result = good.build("dws_cst_behavior")
    assert result.returncode == 0, result.text[-1500:]


@LONG
@pytest.mark.parametrize(("rejected", "stops"), [(78, False), (79, True)])
def test_the_limit_of_rejected_rows(good, tmp_path, rejected, stops):
    """A tenth of 786 orders: 78 rows are below it, 79 above."""
    warehouse = copied(good, tmp_path / "copy")
    deliver(warehouse, unreadable_orders(rejected))
    result = warehouse.build(*NEEDED, cst_rejected_stop_share=0.1)
    assert (result.returncode != 0) == stops, result.text[-1500:]
    assert f"{rejected} of them for unreadable_order_amount" in result.text


@LONG
@pytest.mark.parametrize(
    ("change", "given"),
    [
        (tenth("order"), {"cst_allow_feed_changes": True}),
        (header_only("event"), {"cst_allow_feed_changes": True}),
        (two_years_later, {"cst_as_of_date": "2025-06-27"}),
    ],
    ids=["rows", "source", "as_of_date"],
)
def test_what_is_meant_is_published(good, tmp_path, change, given):
    warehouse = copied(good, tmp_path / "copy")
    before = warehouse.public_tables()
    deliver(warehouse, change)
    assert warehouse.build(*NEEDED).returncode != 0
    assert warehouse.public_tables() == before
    result = warehouse.build(*NEEDED, **given)
    assert result.returncode == 0, result.text[-1500:]
    assert warehouse.public_tables() != before


@LONG
def test_own_tables_are_not_compared_with_the_sample(tmp_path):
    """Whoever builds the sample first points at own tables next."""
    warehouse = Warehouse(tmp_path, cst_start_date="2024-06-01")
    result = warehouse.build(
        *NEEDED, cst_use_sample_data=True, cst_ods_path=None,
        cst_start_date=None,
    )
    assert result.returncode == 0, result.text[-1500:]
    deliver(warehouse, lambda feed: None)
    result = warehouse.build(*NEEDED)
    assert result.returncode == 0, result.text[-1500:]
    assert "last published run" not in result.text


@LONG
def test_a_few_rejected_rows_only_warn(good):
    deliver(good, part_unreadable(0.03))
    result = good.build(*NEEDED)
    assert result.returncode == 0, result.text[-1500:]
    assert "unreadable_order_amount" in result.text, "no warning"


@LONG
def test_a_source_that_is_off_is_not_missing(good):
    deliver(good, lambda feed: None)
    result = good.build(
        *NEEDED, cst_enabled_sources=["customer", "order", "refund"]
    )
    assert result.returncode == 0, result.text[-1500:]


@LONG
def test_a_shop_of_guests_builds(tmp_path):
    """No customer at all, every order of nobody: no row to reject."""
    warehouse = Warehouse(
        tmp_path, cst_enabled_sources=["customer", "order"],
        cst_as_of_date="2025-06-30",
    )
    change_orders = changed("order", customer_id="0")
    deliver(warehouse, lambda feed: (
        change_orders(feed), header_only("customer")(feed),
    ))
    result = warehouse.build(*NEEDED)
    assert result.returncode == 0, result.text[-1500:]
    assert warehouse.rows(
        "select count(*) from cst_dws.dws_cst_segmentation"
    ) == [(0,)]


@LONG
def test_the_first_feed_is_judged_as_well(tmp_path):
    """Nothing was published yet, and nothing is by a header alone."""
    warehouse = Warehouse(tmp_path, cst_start_date="2024-06-01")
    for source in ("order", "customer"):
        deliver(warehouse, header_only(source))
        result = warehouse.build(*NEEDED)
        assert result.returncode != 0
        assert f"{source}: no row was delivered" in result.text
    assert warehouse.public_tables() == {}


@LONG
def test_all_problems_are_told_at_once(tmp_path):
    """Two missing tables, two missing columns: four problems, one run."""
    warehouse = Warehouse(tmp_path)
    deliver(warehouse, lambda feed: None)
    (warehouse.ods / "ods_cst_customer.csv").unlink()
    (warehouse.ods / "ods_log_event.csv").unlink()
    for table, column in (
        ("ods_trd_order", "order_amount"), ("ods_svc_ticket", "ticket_id"),
    ):
        path = warehouse.ods / f"{table}.csv"
        path.write_text(path.read_text().replace(column, "remark", 1))
    result = warehouse.build(*NEEDED)
    assert result.returncode != 0
    for word in (
        "ods_cst_customer", "ods_log_event", "order_amount", "ticket_id",
    ):
        assert word in result.text, word
    about_customers = [
        line for line in result.lines if "ods_cst_customer" in line
    ]
    assert "leave it out" not in " ".join(about_customers), (
        "customer cannot be left out"
    )


@LONG
@pytest.mark.parametrize("value", ["CNY' and '1'='2", "CNY;", "", "CN Y"])
def test_a_var_is_no_sql(tmp_path, value):
    warehouse = Warehouse(tmp_path, cst_currency_code=value)
    deliver(warehouse, lambda feed: None)
    result = warehouse.build("base_trd__orders")
    assert result.returncode != 0
    assert "Var 'cst_currency_code' is" in result.text
