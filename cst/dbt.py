"""Calling dbt, and what its errors mean for a person."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence

from cst.paths import PROJECT, Paths, read_paths
from cst.progress import Progress, every_line

DBT = (sys.executable, "-c", "from dbt.cli.main import cli; cli()")
# What dbt says where a person has to do something about the machine or the
# feed, and what that is.
CAUSES = {
    r"Out of Memory Error|out of memory":
        "the build had too little memory: set CST_MEMORY_LIMIT higher (it is "
        f"{os.environ.get('CST_MEMORY_LIMIT', '4GB')}), or CST_THREADS lower",
    r"No space left on device|File too large|Disk quota exceeded":
        "the disk is full: make room and run again",
    r"Could not set lock on file":
        "another program has the database open: close it and run again",
    r"The feed is not usable|Source table '":
        "the feed is not usable, see above",
}


def call_dbt(
    paths: Paths,
    arguments: Sequence[str],
    lock: int = -1,
    dbt: Sequence[str] = DBT,
) -> tuple[bool, str | None]:
    """Call dbt and pass on what a person needs of what it prints; returns
    whether it failed, and the cause where it is a known one. The lock is held
    as long as dbt runs, should this program be killed."""
    causes = []
    show = printed if every_line() else Progress().show
    with subprocess.Popen(
        [*dbt, *arguments],
        cwd=PROJECT,
        env=environment(paths),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        pass_fds=[lock] if lock >= 0 else [],
    ) as process:
        try:
            for line in process.stdout:
                show(line)
                causes += [
                    cause for pattern, cause in CAUSES.items()
                    if re.search(pattern, line)
                ]
        except BaseException:
            # It has had the same signal, or has it now.
            process.terminate()
            raise
    return process.returncode != 0, causes[0] if causes else None


def printed(line: str) -> None:
    """A line of dbt as it is."""
    print(line, end="", flush=True)


def environment(paths: Paths) -> dict[str, str]:
    """The variables for dbt. Paths are named only where they are not those
    that dbt finds by itself: it parses anew when a variable changes."""
    named = {} if paths == read_paths() else {
        "CST_DUCKDB_PATH": str(paths.build),
        "CST_PUBLISHED_PATH": str(paths.published or ""),
    }
    return {
        **os.environ,
        **named,
        "DBT_PROFILES_DIR": str(PROJECT),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "CST_IS_PUBLISHING": "true",
    }
