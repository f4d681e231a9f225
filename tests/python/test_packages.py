"""The stand-in for dbt-utils has, and does, what the project calls."""

import hashlib
import os
import re
import subprocess
from pathlib import Path

import duckdb
import pytest
from conftest import DBT, PROJECT

STAND_IN = PROJECT / "vendor" / "dbt_utils_offline"
CALL = re.compile(r"\bdbt_utils\.([a-z_]+)")
DEFINITION = re.compile(r"{%-?\s*(?:macro|test)\s+([a-z_]+)\s*\(")


def calls():
    found = {}
    for folder in ("models", "macros", "tests", "seeds", "analyses"):
        for file in (PROJECT / folder).rglob("*"):
            if file.suffix in (".sql", ".yml", ".yaml"):
                for name in CALL.findall(file.read_text()):
                    found.setdefault(name, file.relative_to(PROJECT))
    return found


def definitions():
    return {
        name
        for file in (STAND_IN / "macros").rglob("*.sql")
        for name in DEFINITION.findall(file.read_text())
    }


def test_stand_in_has_what_the_project_calls():
    found = calls()
    assert found, "the project calls nothing of dbt_utils: is the search right?"
    missing = {n: str(f) for n, f in found.items() if n not in definitions()}
    assert not missing, f"add to vendor/dbt_utils_offline: {missing}"


def test_readme_lists_what_the_stand_in_has():
    readme = (STAND_IN / "README.md").read_text()
    assert not [name for name in definitions() if f"`{name}" not in readme]


# -- behavior --------------------------------------------------------------

ROWS = """
    select *
    from (
        values
            (1, 'a', 10, date '2024-01-01', date '2024-02-01'),
            (2, 'a', 20, date '2024-02-01', date '2024-03-01'),
            (3, 'b', null, date '2024-01-01', date '2024-03-01'),
            (4, 'b', 30, date '2024-02-01', date '2024-04-01'),
            (5, null, 40, date '2024-01-01', date '2024-01-01'),
            (6, null, 40, date '2024-06-01', null)
    ) as numbered(id, code, amount, starts_on, ends_on)
"""

RANGES = (
    "lower_bound_column: starts_on, upper_bound_column: ends_on, "
    "partition_by: code"
)

# Test, arguments, and how many rows fail by hand count of ROWS.
CASES = [
    ("unique_combination_of_columns", "combination_of_columns: [id]", 0),
    ("unique_combination_of_columns", "combination_of_columns: [code]", 3),
    (
        "unique_combination_of_columns",
        "combination_of_columns: [code, amount], quote_columns: true",
        1,
    ),
    ("accepted_range", "column_name: amount", 0),
    ("accepted_range", "column_name: amount, min_value: 10", 0),
    (
        "accepted_range",
        "column_name: amount, min_value: 10, inclusive: false",
        1,
    ),
    ("accepted_range", "column_name: amount, max_value: 30", 2),
    ("accepted_range", "column_name: amount, max_value: id * 10", 0),
    (
        "accepted_range",
        "column_name: amount, min_value: 15, max_value: 35",
        3,
    ),
    ("expression_is_true", "expression: amount > 10", 1),
    ("expression_is_true", "column_name: amount, expression: '> 10'", 1),
    ("expression_is_true", "expression: amount > 10 or id = 1", 0),
    ("mutually_exclusive_ranges", RANGES, 3),
    (
        "mutually_exclusive_ranges",
        f"{RANGES}, zero_length_range_allowed: true",
        2,
    ),
    ("mutually_exclusive_ranges", f"{RANGES}, gaps: required", 4),
    ("mutually_exclusive_ranges", f"{RANGES}, gaps: not_allowed", 3),
]

KEYS = """
    select
        {{ dbt_utils.generate_surrogate_key(['code', 'amount']) }} as two,
        {{ dbt_utils.generate_surrogate_key(['id']) }} as one,
        id
    from {{ ref('numbered') }}
"""


def package():
    """The stand-in, or dbt-utils itself where DBT_UTILS_PATH names it."""
    path = Path(os.environ.get("DBT_UTILS_PATH") or STAND_IN)
    return path if (path / "dbt_project.yml").is_file() else STAND_IN


@pytest.fixture(scope="module")
def small_project(tmp_path_factory):
    """A project of its own that runs each case with one `dbt build`."""
    root = tmp_path_factory.mktemp("small")
    (root / "dbt_project.yml").write_text(
        "name: small\nversion: 0.1.0\nprofile: small\n"
        "data_tests: {+store_failures: true}\n"
    )
    (root / "profiles.yml").write_text(
        "small:\n  target: dev\n  outputs:\n    dev:\n"
        "      {type: duckdb, path: packages.duckdb, schema: small}\n"
    )
    (root / "dbt_packages").mkdir()
    (root / "dbt_packages" / "dbt_utils").symlink_to(package())
    (root / "models").mkdir()
    (root / "models" / "numbered.sql").write_text(ROWS)
    (root / "models" / "keys.sql").write_text(KEYS)
    tests = [
        f"      - dbt_utils.{test}:\n"
        f"          name: case_{number}\n"
        f"          arguments: {{{arguments}}}\n"
        # a case that finds rows is read from its results; the build goes on
        "          config: {severity: warn}\n"
        for number, (test, arguments, _) in enumerate(CASES)
    ]
    (root / "models" / "numbered.yml").write_text(
        "models:\n  - name: numbered\n    data_tests:\n" + "".join(tests)
    )
    result = subprocess.run(
        [DBT, "--quiet", "build"],
        cwd=root,
        env={
            **os.environ,
            "DBT_PROFILES_DIR": str(root),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        },
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout
    path = str(root / "packages.duckdb")
    with duckdb.connect(path, read_only=True) as database:
        yield database


def test_stand_in_fails_the_rows_that_it_should(small_project):
    failed = {
        f"{number} {test}({arguments})": small_project.execute(
            f"select count(*) from small_dbt_test__audit.case_{number}"
        ).fetchone()[0]
        for number, (test, arguments, _) in enumerate(CASES)
    }
    expected = {
        f"{number} {test}({arguments})": rows
        for number, (test, arguments, rows) in enumerate(CASES)
    }
    assert failed == expected


def test_stand_in_makes_the_keys_of_dbt_utils(small_project):
    null = "_dbt_utils_surrogate_key_null_"
    texts = ["a-10", "a-20", f"b-{null}", "b-30", f"{null}-40", f"{null}-40"]
    rows = small_project.execute("select * from small.keys order by id")
    for (two, one, number), text in zip(rows.fetchall(), texts, strict=True):
        assert two == hashlib.md5(text.encode()).hexdigest()
        assert one == hashlib.md5(str(number).encode()).hexdigest()
