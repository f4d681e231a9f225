"""A build that is not published withdraws all the same, from every file.

One company is published. Then a feed comes that stops the build, and in which
people were erased or opted out: what is published afterwards is, for them, what
a build of the mended feed publishes.
"""

import contextlib
import functools
import io
import json
import os
import re
import shutil
import sys
import zlib

import cst.withdraw
import duckdb
import pytest
import warm_dbt
from case_data import background, filled, read, write_csv
from cst.dbt import call_dbt
from cst.errors import Refused
from cst.kept import kept_files
from cst.paths import Paths
from cst.publish import publish, roll_back
from cst.withdraw import withdraw, withdraw_after
from warehouse import SETTINGS, parsed

NEEDED = [
    "+ads_cst_customer_360", "+int_cst_withdrawals", "path:models/contact",
    "dim_cst_code",
]
# A build each, or more: `make test-hostile` runs them.
LONG = pytest.mark.skipif(
    "CST_LONG" not in os.environ, reason="make test-hostile (CST_LONG=1)"
)
MAY, JUNE = "2025-05-01T00:00:00+08:00", "2025-06-01T00:00:00+08:00"
GRANTED = {"contact_consent": "true"}


def person(name, **values):
    """A row about somebody with everything that is personal; the birthday is in
    the month after the as-of date, so that the newest row has its tag."""
    return {
        "customer_id": name, "city": f"{name} City", "gender": "female",
        "birth_date": "1990-07-17", "email": f"{name.replace(' ', '_')}@a.example",
        # of their own: who shares one with a refusal is not contacted
        "mobile": f"1{zlib.crc32(name.encode()):010}", **GRANTED, **values,
    }


def blank(name, **values):
    """A row as a job sends it that erases."""
    return {
        "customer_id": name, "registered_at": "", "updated_at": MAY,
        "is_deleted": "true", **values,
    }


# What was delivered first (a row of its own where nothing is said), and what
# comes on the day that is refused.
ADDED = {
    "stays": [],
    # erasures
    "erased": [blank("erased")],
    "erased in a word": [blank("erased in a word", is_deleted="是")],
    "erased at no time": [blank("erased at no time", updated_at="")],
    "erased by a rejected row": [
        person("erased by a rejected row", acquisition_cost="-5", updated_at=MAY,
               is_deleted="true"),
    ],
    "erased unreadably": [
        person("erased unreadably", updated_at=MAY, is_deleted="gelöscht"),
    ],
    "erased before it was merged": [
        blank("erased before it was merged"),
        person("erased before it was merged", updated_at=JUNE,
               merged_into_customer_id="stays"),
    ],
    "merged into erased": [
        person("merged into erased", updated_at=MAY,
               merged_into_customer_id="erased"),
    ],
    "member of erased": [],
    "returned": [
        blank("returned"),
        person("returned", updated_at=JUNE, is_deleted="false", city="New city",
               email="new@a.example"),
    ],
    "returned by a rejected row": [
        blank("returned by a rejected row"),
        person("returned by a rejected row", updated_at=JUNE, is_deleted="false",
               acquisition_cost="-5"),
    ],
    "two versions": [blank("two versions")],
    # consents
    "refused": [person("refused", updated_at=MAY, contact_consent="false")],
    "refused in a word": [
        person("refused in a word", updated_at=MAY, contact_consent="unsubscribed"),
    ],
    "refused at no time": [
        person("refused at no time", updated_at="soon", contact_consent="false"),
    ],
    "refused by a rejected row": [
        person("refused by a rejected row", updated_at=MAY,
               contact_consent="false", acquisition_cost="-5"),
    ],
    "refused late": [
        person("refused late", updated_at="2024-06-01", consent_sms="false"),
    ],
    "refused and granted": [
        person("refused and granted", updated_at=MAY, contact_consent="false"),
        person("refused and granted", updated_at=JUNE),
    ],
    "says nothing": [person("says nothing", updated_at=MAY, contact_consent="")],
    "no sms": [person("no sms", updated_at=MAY, consent_sms="false")],
    "no sms nor e-mail": [
        person("no sms nor e-mail", updated_at=MAY, consent_sms="false",
               consent_email="false"),
    ],
    "no channel": [
        person("no channel", updated_at=MAY, consent_sms="false",
               consent_email="false", consent_phone="false"),
    ],
    "no channel with an address": [
        person("no channel with an address", updated_at=MAY, email="",
               consent_sms="false", consent_phone="false"),
    ],
    "sms until no": [
        person("sms until no", updated_at=MAY, contact_consent="false"),
    ],
    "no wecom": [
        person("no wecom", updated_at=MAY, contact_consent="false",
               consent_wecom="false"),
    ],
    "wecom says nothing": [
        person("wecom says nothing", updated_at=MAY, contact_consent="",
               consent_wecom=""),
    ],
    "merged into refused": [
        person("merged into refused", updated_at=MAY,
               merged_into_customer_id="refused"),
    ],
    "was unknown": [person("was unknown", updated_at=MAY, contact_consent="no")],
}
FIRST = {
    "erased unreadably": {"consent_sms": "true"},
    "member of erased": {"merged_into_customer_id": "erased"},
    "no channel with an address": {"email": ""},
    "sms until no": {"contact_consent": "false", "consent_sms": "true"},
    "no wecom": {"contact_consent": "false", "consent_wecom": "true"},
    "wecom says nothing": {"contact_consent": "", "consent_wecom": "true"},
    "was unknown": {"contact_consent": ""},
}


