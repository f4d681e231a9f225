"""The project as the replay builds it: as it is, and as it is changed on a
night in between: other code, other rules, a range restated."""

import csv
import functools
import itertools
import random
import re
from datetime import date

import duckdb
from engines import (
    PROJECT, PUBLIC, Compiled, add_alternatives, call_dbt, deliver,
)
from replay import NEEDED, NEEDED_BY_NIGHT, Replay

# Tiny companies: more is held out, so that there is something to lose.
SMALL = {
    "retention_holdout_since": "2025-01-01", "retention_holdout_share": 0.4,
    "retention_program_holdout_share": 0.2, "ltv_method": "past_rate",
    # February's is over on 7 April, when nothing else asks for it any more.
    "ltv_horizon_days": 38,
}
SMALL_POLICY = {
    "holdout_since": date(2025, 1, 1), "holdout_share": 0.4,
    "program_share": 0.2,
}
# What a change of rules changes, in the words of dbt and in the oracle's.
OTHER_RULES = {
    "retention_salt": "salt-3", "value_tier_high_score": 50,
    "retention_cooling_off_days": 40, "lifecycle_new_days": 5,
}
OTHER_POLICY = {"salt": "salt-3", "cooling_off_days": 40}
RESTATED = {
    "cst_restate_from": "2025-02-01", "cst_restate_to": "2025-03-31",
}
RESTATED_POLICY = {
    "restate_from": date(2025, 2, 1), "restate_to": date(2025, 3, 31),
}


@functools.cache
def small(by_night):
    if by_night:
        return Compiled(NEEDED_BY_NIGHT, **SMALL)
    return small(True).only(NEEDED)


@functools.cache
def with_other_rules(by_night):
    return small(by_night).again(**OTHER_RULES)


@functools.cache
def restating(by_night):
    return small(by_night).again(**RESTATED)


# The next release: another version, and a stage that is read otherwise.
CODE_VERSION = PROJECT / "macros" / "history" / "code_version.sql"
VERSION = re.search(r"return\('(.*)'\)", CODE_VERSION.read_text())[1]
NEXT_VERSION = (f"'{VERSION}'", "'the next one'")
OTHER_CODE = {
    "dim_cst_snapshot": NEXT_VERSION,
    "int_cst_closed_snapshots": NEXT_VERSION,
    "int_cst_rfm_cells": (
        "when value_scores.is_new then 'new'",
        "when value_scores.is_new then 'active'",
    ),
}


# Each guard of the history, taken away: the replay must see it.
BROKEN = {
    "closes a day late": (
        "int_cst_snapshot_dates", ">= 7\n", ">= 8\n",
    ),
    "a window closes a day late": (
        "int_cst_lists", ">= 30, true)", ">= 31, true)",
    ),
    "the hold-out is drawn anew": (
        "dws_cst_retention", "        published.is_holdout,",
        "        md5(published.customer_id) < '8' as is_holdout,",
    ),
    "the tier is that of today": (
        "dws_cst_segmentation", "then published_lists.value_tier\n",
        "then segmentation_today.value_tier\n",
    ),
    "the program's group is that of the salt": (
        "int_cst_program_groups", "published.is_program_holdout,", "null,",
    ),
    "an episode is drawn anew": (
        "int_cst_strategies_in_force",
        "is_holdout as is_published_holdout", "null as is_published_holdout",
    ),
    "another option is chosen": (
        "int_cst_strategies_in_force",
        "        strategy_code as drawn_strategy_code,",
        "        null as drawn_strategy_code,",
    ),
    "a list is that of the last night": (
        "int_cst_lists_published", "where not is_current", "where is_current",
    ),
    "behavior stays open": (
        "dws_cst_behavior", "snapshots.is_closed",
        "(snapshots.is_closed and snapshots.snapshot_date < '2025-02-01')",
    ),
    "a value moves from that of today": (
        "int_cst_ltv", "when previous_snapshots.is_closed\n", "when false\n",
    ),
}


# What a night that works out open snapshots alone must not leave out, or take
# from elsewhere: a full run of the same night must see it.
BROKEN_BY_NIGHT = {
    "the snapshot before is left out": (
        "int_cst_snapshots_due", "not lead(snapshot_dates.is_closed) over (",
        "false and lead(snapshot_dates.is_closed) over (",
    ),
    "forecasts that are over are left out": (
        "int_cst_snapshots_due", "forecasts_tested.snapshot_date is null",
        "false",
    ),
    "an entry's segment is worked out": (
        "int_cst_effect_observations", "int_cst_states_seen",
        "int_cst_segments_assigned",
    ),
    "restatements are lost": (
        "ads_cst_restatement", "not false", "not true",
    ),
    "drift is told from what is worked out": (
        "ads_cst_ltv_backtest", "select * from closed\n",
        "select * from closed where false\n",
    ),
    "the newest snapshot is left out": (
        "int_cst_snapshots_due",
        "false or not snapshot_dates.is_closed as is_due",
        "not snapshot_dates.is_closed and snapshot_dates.snapshot_date "
        "< snapshot_dates.last_snapshot_date as is_due",
    ),
}


