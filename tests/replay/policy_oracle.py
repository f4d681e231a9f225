"""What must be published after a day, said a second time.

It knows the tables of a full rebuild without history, what was published the
day before, and the policy: which snapshots are closed, which columns are frozen
when a list is first published, how strategies go on from frozen ones, and when
each outcome window closes. Customers are gone through one by one, date by date.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import md5

import numpy as np
from simulation.worlds.choosing import Rule, decide, expect

KEPT = {
    "dws_cst_segmentation": "cst_dws",
    "dws_cst_behavior": "cst_dws",
    "dws_cst_retention": "cst_dws",
    "ads_cst_ltv": "cst_ads",
}
# Frozen when a period end is first published.
STATE = (
    "segment_code", "segment_rule_id", "rfm_class_code", "value_tier",
    "lifecycle_stage", "previous_segment_code", "movement", "movement_cause",
    "r_score_method", "r_score", "f_score", "m_score", "rfm_code",
    "rfm_score", "value_score",
)
ASSIGNMENT = (
    "segment_code", "value_tier", "strategy_code",
    "default_strategy_code", "choice_probability",
    "recommended_strategy_code", "strategy_rule_id",
    "assignment_reason_en", "assignment_reason_zh", "is_in_cooling_off",
    "episode_start_date", "is_holdout", "is_program_holdout", "is_compared",
    "recent_contact_count",
)
LEVELS = (
    "value_tier", "segment_code", "lifecycle_stage", "engagement_level",
    "satisfaction_level", "service_state", "ltv_tier",
)
WINDOWS = (30, 60, 90)
CONTACTS = (
    "contact_count", "open_count", "click_count", "redemption_count",
    "contact_cost_amount",
)


@dataclass
class Policy:
    """The vars that decide, with the defaults of the project."""

    as_of_date: date
    close_after_days: int = 7
    cooling_off_days: int = 28
    salt: str = "cst-retention-1"
    holdout_share: float = 0.1
    program_share: float = 0.05
    exploration_share: float = 0.1
    holdout_since: date | None = None
    restate_from: date | None = None
    restate_to: date | None = None
    windows: tuple = WINDOWS

    def is_restated(self, snapshot):
        return (
            self.restate_from is not None and self.restate_to is not None
            and self.restate_from <= snapshot <= self.restate_to
        )


@dataclass
class Tables:
    """The kept tables by (customer_id, snapshot_date), dates as rows."""

    kept: dict
    snapshots: dict
    customers: dict
    audience: dict
    lists: dict

    def all(self):
        """The tables that expected() names."""
        return {
            **self.kept, "the list in use": self.audience,
            "the lists handed out": self.lists,
            "dim_cst_snapshot": {
                ("", day): row for day, row in self.snapshots.items()
            },
        }


def _rows(connection, sql):
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row)) for row in cursor.fetchall()]


def read_tables(connection, catalog):
    """The tables of the policy in an attached database."""
    kept = {
        table: {
            (row["customer_id"], row["snapshot_date"]): row
            for row in _rows(connection, f"from {catalog}.{schema}.{table}")
        }
        for table, schema in KEPT.items()
    }
    customers = {}
    for row in _rows(connection, f"""
        select
            customer_id, customer_key, valid_from_at, valid_to_at,
            is_program_holdout, is_current, is_merged
        from {catalog}.cst_dim.dim_cst_customer
    """):
        customers.setdefault(row["customer_id"], []).append(row)
    snapshots = {
        row["snapshot_date"]: row
        for row in _rows(connection, f"from {catalog}.cst_dim.dim_cst_snapshot")
    }
    audience, lists = (
        {
            (row["customer_id"], row[day]): row
            for row in _rows(connection, f"""
                from {catalog}.cst_ads.ads_cst_audience where {which}
            """)
        }
        for which, day in (
            ("is_current", "snapshot_date"), ("not is_current", "list_date"),
        )
    )
    return Tables(kept, snapshots, customers, audience, lists)


@dataclass
class Rebuilt(Tables):
    """A full rebuild, with what the policy needs and nobody publishes."""

    dates: dict = field(default_factory=dict)
    states: dict = field(default_factory=dict)
    outcomes: dict = field(default_factory=dict)
    contacts: dict = field(default_factory=dict)
    recent: dict = field(default_factory=dict)
    erased_at: dict = field(default_factory=dict)
    segments: dict = field(default_factory=dict)
    levels: dict = field(default_factory=dict)
    rules: list = field(default_factory=list)
    alternatives: dict = field(default_factory=dict)
    strategies: dict = field(default_factory=dict)


def read_rebuilt(connection, catalog="cst"):
    tables = read_tables(connection, catalog)
    private = f"{catalog}.cst_intermediate"

    def keyed(table, *more):
        keys = ("customer_id", "snapshot_date", *more)
        return {
            tuple(row[key] for key in keys): row
            for row in _rows(connection, f"from {private}.{table}")
        }

    return Rebuilt(
        tables.kept, tables.snapshots, tables.customers, tables.audience,
        tables.lists,
        dates={
            row["snapshot_date"]: row for row in
            _rows(connection, f"from {private}.int_cst_snapshot_dates")
        },
        states=keyed("int_cst_segments_assigned"),
        outcomes=keyed("int_cst_repurchase_outcomes"),
        contacts=keyed("int_cst_contacts_by_strategy", "strategy_code"),
        recent=keyed("int_cst_recent_contacts"),
        erased_at={
            row["customer_id"]: row["erased_at"] for row in
            _rows(connection, f"from {catalog}.cst_staging.base_cst__erasures")
        },
        segments={
            row["segment_code"]: row for row in
            _rows(connection, f"from {catalog}.cst_rules.cst_segments")
        },
        levels=keyed("int_cst_strategy_levels"),
        rules=sorted(
            _rows(connection, f"from {catalog}.cst_rules.cst_strategy_rules"),
            key=lambda rule: rule["rule_priority"],
        ),
        alternatives={
            rule: strategies for rule, strategies in connection.execute(f"""
                select rule_id, list(strategy_code)
                from {catalog}.cst_rules.cst_strategy_alternatives
                group by rule_id
            """).fetchall()
        },
        strategies={
            row["strategy_code"]: row for row in
            _rows(connection, f"from {catalog}.cst_rules.cst_strategies")
        },
    )


def read_effects(connection, catalog):
    """What was known of the strategies' effects on orders: uplift and error by
    strategy and segment."""
    if not connection.execute(
        "select count(*) from duckdb_tables() "
        "where database_name = ? and table_name = 'ads_cst_effect'", [catalog],
    ).fetchone()[0]:
        return {}
    return {
        (strategy, segment): (uplift, (high - low) / 2 / 1.96)
        for strategy, segment, uplift, low, high in connection.execute(f"""
            select
                subject_code, segment_code, uplift, uplift_low, uplift_high
            from {catalog}.cst_ads.ads_cst_effect
            where scope_code = 'strategy' and measure_code = 'order_count'
                and window_days = {max(WINDOWS)} and period_type = 'all'
                and uplift is not null
        """).fetchall()
    }


def is_drawn(salt, unit, share):
    """Chance: the first 32 bits of a hash, below the share of them."""
    digits = md5(f"{salt}:{unit}".encode()).hexdigest()[:8]
    return int(digits, 16) < int(share * 4294967296)


def surrogate_key(customer, snapshot):
    return md5(f"{customer}-{snapshot}".encode()).hexdigest()


def cutoff(snapshot):
    """The end of a day in Shanghai, in UTC as the tables have it."""
    after = snapshot + timedelta(days=1)
    return datetime(after.year, after.month, after.day) - timedelta(hours=8)


class Oracle:
    """expected() is what must be published after this day."""

    def __init__(
        self, rebuilt, policy, published=None, customers=None, effects=None,
    ):
        self.rebuilt, self.policy, self.published = rebuilt, policy, published
        self.effects = effects or {}
        # A rebuild does not know who is no longer delivered.
        self.customers = {**(customers or {}), **rebuilt.customers}
        self.delivered = {
            customer for customer, _ in rebuilt.kept["dws_cst_segmentation"]
        }
        known = published.snapshots if published else {}
        self.listed = {
            day: row for day, row in known.items()
            if row["is_period_end"] and day <= policy.as_of_date
        }
        self.closed = {
            day for day in self.listed
            if day not in rebuilt.dates or (
                (policy.as_of_date - day).days >= policy.close_after_days
                and not policy.is_restated(day)
            )
        }
        self.last_list = max(self.listed, default=date.min)
        self.tables = {table: {} for table in KEPT}

    def expected(self):
        self._rows_of_customers()
        by_customer = {}
        for key in sorted(self.tables["dws_cst_segmentation"]):
            by_customer.setdefault(key[0], []).append(key)
        for keys in by_customer.values():
            self._movements(keys)
            self._assignments(keys)
        self._lifetime_values()
        self._snapshots()
        self._lists()
        return self.tables

    def published_rows(self, table):
        return self.published.kept[table] if self.published else {}

    def pointers(self, row):
        """The columns that each build computes anew."""
        customer, snapshot = row["customer_id"], row["snapshot_date"]
        versions = [
            version["customer_key"]
            for version in self.customers.get(customer, ())
            if version["valid_from_at"] < cutoff(snapshot)
            <= version["valid_to_at"]
        ]
        return {
            **row, "is_current": snapshot == self.policy.as_of_date,
            "customer_key": versions[0] if versions else None,
        }

    def _is_merged(self, customer):
        return any(
            version["is_merged"] for version in self.customers.get(customer, ())
        )

    def _stays(self, key, table):
        """Whether a published row is kept as it is: its date is closed, or the
        customer was on a list and is missing today, but for a merge."""
        if key[1] in self.closed:
            return True
        if key in self.rebuilt.kept[table]:
            return False
        if table != "dws_cst_segmentation":
            return key in self.tables["dws_cst_segmentation"]
        return (
            key[1] in self.listed and not self.policy.is_restated(key[1])
            and not self._is_merged(key[0])
        )

    def _rows_of_customers(self):
        for table in ("dws_cst_segmentation", "dws_cst_behavior"):
            for key, row in self.rebuilt.kept[table].items():
                if key[1] not in self.closed:
                    self.tables[table][key] = dict(row)
            for key, row in self.published_rows(table).items():
                if self._stays(key, table):
                    self.tables[table][key] = self.pointers(row)

    # -- segments -----------------------------------------------------------

    def _movements(self, keys):
        table = self.tables["dws_cst_segmentation"]
        published = self.published_rows("dws_cst_segmentation")
        before = None
        for key in keys:
            row = table[key]
            if key[1] not in self.closed:
                is_frozen = key[1] in self.listed and key in published
                if is_frozen and not self.policy.is_restated(key[1]):
                    for column in STATE:
                        row[column] = published[key][column]
                else:
                    self._move(row, before)
            before = row

    def _move(self, row, before):
        """Movement and its cause, against the row that was published."""
        state = self.rebuilt.states[row["customer_id"], row["snapshot_date"]]

        def rank(of):
            return self.rebuilt.segments[of["segment_code"]]["segment_rank"]

        row["previous_segment_code"] = before and before["segment_code"]
        stage = row["lifecycle_stage"]
        if before is None:
            row["movement"] = "new"
        elif before["segment_code"] == "prospect" != row["segment_code"]:
            row["movement"] = "new"
        elif before["lifecycle_stage"] != "lapsed" == stage:
            row["movement"] = "churned"
        elif (
            before["lifecycle_stage"] == "lapsed"
            and stage not in ("lapsed", "prospect")
            and row["new_order_count"] > 0
        ):
            row["movement"] = "reactivated"
        elif rank(row) != rank(before):
            row["movement"] = "up" if rank(row) > rank(before) else "down"
        else:
            row["movement"] = "same"

        if before is None or row["movement"] == "same":
            row["movement_cause"] = None
            return
        counted = row["lifetime_order_count"] - before["lifetime_order_count"]
        old_cuts = state["segment_rank_at_previous_cut_points"]
        if counted != (
            row["new_order_count"] - state["new_fully_refunded_order_count"]
        ):
            cause = "data_corrected"
        elif row["movement"] in ("new", "up", "reactivated"):
            acted = row["new_order_count"] > 0 or (
                row["new_refund_amount"] > 0 and old_cuts > rank(before)
            )
            cause = "customer_acted" if acted else "cut_points_moved"
        elif old_cuts >= rank(before):
            cause = "cut_points_moved"
        elif row["new_refund_amount"] > 0:
            cause = "customer_acted"
        else:
            cause = "time_passed"
        row["movement_cause"] = cause

    # -- strategies ---------------------------------------------------------

    def _recommended(self, key):
        """The first rule that the customer's levels meet."""
        levels = self.rebuilt.levels[key]
        return next(
            rule for rule in self.rebuilt.rules
            if all(rule[name] in (None, levels[name]) for name in LEVELS)
            and rule["tag_code"] in (None, *levels["tag_codes"].split(","))
        )

    def _drawn(self, customer, snapshot, rule, segment):
        """What an episode gets that begins here, and how likely that was."""
        own = rule["strategy_code"]
        others = self.rebuilt.alternatives.get(rule["rule_id"])
        if not others:
            return own, 1.0
        options = [own, *sorted(others)]
        leading, probability = decide(
            *np.transpose([self._expected(code, segment) for code in options]),
            Rule(share=self.policy.exploration_share),
        )
        unit = f"{customer}:{snapshot}"
        chosen = options[leading]
        if is_drawn(
            f"{self.policy.salt}/choice", unit, self.policy.exploration_share
        ):
            chosen = min(options, key=lambda option: md5(
                f"{self.policy.salt}/option:{option}:{unit}".encode()
            ).hexdigest())
        return chosen, round(float(probability[options.index(chosen)]), 12)

    def _expected(self, strategy, segment):
        """The uplift that is expected of a strategy in a segment, and its
        error, by the effects that were published before; NaN where none was."""
        unknown = np.nan, np.nan
        pooled = self.effects.get((strategy, "all"), unknown)
        own = [
            self.effects.get((strategy, code), unknown)
            for code in self.rebuilt.segments
        ]
        expected, error = expect(*map(np.array, pooled), *np.transpose(own))
        place = list(self.rebuilt.segments).index(segment)
        return expected[place], error[place]

    def _has_cooling_off(self, strategy):
        found = self.rebuilt.strategies.get(strategy)
        return found is None or found["has_cooling_off"] is not False

    def _assignments(self, keys):
        published = self.published_rows("dws_cst_retention")
        table = self.tables["dws_cst_retention"]
        drawn = self._program_draws().get(keys[0][0])
        recommended = since = strategy = episode = held_out = None
        before = chosen = probability = None
        for key in keys:
            customer, snapshot = key
            row = self.tables["dws_cst_segmentation"][key]
            is_listed = snapshot in self.listed
            if is_listed and key in published:
                old = published[key]
                if old["recommended_strategy_code"] != recommended:
                    since = snapshot
                recommended = old["recommended_strategy_code"]
                chosen, probability = (
                    old["strategy_code"], old["choice_probability"]
                )
                strategy = before = old["default_strategy_code"]
                episode, held_out = (
                    old["episode_start_date"], old["is_holdout"]
                )
                table[key] = self._outcomes(self.pointers(old))
                continue
            is_end = snapshot in self.rebuilt.dates and (
                self.rebuilt.dates[snapshot]["is_period_end"]
            )
            if is_end and snapshot <= self.last_list:
                # not on a list that was handed out, or none was
                recommended = None
                continue
            was_recommended = recommended
            rule = self._recommended(key)
            recommended = rule["strategy_code"]
            if recommended != was_recommended:
                since = snapshot
            if recommended is None or not (is_end or was_recommended):
                continue
            if is_end and (
                was_recommended is None
                or not self._has_cooling_off(recommended)
                or not self._has_cooling_off(was_recommended)
                or (snapshot - since).days >= self.policy.cooling_off_days
            ):
                strategy = recommended
            if was_recommended is None or strategy != before:
                episode, held_out = snapshot, None
                chosen, probability = self._drawn(
                    customer, snapshot, rule,
                    self.rebuilt.levels[key]["segment_code"],
                )
            before = strategy
            program = drawn
            if program is None:
                program = is_drawn(
                    f"{self.policy.salt}/program", customer,
                    self.policy.program_share,
                )
            if held_out is None:
                held_out = program or is_drawn(
                    self.policy.salt, f"{customer}:{chosen}:{episode}",
                    self.policy.holdout_share,
                )
            erased_at = self.rebuilt.erased_at.get(customer)
            if erased_at is not None and erased_at < cutoff(snapshot):
                continue
            table[key] = self._outcomes(self._assignment(
                row, rule, since, strategy, (chosen, probability), episode,
                held_out, program,
            ))

    def _program_draws(self):
        """The permanent hold-out as published, by customer."""
        if not hasattr(self, "_draws"):
            versions = self.published.customers if self.published else {}
            self._draws = {
                customer: version["is_program_holdout"]
                for customer, found in versions.items() for version in found
                if version["is_current"] and not version["is_merged"]
            }
        return self._draws

    def _assignment(
        self, row, rule, since, strategy, choice, episode, held_out, program,
    ):
        """`strategy`: the rule's own, `choice`: the one in its place, and how
        likely it was."""
        snapshot = row["snapshot_date"]
        first = self.rebuilt.dates[snapshot]["holdout_since_date"]
        in_use = self._is_holdout_in_use(snapshot)
        recent = self.rebuilt.recent.get((row["customer_id"], snapshot))
        return {
            "retention_key": surrogate_key(row["customer_id"], snapshot),
            "customer_key": row["customer_key"],
            "customer_id": row["customer_id"],
            "snapshot_date": snapshot,
            "is_current": row["is_current"],
            "segment_code": row["segment_code"],
            "value_tier": row["value_tier"],
            "strategy_code": choice[0],
            "default_strategy_code": strategy,
            "choice_probability": choice[1],
            "recommended_strategy_code": rule["strategy_code"],
            "strategy_rule_id": rule["rule_id"],
            **self._reasons(row, rule, since, strategy, choice[0]),
            "is_in_cooling_off": strategy != rule["strategy_code"],
            "episode_start_date": episode,
            "is_holdout": held_out,
            "is_program_holdout": program,
            "is_compared": (
                (snapshot == episode or snapshot == first)
                and in_use and not program
            ),
            "recent_contact_count":
                recent["recent_contact_count"] if recent else 0,
        }

    def _is_holdout_in_use(self, snapshot):
        since = self.policy.holdout_since
        return since is not None and snapshot >= since

    def _reasons(self, row, rule, since, strategy, chosen):
        days, recommended = self.policy.cooling_off_days, rule["strategy_code"]
        points = "" if row["value_score"] is None else str(row["value_score"])
        english, chinese = (
            rule[f"reason_{language}"].replace("{points}", points)
            for language in ("en", "zh")
        )
        if strategy != recommended:
            old, new = (
                self.rebuilt.strategies[code] for code in (strategy, recommended)
            )
            english = (
                f"{old['strategy_name_en']} stays in force: "
                f"{new['strategy_name_en']} recommended since {since}, "
                f"not yet for {days} days ({english})"
            )
            chinese = (
                f"沿用{old['strategy_name_zh']}：自{since}起规则建议"
                f"{new['strategy_name_zh']}，未满{days}天；{chinese}"
            )
        if chosen != strategy:
            own, other = (
                self.rebuilt.strategies[code] for code in (strategy, chosen)
            )
            english += (
                f"; {other['strategy_name_en']} chosen instead of "
                f"{own['strategy_name_en']}"
            )
            chinese += (
                f"；选用备选策略{other['strategy_name_zh']}，代替"
                f"{own['strategy_name_zh']}"
            )
        return {
            "assignment_reason_en": english, "assignment_reason_zh": chinese,
        }

    # -- outcomes -----------------------------------------------------------

    def _outcomes(self, row):
        """What came of it; each window closes by itself."""
        key = (row["customer_id"], row["snapshot_date"])
        snapshot, as_of = key[1], self.policy.as_of_date
        old = self.published_rows("dws_cst_retention").get(key)
        if snapshot not in self.listed:
            old = None
        if key[0] not in self.delivered:
            # nobody can measure what comes of them
            return row

        def is_closed(window):
            return (
                old is not None and old[f"is_mature_{window}d"]
                and (as_of - snapshot).days
                >= window + self.policy.close_after_days
                and not self.policy.is_restated(snapshot)
            )

        found = self.rebuilt.outcomes.get(key, {})
        for window in WINDOWS:
            mature = f"is_mature_{window}d"
            names = [
                mature, f"is_repurchased_within_{window}d",
                f"order_count_next_{window}d", f"net_amount_next_{window}d",
            ]
            if is_closed(window):
                row |= {name: old[name] for name in names}
                continue
            row |= dict.fromkeys(names)
            if window not in self.policy.windows:
                continue
            row[mature] = snapshot + timedelta(window) <= as_of
            if row[mature]:
                row[names[2]] = found.get(names[2]) or 0
                row[names[3]] = found.get(names[3]) or 0
                row[names[1]] = row[names[2]] > 0

        longest = max(self.policy.windows)
        contact = (
            "campaign_id", "first_contact_date", *CONTACTS,
            "is_contaminated_holdout", "days_to_repurchase",
        )
        if is_closed(longest):
            return row | {name: old[name] for name in contact}
        contacts = self.rebuilt.contacts.get((*key, row["strategy_code"]), {})
        row |= {name: contacts.get(name) for name in contact[:2]}
        row |= {name: contacts.get(name) or 0 for name in CONTACTS}
        row["is_contaminated_holdout"] = (
            row["is_holdout"] and row["contact_count"] > 0
            if self._is_holdout_in_use(snapshot) else None
        )
        row["days_to_repurchase"] = (
            found.get("days_to_repurchase")
            if row[f"is_mature_{longest}d"] else None
        )
        return row

    # -- lifetime value -----------------------------------------------------

    def _lifetime_values(self):
        table = self.tables["ads_cst_ltv"]
        for key, row in self.published_rows("ads_cst_ltv").items():
            if self._stays(key, "ads_cst_ltv"):
                table[key] = self.pointers(row)
        for key, row in self.rebuilt.kept["ads_cst_ltv"].items():
            if key[1] in self.closed:
                continue
            segmentation = self.tables["dws_cst_segmentation"][key]
            retention = self.tables["dws_cst_retention"].get(key, {})
            table[key] = {
                **row,
                **self._changes(key, row),
                "segment_code": segmentation["segment_code"],
                "value_tier": segmentation["value_tier"],
                "strategy_code": retention.get("strategy_code"),
                "recommended_strategy_code":
                    retention.get("recommended_strategy_code"),
            }


    def _changes(self, key, row):
        """The change since the value that was published, with a part for what
        became of that value since."""
        total = row["ltv_change_amount"]
        if total is None:
            return {}
        previous = max(day for day in self.rebuilt.dates if day < key[1])
        part = 0
        if previous in self.closed:
            old = self.published_rows("ads_cst_ltv").get((key[0], previous))
            part = row["ltv_amount"] - total - (
                old and old["ltv_amount"] or 0
            )
        return {
            "ltv_change_amount": total + part,
            "ltv_restated_change_amount": part,
        }

    # -- snapshots and lists ------------------------------------------------

    def _snapshots(self):
        """Which snapshots there are, and since when they stand."""
        as_of = self.policy.as_of_date
        found = self.tables["dim_cst_snapshot"] = {}
        for day, row in self.rebuilt.snapshots.items():
            if day in self.closed:
                continue
            old = self.listed.get(day, {})
            found["", day] = {
                **row, "is_closed": False, "written_as_of_date": as_of,
                "first_published_as_of_date":
                    old.get("first_published_as_of_date", as_of),
                "is_restated": bool(old) and (
                    old["is_restated"] or self.policy.is_restated(day)
                ),
            }
        for day in self.closed:
            found["", day] = {
                **self.listed[day], "is_closed": True, "is_current": False,
            }

    def _lists(self):
        """The list in use, and all that were handed out."""
        as_of, listed = self.policy.as_of_date, (
            "strategy_code", "recommended_strategy_code", "segment_code",
            "value_tier", "is_holdout", "is_program_holdout",
            "episode_start_date", "recent_contact_count",
        )
        audience = self.tables["the list in use"] = {
            key: {name: row[name] for name in listed}
            for key, row in self.tables["dws_cst_retention"].items()
            if key[1] == as_of
        }
        history = self.tables["the lists handed out"] = {}
        old = self.published.lists if self.published else {}
        newest = max((
            day for (_, day), row in self.tables["dim_cst_snapshot"].items()
            if row["is_period_end"]
        ), default=date.min)
        history |= {
            key: row for key, row in old.items() if key[1] <= newest
        }
        if newest > max((key[1] for key in old), default=date.min):
            history |= {
                (customer, newest): {**row, "snapshot_date": as_of}
                for (customer, _), row in audience.items()
            }


def differences(expected, found):
    """Lines that name each value that is not what it must be."""
    lines = []
    for table, rows in expected.items():
        other = found[table]
        for key in sorted(rows.keys() | other.keys(), key=str):
            if key not in other or key not in rows:
                what = "is missing" if key in rows else "is too much"
                lines.append(f"{table} {key[0]} {key[1]} {what}")
                continue
            lines += [
                f"{table} {key[0]} {key[1]} {name}: {other[key].get(name)!r}, "
                f"must be {value!r}"
                for name, value in rows[key].items()
                if other[key].get(name) != value
            ]
    return lines
