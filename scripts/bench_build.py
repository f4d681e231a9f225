"""Time the whole warehouse on simulated data of any size.

    python -m scripts.bench_build [customers] [select]

Writes the files of `simulation.bulk` (100,000 customers by default) to
target/bench-build/ods, builds the models over them, without tests, and prints
the seconds of each. `select` is dbt's, to build only some of the models.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from simulation.bulk import write_sources

PROJECT = Path(__file__).resolve().parent.parent
WORK = PROJECT / "target" / "bench-build"
ODS = WORK / "ods"
SHOWN = 15

def build(select: list[str]) -> dict[str, float]:
    """Seconds of each model."""
    target = WORK / "target"
    variables = {"cst_use_sample_data": False, "cst_ods_path": str(ODS)}
    subprocess.run(
        [
            *(Path(sys.executable).with_name("dbt"), "build", "--quiet"),
            *("--exclude-resource-type", "test", "unit_test"),
            *(("--select", *select) if select else ()),
            *("--target-path", target, "--log-path", WORK / "logs"),
            *("--vars", json.dumps(variables)),
        ],
        cwd=PROJECT,
        env={
            **os.environ,
            "CST_DUCKDB_PATH": str(WORK / "cst.duckdb"),
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


def main() -> None:
    """Write, build, print the slowest models and the sum of all."""
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    shutil.rmtree(WORK, ignore_errors=True)
    for name, rows in write_sources(customers, ODS).items():
        print(f"  {rows:12,} rows  {name}")
    start = time.perf_counter()
    seconds = build(sys.argv[2:])
    wall = time.perf_counter() - start
    slowest = sorted(seconds, key=seconds.__getitem__, reverse=True)[:SHOWN]
    for model in slowest:
        print(f"  {seconds[model]:8.2f} s  {model}")
    print(f"  {wall:8.2f} s  all {len(seconds)} models, with dbt's own time")
    size = (WORK / "cst.duckdb").stat().st_size / 1e9
    print(f"  {size:8.2f} GB database")


if __name__ == "__main__":
    main()
