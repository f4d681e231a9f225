"""Write what Apache Superset imports: datasets and the dashboard 经营月报.

    python -m examples.superset [database [folder]]

`datasets.zip` has every public table, each column with its Chinese name and its
comment, and the metrics of `dim_cst_metric` that are made of one table.
`dashboard.zip` has the charts of monthly_review.yml, and their datasets. All
other words, and the formulas, are read from the published file, cst.duckdb.
"""

import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import duckdb
import yaml

from examples.superset.dashboard import read_dashboard
from examples.superset.datasets import VERSION, Files, read_datasets, uuid

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = PROJECT / "target" / "superset"
# Superset wants a time, and does nothing with it.
TIMESTAMP = "2000-01-01T00:00:00+00:00"


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


def write(path: Path, kind: str, files: Files) -> None:
    """A bundle: files in a folder, with one that says what they are."""
    metadata = {"version": VERSION, "type": kind, "timestamp": TIMESTAMP}
    with ZipFile(path, "w", ZIP_DEFLATED) as bundle:
        for name, content in {"metadata.yaml": metadata, **files}.items():
            bundle.writestr(
                f"cst/{name}",
                yaml.safe_dump(content, allow_unicode=True, sort_keys=False),
            )


def main() -> None:
    """Write both bundles, and say how many things are in them."""
    database = Path(sys.argv[1] if len(sys.argv) > 1 else PROJECT / "cst.duckdb")
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else FOLDER
    with duckdb.connect(str(database), read_only=True) as connection:
        datasets = read_datasets(connection)
    dashboard = read_dashboard(datasets)
    source = database_file(database)
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "datasets.zip", "SqlaTable", source | datasets)
    write(folder / "dashboard.zip", "Dashboard", source | datasets | dashboard)
    metrics = sum(len(one["metrics"]) for one in datasets.values())
    print(
        f"{folder}/datasets.zip: {len(datasets)} datasets, {metrics} metrics\n"
        f"{folder}/dashboard.zip: {len(dashboard) - 1} charts, 1 dashboard"
    )


if __name__ == "__main__":
    main()
