"""Time the lifetime-value models beside the Python package lifetimes.

    python -m scripts.bench_ltv <python with lifetimes> [customers]

One snapshot of simulated customers (a million by default, always the same)
stands in for `int_cst_ltv_customers`. dbt then runs the models downstream:
groups, fit, and scores in SQL. lifetimes gets the same customers as numpy
arrays, is fitted to the same groups, and scores every customer with our
parameters, so that its scores can be compared with ours. Everything stays under
target/bench-ltv/.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import numpy as np

from simulation.customers import draw

PROJECT = Path(__file__).resolve().parent.parent
WORK = PROJECT / "target" / "bench-ltv"
DATABASE = WORK / "cst.duckdb"
ARRAYS = WORK / "customers.npz"
HORIZON_DAYS = 365
MODELS = {
    "int_cst_ltv_parameters": "group the customers, fit",
    "int_cst_ltv_purchase_rates": "score: purchases per group",
    "int_cst_ltv_purchase_predictions": "score: customers",
}

# Run by the Python that has lifetimes; it prints its times and scores.
LIFETIMES = """
import json, sys, time
import numpy as np
from lifetimes import BetaGeoFitter, GammaGammaFitter

data = np.load(sys.argv[1])
r, alpha, a, b, p, q, gamma, weeks_ahead = data["parameters"]
times = {}

start = time.perf_counter()
BetaGeoFitter().fit(
    data["cell_x"], data["cell_last"], data["cell_weeks"], data["cell_count"]
)
has_repeat = data["x"] > 0
x = data["x"][has_repeat]
mean = data["amount"][has_repeat] / x
GammaGammaFitter().fit(x, mean)
times["fit"] = time.perf_counter() - start

purchases, amounts = BetaGeoFitter(), GammaGammaFitter()
purchases.params_ = dict(r=r, alpha=alpha, a=a, b=b)
amounts.params_ = dict(p=p, q=q, v=gamma)
start = time.perf_counter()
expected = purchases.conditional_expected_number_of_purchases_up_to_time(
    weeks_ahead, data["x"], data["last"], data["weeks"]
)
alive = purchases.conditional_probability_alive(
    data["x"], data["last"], data["weeks"]
)
mean = data["amount"] / np.maximum(data["x"], 1)
amount = amounts.conditional_expected_average_profit(data["x"], mean)
times["score"] = time.perf_counter() - start
np.savez(sys.argv[2], expected=expected, alive=alive, amount=amount)
print(json.dumps(times))
"""


def load(size: int) -> None:
    """The snapshot's customers, in a new database and as arrays."""
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    customers, _ = draw(np.random.default_rng(1), size)
    customers["repeat_amount"] = customers["repeat_amount"].round(2)
    with duckdb.connect(str(DATABASE)) as connection:
        connection.execute("create schema cst_intermediate")
        connection.execute("use cst_intermediate")
        connection.execute("""
            create table int_cst_ltv_customers as
            select
                cast(row_number() over () as varchar) as customer_id,
                date '2024-12-31' as snapshot_date,
                cast(repeat_count as bigint) as repeat_count,
                cast(days_to_last_purchase as bigint) as days_to_last_purchase,
                cast(days_observed as bigint) as days_observed,
                cast(repeat_amount as decimal(18, 2)) as repeat_net_amount
            from customers
        """)
        connection.execute("""
            create table int_cst_ltv_spans as
            select
                date '2024-12-31' as snapshot_date,
                cast(null as date) as previous_snapshot_date,
                cast(null as integer) as due_days,
                cast(null as integer) as entered_days
        """)
        connection.execute("""
            create table int_cst_ltv_seasons as
            select
                date '2024-12-31' as snapshot_date,
                cast(1 as double) as horizon_factor,
                cast(1 as double) as due_factor,
                cast(1 as double) as entered_factor,
                cast(1 as double) as rest_factor
        """)


def run_models() -> dict[str, float]:
    """Seconds of each model, as dbt reports them."""
    target = WORK / "target"
    subprocess.run(
        [
            *(Path(sys.executable).with_name("dbt"), "run", "--quiet"),
            *("--select", *MODELS, "--target-path", target),
            *("--log-path", WORK / "logs"),
            *("--vars", json.dumps({"ltv_horizon_days": HORIZON_DAYS})),
        ],
        cwd=PROJECT,
        env={
            **os.environ,
            "CST_DUCKDB_PATH": str(DATABASE),
            "DBT_PROFILES_DIR": str(PROJECT),
        },
        check=True,
    )
    results = json.loads((target / "run_results.json").read_text())["results"]
    return {
        result["unique_id"].split(".")[-1]: result["execution_time"]
        for result in results
        if result["unique_id"].startswith("model.")
    }


def run_lifetimes(python: str) -> tuple[dict[str, float], float]:
    """lifetimes' seconds, and the largest difference between its scores and
    ours."""
    with duckdb.connect(str(DATABASE), read_only=True) as connection:
        connection.execute("use cst_intermediate")
        rows = connection.execute("""
            select * from int_cst_ltv_customers
            inner join int_cst_ltv_purchase_predictions
                using (customer_id, snapshot_date)
            order by customer_id
        """).df()
        cells = connection.execute("""
            select
                repeat_count,
                days_to_last_purchase,
                days_observed,
                count(*) as customer_count
            from int_cst_ltv_customers
            group by all
        """).df()
        parameters = connection.execute(
            "select r, alpha, a, b, p, q, gamma from int_cst_ltv_parameters"
        ).fetchone()
    np.savez(
        ARRAYS,
        parameters=[*parameters, HORIZON_DAYS / 7],
        x=rows["repeat_count"].to_numpy(float),
        last=rows["days_to_last_purchase"].to_numpy(float) / 7,
        weeks=rows["days_observed"].to_numpy(float) / 7,
        amount=rows["repeat_net_amount"].to_numpy(float),
        cell_x=cells["repeat_count"].to_numpy(float),
        cell_last=cells["days_to_last_purchase"].to_numpy(float) / 7,
        cell_weeks=cells["days_observed"].to_numpy(float) / 7,
        cell_count=cells["customer_count"].to_numpy(float),
    )
    scores = WORK / "scores.npz"
    result = subprocess.run(
        [python, "-W", "ignore", "-c", LIFETIMES, str(ARRAYS), str(scores)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    theirs = np.load(scores)
    furthest = max(
        np.abs(theirs["alive"] - rows["p_alive"]).max(),
        np.abs(theirs["expected"] - rows["expected_purchase_count"]).max(),
    )
    return json.loads(result.stdout), float(furthest)


def main() -> None:
    """Print both, side by side."""
    python, *rest = sys.argv[1:]
    size = int(rest[0]) if rest else 1_000_000
    start = time.perf_counter()
    load(size)
    print(f"{size:,} customers made in {time.perf_counter() - start:.1f} s")
    ours = run_models()
    theirs, furthest = run_lifetimes(python)
    for model, what in MODELS.items():
        print(f"  {what:28} {ours[model]:7.2f} s  {model}")
    score = sum(
        ours[f"int_cst_ltv_purchase_{part}"] for part in ("rates", "predictions")
    )
    print(f"{'':22}{'here':>10}{'lifetimes':>12}")
    print(
        f"{'fit':22}{ours['int_cst_ltv_parameters']:8.2f} s"
        f"{theirs['fit']:10.2f} s"
    )
    print(f"{'score every customer':22}{score:8.2f} s{theirs['score']:10.2f} s")
    print(f"scores differ by {furthest:.1e} at most")


if __name__ == "__main__":
    main()
