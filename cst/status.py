"""What is published, what is kept, and what is built."""

from pathlib import Path

from cst.database import connected
from cst.errors import Refused
from cst.kept import kept_files, last_run
from cst.log import Run
from cst.paths import Paths
from cst.state import read_state


def status(paths: Paths) -> str:
    """A line for each file."""
    lines = []
    if paths.published is None:
        lines.append("published: nowhere (CST_PUBLISHED_PATH is not set)")
    else:
        lines.append(f"published: {described(paths.published)}")
        kept = kept_files(paths)
        lines += [f"kept:      {described(path)}" for path in kept]
        if not kept:
            lines.append(f"kept:      nothing in {paths.kept}")
    lines.append(f"built:     {built(paths)}")
    return "\n".join(lines)


def described(path: Path) -> str:
    """One file and its last run."""
    if not path.exists():
        return f"{path}: not there"
    try:
        run = last_run(path)
    except Refused as refused:
        return str(refused)
    if run == Run():
        return f"{path}: of a release before 0.7.0"
    return (
        f"{path}: as of {run.as_of_date}, run {run.run_id} ({run.kind}, "
        f"{run.published_at} UTC), release {run.code_version}"
    )


def built(paths: Paths) -> str:
    """What the build database holds."""
    if not paths.build.exists():
        return f"{paths.build}: not there"
    try:
        with connected(build=paths.build) as connection:
            state = read_state(connection, "build")
    except Refused as refused:
        return str(refused)
    if state is None:
        return f"{paths.build}: of unknown state"
    reason = f" ({state.reason})" if state.reason else ""
    return f"{paths.build}: {state.status}{reason}, as of {state.as_of_date}"