def own(name, address):
    return person(name)[address]


# Who shares an address with somebody above, and withdraws nothing themselves.
SHARING = {
    # one of them writes the country, the other one does not
    "no sms: mobile": {"mobile": f"+86 {own('no sms', 'mobile')}"},
    "refused: mobile": {"mobile": own("refused", "mobile")},
    "refused: e-mail": {"email": own("refused", "email").upper()},
    "no sms: e-mail": {"email": own("no sms", "email")},
    "erased: mobile": {"mobile": own("erased", "mobile")},
    "says nothing: mobile": {"mobile": own("says nothing", "mobile")},
    "merged: mobile": {"mobile": own("merged into refused", "mobile")},
}
CLOSED = {"no sms: mobile", "refused: mobile", "refused: e-mail"}
# Who has another channel in the mended build, and none until there is one.
CHANNEL_GONE = dict.fromkeys(
    ["no sms", "no sms nor e-mail", "refused late"], "channel_withdrawn"
) | {"no sms: mobile": "same_address_opted_out"}


def first_people():
    for name in ADDED:
        yield person(name, **FIRST.get(name, {}))
    for name, values in SHARING.items():
        yield person(name, **values)
    yield person("two versions", updated_at="2025-03-01", city="Second city")
    # whoever keeps WeCom and a consent, so that the columns are not empty
    yield person("on wecom", consent_wecom="true", consent_sms="true")


def feed(*added, without=(), **changed):
    """Rows per source: the healthy company, the people of ADDED and more."""
    defaults = read("defaults")
    rows = background()
    rows["customer"] += [*first_people(), *added]
    for number, name in enumerate((*ADDED, *SHARING, "on wecom")):
        rows["order"].append({
            "order_id": f"O{number}", "customer_id": name,
            "order_amount": "900.00",
        })
    rows = {
        source: [filled(source, row, defaults) for row in source_rows]
        for source, source_rows in rows.items()
    }
    for column, value in changed.items():
        for row in rows["order"]:
            row[column] = value
    rows["customer"] = [
        row for row in rows["customer"] if row["customer_id"] not in without
    ]
    return rows


def withdrawals():
    return [row for rows in ADDED.values() for row in rows]


