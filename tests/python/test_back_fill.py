"""Back-fill and restatement: which dates are run, with which vars, and what is
said when a run stops. The runs themselves are played here; test_history.py has
real ones."""

import json
from datetime import date, timedelta

import duckdb
import pytest

from cst.back_fill import back_fill, restate
from cst.errors import Refused
from cst.paths import Paths

OWN = ["--vars", "{cst_use_sample_data: false, cst_start_date: 2025-01-31}"]


class Played:
    """A warehouse whose runs are only written down; some of them fail."""

    def __init__(self, folder):
        self.paths = Paths(
            folder / "build.duckdb", folder / "cst.duckdb",
            folder / "contact.duckdb",
        )
        self.runs = []
        self.fails = set()
        self.run_id = 0

    def run(self, paths, arguments, lock, kind=None):
        assert paths is self.paths and lock == 7
        found = json.loads(arguments[arguments.index("--vars") + 1])
        day = found.get("cst_as_of_date")
        if day in self.fails:
            raise Refused("Not published: the feed is not usable, see above.")
        self.runs.append((*arguments[:-2], found))
        if day is not None:
            assert kind == "back_fill"
            self.publish(day, kind)
        return f"Published: as of {day}."

    def publish(self, day, kind="publication", is_sample=False):
        """Write the run log as publishing does."""
        self.run_id += 1
        with duckdb.connect(str(self.paths.published)) as connection:
            connection.execute(
                """
                create schema if not exists cst_ads;
                create table if not exists cst_ads.ads_cst_run (
                    run_id bigint, kind varchar, as_of_date date,
                    is_sample boolean
                );
                """
            )
            connection.execute(
                "insert into cst_ads.ads_cst_run values (?, ?, ?, ?)",
                [self.run_id, kind, day, is_sample],
            )

    def back_fill(self, *words):
        return back_fill(self.paths, words, 7, self.run)

    def restate(self, *words):
        return restate(self.paths, words, 7, self.run)

    def days(self):
        return [run[-1]["cst_as_of_date"] for run in self.runs]


@pytest.fixture
def played(tmp_path):
    return Played(tmp_path)


def test_each_date_as_known_at_its_end(played):
    """In order, over the end of February; the user's vars stay."""
    line = played.back_fill("2025-02-27", "2025-03-02", "--threads", "2", *OWN)
    assert played.days() == [
        "2025-02-27", "2025-02-28", "2025-03-01", "2025-03-02"
    ]
    assert played.runs[1] == ("--threads", "2", {
        "cst_use_sample_data": False, "cst_start_date": "2025-01-31",
        "cst_as_of_date": "2025-02-28", "cst_known_at": "2025-02-28",
    })
    assert line == (
        "Published 2025-02-27 to 2025-03-02 as known at the end of each date. "
        "Dates run: 4; published before: 0."
    )


def test_the_first_failure_stops_and_says_how_to_go_on(played):
    played.fails = {"2025-03-02"}
    with pytest.raises(Refused) as refused:
        played.back_fill("2025-03-01", "2025-03-03", *OWN)
    assert str(refused.value) == (
        "Not published: the feed is not usable, see above. The back-fill "
        "stopped at 2025-03-02, 1 of 3 dates are published. To go on from "
        "there: python -m cst back-fill 2025-03-01 2025-03-03 --vars "
        "'{cst_use_sample_data: false, cst_start_date: 2025-01-31}'"
    )
    played.fails = set()
    line = played.back_fill("2025-03-01", "2025-03-03", *OWN)
    assert played.days() == ["2025-03-01", "2025-03-02", "2025-03-03"]
    assert line.endswith("Dates run: 2; published before: 1.")
    assert played.back_fill("2025-03-01", "2025-03-03", *OWN) == (
        "Nothing to do: 2025-03-01 to 2025-03-03 is published."
    )


