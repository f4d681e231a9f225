"""What a person sees of dbt's lines: how far it is, and what went wrong."""

import io

import pytest
from cst.errors import Refused
from cst.progress import Progress, every_line, shortened

MODEL = "sql table model cst_dws.dws_cst_behavior"
LINES = [
    "08:21:28  Running with dbt=1.11.16",
    "08:21:29  Registered adapter: duckdb=1.11.1",
    "\x1b[0m08:21:29  [WARNING]: Something is old",
    "08:21:30  Found 268 models, 9 analyses, 1291 data tests",
    "08:21:30  ",
    "08:21:30  1 of 5 START hook: cst.on-run-start.0 ....... [RUN]",
    "08:21:30  1 of 5 OK hook: cst.on-run-start.0 .......... [OK in 0.02s]",
    f"08:21:31  1 of 4 START {MODEL} ......... [RUN]",
    f"08:21:31  1 of 4 OK created {MODEL} .... [\x1b[32mOK\x1b[0m in 1s]",
    "08:21:31  2 of 4 WARN 3 assert_x ................ [WARN 3 in 1s]",
    f"08:21:31  3 of 4 ERROR creating {MODEL} . [\x1b[31mERROR\x1b[0m in 1s]",
    "08:21:31  4 of 4 SKIP test not_null_x ........... [SKIP]",
    "08:21:32  Done. PASS=1 WARN=1 ERROR=1 SKIP=1 TOTAL=4",
]


class Terminal(io.StringIO):
    """A text of what a terminal got."""

    def isatty(self):
        return True


def shown(lines, out):
    """What is printed of lines that dbt prints, ten seconds apart."""
    seconds = iter(range(0, 1000, 10))
    progress = Progress(out, clock=lambda: next(seconds))
    for line in lines:
        progress.show(f"{line}\n")
    return out.getvalue()


def test_a_log_gets_a_line_for_each_tenth_and_all_that_went_wrong():
    assert shown(LINES, io.StringIO()).splitlines() == [
        "\x1b[0m08:21:29  [WARNING]: Something is old",
        "  25 %  1 of 4 steps  0:10  dws: dws_cst_behavior",
        "08:21:31  2 of 4 WARN 3 assert_x ................ [WARN 3 in 1s]",
        "  50 %  2 of 4 steps  0:20  test: assert_x",
        LINES[10],
        "  75 %  3 of 4 steps  0:30  dws: dws_cst_behavior",
        " 100 %  4 of 4 steps  0:40  test: not_null_x",
        "08:21:32  Done. PASS=1 WARN=1 ERROR=1 SKIP=1 TOTAL=4",
    ]


def test_a_thousand_steps_are_ten_lines():
    lines = [
        f"08:21:31  {number} of 1474 PASS not_null_x .... [PASS in 0.01s]"
        for number in range(1, 1475)
    ]
    printed = shown(lines, io.StringIO()).splitlines()
    assert [line.split("%")[0].strip() for line in printed] == [
        "10", "20", "30", "40", "50", "60", "70", "80", "90", "100",
    ]
    assert printed[-1].startswith(" 100 %  1,474 of 1,474 steps")


def test_a_terminal_has_one_line_that_moves(monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    narrow = shown(LINES[7:8], Terminal())
    assert narrow == "\r\x1b[K   0 %  0 of 4 step"
    monkeypatch.setenv("COLUMNS", "100")
    printed = shown(LINES, Terminal())
    # What stays is written where the moving line was.
    assert [
        part for part in printed.split("\n") if not part.startswith("\r")
    ][:2] == ["\x1b[0m08:21:29  [WARNING]: Something is old", ""]
    assert "\r\x1b[K   0 %  0 of 4 steps  0:10  dws: dws_cst_behavior" in printed
    assert printed.endswith("\r\x1b[K08:21:32  Done. PASS=1 WARN=1 ERROR=1 "
                            "SKIP=1 TOTAL=4\n")


@pytest.mark.parametrize(("what", "short"), [
    ("created sql table model cst_ads.ads_x ..... [OK in 0.06s]", "ads: ads_x"),
    ("a_name_that_leaves_no_room_for_dots  [PASS in 0.06s]",
     "test: a_name_that_leaves_no_room_for_dots"),
    ("loaded seed file cst_ods.ods_x ... [INSERT 9 in 0.06s]", "seed: ods_x"),
    ("freshness of ods.ods_x ... [PASS in 0.06s]", "freshness: ods_x"),
    ("sql view model cst_staging.stg_x ... [RUN]", "staging: stg_x"),
])
def test_what_a_step_is_called(what, short):
    assert shortened(what) == short


@pytest.mark.parametrize(("word", "every"), [
    (None, False), ("", False), ("short", False), ("dbt", True),
])
def test_every_line_where_that_is_asked_for(monkeypatch, word, every):
    monkeypatch.delenv("CST_OUTPUT", raising=False)
    if word is not None:
        monkeypatch.setenv("CST_OUTPUT", word)
    assert every_line() == every


def test_another_word_is_refused(monkeypatch):
    monkeypatch.setenv("CST_OUTPUT", "quiet")
    with pytest.raises(Refused, match="'quiet', expected short or dbt"):
        every_line()