class Site:
    """A company in a folder: its feed, its build, what it published."""

    def __init__(self, folder):
        self.folder = folder
        self.ods = folder / "ods"
        self.paths = Paths(
            folder / "build" / "cst.duckdb", folder / "cst.duckdb",
            folder / "cst_contacts.duckdb",
        )
        self.paths.build.parent.mkdir(parents=True, exist_ok=True)

    def copy(self, folder):
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return Site(folder)

    def deliver(self, rows):
        shutil.rmtree(self.ods, ignore_errors=True)
        write_csv(rows, self.ods)

    def arguments(self, **dbt_vars):
        return [
            *SETTINGS, "--threads", "2", "--no-write-json",
            "--target-path", str(self.folder / "target"),
            "--log-path", str(self.folder / "logs"), "--vars", json.dumps({
                "cst_use_sample_data": False, "cst_ods_path": str(self.ods),
                "cst_as_of_date": "2025-06-30", "cst_start_date": "2025-04-01",
                # two of a hundred rows are broken on purpose
                "cst_rejected_stop_share": 0.5, **dbt_vars,
            }),
        ]

    def build(self, paths=None, **dbt_vars):
        """Returns whether it failed."""
        failed, _ = call_dbt(
            paths or self.paths,
            ["build", "--exclude-resource-type", "test", "unit_test",
             "--select", *NEEDED, *self.arguments(**dbt_vars)],
            dbt=DBT(),
        )
        return failed

    def build_lines(self, *options, **dbt_vars):
        """Whether dbt run failed, and what it printed, white space folded."""
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            failed, _ = call_dbt(
                self.paths, ["run", *options, *self.arguments(**dbt_vars)],
                dbt=DBT(),
            )
        return failed, " ".join(printed.getvalue().split())

    def publish(self, build_id):
        """As if all of the build had passed: the other models are not asked."""
        with duckdb.connect(str(self.paths.build)) as build:
            tables = build.execute(
                """
                select string_agg(table_schema || '.' || table_name, ',')
                from information_schema.tables
                where table_schema in ('cst_dim', 'cst_dwd', 'cst_dws', 'cst_ads')
                """
            ).fetchone()[0]
            build.execute(
                "update cst_intermediate.build_state set status = 'complete', "
                "as_of_date = date '2025-06-30', build_id = ?, public_tables = ?",
                [build_id, tables],
            )
        return publish(self.paths)

    def rows(self, sql, path=None, *values):
        with duckdb.connect(
            str(path or self.paths.published), read_only=True
        ) as connection:
            return connection.execute(sql, list(values)).fetchall()


def DBT():
    return tuple(warm_dbt.command(parsed()))


@pytest.fixture(autouse=True)
def dbt_is_parsed(monkeypatch):
    monkeypatch.setattr(
        cst.withdraw, "call_dbt", functools.partial(call_dbt, dbt=DBT())
    )


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """The company on its first days: one file is published, one is kept."""
    site = Site(tmp_path_factory.mktemp("published"))
    site.deliver(feed())
    assert not site.build()
    site.publish("first")
    with duckdb.connect(str(site.paths.build)) as build:
        build.execute(
            "update cst_intermediate.build_state set published_run_id = 1"
        )
    site.publish("second")
    assert len(kept_files(site.paths)) == 1
    return site


@pytest.fixture(scope="module")
def mended(published, tmp_path_factory):
    """What a build of the mended feed says."""
    site = Site(tmp_path_factory.mktemp("mended"))
    site.deliver(feed(*withdrawals()))
    assert not site.build(Paths(site.paths.build))
    return site


@pytest.fixture(scope="module")
def refused(published, tmp_path_factory):
    """The company after a feed that stops the build; and what was said."""
    site = published.copy(tmp_path_factory.mktemp("refused"))
    site.deliver(feed(*withdrawals(), order_status="PAGADO"))
    assert site.build()
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(
            cst.withdraw, "call_dbt", functools.partial(call_dbt, dbt=DBT())
        )
        site.line = withdraw_after(site.paths, site.arguments())
    return site


