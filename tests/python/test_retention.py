"""The audience and back again.

The round trip takes the list of a month end, hands it over as docs/audience.md
says, by the statements on that page, and builds again as of a later date:
customers who were contacted must count as contacted, those held out must be
found again without being delivered, and a campaign with a control group of its
own must be compared by that group.
"""

import csv
import re
from decimal import Decimal

import duckdb
import pytest
import yaml

SNAPSHOT, LATER = "2025-09-30", "2025-11-15"
TABLES_IN_PARTS = ("ods_prm_campaign", "ods_prm_touch")
SALE = "2025-national-day"


def rows(database, query, *values):
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query, list(values)).fetchall()


def by_customer(database, query):
    """The rows of a query by its first column, the customer."""
    return {row[0]: row[1:] for row in rows(database, query)}


@pytest.fixture(scope="module")
def page(project_root):
    return (project_root / "docs" / "audience.md").read_text()


@pytest.fixture(scope="module")
def hand_over(page):
    """The `copy` statements of docs/audience.md, to be aimed at a folder."""
    statements = re.findall(r"```sql\n(copy .*?)```", page, flags=re.DOTALL)
    assert len(statements) == 4
    return statements


def test_every_query_of_the_page_finds_rows(page, sample_database):
    queries = re.findall(r"```sql\n(select\s.*?)```", page, flags=re.DOTALL)
    assert len(queries) == 6
    for query in queries:
        assert sample_database.execute(query).fetchone(), query


