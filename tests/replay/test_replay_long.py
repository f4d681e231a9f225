"""Two months of the sample, night by night, and many random companies:
`make test-replay`, half an hour and more. Figures are in target/replay.txt."""

import os
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "replay"))

import variants
from feed import sample_feed
from found_cases import EVERY_FAULT, MANY_ENTRIES
from random_feed import plans
from replay import Replay, report

REPORT = PROJECT / "target" / "replay.txt"
FIRST, NIGHTS = date(2025, 9, 28), 63
# Nights without a run: a weekend over a month end, and single ones.
OUTAGES = {date(2025, 10, 31), date(2025, 11, 1), date(2025, 10, 12)}
# From a night on, the product is another one, or is set up otherwise.
CHANGES = {
    date(2025, 10, 15): variants.sample_with_other_code,
    date(2025, 11, 5): variants.sample_with_other_rules,
}
ROLL_BACK = date(2025, 11, 12)


@pytest.fixture(scope="module", autouse=True)
def new_report():
    REPORT.unlink(missing_ok=True)


def test_two_months_of_the_sample(tmp_path):
    feed = sample_feed(FIRST, FIRST + timedelta(days=NIGHTS))
    replay = Replay(
        feed, variants.sample(), tmp_path, variants.SAMPLE_POLICY
    )
    for number in range(NIGHTS):
        night = FIRST + timedelta(days=number)
        if night in OUTAGES:
            continue
        if night in CHANGES:
            replay.code, replay.policy = CHANGES[night]()
        if night == ROLL_BACK:
            replay.roll_back()
        replay.night(night)
    report(replay, REPORT, "sample")
    problems = [line for night in replay.done for line in night.problems]
    assert not problems, "\n".join(problems[:40])
    assert len(replay.done) >= 58
    assert sum(night.kept_values for night in replay.done) > 100_000


@pytest.mark.parametrize("name", variants.BROKEN)
def test_a_guard_that_is_gone_is_seen(name, tmp_path):
    model, old, new = variants.BROKEN[name]
    # an alternative is drawn for one entry in many
    plan = (
        MANY_ENTRIES if name == "another option is chosen" else EVERY_FAULT
    )
    with pytest.raises(variants.Differs):
        variants.run(plan, tmp_path, {model: (old, new)})


@pytest.mark.parametrize("name", variants.BROKEN_BY_NIGHT)
def test_what_a_night_leaves_out_is_seen(name, tmp_path):
    model, old, new = variants.BROKEN_BY_NIGHT[name]
    with pytest.raises(variants.Differs):
        variants.run(EVERY_FAULT, tmp_path, None, {model: (old, new)})


def test_random_companies(tmp_path_factory):
    start, done = time.monotonic(), []

    @settings(
        max_examples=int(os.environ.get("CST_EXAMPLES", 60)), deadline=None, print_blob=False, database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(plan=plans(nights=6, changes=variants.CHANGES))
    def unroll(plan):
        replay = variants.run(plan, tmp_path_factory.mktemp("random"))
        done.append(replay)

    try:
        unroll()
    finally:
        with open(REPORT, "a", encoding="utf-8") as file:
            nights = [night for replay in done for night in replay.done]
            file.write(
                f"random: {len(done)} companies, {len(nights)} nights, "
                f"{sum(night.rows for night in nights)} rows compared, "
                f"{sum(night.kept_values for night in nights)} values that a "
                f"rebuild would change, {time.monotonic() - start:.0f} s\n"
            )