SHOWN = {
    "dim": """
        select customer_id, gender, city, province, member_level, email, mobile,
            birth_date, contact_consent, has_contact_consent,
            refused_consents, is_reachable_by_sms,
            is_reachable_by_email, is_reachable_by_wecom,
            is_reachable_by_push, is_reachable_by_phone, is_deleted
        from cst_dim.dim_cst_customer where is_current order by all""",
    "audience": """
        select customer_id, contact_channel, no_contact_reason, is_contactable
        from cst_ads.ads_cst_audience where is_current order by all""",
    "360": """
        select customer_id, city, province, is_deleted, is_contactable,
            no_contact_reason, no_contact_reason_zh, no_contact_reason_en,
            contact_channel, tag_codes, tag_names_zh, tag_names_en
        from cst_ads.ads_cst_customer_360 order by all""",
    "tags": """
        select customer_id, string_agg(
            concat(snapshot_date, ' ', tag_code, ' ', measure_value), ', '
            order by snapshot_date, tag_code
        )
        from cst_dws.dws_cst_tag group by customer_id order by all""",
    "customer_tags": """
        select customer_id, string_agg(
            concat(snapshot_date, ' ', tag_codes, ' ', tag_names_en, tag_names_zh),
            ', ' order by snapshot_date
        )
        from cst_ads.ads_cst_customer_tag where tag_codes is not null
        group by customer_id order by all""",
    "contact": """
        select * from cst_contact.contact_cst_customer order by all""",
}


def shown(site, table, path=None):
    """Rows of a published table by customer; or those of another file."""
    if path is None and table == "contact":
        path = site.paths.contact
    return {row[0]: row for row in site.rows(SHOWN[table], path)}


# Where what is found differs from what the mended feed gives, and why: it brings
# somebody back, or gives a customer to another one, which nobody may be told of
# on a day that is not published.
GRANTS = {"returned", "merged into refused"}


@pytest.mark.parametrize("table", SHOWN)
def test_it_is_what_the_mended_feed_gives(refused, mended, table):
    found = shown(refused, table)
    right = shown(mended, table, mended.paths.build)
    wrong = {}
    for name in (ADDED | SHARING).keys() - GRANTS:
        row, mended_row = found.get(name), right.get(name)
        if name in CHANNEL_GONE and table in ("audience", "360"):
            # nothing is granted, so they wait for that build
            reason = CHANNEL_GONE[name]
            assert mended_row[1 if table == "audience" else 8]
            mended_row = (
                (name, None, reason, False) if table == "audience" else (
                    *mended_row[:4], False, reason,
                    *cst.withdraw.REASONS[reason], None, *mended_row[9:],
                )
            )
        if table == "audience" and mended_row is None:
            # erased or merged away before the list, so no longer on it
            mended_row = row and (name, None, "erased", False)
        if table == "360" and (mended_row is None or mended_row[4] is None):
            mended_row = row and (
                name, None, None, True, False, "erased", "已申请删除", "Erased",
                None, None, None, None,
            )
        if row != mended_row:
            wrong[name] = (row, mended_row)
    assert not wrong, "\n".join(f"{name}: {rows}" for name, rows in wrong.items())


@pytest.mark.parametrize("table", SHOWN)
def test_nobody_else_changes(refused, published, table):
    found, before = shown(refused, table), shown(published, table)
    same = {"stays"} if table == "dim" else {"stays", "refused and granted"}
    for name in before.keys() - ADDED.keys() - CLOSED | same:
        assert found.get(name) == before.get(name)


def test_who_returns_or_is_merged_comes_back_with_the_next_build(refused):
    assert shown(refused, "audience")["returned"][1:] == (
        None, "no_consent", False,
    )
    assert shown(refused, "dim")["returned"][1:8] == (None,) * 7
    assert shown(refused, "audience")["merged into refused"][1:] == (
        None, "no_consent", False,
    )
    assert not GRANTS & shown(refused, "contact").keys()


def test_who_shares_an_address_waits_for_the_next_build(refused, published):
    before, after = shown(published, "audience"), shown(refused, "audience")
    assert {before[name][1] for name in SHARING} == {"sms"}
    assert CLOSED == {name for name in SHARING if not after[name][3]}
    assert {after[name][1:3] for name in CLOSED} == {
        (None, "same_address_opted_out"),
    }


