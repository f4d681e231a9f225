"""Ten thousand small populations in a few builds, each with vars of its own:
`make test-populations`, minutes. Figures are in target/populations.txt."""

import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "python"))

import populations

REPORT = PROJECT / "target" / "populations.txt"
COUNT = 10_000
EACH = COUNT // len(populations.SETTINGS)


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """A build by its number: customers, problems and parts. Made when it is
    first asked for."""
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text("")

    @cache
    def built(number):
        result = populations.build(
            tmp_path_factory.mktemp("populations"),
            populations.SETTINGS[number],
            range(number * EACH, (number + 1) * EACH),
        )
        problems = populations.check(result)
        parts = populations.parts(result)
        with REPORT.open("a") as report:
            report.write(
                f"build {number}: {EACH} populations, {result.customers} "
                f"customers, {len(problems)} differences, "
                f"{result.seconds:.0f} s; {parts}\n"
            )
        return result.customers, problems, parts

    return built


@pytest.mark.parametrize("number", range(len(populations.SETTINGS)))
def test_a_build(number, build):
    _, problems, _ = build(number)
    assert not problems, "\n".join(problems[:40])


def test_every_part_of_the_lists_is_met(build):
    builds = [build(number) for number in range(len(populations.SETTINGS))]
    parts = sum((parts for *_, parts in builds), Counter())
    assert EACH * len(builds) == COUNT
    assert sum(customers for customers, *_ in builds) > 9 * COUNT
    for part in populations.REASONS:
        assert parts[part] > 50, part
    with REPORT.open("a") as report:
        report.write(f"all: {COUNT} populations; {parts}\n")
