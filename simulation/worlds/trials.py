"""From a plan to rows: what the product says of a world, beside the truth."""

import json
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd

from simulation.worlds.loop import close_the_loop
from simulation.worlds.market import STRATEGIES, make_customers
from simulation.worlds.moments import SUMS, moments_of, moments_sql
from simulation.worlds.plan import SALT
from simulation.worlds.policy import Policy
from simulation.worlds.tables import (
    run, set_up, write_outcomes, write_segments,
)
from simulation.worlds.truth import true_uplifts

IN_FORCE = "int_cst_strategies_in_force"
GROUPS_OF_THE_PROGRAM = "int_cst_program_groups"

# What the worlds are compared with, and where the models that lead to it are.
EFFECT, CURVE = "ads_cst_effect", "ads_cst_effect_curve"
MOMENTS, REPEATS = "int_cst_effect_moments", "int_cst_effect_repeats"
SELECTED = (
    "path:models/intermediate/retention", EFFECT, CURVE, "int_cst_visits_daily",
)

ROWS = """
    create or replace table rows as
    select
        cast(substr(segment_code, 2, 5) as int) as world,
        substr(segment_code, 8) as state_code,
        effect.*
    from cst_ads.ads_cst_effect as effect
    where segment_code != 'all'
    and coalesce(withheld_reason, '') != 'holdout_not_in_use'
"""

# A pooled row aims at the mean of its entries' truths.
TRIALS = """
    with
    entries as (
        select
            rows.* exclude (period_type, period_code),
            worlds.kind, truth.true_uplift, truth.true_holdout_mean,
            truth.true_holdout_buyers,
            treated_entries + holdout_entries as weight
        from rows
        inner join worlds using (world)
        inner join truth
            on truth.kind = worlds.kind
            and truth.scope_code = rows.scope_code
            and truth.subject_code = rows.subject_code
            and truth.state_code = rows.state_code
            and truth.entry_date = rows.first_entry_date
            and truth.window_days = rows.window_days
            and truth.measure_code = rows.measure_code
        where rows.first_entry_date = rows.last_entry_date
        and rows.period_type = case rows.scope_code
            when 'campaign' then 'all' else 'snapshot' end
        and weight > 0
    ),
    truths as (
        select
            rows.world, rows.scope_code, rows.subject_code, rows.state_code,
            rows.window_days, rows.measure_code, rows.period_type,
            rows.period_code, any_value(entries.kind) as kind,
            sum(weight) as weight,
            sum(weight * true_uplift) / sum(weight) as true_uplift,
            sum(weight * true_holdout_mean) / sum(weight)
                as true_holdout_mean,
            sum(weight * true_holdout_buyers) / sum(weight)
                as true_holdout_buyers
        from rows
        inner join entries
            using (world, scope_code, subject_code, state_code, window_days,
                measure_code)
        where entries.first_entry_date
            between rows.first_entry_date and rows.last_entry_date
        group by all
    )
    select
        rows.*, truths.kind, truths.true_uplift, truths.true_holdout_mean,
        truths.true_holdout_buyers, truths.weight
    from rows
    inner join truths
        using (world, scope_code, subject_code, state_code, window_days,
            measure_code, period_type, period_code)
"""


GROUPS = f"""
    select
        kind, strategy_code, snapshot_date, is_entry,
        count(*) as customers,
        count(*) filter (is_holdout) as held_out
    from cst_intermediate.{IN_FORCE}
    inner join customers using (customer_id)
    inner join worlds using (world)
    where is_holdout_in_use and not is_program_holdout
    group by all
"""