def test_an_obstacle_of_before_stays_the_reason(refused, published, tmp_path,
                                                monkeypatch):
    site = published.copy(tmp_path)
    shutil.copy(refused.paths.build, site.paths.build)
    monkeypatch.setattr(cst.withdraw, "read_withdrawals", lambda *_: None)
    with duckdb.connect(str(site.paths.published)) as connection:
        connection.execute(
            "update cst_ads.ads_cst_audience set is_contactable = false, "
            "no_contact_reason = 'cadence' where is_current "
            "and customer_id in ('no sms', 'no sms: mobile')"
        )
    withdraw(site.paths)
    for name in ("no sms", "no sms: mobile"):
        assert shown(site, "audience")[name] == (name, None, "cadence", False)


def test_a_list_that_was_handed_out_stays(refused, published):
    """The list in use says who withdrew; what was handed out does not change."""
    handed_out = """
        select * from cst_ads.ads_cst_audience where not is_current order by all"""
    before = published.rows(handed_out)
    assert {row[0] for row in published.rows(SHOWN["audience"])} == {
        customer for (customer,) in published.rows(
            f"select customer_id from ({handed_out})"
        )
    }
    assert refused.rows(handed_out) == before
    (kept,) = kept_files(refused.paths)
    assert refused.rows(handed_out, kept) == before


