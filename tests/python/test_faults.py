"""What a night goes through: each fault leaves what people see whole, and says
in one line what it was. `make test-faults` is the long form (tests/faults).
"""

import os
import re
import subprocess
import sys
import time

import duckdb
import pytest
from conftest import PROJECT
from small_company import PUBLIC, YAML, Company

sys.path.insert(0, str(PROJECT / "tests" / "faults"))
from kills import kill_runs

SEEN = "cst.duckdb stays as of 2025-06-30, run 1."


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("company")


@pytest.fixture(scope="module")
def built(folder):
    """June 30 is published, July 1 is delivered."""
    company = Company(folder)
    result = company.run()
    assert result.line == "Published: cst.duckdb is as of 2025-06-30, run 1."
    company.feed("2025-07-01")
    return company


@pytest.fixture
def company(built):
    """The same, whatever test was before."""
    seen = built.paths.published.read_bytes()
    contacts = built.paths.contact.read_bytes()
    yield built
    built.write_models()
    built.write_tests(YAML)
    assert built.paths.published.read_bytes() == seen
    assert built.paths.contact.read_bytes() == contacts
    assert built.left_overs() == []


def not_published(result, cause):
    """The last line says why, and what people see."""
    assert result.returncode == 1, result.stdout
    assert re.match(f"Not published: {cause}. {re.escape(SEEN)}", result.line), (
        result.stdout
    )


def test_a_failing_test(company):
    company.write_tests(YAML.replace(
        "unique", "{accepted_values: {arguments: {values: [2]}}}"
    ))
    not_published(
        company.run(),
        "2 models and tests failed or were skipped, the first of them "
        "accepted_values_.*",
    )
    result = company.run("publish")
    assert result.line.startswith("The last build is not complete: 2 models")


def test_a_feed_that_is_not_usable(company):
    company.write_models(dim_a=PUBLIC + "{% if execute %}{{ exceptions."
        "raise_compiler_error('The feed is not usable, as …') }}{% endif %}"
        "select 1 as id")
    not_published(company.run(), "the feed is not usable, see above")


def test_too_little_memory(company):
    company.write_models(
        dim_a=PUBLIC + "select len(list(cast(hash(n) as varchar))) as id "
        "from range(20000000) as numbers(n)"
    )
    not_published(
        company.run(CST_MEMORY_LIMIT="60MB"),
        r"the build had too little memory: set CST_MEMORY_LIMIT higher \(it is "
        r"60MB\), or CST_THREADS lower",
    )


def test_a_full_disk(company):
    company.write_models(
        dim_a=PUBLIC + "select hash(n) as id from range(9000000) as ids(n)"
    )
    limit = (
        "import resource, sys, os; "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000_000,) * 2); "
        "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    )
    result = subprocess.run(**company.options(
        [sys.executable, "-c", limit, *company.cst("run")[1:]]
    ))
    result.line = result.stdout.strip().splitlines()[-1]
    not_published(result, "the disk is full: make room and run again")


def test_two_builds(company):
    company.write_models(
        dim_a=PUBLIC + "select count(*) as id from range(10000000) as a, "
        "range(10000000) as b"
    )
    with subprocess.Popen(**company.options(company.cst("run"))) as first:
        for line in first.stdout:
            if "START sql table model cst_dim.dim_a" in line:
                break
        try:
            result = company.run()
            assert result.returncode == 1
            assert result.line == (
                f"Another build is running (process {first.pid}), so this one "
                "did not begin: wait until it has ended."
            )
            # dbt goes on, and with it the lock, when only the program is
            # killed.
            first.kill()
            first.wait()
            assert "Another build is running" in company.run("publish").line
        finally:
            dbt = children_of(company)
            assert len(dbt) == 1
            os.kill(dbt[0], 9)


def children_of(company):
    """The processes of dbt that work in the company's folder."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                words = file.read().split(b"\0")
        except OSError:
            continue
        if str(company.folder).encode() in words and b"build" in words:
            found.append(int(pid))
    return found


def test_a_key_that_interrupts(company):
    company.write_models(
        dim_a=PUBLIC + "select count(*) as id from range(10000000) as a, "
        "range(10000000) as b"
    )
    with subprocess.Popen(**company.options(company.cst("run"))) as process:
        for line in process.stdout:
            if "START sql table model cst_dim.dim_a" in line:
                process.terminate()
                break
        rest = process.stdout.read()
    assert process.returncode == 130
    assert rest.strip().splitlines()[-1].startswith("Interrupted. What people")
    deadline = time.time() + 20
    while children_of(company) and time.time() < deadline:
        time.sleep(0.1)
    assert children_of(company) == []


def test_the_published_file_is_open_for_writing(company):
    """As some programs open each file: the night fails, and says why."""
    holder = subprocess.Popen(
        [
            sys.executable, "-c", "import sys, duckdb; "
            "c = duckdb.connect(sys.argv[1]); print(1, flush=True); "
            "sys.stdin.read()", company.paths.published,
        ],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )
    holder.stdout.readline()
    try:
        result = company.run()
    finally:
        holder.communicate("")
    assert result.returncode == 1
    assert "open for writing in another program" in result.line


def test_the_next_day_is_the_same_in_any_time_zone(built):
    """Nor does anything hang on the clock of the machine."""
    contents = []
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        result = built.run(TZ=zone)
        assert result.returncode == 0, result.stdout
        with duckdb.connect(str(built.paths.published)) as file:
            contents.append(file.execute(
                "select day, count(*), sum(net_amount) from cst_ads.ads_d "
                "group by day"
            ).fetchall())
            assert file.execute(
                "select abs(date_diff('minute', max(published_at), "
                "cast(now() at time zone 'UTC' as timestamp))) < 30 "
                "from cst_ads.ads_cst_run"
            ).fetchall() == [(True,)]
    assert contents[0] == contents[1]


def test_kills_at_random_points(built):
    """A few; `make test-faults` takes hundreds."""
    figures = kill_runs(built, rounds=6, seed=13)
    assert figures.mixed == figures.errors == 0, figures.problems
    assert figures.reads > 10
