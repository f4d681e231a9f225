"""The list leaves the warehouse with addresses, by one command that notes it.

One company is published: who is to be contacted, who is held out, who may not
be. What the file holds is told from the published tables by plain Python.
"""

import csv
import functools
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import cst.hand_over
import cst.publish
import cst.withdraw
import duckdb
import pytest
import warm_dbt
from case_data import background, filled, read, write_csv
from conftest import PROJECT
from cst.__main__ import main
from cst.dbt import call_dbt
from cst.errors import Refused
from cst.hand_over import COLUMNS, hand_over
from cst.kept import kept_files
from cst.paths import Paths
from cst.publish import publish, roll_back
from cst.withdraw import withdraw
from warehouse import SETTINGS, parsed

NEEDED = ["+ads_cst_audience", "+int_cst_withdrawals", "path:models/contact"]
ADDRESS = {"sms": "mobile", "email": "email", "phone": "mobile"}
# Ids and addresses that a spreadsheet would compute.
HOSTILE = {
    "=1+1": {}, "+86 138": {}, "@SUM(A1)": {}, "-2-3": {},
    "mail": {"mobile": "", "email": "=cmd@a.example"},
    "mail 2": {"mobile": "", "email": "-minus@a.example"},
    "abroad": {"mobile": "+86 138 0013 8000"},
}


def person(number, name):
    return {
        "customer_id": name, "registered_at": "2025-01-05T00:00:00+08:00",
        "contact_consent": "true", "email": f"p{number}@a.example",
        "mobile": f"1390000{number:04}", "updated_at": "2025-01-05T00:00:00+08:00",
        **HOSTILE.get(name, {}),
    }


def feed(*added):
    """The healthy company, forty people who bought lately or never, and more."""
    defaults, rows = read("defaults"), background()
    names = [*HOSTILE, *(f"person {number}" for number in range(40))]
    rows["customer"] += [
        *(person(number, name) for number, name in enumerate(names)),
        {"customer_id": "on push", "contact_consent": "false",
         "consent_push": "true"},
        *added,
    ]
    rows["order"] += [
        {"order_id": f"O{number}", "customer_id": name, "order_amount": "90.00"}
        for number, name in enumerate(names) if number % 3
    ]
    return {
        source: [filled(source, row, defaults) for row in source_rows]
        for source, source_rows in rows.items()
    }


class Site:
    """A company in a folder: what it built, published and handed over."""

    def __init__(self, folder):
        self.folder = folder
        self.paths = Paths(
            folder / "build" / "cst.duckdb", folder / "cst.duckdb",
            folder / "cst_contacts.duckdb",
        )
        self.paths.build.parent.mkdir(parents=True, exist_ok=True)
        self.file = folder / "list.csv"

    def copy(self, folder):
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return Site(folder)

    def arguments(self, as_of_date="2025-06-30"):
        return [
            *SETTINGS, "--threads", "2", "--no-write-json",
            "--target-path", str(self.folder / "target"),
            "--log-path", str(self.folder / "logs"), "--vars", json.dumps({
                "cst_use_sample_data": False,
                "cst_ods_path": str(self.folder / "ods"),
                "cst_as_of_date": as_of_date, "cst_start_date": "2025-04-01",
                "retention_holdout_since": "2025-04-30",
                "retention_holdout_share": 0.3,
            }),
        ]

    def build(self, rows, as_of_date="2025-06-30"):
        shutil.rmtree(self.folder / "ods", ignore_errors=True)
        write_csv(rows, self.folder / "ods")
        failed, _ = call_dbt(
            self.paths,
            ["build", "--exclude-resource-type", "test", "unit_test",
             "--select", *NEEDED, *self.arguments(as_of_date)],
            dbt=tuple(warm_dbt.command(parsed())),
        )
        assert not failed
        self.complete(f"build of {as_of_date}", as_of_date)

    def complete(self, build_id, as_of_date="2025-06-30"):
        """As if all of the build had passed: other models are not asked."""
        with duckdb.connect(str(self.paths.build)) as build:
            build.execute(
                """
                update cst_intermediate.build_state
                set status = 'complete', as_of_date = cast(? as date),
                    build_id = ?, public_tables = (
                        select string_agg(table_schema || '.' || table_name, ',')
                        from information_schema.tables
                        where table_schema in (
                            'cst_dim', 'cst_dwd', 'cst_dws', 'cst_ads'
                        )
                    )
                """,
                [as_of_date, build_id],
            )

    def go_on_from(self, run_id):
        with duckdb.connect(str(self.paths.build)) as build:
            build.execute(
                "update cst_intermediate.build_state set published_run_id = ?",
                [run_id],
            )

    def rows(self, sql, path=None):
        with duckdb.connect(
            str(path or self.paths.published), read_only=True
        ) as connection:
            return connection.execute(sql).fetchall()

    def hand_over(self, *words):
        return hand_over(self.paths, [str(self.file), *words])

    def handed(self):
        """The rows of the file, as the warehouse would read its ids."""
        with self.file.open(encoding="utf-8", newline="") as file:
            return [
                row | {"customer_id": row["customer_id"].removeprefix("'")}
                for row in csv.DictReader(file)
            ]

    def log(self):
        return self.rows(
            "select * exclude (handed_over_at, file_sha256) "
            "from cst_ads.ads_cst_hand_over order by hand_over_id"
        )


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("published"))
    site.build(feed())
    publish(site.paths)
    return site


