"""What people open is one day, whole, whatever happens while it is written."""

import errno
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import pytest
import yaml
from conftest import PROJECT
from cst.database import measures
from cst.errors import Refused
from cst.lock import one_build
from cst.log import LOG
from cst.paths import Paths, read_paths
from cst.publish import publish, roll_back
from cst.status import status
from published_days import (
    FRIDAY,
    MONDAY,
    SECRET,
    TABLES,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    Site,
)

PUBLISH_STEPS = (
    "contacts are written", "tables are written", "tables are verified",
    "contacts are in place", "what is replaced is kept", "tables are in place",
    "older ones are removed",
)
ROLL_BACK_STEPS = (
    "tables are written", "tables are verified", "tables are in place",
)


@pytest.fixture
def site(tmp_path):
    """Monday is published, Tuesday is built."""
    site = Site(tmp_path)
    site.build(MONDAY)
    publish(site.paths)
    site.build(TUESDAY)
    return site


def publish_days(site, *days):
    for day in days:
        site.build(day)
        publish(site.paths)


# -- what is published ------------------------------------------------------


def test_public_tables_alone_are_published_with_what_they_mean(site):
    line = publish(site.paths)
    assert line == "Published: cst.duckdb is as of 2025-06-03, run 2."
    assert site.day() == TUESDAY
    with duckdb.connect(str(site.paths.published), read_only=True) as file:
        tables = file.execute(
            "select table_schema || '.' || table_name, table_comment "
            "from information_schema.tables order by 1"
        ).fetchall()
        logs = [".".join(log) for log in LOG]
        assert {name: words for name, words in tables if name not in logs} == {
            **dict.fromkeys(TABLES), "cst_dim.dim_a": "Who's who, 客户",
        }
        # test_words.py asks what the logs say
        assert all(dict(tables)[log] for log in logs)
        assert file.execute(
            "select comment from duckdb_columns() "
            "where comment is not null and schema_name != 'cst_ads'"
        ).fetchall() == [("The day",)]
        assert file.execute(
            "select id, net_amount from cst_dws.dws_c"
        ).fetchall() == [(0, 0), (1, 1.5), (2, 3)]


def test_no_byte_of_private_tables_is_published(site):
    publish(site.paths)
    assert SECRET.encode() in site.paths.build.read_bytes()
    assert SECRET.encode() in site.paths.contact.read_bytes()
    for path in site.paths.published, *site.paths.kept.iterdir():
        assert SECRET.encode() not in path.read_bytes()
    assert site.left_overs() == []


def test_addresses_are_for_their_owner_alone_also_while_they_are_written(site):
    new = site.paths.contact.with_name("cst_contacts.duckdb.new")
    modes = []
    publish(site.paths, lambda step: modes.extend(
        [new.stat().st_mode & 0o777] if new.exists() else []
    ))
    assert len(modes) == 3 and set(modes) == {0o600}
    assert site.paths.contact.stat().st_mode & 0o777 == 0o600
    assert site.contact_day() == TUESDAY


def test_permissions_stay_as_they_were_given(site):
    site.paths.published.chmod(0o640)
    site.paths.contact.chmod(0o640)
    publish(site.paths)
    for path in site.paths.published, site.paths.contact:
        assert path.stat().st_mode & 0o777 == 0o640


def test_the_log_says_what_was_published(site):
    publish(site.paths)
    with duckdb.connect(str(site.paths.published), read_only=True) as file:
        assert file.execute(
            "select run_id, kind, as_of_date, build_id, code_version, "
            "rules_hash, warning_count, warnings, published_at is not null "
            "from cst_ads.ads_cst_run order by run_id"
        ).fetchall() == [
            (
                number, "publication", day, f"build of {day}", "0.8.0",
                "hash", 1, "few orders", True,
            )
            for number, day in ((1, MONDAY), (2, TUESDAY))
        ]
        assert file.execute(
            "select run_id, measure_name, value from cst_ads.ads_cst_run_table "
            "where table_name = 'dws_c' order by all"
        ).fetchall() == [
            (number, *measure) for number in (1, 2) for measure in (
                ("net_amount", 4.5), ("order_count", 6), ("row_count", 3),
            )
        ]


