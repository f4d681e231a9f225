"""Nights that are killed at random points, under a reader that polls."""

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import date, timedelta

from cst.errors import Refused
from cst.kept import last_run
from cst.lock import one_build
from small_company import Company

# Opens the published file again and again, and counts what is not one day.
READER = """
import select, sys, duckdb
tables = sys.argv[2].split(",")
reads = mixed = errors = 0
while not select.select([sys.stdin], [], [], 0.02)[0]:
    try:
        with duckdb.connect(sys.argv[1], read_only=True) as file:
            days = {row for table in tables for row in
                    file.execute(f"select distinct day from {table}").fetchall()}
            mixed += len(days) != 1
        reads += 1
    except Exception as error:
        errors += 1
        print(error, file=sys.stderr)
print(reads, mixed, errors)
"""
TABLES = ("cst_dim.dim_a", "cst_dwd.dwd_b", "cst_dws.dws_c", "cst_ads.ads_d")
FIRST = date(2025, 6, 30)
BUILT = "Completed successfully"


@dataclass
class Figures:
    """What came of the rounds."""

    rounds: int = 0
    killed_in_build: int = 0
    killed_in_publish: int = 0
    ended_before: int = 0
    published_though_killed: int = 0
    reads: int = 0
    mixed: int = 0
    errors: int = 0
    seconds: float = 0
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.rounds} rounds in {self.seconds:.0f} s: "
            f"{self.killed_in_build} killed while dbt built, "
            f"{self.killed_in_publish} while it was published "
            f"({self.published_though_killed} of all after the swap), "
            f"{self.ended_before} ended before they were killed; "
            f"{self.reads} reads by a polling reader, {self.mixed} of them "
            f"mixed, {self.errors} errors"
        )


def kill_runs(company: Company, rounds: int, seed: int) -> Figures:
    """A day is delivered, its run is killed, the next day is delivered; every
    fifth run is left alone. Raises where a file is not whole, or where the
    end differs from what a company without kills has."""
    chance = random.Random(seed)
    began = time.monotonic()
    first = company.day() if company.paths.published.exists() else FIRST
    company.feed(first)
    # Parses the project, which later runs do not.
    timed_run(company)
    build_seconds, publish_seconds = timed_run(company)
    figures = Figures(rounds=rounds)
    reader = subprocess.Popen(
        [
            sys.executable, "-c", READER, company.paths.published,
            ",".join(TABLES),
        ],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )
    seen = first
    for number in range(1, rounds + 1):
        day = first + timedelta(days=number)
        company.feed(day)
        # Publishing is short: as many kills there as in the long build.
        in_build = chance.random() < 0.5
        how_far = chance.random()
        kill_run(
            company, figures, in_build,
            how_far * (build_seconds if in_build else publish_seconds),
            with_dbt=chance.random() < 0.8,
        )
        now = company.day()
        assert now in (seen, day), f"round {number}: {now}"
        assert company.contact_day() in (seen, day, now)
        assert company.contact_day() >= now
        figures.published_though_killed += now == day
        seen = now
        if number % 5 == 0:
            check_repaired(company, day)
            seen = day
    check_repaired(company, first + timedelta(days=rounds))
    output, error = reader.communicate("\n")
    figures.reads, figures.mixed, figures.errors = map(int, output.split())
    figures.problems = error.splitlines()[:5]
    figures.seconds = time.monotonic() - began
    return figures


def timed_run(company: Company) -> tuple[float, float]:
    """Seconds of the build and of publishing, by the lines that are printed."""
    began = built = time.monotonic()
    with subprocess.Popen(**company.options(company.cst("run"))) as process:
        for line in process.stdout:
            if BUILT in line:
                built = time.monotonic()
    assert process.returncode == 0
    return built - began, time.monotonic() - built


def kill_run(
    company: Company, figures: Figures, in_build: bool, delay: float,
    with_dbt: bool,
) -> None:
    """Kill a run so long after it began, or after its build was complete; the
    program alone, or all of its processes."""
    process = subprocess.Popen(
        **company.options(company.cst("run")), start_new_session=True
    )
    is_built = False
    until = time.monotonic() + delay
    if not in_build:
        for line in process.stdout:
            if BUILT in line:
                is_built = True
                break
        until = time.monotonic() + delay
    while time.monotonic() < until and process.poll() is None:
        time.sleep(0.002)
    has_ended = process.poll() is not None
    if with_dbt:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    else:
        process.kill()
    rest = process.stdout.read()
    process.wait()
    wait_for_dbt(company)
    if has_ended:
        figures.ended_before += 1
    elif is_built or BUILT in rest:
        figures.killed_in_publish += 1
    else:
        figures.killed_in_build += 1


def wait_for_dbt(company: Company) -> None:
    """dbt goes on for a while, and holds the lock, where the program alone was
    killed."""
    deadline = time.monotonic() + 300
    while True:
        try:
            with one_build(company.paths):
                return
        except Refused:
            assert time.monotonic() < deadline, "the lock is never released"
            time.sleep(0.05)


def check_repaired(company: Company, day: date) -> None:
    """A run that is left alone publishes its day; nothing is left over, and
    the run log has no gap."""
    result = company.run()
    assert result.returncode == 0, result.stdout
    assert company.day() == company.contact_day() == day
    assert company.left_overs() == []
    numbers = [number for number, _, _ in company.log()]
    assert numbers == list(range(1, len(numbers) + 1))
    kept = company.kept_days()
    assert len(kept) <= 3 and kept == sorted(kept)
    builds = [last_run(path).build_id for path in (
        company.paths.published, *company.paths.kept.iterdir()
    )]
    assert len(set(builds)) == len(builds), "published and kept"
