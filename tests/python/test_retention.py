"""The loop of retention: planted truths, and the audience and back again.

The round trip takes the audience of a month end, hands it over as
docs/audience.md says, by the statements on that page, and builds again as of
a later date: customers who were contacted must count as contacted.
"""

import re
from math import sqrt

import duckdb
import pytest

SNAPSHOT, LATER = "2025-09-30", "2025-11-15"
# The sample's own campaign of that month makes way for the audience's.
CAMPAIGN_OF_OCTOBER = "K202509"
TABLES_IN_PARTS = ("ods_prm_campaign", "ods_prm_touch")


def rows(database, query, *values):
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query, list(values)).fetchall()


def by_customer(database, query):
    """The rows of a query by its first column, the customer."""
    return {row[0]: row[1:] for row in rows(database, query)}


# -- planted truths ----------------------------------------------------------


@pytest.fixture(scope="module")
def orders_by_group(sample_database):
    """(customers, mean, variance) of orders in 30 days by strategy and group,
    of the customers whom a campaign contacted or held out."""
    groups = sample_database.execute(
        """
        select strategy_code, is_holdout, count(*), avg(order_count_next_30d),
               var_samp(order_count_next_30d)
        from cst_dws.dws_cst_retention
        where is_mature_30d and campaign_id is not null
            and holdout_source = 'campaign'
        group by all
        """
    ).fetchall()
    return {(strategy, held_out): rest for strategy, held_out, *rest in groups}


def uplift(groups, strategy):
    """Additional orders per customer, and its standard error."""
    treated, held_out = groups[strategy, False], groups[strategy, True]
    error = sqrt(treated[2] / treated[0] + held_out[2] / held_out[0])
    return treated[1] - held_out[1], error


def test_activation_shows_what_was_planted(orders_by_group):
    """0.45 orders, of which one in twenty is cancelled or never paid."""
    measured, error = uplift(orders_by_group, "activation")
    assert measured == pytest.approx(0.43, abs=2 * error)
    assert measured > 3 * error


@pytest.mark.parametrize("strategy", ["wake_up", "vip_maintenance"])
def test_other_strategies_show_no_effect(orders_by_group, strategy):
    measured, error = uplift(orders_by_group, strategy)
    assert abs(measured) < 2 * error


def test_campaigns_meet_most_of_their_customers(sample_database):
    """The sample's campaigns follow the rules of the day, without a cooling-off
    period; what they miss by that must stay the lesser part.
    """
    (share,) = sample_database.execute(
        """
        select avg(case when match_status = 'matched' then 1.0 else 0.0 end)
        from cst_intermediate.int_cst_contacts_matched
        where match_status in ('matched', 'other_strategy')
        """
    ).fetchone()
    assert share > 0.8


# -- audience and back -------------------------------------------------------


@pytest.fixture(scope="module")
def hand_over(project_root):
    """The `copy` statements of docs/audience.md, to be aimed at a folder."""
    page = (project_root / "docs" / "audience.md").read_text()
    statements = re.findall(r"```sql\n(copy .*?)```", page, flags=re.DOTALL)
    assert len(statements) == 2
    return statements


def test_every_query_of_the_page_finds_rows(project_root, sample_database):
    page = (project_root / "docs" / "audience.md").read_text()
    queries = re.findall(r"```sql\n(select\s.*?)```", page, flags=re.DOTALL)
    assert len(queries) == 3
    for query in queries:
        assert sample_database.execute(query).fetchone(), query


@pytest.fixture(scope="module")
def round_trip(run_dbt, hand_over, project_root, tmp_path_factory):
    """Databases as of the audience's month end, and as of a later date."""
    folder = tmp_path_factory.mktemp("audience")
    before, after = folder / "before.duckdb", folder / "after.duckdb"
    ods = folder / "ods"
    for csv in sorted((project_root / "seeds" / "ods").glob("*.csv")):
        in_parts = csv.stem in TABLES_IN_PARTS
        target = ods / csv.stem if in_parts else ods
        target.mkdir(parents=True, exist_ok=True)
        lines = csv.read_text(encoding="utf-8").splitlines(keepends=True)
        if in_parts:
            lines = [line for line in lines if CAMPAIGN_OF_OCTOBER not in line]
        (target / csv.name).write_text("".join(lines), encoding="utf-8")

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
            },
            database=database,
            check=True,
        )

    build(before, SNAPSHOT, "ads_cst_audience")
    with duckdb.connect(str(before), read_only=True) as connection:
        for statement in hand_over:
            connection.execute(statement.replace("/data/ods", str(ods)))
    build(
        after, LATER, "ads_cst_strategy_effect", "int_cst_contacts_matched"
    )
    return before, after


