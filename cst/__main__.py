"""python -m cst <word>"""

import argparse
import os
import signal
import sys

import duckdb

from cst.ask import ask
from cst.back_fill import back_fill, restate
from cst.errors import Refused
from cst.first_look import first_look
from cst.freshness import freshness
from cst.hand_over import hand_over
from cst.lock import one_build
from cst.paths import Paths, read_paths
from cst.publish import publish, roll_back
from cst.questions import all_questions
from cst.run import run
from cst.status import status
from cst.withdraw import withdraw

WORDS = {
    "run": "build, test and publish; what follows goes to dbt build",
    "publish": "publish what was built",
    "roll-back": "put the published file before this one in its place",
    "withdraw": "apply erasures and withdrawals to what is published",
    "hand-over": "write the list to contact, with addresses, to a file",
    "back-fill": "run each date of a range, as it was known at its end",
    "restate": "run, and write the closed snapshots of a range anew",
    "ask": "answer a question that people ask, by its number or its words",
    "first-look": "say where the warehouse is, with three of its answers",
    "freshness": "say how old the newest rows of the sources are",
    "status": "say what is published, kept and built",
}

# Words that read what follows them, or pass it on to dbt.
WITH_ARGUMENTS = (
    "run", "withdraw", "hand-over", "back-fill", "restate", "freshness",
    "ask",
)


def main(arguments: list[str]) -> int:
    """Do what the word says; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m cst", description="Build and publish the warehouse.",
    )
    words = parser.add_subparsers(dest="word", required=True, metavar="word")
    for word, help_text in WORDS.items():
        words.add_parser(
            word, help=help_text, add_help=word not in WITH_ARGUMENTS
        )
    parsed, others = parser.parse_known_args(arguments)
    if others and parsed.word not in WITH_ARGUMENTS:
        parser.error(f"{parsed.word} takes no {others[0]}")
    # The others pass options on, to dbt, which tells of its own.
    if parsed.word == "ask" and any(it.startswith("-") for it in others):
        parser.error("ask takes a number, or words of a question, or nothing")
    signal.signal(signal.SIGTERM, interrupted)
    try:
        line = do(parsed.word, others, read_paths())
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    except (OSError, duckdb.Error) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(
            "Interrupted. What people see is whole; the next run tidies up.",
            file=sys.stderr,
        )
        return 130
    if line:
        try:
            print(line, flush=True)
        except BrokenPipeError:
            # Whoever reads has seen enough, as `head` has.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def do(word: str, others: list[str], paths: Paths) -> str | None:
    """Do what the word says; returns the line to print."""
    if word == "status":
        return status(paths)
    if word == "ask":
        return ask(paths, others)
    if word == "first-look":
        return first_look(paths, len(all_questions()))
    with one_build(paths) as lock:
        if word == "run":
            return run(paths, others, lock)
        if word == "back-fill":
            return back_fill(paths, others, lock)
        if word == "restate":
            return restate(paths, others, lock)
        if word == "freshness":
            return freshness(paths, others, lock)
        if word == "hand-over":
            return hand_over(paths, others)
        if word == "publish":
            return publish(paths)
        if word == "roll-back":
            return roll_back(paths)
        return withdraw(paths, others, lock)


def interrupted(*_: object) -> None:
    """A signal to end is as good as a key."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
