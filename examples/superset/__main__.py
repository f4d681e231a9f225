"""Write what Apache Superset imports: datasets and the dashboard 经营月报.

    python -m examples.superset [database]

Into target/superset go a dataset for every public table, each column with its
Chinese name and its comment, and the metrics of `dim_cst_metric` that are made of
one table; and the charts of monthly_review.yml. Names, comments and formulas are
read from the published file, cst.duckdb; charts alone have titles of their own.
"""

import shutil
import sys
from pathlib import Path

import duckdb
import yaml

from examples.superset.dashboard import read_dashboard
from examples.superset.datasets import VERSION, Files, read_datasets, uuid

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = PROJECT / "target" / "superset"
METADATA = {
    "version": VERSION,
    # Superset wants a time, and does nothing with it.
    "timestamp": "2000-01-01T00:00:00+00:00",
}


def database_file(path: Path) -> Files:
    """The published file, which Superset may read, and nothing else."""
    return {"databases/cst.yaml": {
        "database_name": "cst",
        "sqlalchemy_uri": f"duckdb:///{path.resolve()}",
        "expose_in_sqllab": True,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "extra": {"engine_params": {"connect_args": {"read_only": True}}},
        "uuid": uuid("database"),
        "version": VERSION,
    }}


def write(files: Files) -> None:
    """The folder anew, so that what is no more is not imported again."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    for name, content in files.items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            yaml.safe_dump(content, allow_unicode=True, sort_keys=False),
            encoding="utf-8",
        )


def main() -> None:
    """Write the folder, and say how many things are in it."""
    database = Path(sys.argv[1] if len(sys.argv) > 1 else PROJECT / "cst.duckdb")
    with duckdb.connect(str(database), read_only=True) as connection:
        datasets = read_datasets(connection)
    dashboard = read_dashboard(datasets)
    write({
        "metadata.yaml": METADATA,
        **database_file(database), **datasets, **dashboard,
    })
    metrics = sum(len(one["metrics"]) for one in datasets.values())
    print(
        f"{FOLDER}: {len(datasets)} datasets, {metrics} metrics, "
        f"{len(dashboard) - 1} charts, 1 dashboard"
    )


if __name__ == "__main__":
    main()