class Warehouse:
    """The project's compiled SQL, to be run on the tables of the worlds."""

    def __init__(self, plan, path, run_dbt):
        compiled = run_dbt(
            "compile", "--select", *SELECTED, database=path, check=True,
            vars=plan.dbt_vars(),
        ).target_path
        self.sql = {
            file.stem: file.read_text()
            for file in compiled.rglob("compiled/**/*.sql")
        }
        nodes = json.loads((compiled / "manifest.json").read_text())["nodes"]
        self.nodes = {
            node["name"]: node for node in nodes.values()
            if node["resource_type"] in ("model", "seed")
        }

    def drop_readers(self, connection, name):
        """Drop what was built from a model, however far from it."""
        for reader, node in self.nodes.items():
            parents = self.parents(node) if reader in self.sql else []
            if name in parents and exists(connection, node):
                self.drop_readers(connection, reader)
                run(connection, "drop table {schema}.{alias}".format(**node))

    @staticmethod
    def parents(node):
        """The models and seeds that a model reads; a source is nobody's."""
        return [
            parent.split(".")[-1] for parent in node["depends_on"]["nodes"]
            if not parent.startswith("source.")
        ]

    def build(self, connection, name):
        """Build a model, and before it those it reads that are not there."""
        node = self.nodes[name]
        if exists(connection, node):
            return
        for parent in self.parents(node):
            self.build(connection, parent)
        run(connection, "create table {schema}.{alias} as ".format(**node)
            + self.sql[name])


def exists(connection, node):
    return bool(run(connection, f"""
        select 1 from information_schema.tables
        where table_schema = '{node["schema"]}'
        and table_name = '{node["alias"]}'
    """))


def lists_by_sql(connection, warehouse):
    """The lists of a month as the product's SQL has them that month."""
    warehouse.build(connection, GROUPS_OF_THE_PROGRAM)

    def lists_at(day, state):
        write_segments(connection, day, state)
        run(connection, f"""
            create or replace table lists as
            select
                customers.number,
                list_position({list(STRATEGIES)}, strategy_code) - 1
                    as strategy,
                is_holdout, is_program_holdout,
                episode_start_date = snapshot_date as is_new
            from ({warehouse.sql[IN_FORCE]}) as in_force
            inner join customers using (customer_id)
            where snapshot_date = date '1970-01-01' + {day}
            order by customers.number
        """)
        lists = connection.execute("select * from lists").fetchnumpy()
        assert np.array_equal(lists["number"], np.arange(len(state)))
        return lists

    return lists_at


def lists_by_rules(groups, count, connection=None):
    """The same by the rules in numpy; much faster. `groups`: who draws them."""
    policy = Policy(count)

    def lists_at(day, state):
        if connection:
            write_segments(connection, day, state)
        policy.end_month(day, state, np.zeros(count, dtype=bool))
        new = np.flatnonzero(policy.is_new)
        policy.is_held_out[new] = groups.of(new, policy.strategy[new], day)
        return {
            "strategy": policy.strategy, "is_new": policy.is_new,
            "is_holdout": policy.is_held_out | groups.is_program_holdout,
            "is_program_holdout": groups.is_program_holdout,
        }

    return lists_at


class DrawnGroups:
    """Groups by chance, where no SQL has to confirm them."""

    def __init__(self, plan, count, rng):
        self.share, self.rng = plan.shares.episode, rng
        self.is_program_holdout = rng.random(count) < plan.shares.program

    def of(self, numbers, strategy, day):
        return self.rng.random(len(numbers)) < self.share


class HashedGroups:
    """The groups that the project's hash draws; the SQL confirms them."""

    def __init__(self, connection, plan):
        self.connection = connection
        self.share = plan.shares.episode
        self.is_program_holdout = connection.execute(f"""
            select {hash_of(f"'{SALT}/program:' || customer_id")}
                < {int(plan.shares.program * 2**32)} as is_held_out
            from customers
            order by number
        """).fetchnumpy()["is_held_out"].astype(bool)

    def of(self, numbers, strategy, day):
        new = pd.DataFrame({
            "number": numbers, "strategy": strategy,
            "place": np.arange(len(numbers)),
        })
        self.connection.register("new", new)
        unit = f"""
            '{SALT}:' || customer_id || ':'
            || {list(STRATEGIES)}[strategy + 1] || ':'
            || (date '1970-01-01' + {day})
        """
        held_out = self.connection.execute(f"""
            select {hash_of(unit)} < {int(self.share * 2**32)} as is_held_out
            from new
            inner join customers using (number)
            order by place
        """).fetchnumpy()["is_held_out"].astype(bool)
        self.connection.unregister("new")
        return held_out


