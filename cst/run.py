"""One word for a night: build, test, and publish what is sound."""

from collections.abc import Sequence

from cst.database import connected
from cst.dbt import DBT, call_dbt
from cst.errors import Refused
from cst.kept import repair
from cst.log import Run, read_log
from cst.paths import Paths
from cst.progress import every_line
from cst.publish import publish, seen
from cst.state import read_state
from cst.withdraw import withdraw_after


def run(
    paths: Paths,
    arguments: Sequence[str] = (),
    lock: int = -1,
    kind: str | None = None,
) -> str:
    """Build with these arguments of dbt, and publish; where either is refused,
    withdraw from what is published what the build could read."""
    try:
        repair(paths)
        build(paths, arguments, lock)
        if paths.published is None:
            return (
                f"Built {paths.build}. CST_PUBLISHED_PATH is not set, so "
                "nothing was published."
            )
        print("Publishing: what was built is copied and read back.", flush=True)
        return publish(paths, kind=kind)
    except Refused as refused:
        if paths.published is None:
            raise
        withdrawn = withdraw_after(paths, arguments, lock)
        raise Refused(f"{refused} {withdrawn}".strip()) from refused


def build(
    paths: Paths,
    arguments: Sequence[str] = (),
    lock: int = -1,
    dbt: Sequence[str] = DBT,
) -> None:
    """dbt build, data tests too; refuses with what stays published. The unit
    tests prove the code, not the data."""
    paths.build.parent.mkdir(parents=True, exist_ok=True)
    if not every_line():
        print(
            f"Building and testing {paths.build}: dbt reads the project for "
            "half a minute, then says how far it is; logs/dbt.log has all of "
            "its lines.", flush=True,
        )
    failed, cause = call_dbt(
        paths, ["build", "--exclude-resource-type", "unit_test", *arguments],
        lock, dbt,
    )
    if failed:
        cause = cause or noted(paths) or "the build did not begin, see above"
        raise Refused(f"Not published: {cause}. {what_stays(paths)}")


def noted(paths: Paths) -> str | None:
    """Why the build is not complete, if its hooks could note it."""
    try:
        with connected(build=paths.build) as connection:
            state = read_state(connection, "build")
    except Refused:
        return None
    if state is None or state.status == "complete":
        return None
    return state.reason or "dbt ended before the build did"


def what_stays(paths: Paths) -> str:
    """What people see, though the build failed."""
    if paths.published is None:
        return "Nothing is published from here."
    if not paths.published.exists():
        return "Nothing was published before."
    with connected(published=paths.published) as connection:
        log = read_log(connection, "published")
    return (
        f"{paths.published.name} stays {seen(log[-1] if log else Run())}."
    )
