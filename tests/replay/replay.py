"""Night after night: build with history, rebuild without, compare, publish."""

import re
import time
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import duckdb
from engines import PUBLIC, copy_tables, publish, publish_effects
from policy_oracle import (
    ASSIGNMENT,
    KEPT,
    WINDOWS,
    Oracle,
    Policy,
    differences,
    read_effects,
    read_rebuilt,
    read_tables,
)

NEEDED = [
    "+dim_cst_snapshot", "+dws_cst_segmentation", "+dws_cst_behavior",
    "+dws_cst_retention", "+ads_cst_ltv", "+ads_cst_audience",
    "+ads_cst_data_quality", "+ads_cst_restatement",
    "+ads_cst_restatement_summary", "+ads_cst_expected_effect",
]
# What no oracle knows, but a full run.
NEEDED_BY_NIGHT = [
    *NEEDED, "+ads_cst_ltv_method", "+ads_cst_ltv_backtest",
    "+ads_cst_repurchase", "+ads_cst_effect", "+ads_cst_effect_curve",
    "+ads_cst_customer_360", "+ads_cst_next_purchase",
    "+ads_cst_purchase_calibration",
]
# What adds up over customers; a change is told from what was published before.
ADDS_UP = re.compile(
    r"^(?!.*(average|mean|expected|_up_to_|_above_|_gap_|_change_))"
    r".*(_count|_amount|^frequency)(_\d+d)?$"
)
# Of outcomes, only windows that are closed are restated.
SUMMED = ("dws_cst_segmentation", "dws_cst_behavior", "ads_cst_ltv")
# Never frozen: they point at what is newest.
POINTERS = ("is_current", "customer_key")


@dataclass
class Night:
    """What one night did."""

    as_of_date: object
    rows: int
    closed_rows: int
    kept_values: int
    causes: set
    problems: list
    seconds: float


@dataclass
class Replay:
    """A company whose feed unrolls; `code` is what it is built with. With
    `by_night`, two nights of three are also built as nights are, with open
    snapshots alone, and published so. `effects`, where given, says what is
    published of the strategies' effects on a night, as a tiny company never
    knows any."""

    feed: object
    code: object
    folder: Path
    policy: dict = field(default_factory=dict)
    by_night: bool = True
    effects: object = None
    done: list = field(default_factory=list)

    @property
    def published(self):
        path = self.folder / "published.duckdb"
        return path if path.exists() else None

    def build(self, as_of_date):
        """The day's tables with history: a connection with them in `cst`."""
        return self.code.build(
            self.feed.delivered(as_of_date), as_of_date, self.published
        )

    def night(self, as_of_date, **policy):
        """Build, compare with the oracle and with yesterday, publish."""
        start = time.monotonic()
        policy = Policy(as_of_date, **{**self.policy, **policy})
        delivered = self.feed.delivered(as_of_date)
        with closing(self.code.build(delivered, as_of_date)) as build:
            rebuilt = read_rebuilt(build)
            before, effects = None, {}
            if self.published:
                self.code.read_history(build, as_of_date, self.published)
                before = read_tables(build, "published_file")
                effects = read_effects(build, "published_file")
            found = read_tables(build, "cst")
            expected = Oracle(
                rebuilt, policy, before, found.customers, effects
            ).expected()
            problems = differences(expected, found.all())
            if before:
                problems += broken_promises(before, found, policy)
            problems += restatement_problems(build, rebuilt, found)
            causes = {cause for (cause,) in build.execute(
                "select distinct cause_code "
                "from cst.cst_ads.ads_cst_restatement"
            ).fetchall()}
            if self.by_night and before and len(self.done) % 3:
                problems += self.nightly_problems(build, as_of_date)
            build.execute("use memory")
            kept = self.folder / f"{len(self.done)}.duckdb"
            publish(build, kept)
        if self.effects:
            publish_effects(kept, self.effects(as_of_date))
        (self.folder / "published.duckdb").unlink(missing_ok=True)
        (self.folder / "published.duckdb").hardlink_to(kept)
        night = Night(
            as_of_date, sum(map(len, found.kept.values())),
            sum(
                key[1] in closed_dates(found)
                for rows in found.kept.values() for key in rows
            ),
            len(differences(rebuilt.kept, found.kept)),
            causes,
            [f"{as_of_date}: {line}" for line in problems],
            time.monotonic() - start,
        )
        self.done.append(night)
        return night

    def nightly_problems(self, build, as_of_date):
        """Where a run that works out open snapshots alone differs: lines.

        Its tables take the place of the full run's. It compares nothing with
        closed snapshots, so it keeps the restatements of those.
        """
        build.execute("attach ':memory:' as full_run")
        copy_tables(build, "cst", "full_run", PUBLIC)
        self.code.nightly.read_history(build, as_of_date, self.published)
        lines = []
        for schema, table in build.execute(
            "select schema_name, table_name from duckdb_tables() "
            "where database_name = 'full_run'"
        ).fetchall():
            expected = f"(from full_run.{schema}.{table})"
            if table.startswith("ads_cst_restatement"):
                expected = f"""(
                    from published_file.{schema}.{table}
                    where snapshot_date in (
                        select snapshot_date from cst.cst_dim.dim_cst_snapshot
                        where is_closed
                    )
                )"""
            found = f"(from cst.{schema}.{table})"
            for name, rows, others in (
                ("too many", found, expected), ("missing", expected, found),
            ):
                ((count, example),) = build.execute(
                    f"select count(*), any_value(rows) "
                    f"from (from {rows} except all from {others}) as rows"
                ).fetchall()
                if count:
                    lines.append(
                        f"nightly: {table}: {count} rows {name}: {example}"
                    )
        return lines

    def roll_back(self):
        """The file before the published one takes its place."""
        self.done.pop()
        published = self.folder / "published.duckdb"
        published.unlink()
        published.hardlink_to(self.folder / f"{len(self.done) - 1}.duckdb")


