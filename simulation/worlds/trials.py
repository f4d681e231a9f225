"""From a plan to rows: what the product says of each world, beside the truth."""

import duckdb
import numpy as np
import pandas as pd

from simulation.worlds.loop import close_the_loop
from simulation.worlds.market import make_customers
from simulation.worlds.tables import run, set_up, write_outcomes
from simulation.worlds.truth import true_uplifts

IN_FORCE = "int_cst_strategies_in_force"

# The project's models that follow, in the database of the worlds.
MODELS = (
    IN_FORCE, "int_cst_program_entries", "int_cst_campaign_entries",
    "int_cst_effect_facts", "int_cst_effect_windows",
    "int_cst_effect_observations", "int_cst_effect_moments",
    "int_cst_effect_repeats", "int_cst_effect_estimates",
)

CAPS = """
    select
        subject_code, window_days,
        percentile_disc(0.99) within group (order by net_amount)
    from (
        select * replace (
            case scope_code when 'campaign' then 'sale' else subject_code end
                as subject_code
        )
        from cst_intermediate.int_cst_effect_observations
        where is_mature and order_count > 0
    )
    group by all
"""

ROWS = """
    create or replace table rows as
    select
        cast(substr(segment_code, 2, 5) as int) as world,
        substr(segment_code, 8) as state_code,
        effect.*
    from cst_intermediate.int_cst_effect_estimates as effect
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
                as true_holdout_mean
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
        truths.weight
    from rows
    inner join truths
        using (world, scope_code, subject_code, state_code, window_days,
            measure_code, period_type, period_code)
"""


def run_trials(plan, path, run_dbt, seed):
    """A DataFrame with a row for each row of the product about one world."""
    rng = np.random.default_rng(seed)
    kinds, sizes = plan.worlds()
    customers = make_customers(rng, kinds, sizes)
    calendar = plan.calendar()

    compiled = run_dbt(
        "compile", "--select", IN_FORCE, database=path, check=True,
        vars=plan.dbt_vars(),
    )
    in_force_sql = next(
        compiled.target_path.rglob(f"compiled/**/{IN_FORCE}.sql")
    ).read_text()
    with duckdb.connect(str(path)) as connection:
        set_up(connection, customers, calendar)
        log = close_the_loop(
            connection, in_force_sql, customers, calendar, rng
        )
        write_outcomes(connection, log)
    run_dbt(
        "run", "--select", *MODELS, database=path, check=True,
        vars=plan.dbt_vars(),
    )
    with duckdb.connect(str(path)) as connection:
        caps = {
            (subject, window): float(cap)
            for subject, window, cap in connection.execute(CAPS).fetchall()
        }
        truth = pd.concat([
            true_uplifts(
                kind, plan.shares, calendar, plan.truth_size, [seed, place],
                caps,
            )
            for place, kind in enumerate(plan.kinds)
        ], ignore_index=True)
        value = truth[truth.measure_code == "net_amount"]
        truth = pd.concat([
            truth, value.assign(measure_code="realized_value")
        ], ignore_index=True)
        truth["entry_date"] = pd.to_datetime(truth.entry_day, unit="D")
        worlds = pd.DataFrame({
            "world": np.arange(len(kinds)),
            "kind": [kind.name for kind in kinds],
        })
        connection.register("truth", truth)
        connection.register("worlds", worlds)
        run(connection, ROWS)
        trials = connection.execute(TRIALS).df()
    return trials, log
