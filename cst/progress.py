"""What dbt prints, for a person: how far it is, and what went wrong. All of it
is in dbt's own log."""

import os
import re
import shutil
import sys
import time
from typing import TextIO

from cst.errors import Refused

# All lines of dbt instead, for whoever reads every one.
VARIABLE = "CST_OUTPUT"
COLORS = re.compile(r"\x1b\[[0-9;]*m")
CLOCK = re.compile(r"^\d\d:\d\d:\d\d ?")
STEP = re.compile(
    r"^ *\d+ of (\d+) (?:(START)|(?:OK|PASS|NO-OP|SKIP)|(WARN|ERROR|FAIL)) "
    r"?(.*)$"
)
# What says nothing about this build.
IDLE = re.compile(
    r"^ *(?:$|Running with dbt|Registered adapter|Concurrency:"
    r"|Unable to do partial parsing|Found \d+ models|\d+ of \d+ \w+ hook:)"
)
# A long name leaves no room for the dots in front of it.
TIME = re.compile(r"[ .]*\[[^\[]*\]$")
LAYER = re.compile(
    r"model \w+?_(staging|intermediate|dim|dwd|dws|ads|contact)[.]"
)


def every_line() -> bool:
    """Whether all lines are asked for; refuses another word."""
    word = os.environ.get(VARIABLE) or "short"
    if word not in ("short", "dbt"):
        raise Refused(f"{VARIABLE} is '{word}', expected short or dbt")
    return word == "dbt"


class Progress:
    """Passes on lines of dbt. At a terminal one line is written over and over;
    elsewhere, as in a night's log, one is written for each tenth."""

    def __init__(
        self, out: TextIO | None = None, clock=time.monotonic
    ) -> None:
        self.out = out or sys.stdout
        self.is_terminal = self.out.isatty()
        self.clock = clock
        self.began = clock()
        self.done = 0
        self.tenths = 0
        self.has_line = False

    def show(self, line: str) -> None:
        """Show what a person needs of a line that dbt has printed."""
        line = line.rstrip("\n")
        plain = CLOCK.sub("", COLORS.sub("", line))
        if IDLE.match(plain):
            return
        step = STEP.match(plain)
        if step is None:
            self.tell(line)
            return
        total, started, trouble, what = step.groups()
        if trouble:
            self.tell(line)
        if started:
            if self.is_terminal:
                self.draw(int(total), what)
            return
        self.done += 1
        if self.is_terminal:
            self.draw(int(total), what)
        elif self.done * 10 // int(total) > self.tenths:
            self.tenths = self.done * 10 // int(total)
            self.tell(self.how_far(int(total), what))

    def tell(self, line: str) -> None:
        """Print a line that stays."""
        self.clear()
        print(line, file=self.out, flush=True)

    def draw(self, total: int, what: str) -> None:
        """Write the line that is written over by the next."""
        # A line that is wrapped cannot be written over.
        room = shutil.get_terminal_size().columns - 1
        print(
            f"\r\x1b[K{self.how_far(total, what)[:room]}", end="",
            file=self.out, flush=True,
        )
        self.has_line = True

    def clear(self) -> None:
        """Take away the line that is written over."""
        if self.has_line:
            print("\r\x1b[K", end="", file=self.out, flush=True)
            self.has_line = False

    def how_far(self, total: int, what: str) -> str:
        """Percent, steps, time since the beginning, and what it is at."""
        minutes, seconds = divmod(int(self.clock() - self.began), 60)
        return (
            f"{100 * self.done // total:4d} %  {self.done:,} of {total:,} "
            f"steps  {minutes}:{seconds:02d}  {shortened(what)}"
        )


def shortened(what: str) -> str:
    """Of what dbt says of a step, the layer of a model, or that it is a test."""
    layer = LAYER.search(what)
    words = TIME.sub("", what).split()
    name = words[-1].rpartition(".")[2] if words else ""
    if layer:
        return f"{layer[1]}: {name}"
    kind = "seed" if "seed file" in what else (
        "freshness" if what.startswith("freshness") else "test"
    )
    return f"{kind}: {name}"
