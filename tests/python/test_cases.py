"""Every case of tests/cases has the right answer.

The cases of a run share one build. With CST_LONG=1 the cases of a run that says
`alone` are built one by one as well, so that none hides behind another.
"""

import os
import re
from collections import Counter

import duckdb
import pytest
from case_data import TABLES, all_cases, as_text, read, stacked, write_csv

# CST_CASES="erasure|consent" stacks only cases whose kind or name match.
CASES = [
    case for case in all_cases()
    if re.search(os.environ.get("CST_CASES", ""), f"{case.kind}/{case.name}")
]
CHECKS = read("checks")
RUNS = read("runs")
FLAGS = sorted({
    (case.run, source, reason)
    for case in CASES
    for source, reasons in case.flags.items()
    for reason in reasons
})
NEEDED = [
    "+ads_cst_audience", "+ads_cst_data_quality", "+ads_cst_rejected_row",
    "+ads_cst_cohort_retention", "+dws_cst_behavior", "+dim_date",
]
BOOLEANS = {"true": True, "false": False}


def run_vars(run, folder):
    """The vars of a run as dbt takes them."""
    given = {
        name: BOOLEANS.get(value, value) if isinstance(value, str) else value
        for name, value in RUNS[run]["vars"].items()
    }
    return {
        "cst_use_sample_data": False, "cst_ods_path": str(folder),
        "cst_enabled_sources": list(TABLES), **given,
    }


def build_cases(run_dbt, run, cases, folder):
    """Build a stack of cases; return dbt's result and the database."""
    rows = stacked(cases, RUNS[run].get("without", ()))
    write_csv(rows, folder / "ods")
    database = folder / "cst.duckdb"
    result = run_dbt(
        "build", "--exclude-resource-type", "test", "unit_test",
        "--select", *NEEDED,
        vars=run_vars(run, folder / "ods"), database=database,
    )
    return result, database


def skip_long(run):
    if "long" in RUNS[run] and "CST_LONG" not in os.environ:
        pytest.skip("a build of its own: CST_LONG=1")


@pytest.fixture(scope="session")
def built_run(run_dbt, tmp_path_factory):
    """built_run("main"): the database of a run, built at most once."""
    done = {}

    def build(run):
        skip_long(run)
        if run not in done:
            folder = tmp_path_factory.mktemp(run)
            cases = [case for case in CASES if case.run == run]
            done[run] = build_cases(run_dbt, run, cases, folder)
        result, database = done[run]
        if result.returncode:
            pytest.fail(
                f"the build of run {run} stopped:\n{result.stdout[-1500:]}",
                pytrace=False,
            )
        return database

    return build


def answers(database, case):
    """What is wrong, per expectation: name, found and expected rows."""
    wrong = []
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for name, sql, expected in case.queries(CHECKS):
            found = [
                tuple(as_text(value) for value in row)
                for row in connection.execute(sql).fetchall()
            ]
            if found != expected:
                wrong.append(f"{name}: {found}, expected {expected}")
    return wrong


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(built_run, case):
    wrong = answers(built_run(case.run), case)
    if wrong:
        pytest.fail(
            f"{case.name} ({case.kind}): {case.why}\n" + "\n".join(wrong),
            pytrace=False,
        )


@pytest.mark.parametrize(("run", "source", "reason"), FLAGS)
def test_flags_are_counted(built_run, run, source, reason):
    """Over all cases of a run, as the public table has no single row.

    `1+` is at least one: where two rows contradict each other, one or both
    may carry the flag.
    """
    counts, is_least = Counter(), False
    for case in CASES:
        count = case.flags.get(source, {}).get(reason)
        if case.run == run and count is not None:
            is_least = is_least or count.endswith("+")
            counts[case.name] += int(count.rstrip("+"))
    with duckdb.connect(str(built_run(run)), read_only=True) as connection:
        (found,) = connection.execute(
            """
            select coalesce(sum(row_count), 0)
            from cst_ads.ads_cst_data_quality
            where source_name = ? and reason_code = ?
            """,
            [source, reason],
        ).fetchone()
    expected = counts.total()
    assert found == expected or (is_least and found > expected), (
        f"{source} {reason}: {found} rows, expected {expected}: {dict(counts)}"
    )


def test_no_row_of_a_case_is_lost(built_run):
    """Rows delivered = accepted + rejected + superseded, per source."""
    cases = [case for case in CASES if case.run == "main"]
    delivered = {
        source: len(rows) for source, rows in stacked(cases).items()
    }
    with duckdb.connect(str(built_run("main")), read_only=True) as connection:
        found = dict(connection.execute(
            """
            select source_name, cast(sum(row_count) as bigint)
            from cst_ads.ads_cst_data_quality
            where row_status in ('accepted', 'superseded', 'rejected')
            group by source_name
            """
        ).fetchall())
    assert found == delivered


@pytest.mark.skipif("CST_LONG" not in os.environ, reason="one build each")
@pytest.mark.parametrize(
    "case", [case for case in CASES if case.run == "clocks"],
    ids=lambda case: case.name,
)
def test_case_alone(run_dbt, tmp_path, case):
    """No single row moves all: each clock by itself."""
    result, database = build_cases(run_dbt, case.run, [case], tmp_path)
    assert result.returncode == 0, result.stdout[-1500:]
    assert not answers(database, case)
