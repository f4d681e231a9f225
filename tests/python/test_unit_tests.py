"""dbt's unit tests. Here they run beside the other tests: dbt keeps one core
busy, and leaves the other idle."""

import re
import shutil


def test_all_unit_tests_pass(run_dbt, manifest, sample_path, tmp_path):
    database = tmp_path / "cst.duckdb"
    shutil.copy(sample_path, database)
    result = run_dbt(
        "test", "--select", "test_type:unit", database=database, check=True,
        env={"CST_THREADS": "2"},
    )
    (count,) = re.findall(r"Finished running .*?(\d+) unit tests", result.stdout)
    assert int(count) == len(manifest["unit_tests"])