def upgraded(code):
    """The project after an upgrade."""
    return code.edited(OTHER_CODE)


# The sample, as it is set up by default.
SAMPLE = {
    "cst_start_date": "2024-01-01", "retention_holdout_since": "2024-06-30",
    "retention_holdout_share": 0.1, "retention_program_holdout_share": 0.05,
    "ltv_method": "best",
}
SAMPLE_POLICY = {"holdout_since": date(2024, 6, 30)}


@functools.cache
def sample():
    return Compiled(NEEDED_BY_NIGHT, **SAMPLE)


def sample_with_other_code():
    return upgraded(sample()), SAMPLE_POLICY


def sample_with_other_rules():
    code = upgraded(sample().again(**OTHER_RULES))
    return code, {**SAMPLE_POLICY, **OTHER_POLICY}


# Effects that a large company would have found: in some segments an alternative
# is better, in some it is not, and of some strategies nothing is known.
STRATEGIES = ("vip_maintenance", "activation", "wake_up")
with open(PROJECT / "seeds/rules/cst_segments.csv", encoding="utf-8") as _file:
    SEGMENTS = [row["segment_code"] for row in csv.DictReader(_file)]


def effects_of(night):
    chance = random.Random(night.toordinal())
    found = {}
    for strategy in STRATEGIES:
        if chance.random() < 0.1:
            continue
        center = chance.uniform(-1, 1)
        found[strategy, "all"] = center, chance.uniform(0.02, 0.2)
        for segment in SEGMENTS:
            if chance.random() < 0.6:
                found[strategy, segment] = (
                    chance.gauss(center, 0.3), chance.uniform(0.05, 0.4)
                )
    return found


CHANGES = ("code", "rules", "restate", "roll back")


def run(plan, folder, broken=None, broken_by_night=None, by_night=True):
    """The nights of a plan, each compared; stops at the first that differs.
    `broken` is SQL that is edited whatever else changes, `broken_by_night` the
    same where open snapshots alone are worked out, which `by_night` compares."""

    replay = Replay(
        plan.feed(), None, folder, SMALL_POLICY, by_night, effects_of
    )
    happened = set()
    changes = itertools.chain(plan.changes, itertools.repeat("none"))
    for night, change in zip(plan.nights(), changes):
        if change == "roll back" and len(replay.done) > 1:
            replay.roll_back()
        happened.add(change)
        code = (
            with_other_rules(by_night) if "rules" in happened
            else small(by_night)
        )
        policy = dict(OTHER_POLICY) if "rules" in happened else {}
        if change == "restate" and "rules" not in happened:
            code, policy = restating(by_night), RESTATED_POLICY
        if "code" in happened:
            code = upgraded(code)
        replay.code = code.edited(broken or {}, broken_by_night)
        done = replay.night(night, **policy)
        if done.problems:
            raise Differs("\n".join(done.problems[:20]))
    return replay


class Differs(AssertionError):
    """What was published is not what must be."""


def differences_from_dbt(replay, night, folder):
    """What differs if dbt itself builds a night with history: lines."""
    database = folder / "dbt" / "cst.duckdb"
    database.parent.mkdir()
    with duckdb.connect(str(database)) as connection:
        deliver(connection, replay.feed.delivered(night))
    dbt_vars = {**replay.code.vars, "cst_as_of_date": str(night)}
    parsed = replay.code.parsed
    call_dbt(["seed"], database.parent, dbt_vars, parsed)
    with duckdb.connect(str(database)) as connection:
        add_alternatives(connection)
    call_dbt(
        ["run", "--select", *NEEDED], database.parent, dbt_vars, parsed,
        CST_PUBLISHED_PATH=replay.published,
    )
    lines = []
    with replay.build(night) as build:
        build.execute(f"attach '{database}' as by_dbt (read_only)")
        tables = build.execute(
            "select schema_name || '.' || table_name from duckdb_tables() "
            "where database_name = 'by_dbt' and list_contains(?, schema_name)",
            [list(PUBLIC)],
        ).fetchall()
        for (table,) in tables:
            for one, other in (("by_dbt", "cst"), ("cst", "by_dbt")):
                ((count,),) = build.execute(
                    f"select count(*) from (from {one}.{table} except all "
                    f"from {other}.{table})"
                ).fetchall()
                if count:
                    lines.append(f"{table}: {count} rows only in {one}")
    return lines if tables else ["dbt built nothing"]