def before_0_11(path):
    """Make a published file one of a release that had no lists in it."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "delete from cst_ads.ads_cst_audience where not is_current"
        )
        for column in ("audience_key", "list_date", "is_current"):
            connection.execute(
                f"alter table cst_ads.ads_cst_audience drop column {column}"
            )


def test_a_file_of_an_older_release_is_withdrawn_from(
    refused, published, tmp_path, monkeypatch
):
    site = published.copy(tmp_path)
    shutil.copy(refused.paths.build, site.paths.build)
    before_0_11(site.paths.published)
    monkeypatch.setattr(cst.withdraw, "read_withdrawals", lambda *_: None)
    withdraw(site.paths)
    (line,) = re.findall(r"select .*", " ".join(SHOWN["audience"].split()))
    query = line.replace("where is_current", "")
    assert site.rows(query) == refused.rows(SHOWN["audience"])


def test_of_tags_birthdays_go_and_nothing_else(refused, published):
    given = "select customer_id, snapshot_date, tag_code from cst_dws.dws_cst_tag"
    before, after = (set(site.rows(given)) for site in (published, refused))
    assert after < before
    assert {tag for _, _, tag in before - after} == {"birthday_month"}


def test_every_version_of_the_erased_is_blank(refused, published):
    versions = """
        select valid_from_at, city, email, birth_date, is_deleted
        from cst_dim.dim_cst_customer where customer_id = 'two versions'
        order by 1"""
    before, found = published.rows(versions), refused.rows(versions)
    assert [row[1] for row in before] == ["two versions City", "Second city"]
    assert found == [(row[0], None, None, None, True) for row in before]


def test_it_is_said_and_logged(refused):
    # that somebody refused, and granted again, is remembered as well
    withdrew = len(ADDED.keys() - {"stays"} | CLOSED)
    assert refused.line == (
        f"Withdrawn all the same: {withdrew} customers, from "
        "cst_contacts.duckdb, cst.duckdb, cst-00000001.duckdb."
    )
    assert refused.rows(
        "select run_id, kind, build_id, withdrawn_customer_count "
        "from cst_ads.ads_cst_run order by 1"
    ) == [
        (1, "publication", "first", None), (2, "publication", "second", None),
        (3, "withdrawal", "second", withdrew),
    ]


def numbers(site, path=None):
    """Row counts of all tables, and everything that is not of CONCERNED. Tags
    are rows, of which birthdays go."""
    tables = site.rows(
        """
        select table_schema || '.' || table_name from information_schema.tables
        where table_name not like 'ads_cst_run%'
        and table_name != 'dws_cst_tag' order by 1""", path,
    )
    return {
        table: site.rows(
            f"select count(*), {'null' if table.endswith(CHANGING) else hashed} "
            f"from {table} as entry", path,
        ) for (table,) in tables
    }


CHANGING = (
    "dim_cst_customer", "ads_cst_audience", "ads_cst_customer_360",
    "ads_cst_customer_tag",
)
hashed = "sum(hash(entry))"


def test_no_number_changes(refused, published):
    before = numbers(published)
    assert len(before) > 10
    assert numbers(refused) == before
    (kept,), (earlier,) = kept_files(refused.paths), kept_files(published.paths)
    assert numbers(refused, kept) == numbers(published, earlier)


@pytest.mark.parametrize(
    "table", ["dim", "audience", "360", "tags", "customer_tags"]
)
def test_the_kept_file_says_the_same(refused, table):
    (kept,) = kept_files(refused.paths)
    assert shown(refused, table, kept) == shown(refused, table)


def test_no_byte_of_the_erased_is_left(refused, published):
    gone = [
        text.encode() for name in ADDED for text in (
            f"{name} City", f"{name.replace(' ', '_')}@a.example",
        ) if name.startswith(("erased", "merged into erased"))
        and name != "erased unreadably"
    ]
    for site, is_there in ((published, True), (refused, False)):
        files = (
            site.paths.published, site.paths.contact, *kept_files(site.paths)
        )
        data = b"".join(path.read_bytes() for path in files)
        assert [text for text in gone if (text in data) != is_there] == []
    assert not [
        path for path in refused.folder.rglob("*.new*")
        if path.suffix != ".duckdb"
    ]


def test_once_more_changes_nothing(refused):
    files = (
        refused.paths.published, refused.paths.contact,
        *kept_files(refused.paths),
    )
    before = [(path.stat().st_ino, path.read_bytes()) for path in files]
    assert withdraw(refused.paths, refused.arguments()) == (
        "Nobody withdrew who had not been withdrawn before."
    )
    assert [(path.stat().st_ino, path.read_bytes()) for path in files] == before


def contactable(site):
    return {
        name for name, (_, _, _, is_contactable) in
        shown(site, "audience").items() if is_contactable
    }


def test_a_roll_back_reaches_nobody_who_withdrew(refused, tmp_path):
    site = refused.copy(tmp_path)
    before = contactable(site)
    roll_back(site.paths)
    assert site.rows("select kind from cst_ads.ads_cst_run order by run_id")[-1] == (
        "roll_back",
    )
    assert contactable(site) == before


# -- what stops a build -----------------------------------------------------


def copied(published, tmp_path, *added, **changed):
    site = published.copy(tmp_path)
    site.deliver(feed(*added, **changed))
    return site


def test_a_broken_order_table_does_not_keep_a_withdrawal_back(
    published, tmp_path
):
    """It stops the build before any model, by its header and by a quote."""
    site = copied(published, tmp_path, *ADDED["refused"], *ADDED["erased"])
    orders = site.ods / "ods_trd_order.csv"
    orders.write_text(
        orders.read_text().replace("order_amount", "amount", 1)
        + 'x,"a"b,\n'
    )
    (site.ods / "ods_manifest.csv").write_text(
        "table_name,row_count\nods_cst_customer,7\n"
    )
    assert site.build()
    line = withdraw(site.paths, site.arguments())
    # and those at an address of who refused
    assert line.startswith("Withdrawn all the same: 5 customers"), line
    assert not {"refused", "erased", "member of erased"} & contactable(site)
    assert "stays" in contactable(site)


def test_customers_who_cannot_be_read_are_said_in_one_line(published, tmp_path):
    site = copied(published, tmp_path, *ADDED["refused"])
    before = site.paths.published.read_bytes()
    customers = site.ods / "ods_cst_customer.csv"
    text = customers.read_text()
    customers.write_text(text.replace("registered_at", "since", 1))
    with pytest.raises(Refused) as refused:
        withdraw(site.paths, site.arguments())
    (line,) = str(refused.value).splitlines()
    assert line.startswith(
        "Erasures and withdrawals of consent could not be read, so none was "
        "applied to what is published: Source table 'ods_cst_customer' has no "
        "column 'registered_at'"
    )
    assert withdraw_after(site.paths, site.arguments()) == line
    customers.unlink()
    assert "'ods_cst_customer' not found" in withdraw_after(
        site.paths, site.arguments()
    )
    assert site.paths.published.read_bytes() == before
    assert "refused" in contactable(site)


def test_who_refused_is_remembered_without_the_build_database(
    refused, tmp_path
):
    """By what is published, who was told of on a day that was not included."""
    site = refused.copy(tmp_path)
    site.paths.build.unlink()
    rows = feed(*withdrawals())
    for row in rows["customer"]:
        row.pop("consent_phone", None)
        row["is_deleted"] = ""
    site.deliver(rows)
    failed, lines = site.build_lines("--select", "base_cst__customers")
    assert failed
    assert (
        "has no column 'consent_phone', so customers who refused by it would "
        "count as not having said so: 2. Deliver it"
    ) in lines
    assert (
        "has no value in 'is_deleted', so customers who are erased in "
        "dim_cst_customer would be shown again: 5. Deliver it"
    ) in lines
    failed, lines = site.build_lines(
        "--select", "base_cst__customers", cst_allow_missing_withdrawals=True
    )
    assert not failed, lines


@LONG
def test_a_column_that_vanished_takes_nothing_back(published, tmp_path):
    """What the other columns say is applied all the same."""
    site = published.copy(tmp_path)
    rows = feed(*ADDED["erased"], *ADDED["no sms"])
    for row in rows["customer"]:
        row.pop("contact_consent", None)
    site.deliver(rows)
    before = contactable(site)
    # who is erased, who was merged into them before, who wants no SMS, and who
    # shares their number
    assert "4 customers" in withdraw(site.paths, site.arguments())
    assert shown(site, "dim")["member of erased"][-1]
    assert before - contactable(site) == {
        "erased", "no sms", "no sms: mobile",
    }


@LONG
def test_only_what_is_newer_than_what_is_published_takes_consent(
    published, tmp_path
):
    """An extract of long ago: who agreed since then still does."""
    site = published.copy(tmp_path)
    old = "2023-06-01T00:00:00+08:00"
    rows = feed(without={"two versions", "on wecom", "stays"})
    defaults = read("defaults")
    rows["customer"] += [
        filled("customer", row, defaults) for row in (
            person("two versions", updated_at=old, contact_consent="false"),
            person("on wecom", updated_at="", contact_consent="false"),
        )
    ]
    site.deliver(rows)
    before = contactable(site)
    withdraw(site.paths, site.arguments())
    assert before - contactable(site) == {"on wecom"}


@LONG
def test_whoever_is_not_delivered_did_not_withdraw(published, tmp_path):
    site = published.copy(tmp_path)
    site.deliver(feed(without={"stays", "refused"}))
    before = contactable(site)
    assert withdraw(site.paths, site.arguments()) == (
        "Nobody withdrew who had not been withdrawn before."
    )
    assert contactable(site) == before


def test_only_the_newest_row_of_each_customer_is_delivered(published, tmp_path):
    """As a nightly extract does: no version of before is there."""
    site = published.copy(tmp_path)
    names = {
        "refused", "no sms", "refused by a rejected row", "says nothing",
        "erased", "two versions",
    }
    site.deliver(feed(
        *(row for name in names for row in ADDED[name]), without=names
    ))
    rows = feed(without=names)
    defaults = read("defaults")
    rows["customer"] += [
        filled("customer", row, defaults)
        for name in names for row in ADDED[name]
    ]
    site.deliver(rows)
    before = contactable(site)
    withdraw(site.paths, site.arguments())
    assert before - contactable(site) == names | CLOSED
    assert shown(site, "dim")["two versions"][1:8] == (None,) * 7


@LONG
def test_the_sample_withdraws_nobody_of_own_tables(
    published, tmp_path, monkeypatch
):
    site = published.copy(tmp_path)
    monkeypatch.setattr(cst.withdraw, "call_dbt", call_dbt)
    arguments = [
        *SETTINGS, "--target-path", str(tmp_path / "target"),
        "--log-path", str(tmp_path / "logs"),
    ]
    with pytest.raises(Refused, match="ods_cst_customer.* does not exist"):
        withdraw(site.paths, arguments)
    call_dbt(site.paths, ["seed", "--select", "ods_cst_customer", *arguments])
    with pytest.raises(Refused, match="the sample"):
        withdraw(site.paths, arguments)


def test_nothing_is_published_yet(tmp_path):
    site = Site(tmp_path)
    assert withdraw(site.paths) == (
        "Nothing is published, so nobody had to be withdrawn from it."
    )


def test_a_file_that_cannot_be_written_keeps_no_other_back(
    refused, published, tmp_path, monkeypatch
):
    """The addresses go, though the disk has no room for the rest."""
    site = published.copy(tmp_path)
    shutil.copy(refused.paths.build, site.paths.build)
    monkeypatch.setattr(cst.withdraw, "read_withdrawals", lambda *_: None)
    write = cst.withdraw.write

    def full(connection, database, *more):
        if database == "file":
            raise OSError(28, "No space left on device")
        write(connection, database, *more)

    monkeypatch.setattr(cst.withdraw, "write", full)
    before = site.paths.published.read_bytes()
    line = withdraw_after(site.paths)
    assert "cst.duckdb could not be written, so who withdrew is still in it" in line
    assert site.paths.published.read_bytes() == before
    assert "erased" not in shown(site, "contact")
    monkeypatch.undo()


# -- after a publication ----------------------------------------------------


def test_kept_files_go_as_far_back_as_what_is_published(
    published, mended, tmp_path
):
    """The next good day: what it blanks and whom it no longer reaches, a
    roll-back does not bring back; who vanished is not asked, so not reached."""
    site = published.copy(tmp_path)
    site.deliver(feed(*withdrawals(), without={"on wecom"}))
    assert not site.build()
    site.publish("third")
    after = contactable(site)
    for path in kept_files(site.paths):
        details = shown(site, "dim", path)
        for name, row in shown(site, "dim").items():
            if row[-1]:
                assert details[name] == (
                    name, *[None] * 3, details[name][4], *[None] * 3, "refused",
                    False, None, *[False] * 5, True,
                )
    roll_back(site.paths)
    assert contactable(site) <= after
    assert "stays" in contactable(site)
    assert "on wecom" not in contactable(site)
    assert shown(site, "dim")["on wecom"][2] == "on wecom City"
    assert shown(site, "dim")["returned"][2] is None


# -- words and options ------------------------------------------------------


def test_words_are_those_of_the_models(mended):
    words = {
        code: words for code, *words in mended.rows(
            """
            select code, code_name_zh, code_name_en from cst_dim.dim_cst_code
            where code_type = 'no_contact_reason'""", mended.paths.build,
        )
    }
    # no withdrawal gives one of the others
    assert {
        code: tuple(words.get(code, ())) for code in cst.withdraw.REASONS
    } == cst.withdraw.REASONS
    shown_channels = [
        column.removeprefix("is_reachable_by_") for (column,) in mended.rows(
            """
            select column_name from duckdb_columns()
            where table_name = 'dim_cst_customer'
            and starts_with(column_name, 'is_reachable_by_')
            order by column_index""", mended.paths.build,
        )
    ]
    assert shown_channels == list(cst.withdraw.CHANNELS)


def test_what_dbt_run_does_not_know_is_left_out():
    assert cst.withdraw.common([
        "--vars", "{a: 1}", "--full-refresh", "--threads=2", "--select", "x",
        "--target-path", "t", "--fail-fast",
    ]) == ["--vars", "{a: 1}", "--threads", "2", "--target-path", "t"]