@pytest.fixture
def site(published, tmp_path):
    return published.copy(tmp_path)


def to_contact(site):
    """Customer, channel, address of the list to contact, from the tables."""
    addresses = {
        customer: {"email": email, "mobile": mobile}
        for customer, email, mobile in site.rows(
            "select customer_id, email, mobile from "
            "cst_contact.contact_cst_customer", site.paths.contact,
        )
    }
    return [
        (customer, channel, addresses[customer][ADDRESS[channel]]
         if channel in ADDRESS else "")
        for customer, channel, able, held_out, current, *_ in sorted(
            site.rows(
                "select customer_id, contact_channel, is_contactable, "
                "is_holdout, is_current, strategy_priority, priority "
                "from cst_ads.ads_cst_audience"
            ), key=lambda row: (
                list(cst.withdraw.CHANNELS).index(row[1]) if row[1] else 9,
                *row[5:],
            )
        ) if able and not held_out and current
    ]


def shown(row):
    """The row of a file without the apostrophes for spreadsheets."""
    return (
        row["customer_id"], row["contact_channel"],
        row["address"].removeprefix("'"),
    )


# -- what is handed over ----------------------------------------------------


def test_the_file_is_the_list_to_contact_in_its_order(site):
    line = site.hand_over()
    expected = to_contact(site)
    assert [shown(row) for row in site.handed()] == expected
    assert {channel for _, channel, _ in expected} == {"sms", "email", "push"}
    held_out = site.rows(
        "select count(*) from cst_ads.ads_cst_audience "
        "where is_current and is_holdout and is_contactable"
    )[0][0]
    assert held_out > 3
    assert line == (
        f"Handed over: {site.file} has {len(expected)} customers of the list of "
        "2025-06-30, as of 2025-06-30 (hand-over 1)."
    )
    with site.file.open() as file:
        assert tuple(next(csv.reader(file))) == COLUMNS


def test_nobody_but_its_owner_reads_it(site):
    mask = os.umask(0)
    try:
        site.hand_over()
    finally:
        os.umask(mask)
    assert site.file.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in site.folder.iterdir()) == sorted([
        "build", "cst.duckdb", "cst_contacts.duckdb", "list.csv", "logs", "ods",
        "target",
    ])


