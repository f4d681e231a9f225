"""Running the past: each date of a range as it was known then, or closed
snapshots anew."""

import argparse
import json
import shlex
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import yaml

from cst.database import connected
from cst.errors import Refused
from cst.log import Run, read_log
from cst.paths import PROJECT, Paths
from cst.run import run

# Builds with these arguments of dbt and publishes; returns the line to print.
RunOnce = Callable[..., str]


def back_fill(
    paths: Paths, words: Sequence[str], lock: int = -1, run_once: RunOnce = run
) -> str:
    """Run and publish each business date from the first to the last, with what
    was known at its end. Dates that were published already are left out, so
    that the same words go on where a run had stopped."""
    asked = read_words("back-fill", words)
    check_vars(asked, ["cst_as_of_date", "cst_known_at"])
    need_file(paths, "back-fill")
    log = history(paths, asked)
    dates = [
        asked.first + timedelta(days=number)
        for number in range((asked.last - asked.first).days + 1)
    ]
    left = dates_to_run(paths, dates, log)
    for number, day in enumerate(left):
        print(f"== {day} ({number + 1} of {len(left)}) ==", flush=True)
        try:
            line = run_once(
                paths,
                asked.arguments(cst_as_of_date=day, cst_known_at=day),
                lock,
                kind="back_fill",
            )
        except Refused as refused:
            raise Refused(
                f"{refused} The back-fill stopped at {day}, "
                f"{number} of {len(left)} dates are published. To go on from "
                f"there: {again('back-fill', words)}"
            ) from refused
        print(line, flush=True)
    if not left:
        return f"Nothing to do: {asked.first} to {asked.last} is published."
    return (
        f"Published {asked.first} to {asked.last} as known at the end of each "
        f"date. Dates run: {len(left)}; published before: "
        f"{len(dates) - len(left)}."
    )


def restate(
    paths: Paths, words: Sequence[str], lock: int = -1, run_once: RunOnce = run
) -> str:
    """Run once, and write the closed snapshots from the first date to the last
    anew, by today's knowledge."""
    asked = read_words("restate", words)
    check_vars(asked, ["cst_restate_from", "cst_restate_to"])
    need_file(paths, "restate")
    if not history(paths, asked):
        raise Refused(
            "Nothing is published, so there is nothing to restate. To build "
            "and publish: python -m cst run"
        )
    return run_once(
        paths,
        asked.arguments(
            cst_restate_from=asked.first, cst_restate_to=asked.last
        ),
        lock,
    )


class Asked(argparse.Namespace):
    """What was asked for: a range of dates, vars, other arguments of dbt."""

    first: date
    last: date
    vars: dict[str, Any]
    others: list[str]

    def arguments(self, **dates: date) -> list[str]:
        """Arguments of dbt build with these vars besides."""
        all_vars = {
            **self.vars, **{name: f"{day}" for name, day in dates.items()},
        }
        # A date that YAML has read is a date in ISO again.
        return [*self.others, "--vars", json.dumps(all_vars, default=str)]

    def var(self, name: str) -> Any:
        """A var as dbt will have it."""
        text = (PROJECT / "dbt_project.yml").read_text(encoding="utf-8")
        return {**yaml.safe_load(text)["vars"], **self.vars}[name]


def read_words(word: str, words: Sequence[str]) -> Asked:
    """Read what follows the word."""
    parser = argparse.ArgumentParser(
        prog=f"python -m cst {word}", allow_abbrev=False,
        description="Any other argument goes to dbt build.",
    )
    parser.add_argument("first", type=iso_date, help="first date, YYYY-MM-DD")
    parser.add_argument("last", type=iso_date, help="last date, YYYY-MM-DD")
    parser.add_argument(
        "--vars", type=read_vars, default={}, help="vars, as dbt takes them"
    )
    asked, others = parser.parse_known_args(words, Asked())
    asked.others = others
    if asked.first > asked.last:
        raise Refused(
            f"{asked.first} is after {asked.last}: give the first date first."
        )
    return asked


def iso_date(text: str) -> date:
    """A date as dbt_project.yml has it; 20250331 is none."""
    day = date.fromisoformat(text)
    if f"{day}" != text:
        raise ValueError(text)
    return day


def read_vars(text: str) -> dict[str, Any]:
    """Vars as dbt takes them, YAML in one argument."""
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise argparse.ArgumentTypeError(f"no YAML: {text}") from error
    if not isinstance(found, dict):
        raise argparse.ArgumentTypeError(f"no mapping of vars: {text}")
    return found


def check_vars(asked: Asked, names: Sequence[str]) -> None:
    """Refuses vars that this program sets."""
    given = [name for name in names if name in asked.vars]
    if given:
        raise Refused(
            f"{' and '.join(given)} cannot be given here: the dates say it."
        )


def need_file(paths: Paths, word: str) -> None:
    """Refuses where there is no place to publish to."""
    if paths.published is None:
        raise Refused(
            f"{word} publishes, but CST_DUCKDB_PATH is set and "
            "CST_PUBLISHED_PATH is not: set both, or neither."
        )


def history(paths: Paths, asked: Asked) -> list[Run]:
    """The run log, oldest first; empty where the sample is published and own
    tables are asked for, or the other way round: that is another history."""
    with connected(published=paths.published) as connection:
        log = read_log(connection, "published")
    if log and log[-1].is_sample != asked.var("cst_use_sample_data"):
        return []
    return log


def dates_to_run(
    paths: Paths, dates: Sequence[date], log: Sequence[Run]
) -> list[date]:
    """The dates that are not published; refuses where that is to go back."""
    newest = log[-1].as_of_date if log else None
    if newest is None:
        return list(dates)
    published = {one.as_of_date for one in log}
    missing = [
        day for day in dates if day <= newest and day not in published
    ]
    if missing:
        raise Refused(
            f"{paths.published.name} is as of {newest}, and {missing[0]} was "
            "not published before it: what is published is not made otherwise "
            f"afterwards. Begin after {newest}, or begin anew in another file: "
            "set CST_PUBLISHED_PATH."
        )
    return [day for day in dates if day > newest]


def again(word: str, words: Sequence[str]) -> str:
    """The command, as a person can type it."""
    return shlex.join(["python", "-m", "cst", word, *words])