@pytest.fixture(scope="module")
def audience(round_trip):
    """strategy, contactable, held out, by customer."""
    return by_customer(
        round_trip[0],
        "select customer_id, strategy_code, is_contactable, is_holdout "
        "from cst_ads.ads_cst_audience",
    )


@pytest.fixture(scope="module")
def retention(round_trip):
    """What became of the snapshot, by customer."""
    return by_customer(
        round_trip[1],
        "select customer_id, strategy_code, is_holdout, campaign_id, "
        "contact_count, holdout_source, contact_cost_amount "
        f"from cst_dws.dws_cst_retention where snapshot_date = '{SNAPSHOT}'",
    )


def test_the_audience_has_all_three_parts(audience):
    parts = {
        (contactable, held_out) for _, contactable, held_out in audience.values()
    }
    assert parts == {(True, False), (True, True), (False, False), (False, True)}
    assert {strategy for strategy, *_ in audience.values()} == {
        "vip_maintenance", "activation", "wake_up"
    }


def test_strategies_and_groups_stay(audience, retention):
    """What was assigned then is what counts now, contactable or not."""
    assert {
        customer: (strategy, held_out)
        for customer, (strategy, _, held_out) in audience.items()
    } == {customer: row[:2] for customer, row in retention.items()}


def test_contacted_customers_count_as_contacted(audience, retention):
    sent = {
        customer: (strategy, f"2025-10-{strategy}", 1)
        for customer, (strategy, contactable, held_out) in audience.items()
        if contactable and not held_out
    }
    counted = {
        customer: (strategy, campaign, contacts)
        for customer, (strategy, _, campaign, contacts, *_) in retention.items()
        if contacts > 0
    }
    assert counted == sent


def test_held_out_customers_are_not_contacted_and_known(audience, retention):
    held_out = {
        customer: f"2025-10-{strategy}"
        for customer, (strategy, contactable, is_held_out) in audience.items()
        if contactable and is_held_out
    }
    assert held_out
    assert {
        customer: campaign
        for customer, (_, is_held_out, campaign, contacts, source, _)
        in retention.items()
        if is_held_out and contacts == 0 and source == "campaign"
    } == held_out


def test_customers_not_contactable_are_left_to_the_hash(audience, retention):
    left = {
        customer for customer, (_, contactable, _) in audience.items()
        if not contactable
    }
    assert {
        customer
        for customer, (_, _, campaign, contacts, source, cost)
        in retention.items()
        if (campaign, contacts, source, cost) == (None, 0, "hash", 0)
    } == left


def test_every_delivered_contact_is_matched(round_trip, audience):
    delivered = sum(contactable for _, contactable, _ in audience.values())
    assert rows(
        round_trip[1],
        "select match_status, count(*) "
        "from cst_intermediate.int_cst_contacts_matched "
        "where campaign_id like '2025-10-%' group by match_status",
    ) == [("matched", delivered)]


def test_the_effect_is_measured(round_trip, audience):
    """Both groups in full, the cost of the contacts, and an estimate where
    there are enough customers."""
    effects = {
        strategy: rest
        for strategy, *rest in rows(
            round_trip[1],
            "select strategy_code, treated_customers, holdout_customers, "
            "cast(cost_amount * 100 as integer), withheld_reason, "
            "rate_uplift is not null "
            "from cst_ads.ads_cst_strategy_effect "
            "where snapshot_date = ? and segment_code = 'all' "
            "and window_days = 30",
            SNAPSHOT,
        )
    }
    expected = {}
    for strategy, contactable, held_out in audience.values():
        counts = expected.setdefault(strategy, [0, 0, 0])
        counts[held_out] += 1
        counts[2] += 6 * (contactable and not held_out)
    assert {key: row[:3] for key, row in effects.items()} == expected
    for treated, held_out, _, reason, has_estimate in effects.values():
        is_enough = min(treated, held_out) >= 30
        assert (reason, has_estimate) == (
            (None, True) if is_enough else ("too_few", False)
        )
    assert any(row[-1] for row in effects.values())