def test_no_cell_of_it_is_a_formula(site):
    site.hand_over()
    with site.file.open(newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    computed = [cell for cell in cells if cell[:1] in "=+-@" and cell]
    assert set(computed) <= {"+86 138 0013 8000"}
    handed = {row["customer_id"] for row in site.handed()}
    assert handed & HOSTILE.keys()
    assert {"=1+1", "+86 138", "@SUM(A1)", "-2-3"} & handed


def test_one_channel_and_one_strategy(site):
    expected = to_contact(site)
    strategies = dict(site.rows(
        "select customer_id, strategy_code from cst_ads.ads_cst_audience "
        "where is_current"
    ))
    site.hand_over("--channel", "sms", "--strategy", "activation")
    assert [shown(row) for row in site.handed()] == [
        row for row in expected
        if row[1] == "sms" and strategies[row[0]] == "activation"
    ] != []
    (logged,) = site.log()
    assert logged[5:7] == ("sms", "activation")


# -- what is noted ----------------------------------------------------------


def test_it_is_noted_in_what_is_published(site):
    before = datetime.now(UTC).replace(tzinfo=None) - timedelta(seconds=2)
    site.hand_over("--by", "Li Hua")
    count = len(to_contact(site))
    assert site.log() == [
        (1, "Li Hua", date(2025, 6, 30), date(2025, 6, 30), 1, None, None, count)
    ]
    (at, digest), = site.rows(
        "select handed_over_at, file_sha256 from cst_ads.ads_cst_hand_over"
    )
    assert before <= at <= datetime.now(UTC).replace(tzinfo=None)
    assert digest == hashlib.sha256(site.file.read_bytes()).hexdigest()
    assert sorted(site.rows(
        "select * from cst_ads.ads_cst_hand_over_customer"
    )) == sorted(
        (1, row["customer_id"], row["contact_channel"], row["strategy_code"])
        for row in site.handed()
    )


def test_who_did_it_is_the_user_of_the_machine(site, monkeypatch):
    monkeypatch.setattr(cst.hand_over.getpass, "getuser", lambda: "nightly")
    site.hand_over()
    assert site.log()[0][1] == "nightly"


@pytest.mark.parametrize("error", [KeyError, OSError, ImportError])
def test_a_user_without_a_name(site, monkeypatch, error):
    """As in a container: Python before 3.13 says KeyError."""
    def nobody():
        raise error("no name")

    monkeypatch.setattr(cst.hand_over.getpass, "getuser", nobody)
    assert refused(site).endswith("name who hands it over: --by")
    site.hand_over("--by", "Li Hua")
    assert site.log()[0][1] == "Li Hua"


def test_nothing_else_of_what_is_published_changes(site):
    def all_rows():
        return {
            table: site.rows(f"from {table} order by all")
            for (table,) in site.rows(
                "select table_schema || '.' || table_name "
                "from information_schema.tables where table_name "
                "not like 'ads_cst_hand_over%' order by 1"
            )
        }
    comments = (
        "select table_name, column_name, comment from duckdb_columns() "
        "where table_name not like 'ads_cst_hand_over%' order by all"
    )
    before, described = all_rows(), site.rows(comments)
    site.paths.published.chmod(0o640)
    site.hand_over()
    assert all_rows() == before
    assert site.rows(comments) == described
    assert site.paths.published.stat().st_mode & 0o777 == 0o640
    assert "cst_ads.ads_cst_run" in before


def test_no_address_is_public(site):
    site.hand_over()
    for _, channel, address in to_contact(site):
        if channel in ADDRESS:
            assert address.encode() not in site.paths.published.read_bytes()


def test_the_log_stays_when_something_is_published_or_rolled_back(site):
    site.hand_over("--channel", "push")
    first = site.log()
    site.complete("second")
    site.go_on_from(1)
    publish(site.paths)
    assert site.log() == first
    site.file = site.folder / "second.csv"
    line = site.hand_over()
    assert [row[0] for row in site.log()] == [1, 2]
    assert [row[4] for row in site.log()] == [1, 2]
    assert line.endswith(
        "(hand-over 2). Handed over before from this list: 1 of them."
    )
    both = site.log()
    roll_back(site.paths)
    assert site.log() == both
    assert len(site.rows(
        "select * from cst_ads.ads_cst_hand_over_customer"
    )) == 1 + len(to_contact(site))


def test_a_build_of_before_can_be_published_after_it(site):
    """The hand-over is no run: it does not change what a build goes on from."""
    site.complete("second")
    site.go_on_from(1)
    site.hand_over()
    assert "run 2" in publish(site.paths)


# -- who withdrew -----------------------------------------------------------


def test_who_withdrew_since_is_not_in_it(site, monkeypatch):
    monkeypatch.setattr(
        cst.withdraw, "call_dbt", functools.partial(
            call_dbt, dbt=tuple(warm_dbt.command(parsed()))
        ),
    )
    site.hand_over()
    (gone, *_, no_sms) = [
        row["customer_id"] for row in site.handed()
        if row["contact_channel"] == "sms"
        and row["customer_id"].startswith("person")
    ]
    handed_out = (
        "from cst_ads.ads_cst_audience where not is_current order by all"
    )
    before = site.rows(handed_out)
    defaults = read("defaults")
    rows = feed(
        {"customer_id": gone, "registered_at": "", "is_deleted": "true",
         "updated_at": "2025-05-01"},
        {**person(int(no_sms.split()[1]) + len(HOSTILE), no_sms),
         "consent_sms": "false", "updated_at": "2025-05-01T00:00:00+08:00"},
    )
    shutil.rmtree(site.folder / "ods")
    write_csv({
        source: [filled(source, row, defaults) for row in source_rows]
        for source, source_rows in rows.items()
    }, site.folder / "ods")
    assert "2 customers" in withdraw(site.paths, site.arguments())
    assert site.rows(handed_out) == before
    site.file = site.folder / "after.csv"
    site.hand_over()
    after = {row["customer_id"]: row for row in site.handed()}
    assert gone not in after
    # nothing is granted: their e-mail comes with the next build
    assert no_sms not in after
    assert site.rows(
        "select contact_channel, no_contact_reason "
        "from cst_ads.ads_cst_audience "
        f"where is_current and customer_id = '{no_sms}'"
    ) == [(None, "channel_withdrawn")]
    # who was handed over before is known all the same
    assert (1, gone) in site.rows(
        "select hand_over_id, customer_id "
        "from cst_ads.ads_cst_hand_over_customer"
    )


# -- what is refused --------------------------------------------------------


def refused(site, *words):
    """The line of a refusal, after which nothing is noted or written."""
    before = site.paths.published.exists() and site.paths.published.read_bytes()
    files = sorted(site.folder.rglob("*"))
    with pytest.raises(Refused) as error:
        site.hand_over(*words)
    (line,) = str(error.value).splitlines()
    assert before == (
        site.paths.published.exists() and site.paths.published.read_bytes()
    )
    assert sorted(site.folder.rglob("*")) == files
    return line


def test_a_file_that_is_there_is_not_written_over(site):
    site.file.write_text("mine")
    assert "is there already" in refused(site)
    assert site.file.read_text() == "mine"
    site.file.unlink()
    site.file.symlink_to(site.folder / "nowhere")
    assert "is there already" in refused(site)


def test_a_folder_that_is_not_there(site):
    site.file = site.folder / "none" / "list.csv"
    assert "is no folder" in refused(site)


def test_nothing_is_published_or_there_are_no_addresses(site):
    site.paths.contact.unlink()
    assert "no addresses to hand over" in refused(site)
    site.paths.published.unlink()
    assert "no list to hand over" in refused(site)
    with pytest.raises(Refused, match="CST_PUBLISHED_PATH is not"):
        hand_over(Paths(site.paths.build), [str(site.file)])


def test_nobody_is_to_be_contacted(site):
    assert refused(site, "--channel", "wecom") == (
        "There is nobody to contact by wecom, so nothing was handed over."
    )
    assert "of strategy none_such" in refused(site, "--strategy", "none_such")


def test_addresses_of_before_the_list(site):
    """As where an old file was copied back."""
    old = site.paths.contact.read_bytes()
    site.complete("second")
    site.go_on_from(1)
    publish(site.paths)
    site.hand_over()
    site.file.unlink()
    site.paths.contact.write_bytes(old)
    assert "cst_contacts.duckdb is of run 1, and the list in cst.duckdb of run 2" in (
        refused(site)
    )


def test_addresses_of_an_older_release(site):
    """Nothing says of which run they are: a backup from before the upgrade."""
    with duckdb.connect(str(site.paths.contact)) as connection:
        connection.execute("drop table cst_contact.contact_cst_run")
    line = refused(site)
    assert "cst_contacts.duckdb is of a release before 0.11.0" in line
    assert line.endswith("To publish both anew: python -m cst run")


def test_addresses_of_a_publication_that_was_interrupted(site):
    site.complete("second")
    site.go_on_from(1)

    def stop(step):
        if step == "contacts are in place":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish(site.paths, stop)
    assert "of another publication" in refused(site)
    publish(site.paths)
    site.hand_over()


def test_after_a_roll_back_newer_addresses_do(site):
    site.complete("second")
    site.go_on_from(1)
    publish(site.paths)
    roll_back(site.paths)
    site.hand_over()
    assert site.handed()


def test_addresses_that_are_missing(site):
    with duckdb.connect(str(site.paths.contact)) as connection:
        connection.execute(
            "delete from cst_contact.contact_cst_customer "
            "where customer_id like 'person%'"
        )
    assert "have no address in cst_contacts.duckdb" in refused(site)
    assert "hand-over" in site.hand_over("--channel", "push")


def test_a_list_of_an_older_release(site):
    with duckdb.connect(str(site.paths.published)) as connection:
        connection.execute(
            "alter table cst_ads.ads_cst_audience drop column is_current"
        )
    assert "by a release before 0.11.0" in refused(site)


def test_a_file_that_came_to_be_there_meanwhile(site, monkeypatch):
    """It stays, and the log says more than was handed over, never less."""
    put = cst.hand_over.put_in_place

    def slow(path):
        put(path)
        site.file.write_text("mine")

    monkeypatch.setattr(cst.hand_over, "put_in_place", slow)
    with pytest.raises(Refused, match="came to be there meanwhile"):
        site.hand_over()
    assert site.file.read_text() == "mine"
    assert len(site.log()) == 1
    assert not list(site.folder.glob(".*"))


def test_a_full_disk_leaves_neither_file_nor_row(site, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cst.hand_over, "carry_logs", full)
    with pytest.raises(OSError):
        site.hand_over()
    assert site.log() == []
    assert not site.file.exists()
    assert not list(site.folder.glob(".*")) + list(site.folder.glob("*.new*"))


# -- the command ------------------------------------------------------------


def call(site, *words):
    return subprocess.run(
        [sys.executable, "-m", "cst", "hand-over", *map(str, words)],
        cwd=PROJECT, capture_output=True, text=True, env={
            **os.environ, "CST_DUCKDB_PATH": str(site.paths.build),
            "CST_PUBLISHED_PATH": str(site.paths.published),
            "CST_CONTACT_PATH": str(site.paths.contact),
        },
    )


def test_the_command(site):
    result = call(site, site.file, "--channel", "email", "--by", "me")
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith(f"Handed over: {site.file} has ")
    again = call(site, site.file)
    assert again.returncode == 1
    (line,) = again.stderr.splitlines()
    assert "is there already" in line
    assert len(site.log()) == 1
    assert call(site, site.file, "--chanel", "email").returncode == 2
    assert "--by" in call(site, "--help").stdout


def test_a_file_is_needed():
    with pytest.raises(SystemExit):
        main(["hand-over"])


def test_files_that_are_kept_know_of_it_as_well(site):
    """Whoever loses the published file has the log of the one before."""
    site.hand_over()
    site.complete("second")
    site.go_on_from(1)
    publish(site.paths)
    (kept,) = kept_files(site.paths)
    assert site.rows(
        "select hand_over_id from cst_ads.ads_cst_hand_over", kept
    ) == [(1,)]


def test_the_query_of_the_page_finds_them(site):
    page = (PROJECT / "docs" / "audience.md").read_text()
    (query,) = re.findall(r"```sql\n(-- whom did we .*?)```", page, re.DOTALL)
    site.hand_over("--by", "Li Hua")
    found = site.rows(query)
    assert [row[1:4] for row in found] == [
        ("Li Hua", date(2025, 6, 30), customer)
        for customer in sorted(row["customer_id"] for row in site.handed())
    ]
