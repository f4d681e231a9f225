"""How old a feed is, by the clock. Nothing of a build asks that: the same feed
gives the same tables on any day."""

import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cst.dbt import call_dbt
from cst.errors import Refused
from cst.paths import PROJECT, Paths

WORDS = {"pass": "fresh", "warn": "late", "error": "stale"}
RESULTS = "sources.json"


def freshness(
    paths: Paths, arguments: Sequence[str] = (), lock: int = -1
) -> str:
    """Ask how old the newest row of each source is that is on, with these
    arguments of dbt source freshness; returns a line for each. Refuses where
    one is older than cst_freshness_error_hours, or cannot be asked."""
    if any(it.partition("=")[0] in ("-o", "--output") for it in arguments):
        raise Refused(
            "freshness reads what dbt writes, so it cannot be put elsewhere: "
            "leave out -o. --target-path takes a folder."
        )
    paths.build.parent.mkdir(parents=True, exist_ok=True)
    results = target(arguments) / RESULTS
    results.unlink(missing_ok=True)
    failed, cause = call_dbt(
        paths, ["source", "freshness", *arguments], lock
    )
    if not results.exists():
        raise Refused(
            "Nobody knows how fresh the feed is: "
            f"{cause or 'it could not be asked, see above'}."
        )
    found = json.loads(results.read_text(encoding="utf-8"))["results"]
    if not found:
        raise Refused(
            "No source was asked: nothing that is on was selected. To ask all: "
            "leave out --select."
        )
    lines = [described(one) for one in sorted(found, key=name)]
    if failed:
        print(*lines, sep="\n", flush=True)
        stale = [name(one) for one in found if one["status"] == "error"]
        raise Refused(
            f"Stale: {', '.join(sorted(stale))}." if stale
            else "A source could not be asked, see above."
        )
    late = sum(one["status"] == "warn" for one in found)
    return "\n".join([
        *lines, f"Fresh: of {len(found)} sources none is stale, {late} late.",
    ])


def target(arguments: Sequence[str]) -> Path:
    """The folder into which dbt writes what it found."""
    folder = os.environ.get("DBT_TARGET_PATH") or "target"
    for option, value in zip(arguments, [*arguments[1:], ""]):
        if option == "--target-path":
            folder = value
        elif option.startswith("--target-path="):
            folder = option.partition("=")[2]
    return PROJECT / folder


def name(result: dict) -> str:
    """The table of a result."""
    return result["unique_id"].rpartition(".")[2]


def described(result: dict) -> str:
    """One source: its newest row and how many hours old that is."""
    newest = datetime.fromisoformat(result["max_loaded_at"])
    hours = result["max_loaded_at_time_ago_in_s"] / 3600
    told = f"{newest:%Y-%m-%d %H:%M} UTC" if newest.year > 1 else "no rows"
    return (
        f"{name(result):22} {told:21} {hours:9,.1f} hours  "
        f"{WORDS[result['status']]}"
    )