def closed_dates(tables):
    return {
        day for day, row in tables.snapshots.items() if row["is_closed"]
    }


def broken_promises(before, after, policy):
    """What must hold between two nights, whatever the feed: lines."""
    lines = []
    closed = closed_dates(after)
    due = {
        day for day, row in before.snapshots.items()
        if row["is_period_end"]
        and (policy.as_of_date - day).days >= policy.close_after_days
        and not policy.is_restated(day)
    }
    lines += [f"dim_cst_snapshot {day} is not closed" for day in due - closed]
    listed = {
        day for day, row in before.snapshots.items() if row["is_period_end"]
    }

    for customer, versions in before.customers.items():
        groups = {
            version["is_program_holdout"]
            for version in versions if not version["is_merged"]
        }
        lines += [
            f"{customer} is in another group of the program"
            for version in after.customers.get(customer, ())
            if not version["is_merged"] and groups
            and version["is_program_holdout"] not in groups
        ]
    for table in KEPT:
        old, new = before.kept[table], after.kept[table]
        is_retention = table == "dws_cst_retention"
        days = listed if is_retention else closed
        for key in old.keys() | new.keys():
            if key[1] not in days:
                continue
            if key not in new:
                # a customer merged away takes the rows of open dates along
                if key[1] not in closed and any(
                    version["is_merged"]
                    for version in after.customers.get(key[0], ())
                ):
                    continue
                lines.append(f"{table} {key[0]} {key[1]} is gone")
            elif key not in old:
                if key[1] in closed:
                    lines.append(f"{table} {key[0]} {key[1]} is new")
            else:
                columns = _kept_columns(
                    table, key[1], old[key], closed, policy
                )
                lines += [
                    f"{table} {key[0]} {key[1]} {name}: "
                    f"{old[key][name]!r} became {new[key][name]!r}"
                    for name in columns if old[key][name] != new[key][name]
                ]
    return lines


def _kept_columns(table, day, row, closed, policy):
    """Columns of a published row that may not change anymore."""
    if table != "dws_cst_retention":
        return [name for name in row if name not in POINTERS]
    columns = list(ASSIGNMENT)
    age = (policy.as_of_date - day).days - policy.close_after_days
    for window in WINDOWS:
        mature = row[f"is_mature_{window}d"]
        if mature:
            columns.append(f"is_mature_{window}d")
        if mature and age >= window and not policy.is_restated(day):
            columns += [
                f"is_repurchased_within_{window}d",
                f"order_count_next_{window}d", f"net_amount_next_{window}d",
            ]
    return columns


def restatement_problems(build, rebuilt, found):
    """Each total of a closed snapshot: published + restated = today's."""
    restated = {
        (day, table, column): difference
        for day, table, column, difference in build.execute("""
            select snapshot_date, table_name, column_name, sum(difference)
            from cst.cst_ads.ads_cst_restatement_summary
            group by all
        """).fetchall()
    }
    days = closed_dates(found) & set(rebuilt.dates)
    lines = []
    for table in SUMMED:
        totals = {}
        for sign, tables in ((1, rebuilt.kept), (-1, found.kept)):
            for (_, day), row in tables[table].items():
                for name, value in row.items() if day in days else ():
                    if ADDS_UP.search(name):
                        key = day, table, name
                        totals[key] = totals.get(key, 0) + sign * (value or 0)
        lines += [
            f"{table} {day} {name}: restated by {restated.get(key, 0)}, "
            f"differs by {total}"
            for key, total in totals.items()
            if isinstance(total, (int, Decimal))
            and restated.get(key, 0) != total
            for day, _, name in [key]
        ]
    return lines


def report(replay, path, title):
    """Figures of a long run, for people."""
    nights = replay.done
    problems = [line for night in nights for line in night.problems]
    path.parent.mkdir(exist_ok=True)
    with open(path, "a", encoding="utf-8") as file:
        file.write(
            f"{title}: {len(nights)} nights, "
            f"{sum(night.rows for night in nights)} rows compared, "
            f"{sum(night.closed_rows for night in nights)} of them closed, "
            f"{sum(night.kept_values for night in nights)} values that a "
            f"rebuild would change, {len(problems)} differences, "
            f"{sum(night.seconds for night in nights):.0f} s\n"
        )
        for line in problems[:50]:
            file.write(f"  {line}\n")


def read_published(path, catalog="published_file"):
    """The kept tables of a published file."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as {catalog} (read_only)")
        return read_tables(connection, catalog)
