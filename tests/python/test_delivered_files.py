"""Each fault of the catalog in file_faults.py is read or told, never silent.

As many faults share a build as there are sources. Where it stops, the files that it
names have been told; they are put right and the rest is tried again.
"""

import os
import re

import pytest
from case_data import TABLES, background, filled, read, write_csv
from file_faults import FAULTS, plain
from warehouse import Warehouse

SOURCES = list(TABLES)
NAMES = list(FAULTS)
GROUPS = [
    dict(zip(SOURCES, NAMES[start:start + len(SOURCES)]))
    for start in range(0, len(NAMES), len(SOURCES))
]
# The short form tries the first two groups: what lost rows in silence.
SHORT = 2
NEEDED = ["+ads_cst_data_quality", "+ads_cst_rejected_row"]
# A message of the engine tells no newcomer what to do, unless it says that a
# file is not compressed, or cut off.
RAW = re.compile(
    "Error when sniffing|CSV Error|(Invalid Input|Conversion|Binder) Error"
    "|IO Error(?!: (Input is not a|Unexpected end of) GZIP stream)"
)


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
    # ods_trd_order_item is not ods_trd_order.
    names = re.compile("|".join(
        rf"(?<![a-z_]){re.escape(name)}(?![a-z_])" for name in (table, *files)
    ))
    return any(
        names.search(line) and not RAW.search(line) for line in lines
    )


def lines_told(warehouse, source, line):
    """How many rejected rows of a source tell a line's number."""
    ((count,),) = warehouse.rows(
        """
        select count(*) from cst_ads.ads_cst_rejected_row as rejects
        where
            source_name = ?
            and regexp_matches(cast(rejects as varchar), ?)
        """,
        source, f"(^|[^0-9]){line}([^0-9]|$)",
    )
    return count


def judge(warehouse, deliveries, faulty):
    """Outcome per faulty source: stop, or the rows counted and the rejects that
    tell of the broken line. Then the sources that stop the build without being
    named, and what dbt said."""
    outcomes, texts = {}, []
    pending = set(faulty)
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
        if not named and len(pending) == 1:
            return outcomes, pending, result.text
        if not named:
            # Which of them it is, shows each by itself.
            unnamed = set()
            for source in pending:
                alone, lost, text = judge(warehouse, deliveries, {source})
                outcomes |= alone
                unnamed |= lost
                texts += [text] if lost else []
            return outcomes, unnamed, " ".join(texts)
        for source in named:
            outcomes[source] = "stop"
        pending -= set(named)
    counted = dict(warehouse.rows(
        """
        select source_name, cast(sum(row_count) as bigint)
        from cst_ads.ads_cst_data_quality
        where row_status in ('accepted', 'superseded', 'rejected')
        group by source_name
        """
    ))
    for source in pending:
        delivery, _ = deliveries[source]
        told = lines_told(warehouse, source, delivery.line)
        outcomes[source] = counted.get(source, 0), told
    return outcomes, set(), " ".join(texts)


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
            done[number] = warehouse, deliveries, judge(
                warehouse, deliveries, set(GROUPS[number])
            )
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
    count, told = outcome
    assert "read" in delivery.may, f"passed, with {count} rows"
    assert count == delivery.rows, "rows counted, and rows in the file"
    assert told >= delivery.rejected, f"line {delivery.line} is not told"
    extra = warehouse.rows(
        """
        select column_name from information_schema.columns
        where table_schema = 'cst_files' and column_name like '%script%'
        """
    )
    assert not extra, "a header's script stands in a view"


@pytest.mark.skipif("CST_LONG" not in os.environ, reason="CST_LONG=1")
def test_the_path_is_taken_literally(plain_lines, tmp_path):
    """No pattern: brackets and stars are a name."""
    warehouse = Warehouse(tmp_path)
    for name, rows in (("it's [o]* ods", 20), ("it's ods", 5)):
        folder = tmp_path / name
        folder.mkdir()
        for source, (header, lines) in plain_lines.items():
            path = folder / f"{TABLES[source]}.csv"
            path.write_text("\n".join([header, *lines[:rows], ""]))
        warehouse.vars.setdefault("path", str(folder))
    warehouse.vars["cst_ods_path"] = warehouse.vars.pop("path")
    result = warehouse.build("base_trd__orders")
    assert result.returncode == 0, result.text[-1200:]
    assert warehouse.rows(
        "select count(*) from cst_staging.base_trd__orders"
    ) == [(20,)]
