"""Every case of tests/cases has the right answer.

The cases of a run share one build. With CST_LONG=1 the cases of a run that says
`alone` are built one by one as well, so that none hides behind another.
"""

import os
from collections import Counter

import duckdb
import pytest
from case_data import as_text, read, stacked
from case_runs import CASES, build_cases

CHECKS = read("checks")
FLAGS = sorted({
    (case.run, source, reason)
    for case in CASES
    for source, reasons in case.flags.items()
    for reason in reasons
})


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
def test_case(case_runs, case):
    wrong = answers(case_runs.built(case.run), case)
    if wrong:
        pytest.fail(
            f"{case.name} ({case.kind}): {case.why}\n" + "\n".join(wrong),
            pytrace=False,
        )


@pytest.mark.parametrize(("run", "source", "reason"), FLAGS)
def test_flags_are_counted(case_runs, run, source, reason):
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
    with duckdb.connect(str(case_runs.built(run)), read_only=True) as connection:
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


def test_no_row_of_a_case_is_lost(case_runs):
    """Rows delivered = accepted + rejected + superseded, per source."""
    cases = [case for case in CASES if case.run == "main"]
    delivered = {
        source: len(rows) for source, rows in stacked(cases).items()
    }
    with duckdb.connect(str(case_runs.built("main")), read_only=True) as connection:
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
def test_case_alone(tmp_path, case):
    """No single row moves all: each clock by itself."""
    result, warehouse = build_cases(case.run, [case], tmp_path)
    assert result.returncode == 0, result.stdout[-1500:]
    assert not answers(warehouse.database, case)


def test_guest_orders_stay_in_the_totals(case_runs):
    """Their money, too: every order of nobody in the cases is of 100.00."""
    guests = sum(
        int(case.flags.get("order", {}).get("guest_order", 0))
        for case in CASES if case.run == "main"
    )
    with duckdb.connect(
        str(case_runs.built("main")), read_only=True
    ) as connection:
        found = connection.execute(
            """
            select sum(order_amount) from cst_ads.ads_cst_data_quality
            where source_name = 'order' and reason_code = 'guest_order'
            """
        ).fetchall()
    assert found == [(guests * 100,)]
