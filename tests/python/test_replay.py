"""After each night, the published tables are what the policy says.

A small company through all that goes wrong, an upgrade, other rules and a
roll-back; some random ones; and each case that was ever found. tests/replay
unrolls the sample for two months and many more random feeds.
"""

import os
import shutil
import sys
from dataclasses import replace
from datetime import date, timedelta

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from warehouse import PROJECT

sys.path.insert(0, str(PROJECT / "tests" / "replay"))

import variants
from found_cases import EVERY_FAULT, FOUND, MANY_ENTRIES
from random_feed import Plan, plans


def test_every_fault_an_upgrade_and_other_rules(tmp_path):
    replay = variants.run(EVERY_FAULT, tmp_path, by_night=False)
    assert sum(night.kept_values for night in replay.done) > 200, (
        "nothing was closed that a rebuild would change"
    )


def test_a_night_gives_the_rows_of_a_full_run(tmp_path):
    """Closed snapshots are not worked out, and no public table differs."""
    variants.run(replace(EVERY_FAULT, changes=[]), tmp_path)


@pytest.mark.parametrize("by_night", [False, True])
def test_what_the_long_form_takes_away_is_there(by_night):
    """It edits the SQL, which asserts that it says what is taken away."""
    code = variants.small(True)
    broken = variants.BROKEN_BY_NIGHT if by_night else variants.BROKEN
    for model, old, new in broken.values():
        (code.nightly if by_night else code).edited({model: (old, new)})


def test_a_range_is_restated_on_purpose(tmp_path):
    plan = replace(
        EVERY_FAULT, night_gaps=[1, 20, 20, 9],
        changes=["none", "none", "restate", "none"],
    )
    variants.run(plan, tmp_path, by_night=False)


@pytest.mark.parametrize(("change", "cause"), [
    ("none", set()), ("code", {"code_version"}), ("rules", {"rule_change"}),
])
def test_why_closed_rows_would_differ(change, cause, tmp_path):
    """Nothing is corrected here, so only the change can be the cause."""
    plan = Plan(
        3, [(0, 5, 120, 0), (0, 50, 80, 0), (1, 20, 30, 0), (2, 45, 15, 0)],
        night_gaps=[1, 9], changes=["none", change],
    )
    replay = variants.run(plan, tmp_path, by_night=False)
    assert replay.done[-1].causes == cause


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found_once(name, tmp_path):
    variants.run(FOUND[name], tmp_path, by_night=False)


def test_what_was_published_of_effects_decides(tmp_path):
    """An alternative that is known to be better leads from the next list on."""
    replay = variants.run(MANY_ENTRIES, tmp_path, by_night=False)
    with duckdb.connect(str(replay.published), read_only=True) as connection:
        chosen = dict(connection.execute("""
            select
                case when choice_probability > .5 then 'leads' else 'explored'
                end,
                count(*)
            from cst_dws.dws_cst_retention
            where snapshot_date = episode_start_date
                and strategy_code != default_strategy_code
            group by all
        """).fetchall())
    assert chosen["leads"] >= 5, chosen


def test_a_worse_option_that_leads_is_seen(tmp_path):
    with pytest.raises(variants.Differs, match="choice_probability"):
        variants.run(MANY_ENTRIES, tmp_path, {"int_cst_strategy_options": (
            "expected_order_uplift - default_uplift >",
            "default_uplift - expected_order_uplift >",
        )}, by_night=False)


@settings(
    max_examples=int(os.environ.get("CST_EXAMPLES", 3)), deadline=None,
    derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
    print_blob=False,
)
@given(plan=plans(nights=4, changes=variants.CHANGES))
def test_random_feeds(plan, tmp_path_factory):
    variants.run(plan, tmp_path_factory.mktemp("random"), by_night=False)


# What ads_cst_audience_history of 0.10.0 had.
LISTED_BEFORE = (
    "customer_id, list_date, snapshot_date, strategy_code, "
    "recommended_strategy_code, segment_code, value_tier, contact_channel, "
    "no_contact_reason, strategy_priority, priority, priority_basis, "
    "expected_gain_amount, recent_contact_count, is_holdout, "
    "is_program_holdout, is_contactable, is_explored, episode_start_date"
)


def as_before(published, path):
    """A published file as 0.10.0 would have written it."""
    shutil.copy(published, path)
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"""
            create table cst_ads.ads_cst_audience_history as
            select {LISTED_BEFORE}
            from cst_ads.ads_cst_audience where not is_current;
            create or replace table cst_ads.ads_cst_audience as
            select * exclude (audience_key, list_date, is_current)
            from cst_ads.ads_cst_audience where is_current
        """)
    return path


def test_an_upgrade_keeps_the_lists_of_a_table_that_is_gone(tmp_path):
    plan = replace(EVERY_FAULT, night_gaps=[1, 30, 10], changes=[])
    replay = variants.run(plan, tmp_path, by_night=False)
    night = replay.done[-1].as_of_date + timedelta(days=3)
    delivered, found = replay.feed.delivered(night), {}
    for name, path in (
        ("new", replay.published),
        ("old", as_before(replay.published, tmp_path / "old.duckdb")),
    ):
        with replay.code.build(delivered, night, path) as build:
            found[name] = build.execute(f"""
                select is_current, {LISTED_BEFORE}, strategy_name_en,
                    priority_basis_en
                from cst.cst_ads.ads_cst_audience order by all
            """).fetchall()
    assert found["old"] == found["new"]
    lists = {row[2] for row in found["old"] if not row[0]}
    assert len(lists) > 1, "no list of the past"
    assert {row[3] for row in found["old"] if row[0]} == {night}


def test_compiled_sql_is_what_dbt_builds(tmp_path):
    """The replay builds with the SQL alone; with dbt it is the same."""
    plan = replace(EVERY_FAULT, night_gaps=[1, 10])
    replay = variants.run(plan, tmp_path, by_night=False)
    found = variants.differences_from_dbt(replay, date(2025, 4, 2), tmp_path)
    assert found == []