def hash_of(text):
    """The first 32 bits of an md5, as a number."""
    return f"cast('0x' || substr(md5({text}), 1, 8) as bigint)"


CHANGED_LISTS = f"""
    select count(*)
    from lists_of_all_months as lists
    inner join customers using (number)
    full join cst_intermediate.{IN_FORCE} as in_force
        on customers.customer_id = in_force.customer_id
        and date '1970-01-01' + lists.day = in_force.snapshot_date
    where in_force.snapshot_date is distinct from
        (select max(snapshot_date) from cst_intermediate.{IN_FORCE})
    and (
        lists.is_holdout is distinct from in_force.is_holdout
        or {list(STRATEGIES)}[lists.strategy + 1]
            is distinct from in_force.strategy_code
        or lists.is_new is distinct from
            (in_force.episode_start_date = in_force.snapshot_date)
    )
"""


def check_lists(connection, log):
    """What the lists said is what the history says in the end: nothing was
    decided by what came later."""
    lists = pd.concat(log.lists)
    connection.register("lists_of_all_months", lists)
    changed = run(connection, CHANGED_LISTS)[0][0]
    assert changed == 0, f"{changed} entries of the lists have changed"
    connection.unregister("lists_of_all_months")


@dataclass(frozen=True)
class Results:
    """What the product says of the worlds.

    `trials`: a row for each of ads_cst_effect about one world, beside the
    truth. `curve`: ads_cst_effect_curve, of all worlds together. `groups`: how
    many are on a list and how many of them are held out, by kind, strategy,
    month and whether the list is that of their entry.
    """

    trials: pd.DataFrame
    curve: pd.DataFrame
    groups: pd.DataFrame


def run_trials(plan, path, run_dbt, seed, is_by_sql):
    """The Results of a plan. `is_by_sql`: the SQL makes each month's lists,
    rather than confirming them in the end."""
    rng = np.random.default_rng(seed)
    kinds, sizes = plan.worlds()
    customers = make_customers(rng, kinds, sizes)
    calendar = plan.calendar()
    warehouse = Warehouse(plan, path, run_dbt)
    with duckdb.connect(str(path)) as connection:
        set_up(connection, customers, calendar)
        lists_at = (
            lists_by_sql(connection, warehouse) if is_by_sql
            else lists_by_rules(
                HashedGroups(connection, plan), len(customers), connection
            )
        )
        log = close_the_loop(lists_at, customers, calendar, rng)
        write_segments(connection, calendar.last_day, log.last_state)
        write_outcomes(connection, log)
        warehouse.build(connection, IN_FORCE)
        check_lists(connection, log)
        warehouse.build(connection, MOMENTS)
        moments, caps = moments_of(log, customers, calendar)
        check_moments(connection, moments, calendar)
        warehouse.build(connection, EFFECT)
        warehouse.build(connection, CURVE)
        return Results(
            trials=trials_of(
                connection, plan, find_truth(plan, seed, caps)
            ).assign(seed=str(seed)),
            curve=connection.execute(f"from cst_ads.{CURVE}").df(),
            groups=connection.execute(GROUPS).df(),
        )