def test_a_column_named_like_the_count_of_rows_is_not_taken_for_it():
    """ads_cst_data_quality has one: rows of the feed, not its own."""
    with duckdb.connect() as connection:
        connection.execute(
            "create table quality as select 40 as row_count, 1.5 as net_amount "
            "from range(3)"
        )
        assert measures(connection, "memory", [("main", "quality")]) == {
            ("quality", "row_count"): 3, ("quality", "net_amount"): 4.5,
        }


def test_the_declared_log_is_the_written_one(site):
    """models/_published__sources.yml says what the program writes."""
    declared = {
        table["name"]: [
            (
                column["name"],
                column["data_type"].replace("string", "varchar").upper(),
            )
            for column in table["columns"]
        ]
        for table in yaml.safe_load(
            (PROJECT / "models/_published__sources.yml").read_text()
        )["sources"][0]["tables"]
        if table["name"].startswith(("ads_cst_run", "ads_cst_hand_over"))
    }
    with duckdb.connect(str(site.paths.published), read_only=True) as file:
        written = {
            table: file.execute(
                "select column_name, data_type from duckdb_columns() "
                "where table_name = ? order by column_index", [table]
            ).fetchall()
            for table in declared
        }
    assert written == declared


def test_a_restatement_is_logged_as_one(site):
    site.build(TUESDAY, restated_from_date=MONDAY, restated_to_date=MONDAY)
    publish(site.paths)
    assert site.log()[-1][1] == "restatement"


def test_a_clock_that_is_put_back_changes_no_order(site):
    """The numbers of runs count; the time is only told."""
    site.call("""
import datetime as module
class Back(module.datetime):
    @classmethod
    def now(cls, zone=None): return cls(1999, 1, 1, tzinfo=zone)
import cst.log
cst.log.datetime = Back
from cst.publish import publish
publish(paths)
""")
    publish_days(site, WEDNESDAY)
    with duckdb.connect(str(site.paths.published), read_only=True) as file:
        assert file.execute(
            "select run_id, as_of_date, year(published_at) = 1999 "
            "from cst_ads.ads_cst_run order by run_id"
        ).fetchall() == [
            (1, MONDAY, False), (2, TUESDAY, True), (3, WEDNESDAY, False),
        ]
    assert site.kept_days() == [MONDAY, TUESDAY]
    roll_back(site.paths)
    assert site.day() == TUESDAY


# -- what is not ------------------------------------------------------------


def refused(site, action=publish):
    """The line that refuses; what people see is as it was."""
    before = site.paths.published.read_bytes()
    contact = site.paths.contact.read_bytes()
    with pytest.raises(Refused) as error:
        action(site.paths)
    assert site.paths.published.read_bytes() == before
    assert site.paths.contact.read_bytes() == contact
    assert site.left_overs() == []
    line = str(error.value)
    assert "\n" not in line
    return line


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ({"status": "building"}, "did not come to its end"),
        (
            {"status": "incomplete", "reason": "2 tests failed"},
            "is not complete: 2 tests failed",
        ),
        ({"published_run_id": None}, "knows nothing of what is published"),
        ({"published_run_id": 0}, "goes on from run 0"),
        ({"as_of_date": "2025-06-01"}, "which is later"),
        ({"public_tables": ""}, "lacks public tables"),
        ({"public_tables": "cst_dim.none"}, "lacks public tables (cst_dim.none)"),
    ],
)
def test_another_build_is_not_published(site, state, says):
    site.build(TUESDAY, **state)
    assert says in refused(site)


def test_own_tables_may_be_older_than_the_sample(site):
    site.build("2020-01-01", is_sample=True)
    publish(site.paths)
    assert str(site.day()) == "2020-01-01"


def test_a_build_whose_state_is_unknown_is_not_published(site):
    with duckdb.connect(str(site.paths.build)) as file:
        file.execute("drop table cst_intermediate.build_state")
    assert "does not say that its build is complete" in refused(site)
    site.paths.build.unlink()
    assert "is not there" in refused(site)


