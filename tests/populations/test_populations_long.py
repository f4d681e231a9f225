"""Ten thousand small populations in a few builds, each with vars of its own:
`make test-populations`, minutes. Figures are in target/populations.txt."""

import sys
from collections import Counter
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "python"))

import populations

REPORT = PROJECT / "target" / "populations.txt"
COUNT = 10_000
EACH = COUNT // len(populations.SETTINGS)
DONE = []


@pytest.fixture(scope="module", autouse=True)
def new_report():
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text("")


@pytest.mark.parametrize("number", range(len(populations.SETTINGS)))
def test_a_build(number, tmp_path):
    numbers = range(number * EACH, (number + 1) * EACH)
    built = populations.build(tmp_path, populations.SETTINGS[number], numbers)
    problems = populations.check(built)
    parts = populations.parts(built)
    DONE.append((built.customers, parts))
    with REPORT.open("a") as report:
        report.write(
            f"build {number}: {EACH} populations, {built.customers} customers, "
            f"{len(problems)} differences, {built.seconds:.0f} s; {parts}\n"
        )
    assert not problems, "\n".join(problems[:40])


def test_every_part_of_the_lists_is_met():
    if len(DONE) < len(populations.SETTINGS):
        pytest.skip("not all of the builds were asked for")
    parts = sum((parts for _, parts in DONE), Counter())
    assert EACH * len(DONE) == COUNT
    assert sum(customers for customers, _ in DONE) > 9 * COUNT
    for part in populations.REASONS:
        assert parts[part] > 50, part
    with REPORT.open("a") as report:
        report.write(f"all: {COUNT} populations; {parts}\n")
