"""Each fault of the catalog in file_faults.py is read or told, never silent.

Seven faults share a build, one per source. Where it stops, the files that it
names have been told; they are put right and the rest is tried again.
"""

import os

import pytest
from case_data import TABLES, background, filled, read, write_csv
from file_faults import FAULTS, plain
from warehouse import Warehouse

SOURCES = list(TABLES)
NAMES = list(FAULTS)
GROUPS = [
    {source: name for source, name in zip(SOURCES, NAMES[start:start + 7])}
    for start in range(0, len(NAMES), 7)
]
# The short form tries the first two groups: what lost rows in silence.
SHORT = 2
NEEDED = ["+ads_cst_data_quality", "+ads_cst_rejected_row"]


@pytest.fixture(scope="module")
def plain_lines(tmp_path_factory):
    """Header and lines of each source's healthy file."""
    folder, defaults = tmp_path_factory.mktemp("plain"), read("defaults")
    write_csv(
        {
            source: [filled(source, row, defaults) for row in rows]
            for source, rows in background().items()
        },
        folder,
    )
    lines = {}
    for source, table in TABLES.items():
        header, *rest = (folder / f"{table}.csv").read_text().splitlines()
        # One campaign is too few to lose a line of.
        while len(rest) < 20:
            rest += [f"x{len(rest)}{line}" for line in rest]
        lines[source] = header, rest
    return lines


def is_named(table, files, lines):
    """Whether one line of dbt's output names the table or one of its files,
    and is no raw message of the engine."""
    return any(
        (table in line or any(name in line for name in files))
        and "CSV Error on Line" not in line
        for line in lines
    )


def judge(warehouse, deliveries):
    """Outcome per source: stop, or the rows counted and those rejected."""
    outcomes, texts = {}, []
    pending = dict(deliveries)
    for _ in range(len(SOURCES) + 1):
        warehouse.clear()
        for source, (delivery, healthy) in deliveries.items():
            files = delivery if source in pending else healthy
            for name, data in files.files.items():
                path = warehouse.ods / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        result = warehouse.build(*NEEDED)
        if result.returncode == 0:
            break
        texts.append(result.text)
        named = [
            source for source in pending
            if is_named(TABLES[source], deliveries[source][0].files,
                        result.lines)
        ]
        if not named:
            return outcomes, pending, result.text
        for source in named:
            outcomes[source] = "stop"
            del pending[source]
    counted = dict(warehouse.rows(
        """
        select source_name, cast(sum(row_count) as bigint)
        from cst_ads.ads_cst_data_quality
        where row_status in ('accepted', 'superseded', 'rejected')
        group by source_name
        """
    ))
    for source in pending:
        outcomes[source] = counted.get(source, 0)
    return outcomes, {}, " ".join(texts)


@pytest.fixture(scope="module")
def judged(plain_lines, tmp_path_factory):
    """judged(group): deliveries, outcomes, what is unexplained, the output."""
    done = {}

    def run(number):
        if number not in done:
            deliveries = {
                source: (
                    FAULTS[name](TABLES[source], *plain_lines[source]),
                    plain(TABLES[source], *plain_lines[source]),
                )
                for source, name in GROUPS[number].items()
            }
            for source in set(SOURCES) - set(deliveries):
                healthy = plain(TABLES[source], *plain_lines[source])
                deliveries[source] = healthy, healthy
            warehouse = Warehouse(
                tmp_path_factory.mktemp("files"),
                cst_as_of_date="2025-06-30", cst_start_date="2024-06-01",
            )
            done[number] = warehouse, deliveries, judge(warehouse, deliveries)
        return done[number]

    return run


@pytest.mark.parametrize(
    ("number", "source"),
    [
        pytest.param(
            number, source, id=name,
            marks=() if number < SHORT else pytest.mark.skipif(
                "CST_LONG" not in os.environ, reason="CST_LONG=1"
            ),
        )
        for number, group in enumerate(GROUPS)
        for source, name in group.items()
    ],
)
def test_file(judged, number, source):
    warehouse, deliveries, (outcomes, unexplained, text) = judged(number)
    delivery, _ = deliveries[source]
    assert source not in unexplained, (
        f"the build stops and names none of its files:\n{text[-1200:]}"
    )
    outcome = outcomes[source]
    if outcome == "stop":
        assert "stop" in delivery.may, f"stopped:\n{text[-1200:]}"
        return
    assert "read" in delivery.may, f"passed, with {outcome} rows"
    assert outcome == delivery.rows, "rows counted, and rows in the file"
    if delivery.rejected:
        told = warehouse.rows(
            """
            select count(*) from cst_ads.ads_cst_rejected_row as rejects
            where source_name = ? and cast(rejects as varchar) like ?
            """,
            source, f"%{delivery.line}%",
        )
        assert told[0][0] >= delivery.rejected, f"line {delivery.line} untold"
    extra = warehouse.rows(
        """
        select column_name from information_schema.columns
        where table_schema = 'cst_files' and column_name like '%script%'
        """
    )
    assert not extra, "a header's script stands in a view"