def copy_until(source, target, last_date):
    """A table without what began after a date: it makes way for the list."""
    with open(source, newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        kept = [
            row for row in reader
            if row.get("touched_at", row.get("started_at", "")) <= last_date
        ]
    with open(target, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, reader.fieldnames)
        writer.writeheader()
        writer.writerows(kept)


@pytest.fixture(scope="module")
def round_trip(run_dbt, hand_over, project_root, tmp_path_factory):
    """Databases as of the list's month end, and as of a later date."""
    folder = tmp_path_factory.mktemp("audience")
    before, after = folder / "before/cst.duckdb", folder / "after/cst.duckdb"
    before.parent.mkdir()
    after.parent.mkdir()
    ods = folder / "ods"
    for table in sorted((project_root / "seeds" / "ods").glob("*.csv")):
        in_parts = table.stem in TABLES_IN_PARTS
        target = ods / table.stem if in_parts else ods
        target.mkdir(parents=True, exist_ok=True)
        if in_parts:
            copy_until(table, target / table.name, SNAPSHOT)
        else:
            (target / table.name).write_bytes(table.read_bytes())

    def build(database, as_of_date, *models):
        run_dbt(
            "build", "-s", *(f"+{model}" for model in models),
            "--exclude-resource-type", "test", "unit_test",
            vars={
                "cst_use_sample_data": False,
                "cst_ods_path": str(ods),
                "cst_as_of_date": as_of_date,
                "cst_snapshot_grain": "month",
                "retention_holdout_share": 0.2,
                "retention_program_holdout_share": 0.1,
                "retention_holdout_since": SNAPSHOT,
            },
            database=database,
            check=True,
        )

    build(before, SNAPSHOT, "ads_cst_audience")
    with duckdb.connect(str(before), read_only=True) as connection:
        for statement in hand_over:
            connection.execute(statement.replace("/data/ods", str(ods)))
    build(
        after, LATER, "ads_cst_effect", "dwd_prm_contact", "dws_cst_retention"
    )
    return before, after


@pytest.fixture(scope="module")
def audience(round_trip):
    """What the list said, by customer."""
    return by_customer(
        round_trip[0],
        "select customer_id, strategy_code, is_contactable, is_holdout, "
        "is_program_holdout, episode_start_date from cst_ads.ads_cst_audience "
        "where is_current",
    )


@pytest.fixture(scope="module")
def retention(round_trip):
    """What became of it, by customer."""
    return by_customer(
        round_trip[1],
        "select customer_id, strategy_code, is_holdout, is_program_holdout, "
        "episode_start_date, campaign_id, contact_count, contact_cost_amount, "
        "is_contaminated_holdout "
        f"from cst_dws.dws_cst_retention where snapshot_date = '{SNAPSHOT}'",
    )


def test_the_audience_has_all_its_parts(audience):
    parts = {row[1:4] for row in audience.values()}
    assert parts == {
        (True, False, False), (True, True, False), (True, True, True),
        (False, False, False), (False, True, False), (False, True, True),
    }
    assert {row[0] for row in audience.values()} == {
        "vip_maintenance", "activation", "wake_up", "first_purchase"
    }


def test_strategies_episodes_and_groups_stay(audience, retention):
    """What was on the list is what counts now, contactable or not."""
    assert {
        customer: (strategy, *rest)
        for customer, (strategy, _, *rest) in audience.items()
    } == {customer: row[:4] for customer, row in retention.items()}


def test_contacted_customers_count_as_contacted(audience, retention):
    sent = {
        customer: (f"2025-10-{strategy}", 1, Decimal("0.06"))
        for customer, (strategy, contactable, held_out, *_) in audience.items()
        if contactable and not held_out
    }
    counted = {
        customer: row[4:7] for customer, row in retention.items() if row[5] > 0
    }
    assert counted == sent


def test_held_out_customers_are_known_without_a_row(retention):
    held_out = {
        row[4:] for row in retention.values() if row[1]
    }
    assert held_out == {(None, 0, Decimal(0), False)}


def test_every_delivered_contact_is_there_with_its_cost(round_trip, audience):
    delivered = sum(
        contactable and not held_out
        for _, contactable, held_out, *_ in audience.values()
    )
    assert rows(
        round_trip[1],
        "select episode_status, is_control, count(*), "
        "sum(contact_cost_amount), bool_or(is_holdout) "
        "from cst_dwd.dwd_prm_contact "
        "where campaign_id like '2025-10-%' group by all",
    ) == [
        ("matched", False, delivered, Decimal("0.06") * delivered, False)
    ]


def test_a_list_of_a_later_day_is_that_of_the_month_end(round_trip, audience):
    """Between two period ends nobody is new on it, and no group is drawn."""
    later = by_customer(
        round_trip[1],
        "select customer_id, strategy_code, is_holdout, is_program_holdout, "
        "episode_start_date from cst_dws.dws_cst_retention where is_current",
    )
    last_list = by_customer(
        round_trip[1],
        "select customer_id, strategy_code, is_holdout, is_program_holdout, "
        "episode_start_date from cst_dws.dws_cst_retention "
        "where snapshot_date = '2025-10-31'",
    )
    assert later.keys() <= last_list.keys()
    assert {key: last_list[key] for key in later} == later


def entries(round_trip, scope, period, *, arm="all"):
    """Treated and held-out entries, by subject, of the 30 days after."""
    return {
        subject: tuple(counts)
        for subject, *counts in rows(
            round_trip[1],
            "select subject_code, treated_entries, holdout_entries, "
            "contacted_treated_entries, contacted_holdout_entries "
            "from cst_ads.ads_cst_effect "
            "where scope_code = ? and period_code = ? and arm_code = ? "
            "and segment_code = 'all' and window_days = 30 "
            "and measure_code = 'repurchase_rate'",
            scope, period, arm,
        )
    }


def test_the_effect_compares_the_groups_of_the_list(round_trip, audience):
    """All but the hold-out of the program, contacted or not; the list was the
    first with a hold-out, so everybody on it enters."""
    expected = {}
    for strategy, contactable, held_out, is_program, _ in audience.values():
        if is_program:
            continue
        counts = expected.setdefault(strategy, [0, 0, 0, 0])
        counts[held_out] += 1
        counts[2 + held_out] += contactable and not held_out
    assert entries(round_trip, "strategy", SNAPSHOT) == {
        strategy: tuple(counts) for strategy, counts in expected.items()
    }


@pytest.mark.parametrize("arm", ["all", "coupon", "reminder"])
def test_a_campaign_is_compared_by_its_own_control_group(round_trip, arm):
    """Each arm with the whole control group; nobody of the program's hold-out
    is in it, and who is held out of a strategy is left out."""
    delivered = rows(
        round_trip[1],
        "select is_control, coalesce(arm_code, 'control'), count(*), "
        "bool_or(is_program_holdout) from cst_dwd.dwd_prm_contact "
        "where campaign_id = ? and not coalesce(is_holdout, false) "
        "and episode_status = 'other_campaign' group by all",
        SALE,
    )
    assert not any(row[3] for row in delivered)
    control = sum(row[2] for row in delivered if row[0])
    treated = sum(
        row[2] for row in delivered
        if not row[0] and arm in ("all", row[1])
    )
    assert min(control, treated) > 10
    assert entries(round_trip, "campaign", "all", arm=arm)[SALE] == (
        treated, control, treated, 0
    )


def test_every_cost_of_the_sample_is_there_once(
    project_root, sample_database
):
    """Found again in the delivered file, without the warehouse: all contacts
    but those rejected, of each the newest version."""
    rejected = {
        key for (key,) in sample_database.execute(
            "select source_key from cst_ads.ads_cst_rejected_row "
            "where source_name = 'touch'"
        ).fetchall()
    }
    newest = {}
    source = project_root / "seeds" / "ods" / "ods_prm_touch.csv"
    with open(source, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            older = newest.get(row["touch_id"], row)
            if row["touch_id"] and row["updated_at"] >= older["updated_at"]:
                newest[row["touch_id"]] = row
    expected = {
        key: Decimal(row["touch_cost"] or 0)
        for key, row in newest.items() if key not in rejected
    }
    found = dict(
        sample_database.execute(
            "select touch_id, contact_cost_amount from cst_dwd.dwd_prm_contact"
        ).fetchall()
    )
    assert found == expected
    assert sum(found.values()) > 1000


# -- the var that only the company knows ---------------------------------------


@pytest.mark.parametrize(
    ("variables", "is_said"),
    [
        ({}, True),
        ({"retention_holdout_since": "2025-09-30"}, False),
        ({"cst_enabled_sources": ["customer", "order", "campaign"]}, False),
    ],
    ids=["not set", "set", "no contacts"],
)
def test_one_line_says_that_nothing_is_compared(run_dbt, variables, is_said):
    result = run_dbt(
        "run-operation", "remind_of_holdout",
        vars={"cst_use_sample_data": False, **variables}, check=True,
    )
    lines = [
        line for line in result.stdout.splitlines()
        if "'retention_holdout_since' is not set" in line
    ]
    assert len(lines) == is_said


def test_the_line_is_said_by_every_build(project_root):
    project = yaml.safe_load((project_root / "dbt_project.yml").read_text())
    assert "{{ remind_of_holdout() }}" in project["on-run-start"]