def test_the_same_build_is_published_once(site):
    publish(site.paths)
    before = site.paths.published.read_bytes()
    assert publish(site.paths) == (
        "Nothing to do: this build is published already (as of 2025-06-03, "
        "run 2)."
    )
    assert site.paths.published.read_bytes() == before
    assert site.kept_days() == [MONDAY]


def test_nothing_is_published_where_no_place_is_named(site):
    with pytest.raises(Refused, match="CST_PUBLISHED_PATH is not"):
        publish(Paths(site.paths.build))


def test_a_copy_that_is_not_what_was_built_is_not_published(
    site, monkeypatch
):
    def corrupted(connection, source, tables):
        copied(connection, source, tables)
        if ("cst_dws", "dws_c") in tables:
            connection.execute("delete from new.cst_dws.dws_c where id = 1")

    from cst import publish as module

    copied = module.copy_tables
    monkeypatch.setattr(module, "copy_tables", corrupted)
    assert "The copy of dws_c is not what was built" in refused(site)


def test_a_build_that_is_being_written_is_not_published(site):
    holder = subprocess.Popen(
        [
            sys.executable, "-c",
            "import sys, duckdb; c = duckdb.connect(sys.argv[1]); "
            "print(1, flush=True); sys.stdin.read()",
            site.paths.build,
        ],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )
    holder.stdout.readline()
    assert "open for writing in another program" in refused(site)
    holder.communicate("")
    publish(site.paths)


def test_a_full_disk_is_told_in_one_line(site):
    site.build(TUESDAY, rows=300_000)
    result = site.call("""
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
from cst.errors import Refused
from cst.publish import publish
try:
    publish(paths)
except Refused as refused:
    print(refused)
""")
    assert re.fullmatch(
        r"Not published: .*\. Make room on the disk and publish again\. What "
        r"people see in cst\.duckdb stays as it was\.\n", result.stdout
    ), result.stdout + result.stderr
    assert site.day() == MONDAY and site.left_overs() == []
    publish(site.paths)
    assert site.day() == TUESDAY


def test_a_missing_permission_is_told_in_one_line():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        site = Site(folder)
        publish_days(site, MONDAY)
        site.build(TUESDAY)
        folder.chmod(0o555)
        result = site.call("""
from cst.errors import Refused
from cst.publish import publish
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    publish(paths)
except Refused as refused:
    print(refused)
""")
        folder.chmod(0o755)
        assert "Let this account write there" in result.stdout, result.stderr
        assert len(result.stdout.splitlines()) == 1
        assert site.day() == MONDAY


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (OSError(errno.ENOSPC, "No space left"), "Make room on the disk"),
        (PermissionError(errno.EACCES, "Permission denied"), "write there"),
        (duckdb.OutOfMemoryException("12 GB"), "Set CST_MEMORY_LIMIT higher"),
    ],
)
def test_an_error_of_the_machine_says_what_to_do(site, error, says):
    def fail(step):
        if step == "tables are written":
            raise error

    line = refused(site, lambda paths: publish(paths, fail))
    assert says in line and line.startswith("Not published: ")
    publish(site.paths)
    assert site.day() == TUESDAY


# -- interrupted ------------------------------------------------------------


def kill_after(site, word, step):
    return site.call(f"""
from cst.publish import {word}
def kill(step):
    if step == {step!r}: os.kill(os.getpid(), signal.SIGKILL)
{word}(paths, kill)
""")