def test_nobody_goes_back(played):
    """Before what is published nothing is made afterwards."""
    played.publish("2025-03-10")
    with pytest.raises(Refused) as refused:
        played.back_fill("2025-03-09", "2025-03-12", *OWN)
    assert str(refused.value) == (
        "cst.duckdb is as of 2025-03-10, and 2025-03-09 was not published "
        "before it: what is published is not made otherwise afterwards. Begin "
        "after 2025-03-10, or begin anew in another file: set "
        "CST_PUBLISHED_PATH."
    )
    assert played.runs == []
    played.back_fill("2025-03-10", "2025-03-12", *OWN)
    assert played.days() == ["2025-03-11", "2025-03-12"]


def test_after_a_roll_back_the_dates_are_run_again(played):
    for day in ("2025-03-01", "2025-03-02", "2025-03-03"):
        played.publish(day)
    played.publish("2025-03-01", kind="roll_back")
    played.back_fill("2025-03-01", "2025-03-03", *OWN)
    assert played.days() == ["2025-03-02", "2025-03-03"]


def test_the_sample_is_no_history_of_own_tables(played):
    played.publish("2025-10-09", is_sample=True)
    played.back_fill("2025-03-01", "2025-03-01", *OWN)
    assert played.days() == ["2025-03-01"]


@pytest.mark.parametrize(("words", "said"), [
    (("2025-03-02", "2025-03-01"), "2025-03-02 is after 2025-03-01"),
    (
        ("2025-03-01", "2025-03-02", "--vars", "{cst_known_at: 2025-03-01}"),
        "cst_known_at cannot be given here",
    ),
    (
        ("2025-03-01", "2025-03-02", "--vars",
         "{cst_as_of_date: 2025-03-01, cst_known_at: 2025-03-01}"),
        "cst_as_of_date and cst_known_at cannot be given here",
    ),
])
def test_what_is_asked_wrongly_says_so(played, words, said):
    with pytest.raises(Refused) as refused:
        played.back_fill(*words)
    assert said in str(refused.value) and played.runs == []


@pytest.mark.parametrize("words", [
    ("2025-03-01",), ("20250301", "2025-03-02"), ("2025-02-29", "2025-03-02"),
    ("2025-03-01", "2025-03-02", "--vars", "x"),
    ("2025-03-01", "2025-03-02", "--vars", "{a: [}"),
])
def test_what_cannot_be_read_ends_with_the_usage(played, words, capsys):
    with pytest.raises(SystemExit) as end:
        played.back_fill(*words)
    assert end.value.code == 2 and "usage:" in capsys.readouterr().err
    assert played.runs == []


def test_without_a_place_to_publish_nothing_runs(tmp_path):
    for word, name in ((back_fill, "back-fill"), (restate, "restate")):
        with pytest.raises(Refused) as refused:
            word(Paths(tmp_path / "a.duckdb"), ["2025-03-01", "2025-03-02"])
        assert str(refused.value).startswith(f"{name} publishes, but")


def test_restate_is_one_run_with_the_range(played):
    """As of the usual date, by today's knowledge."""
    with pytest.raises(Refused, match="nothing to restate"):
        played.restate("2025-01-01", "2025-01-31", *OWN)
    played.publish("2025-03-10")
    played.restate("2025-01-31", "2025-02-28", *OWN)
    assert played.runs == [({
        "cst_use_sample_data": False, "cst_start_date": "2025-01-31",
        "cst_restate_from": "2025-01-31", "cst_restate_to": "2025-02-28",
    },)]
    with pytest.raises(Refused, match="cst_restate_to cannot be given"):
        played.restate(
            "2025-01-31", "2025-02-28", "--vars", "{cst_restate_to: 2025-01-31}"
        )


def test_a_long_range_has_every_date_once(played):
    played.back_fill("2024-02-01", "2024-04-01", *OWN)
    days = [date.fromisoformat(day) for day in played.days()]
    assert days == [date(2024, 2, 1) + timedelta(n) for n in range(61)]