def run_many(plan, path, run_dbt, seed, rounds):
    """Yields the trials of a plan's worlds, drawn that many times: the loop and
    the sums in numpy, estimates by the product's SQL."""
    warehouse = Warehouse(plan, path, run_dbt)
    kinds, sizes = plan.worlds()
    calendar = plan.calendar()
    # The amounts are capped as in the first round, and the truth is of that.
    caps = truth = None
    with duckdb.connect(str(path)) as connection:
        # One customer for each world, so that all tables are there.
        build_small(connection, warehouse, plan)
        for number in range(rounds):
            rng = np.random.default_rng([seed, number])
            customers = make_customers(rng, kinds, sizes)
            groups = DrawnGroups(plan, len(customers), rng)
            log = close_the_loop(
                lists_by_rules(groups, len(customers)), customers, calendar,
                rng,
            )
            moments, caps = moments_of(log, customers, calendar, caps)
            if truth is None:
                truth = find_truth(plan, seed, caps)
            warehouse.drop_readers(connection, MOMENTS)
            # Too few to matter: who enters twice in a row's time.
            run(connection, f"delete from cst_intermediate.{REPEATS}")
            connection.register("given_moments", moments)
            run(connection, f"create or replace table "
                f"cst_intermediate.{MOMENTS} as "
                + moments_sql(calendar.last_day))
            warehouse.build(connection, EFFECT)
            trials = trials_of(connection, plan, truth)
            yield trials.assign(seed=f"{seed}/{number}")


def build_small(connection, warehouse, plan):
    kinds, _ = plan.worlds()
    rng = np.random.default_rng(0)
    customers = make_customers(rng, kinds, [1] * len(kinds))
    set_up(connection, customers, plan.calendar())
    log = close_the_loop(
        lists_by_rules(
            DrawnGroups(plan, len(customers), rng), len(customers), connection
        ),
        customers, plan.calendar(), rng,
    )
    write_outcomes(connection, log)
    warehouse.build(connection, EFFECT)


def check_moments(connection, moments, calendar):
    """The sums in numpy are those of the models, to the cent."""
    connection.register("given_moments", moments)
    run(connection, "create or replace table sums_in_numpy as "
        + moments_sql(calendar.last_day))
    keys = ("scope_code, subject_code, window_days, measure_code, "
            "segment_code, period_type, period_code")
    wrong = " or ".join(
        f"abs(coalesce(cast(model.{group}_{name} as double), 0)"
        f" - coalesce(numpy.{group}_{name}, 0))"
        f" > 1e-9 * abs(coalesce(numpy.{group}_{name}, 0)) + 1e-6"
        for group in ("treated", "holdout")
        for name in ("entries", "buyers", *SUMS)
    )
    rows = run(connection, f"""
        select {keys}
        from (
            select * from cst_intermediate.{MOMENTS}
            where is_compared and segment_code != 'all'
            and measure_code != 'gross_profit'
            and treated_entries + holdout_entries > 0
        ) as model
        full join sums_in_numpy as numpy using ({keys})
        where {wrong}
        limit 5
    """)
    assert not rows, rows


def trials_of(connection, plan, truth):
    """The rows of ads_cst_effect about one world each, beside the truth."""
    kinds, _ = plan.worlds()
    worlds = pd.DataFrame({
        "world": np.arange(len(kinds)), "kind": [kind.name for kind in kinds],
    })
    connection.register("worlds", worlds)
    connection.register("truth", truth)
    run(connection, ROWS)
    return connection.execute(TRIALS).df()


def find_truth(plan, seed, caps):
    """The truth about all kinds of worlds of a plan; caps in cents."""
    caps = {key: cents / 100 for key, cents in caps.items()}
    truth = pd.concat([
        true_uplifts(
            kind, plan.shares, plan.calendar(), plan.truth_size,
            [seed, place], caps,
        )
        for place, kind in enumerate(plan.kinds)
    ])
    value = truth[truth.measure_code == "net_amount"]
    truth = pd.concat([truth, value.assign(measure_code="realized_value")])
    truth["entry_date"] = pd.to_datetime(truth.entry_day, unit="D")
    return truth