@pytest.mark.parametrize("step", PUBLISH_STEPS)
def test_killed_after_any_step_it_leaves_one_whole_day(tmp_path, step):
    """And the next one repairs what is left, without losing a kept day."""
    site = Site(tmp_path)
    publish_days(site, MONDAY, TUESDAY)
    site.build(WEDNESDAY)
    assert kill_after(site, "publish", step).returncode == -9
    is_in_place = PUBLISH_STEPS.index(step) >= 5
    assert site.day() == (WEDNESDAY if is_in_place else TUESDAY)
    # Contacts are never older than what people see.
    assert site.contact_day() >= site.day()
    line = publish(site.paths)
    assert line.startswith("Nothing to do" if is_in_place else "Published")
    assert site.day() == site.contact_day() == WEDNESDAY
    assert site.kept_days() == [MONDAY, TUESDAY]
    assert [run[0] for run in site.log()] == [1, 2, 3]
    assert site.left_overs() == []


def test_what_a_kill_left_is_removed_though_the_next_one_is_refused(site):
    """Addresses were written to it."""
    kill_after(site, "publish", "contacts are written")
    assert site.left_overs() == ["cst_contacts.duckdb.new"]
    site.build(TUESDAY, status="incomplete")
    refused(site)


@pytest.mark.parametrize("step", ROLL_BACK_STEPS)
def test_a_roll_back_that_is_killed_is_whole_as_well(tmp_path, step):
    site = Site(tmp_path)
    publish_days(site, MONDAY, TUESDAY, WEDNESDAY)
    assert kill_after(site, "roll_back", step).returncode == -9
    is_in_place = step == ROLL_BACK_STEPS[-1]
    assert site.day() == (TUESDAY if is_in_place else WEDNESDAY)
    roll_back(site.paths)
    assert site.day() == (MONDAY if is_in_place else TUESDAY)
    assert site.left_overs() == []


def test_the_steps_are_the_ones_that_are_killed(site):
    steps = []
    publish(site.paths, steps.append)
    assert steps == list(PUBLISH_STEPS)
    steps.clear()
    roll_back(site.paths, steps.append)
    assert steps == list(ROLL_BACK_STEPS)


READER = """
import sys, duckdb
tables = sys.argv[2].split(",")
reads = mixed = 0
print("reading", flush=True)
while not sys.stdin.isatty():
    with duckdb.connect(sys.argv[1], read_only=True) as file:
        days = {row for table in tables for row in
                file.execute(f"select distinct day from {table}").fetchall()}
    reads += 1
    mixed += len(days) != 1
    import select
    if select.select([sys.stdin], [], [], 0)[0]:
        break
print(reads, mixed)
"""


def test_a_reader_sees_no_mixture_and_waits_for_nobody(tmp_path):
    site = Site(tmp_path)
    publish_days(site, MONDAY)
    reader = subprocess.Popen(
        [
            sys.executable, "-c", READER, site.paths.published,
            ",".join(TABLES),
        ],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )
    reader.stdout.readline()
    publish_days(site, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY)
    time.sleep(0.5)
    output, error = reader.communicate("\n")
    assert reader.returncode == 0, error
    reads, mixed = map(int, output.split())
    assert reads > 5 and mixed == 0


def test_a_reader_that_stays_open_goes_on_reading(site):
    with duckdb.connect(str(site.paths.published), read_only=True) as file:
        publish(site.paths)
        roll_back(site.paths)
        assert file.execute("select distinct day from cst_dws.dws_c"
                            ).fetchall() == [(MONDAY,)]


# -- one build at a time ----------------------------------------------------


def test_a_second_build_is_told_of_the_first(site):
    environment = {
        **os.environ, "CST_DUCKDB_PATH": str(site.paths.build),
        "CST_PUBLISHED_PATH": str(site.paths.published),
    }

    def call(word):
        return subprocess.run(
            [sys.executable, "-m", "cst", word], cwd=PROJECT,
            env=environment, capture_output=True, text=True,
        )

    with one_build(site.paths):
        for word in ("run", "publish", "roll-back", "withdraw"):
            result = call(word)
            assert result.returncode == 1, word
            assert result.stderr == (
                f"Another build is running (process {os.getpid()}), so this "
                "one did not begin: wait until it has ended.\n"
            )
        assert "published:" in call("status").stdout
    assert call("publish").stdout == (
        "Published: cst.duckdb is as of 2025-06-03, run 2.\n"
    )


# -- back -------------------------------------------------------------------


def test_the_last_three_files_are_kept(tmp_path):
    site = Site(tmp_path)
    publish_days(site, MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY)
    assert site.kept_days() == [TUESDAY, WEDNESDAY, THURSDAY]


def test_a_roll_back_puts_the_newest_kept_file_in_place(tmp_path):
    site = Site(tmp_path)
    publish_days(site, MONDAY, TUESDAY, WEDNESDAY)
    assert roll_back(site.paths) == (
        "Rolled back: cst.duckdb is as of 2025-06-03, run 4."
    )
    assert site.day() == TUESDAY and site.kept_days() == [MONDAY]
    # What was seen meanwhile is told; contacts are the newest there are.
    assert site.log() == [
        (1, "publication", MONDAY), (2, "publication", TUESDAY),
        (3, "publication", WEDNESDAY), (4, "roll_back", TUESDAY),
    ]
    assert site.contact_day() == WEDNESDAY
    roll_back(site.paths)
    assert site.day() == MONDAY
    assert "no earlier file" in refused(site, roll_back)
    # The build that was rolled back does not come back by itself;
    assert "goes on from run 2" in refused(site)
    # the next one goes on from what is seen.
    publish_days(site, WEDNESDAY)
    assert site.log()[-1] == (6, "publication", WEDNESDAY)
    assert site.kept_days() == [MONDAY]


# -- the upgrade ------------------------------------------------------------


def test_the_file_of_an_older_release_is_set_aside(tmp_path):
    """It was a whole build: with addresses, so it is not kept to roll back."""
    site = Site(tmp_path)
    site.build(MONDAY)
    shutil.move(site.paths.build, site.paths.published)
    with duckdb.connect(str(site.paths.published)) as file:
        file.execute("drop table cst_intermediate.build_state")
    site.build(TUESDAY)
    line = publish(site.paths)
    assert f"it is {site.paths.before} now" in line and "\n" not in line
    assert site.paths.before.stat().st_mode & 0o777 == 0o600
    assert site.read(site.paths.before) == {MONDAY}
    assert site.paths.published.stat().st_mode & 0o777 == 0o644
    assert site.day() == TUESDAY and site.kept_days() == []


# -- paths and words --------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "build", "published", "contact"),
    [
        ({}, "build/cst.duckdb", "cst.duckdb", "cst_contacts.duckdb"),
        ({"CST_DUCKDB_PATH": "x.duckdb"}, "x.duckdb", None, None),
        (
            {"CST_DUCKDB_PATH": "x.duckdb", "CST_PUBLISHED_PATH": "/a/b.duckdb"},
            "x.duckdb", "/a/b.duckdb", "/a/b_contacts.duckdb",
        ),
        (
            {"CST_PUBLISHED_PATH": "b.duckdb", "CST_CONTACT_PATH": "/c.duckdb"},
            "build/cst.duckdb", "b.duckdb", "/c.duckdb",
        ),
        ({"CST_PUBLISHED_PATH": ""}, "build/cst.duckdb", None, None),
    ],
)
def test_paths_follow_the_environment(environment, build, published, contact):
    paths = read_paths(environment)
    assert (paths.build, paths.published, paths.contact) == tuple(
        None if path is None else PROJECT / path
        for path in (build, published, contact)
    )


def test_the_status_says_what_is_there(site):
    lines = status(site.paths).splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "published", "kept", "built",
    ]
    assert "as of 2025-06-02, run 1 (publication" in lines[0]
    assert "complete, as of 2025-06-03" in lines[2]


def test_every_word_is_in_both_readmes():
    result = subprocess.run(
        [sys.executable, "-m", "cst", "--help"], cwd=PROJECT,
        capture_output=True, text=True,
    )
    words = re.findall(r"^    ([a-z-]+)(?: |$)", result.stdout, re.M)
    assert {"run", "publish", "roll-back", "status"} <= set(words)
    for readme in ("README.md", "README.zh-CN.md"):
        text = (PROJECT / readme).read_text()
        assert [w for w in words if f"python -m cst {w}" not in text] == []
