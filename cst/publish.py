"""Publishing: a new file beside the place, whole and on the disk, is renamed
over what people open. Interrupted anywhere, it leaves the one or the other."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from cst.database import (
    CONTACT,
    PUBLIC,
    Connection,
    Sums,
    Table,
    attach_new,
    columns_of,
    connected,
    copy_tables,
    first_line,
    is_attached,
    measures,
    tables_of,
)
from cst.errors import Refused
from cst.files import new_file, put_in_place
from cst.kept import is_whole_build, keep, kept_files, prune, repair, set_aside
from cst.log import (
    LOG,
    Run,
    last_sums,
    next_run,
    read_log,
    write_log,
    write_stamp,
)
from cst.paths import Paths
from cst.state import BuildState, completed
from cst.withdraw import withdraw_kept

# Called with the name of each step that is done; tests interrupt there.
Step = Callable[[str], None]


def no_step(name: str) -> None:
    """Nobody watches."""


def publish(
    paths: Paths, step: Step = no_step, kind: str | None = None
) -> str:
    """Publish the build, as a run of this kind; returns the line that says
    so."""
    need_published_path(paths)
    repair(paths)
    with connected(build=paths.build, published=paths.published) as connection:
        state = completed(connection, paths)
        tables = public_tables(connection, state)
        log = read_log(connection, "published")
        if log and log[-1].build_id == state.build_id:
            return (
                "Nothing to do: this build is published already "
                f"({seen(log[-1])})."
            )
        check_history(connection, paths, state, log)
        contacts = tables_of(connection, "build", [CONTACT])
        was_whole = is_whole_build(connection, "published")
    run = next_run(log, state.content())
    if kind is not None:
        run = run._replace(kind=kind)
    with nothing_changed(paths):
        with new_file(paths.contact, mode=0o600) as new_contacts:
            write_contacts(new_contacts, paths.build, contacts, run)
            step("contacts are written")
            with new_file(paths.published) as new:
                sums = write_public(
                    new, paths.build, tables, paths.published, run
                )
                step("tables are written")
                verify(new, tables, sums)
                step("tables are verified")
        # First, so that no address outlives a withdrawal that people see.
        put_in_place(paths.contact)
        step("contacts are in place")
        replaced = keep_replaced(paths, log, was_whole)
        step("what is replaced is kept")
        put_in_place(paths.published)
    step("tables are in place")
    prune(paths)
    step("older ones are removed")
    line = f"Published: {paths.published.name} is {seen(run)}.{replaced}"
    try:
        withdraw_kept(paths)
    except Refused as refused:
        raise Refused(f"{line} But: {refused}") from refused
    return line


def roll_back(paths: Paths, step: Step = no_step) -> str:
    """Put the newest kept file in the place of what is published."""
    need_published_path(paths)
    repair(paths)
    withdraw_kept(paths)
    kept = kept_files(paths)
    if not kept:
        raise Refused(
            f"There is no earlier file in {paths.kept}, so nothing was rolled "
            "back."
        )
    with connected(kept=kept[0], published=paths.published) as connection:
        tables = [
            table for table in tables_of(connection, "kept", PUBLIC)
            if table not in LOG
        ]
        earlier = read_log(connection, "kept")
        log = read_log(connection, "published") or earlier
    content = earlier[-1] if earlier else Run()
    run = next_run(
        log, content, kind="roll_back", restated_from_date=None,
        restated_to_date=None, withdrawn_customer_count=None,
    )
    before = paths.published if paths.published.exists() else kept[0]
    with nothing_changed(paths):
        with new_file(paths.published) as new:
            sums = write_public(new, kept[0], tables, before, run)
            step("tables are written")
            verify(new, tables, sums)
            step("tables are verified")
        put_in_place(paths.published)
    step("tables are in place")
    kept[0].unlink()
    return f"Rolled back: {paths.published.name} is {seen(run)}."


def seen(run: Run) -> str:
    """What people see, in words."""
    if run.run_id == 0:
        return "of a release before 0.7.0"
    return f"as of {run.as_of_date}, run {run.run_id}"


def need_published_path(paths: Paths) -> None:
    """Refuses where only the place of the build database is known."""
    if paths.published is None:
        raise Refused(
            "CST_DUCKDB_PATH is set and CST_PUBLISHED_PATH is not, so there is "
            "no file to publish to: set both, or neither."
        )


def public_tables(connection: Connection, state: BuildState) -> list[Table]:
    """The public tables of the build, each of which has to be there."""
    tables = state.tables()
    missing = [
        ".".join(table) for table in tables
        if not columns_of(connection, "build", table)
    ]
    if missing or not tables:
        raise Refused(
            "The build database lacks public tables "
            f"({', '.join(missing) or 'all of them'}). Nothing was published. "
            "To build all of it: python -m cst run"
        )
    return tables


def check_history(
    connection: Connection, paths: Paths, state: BuildState, log: list[Run]
) -> None:
    """Refuses a build that goes on from another history than what is
    published: it would undo a withdrawal, or change closed snapshots."""
    if not is_attached(connection, "published"):
        return
    last = log[-1] if log else Run()
    if state.published_run_id != last.run_id:
        read = (
            "knows nothing of what is published"
            if state.published_run_id is None
            else f"goes on from run {state.published_run_id}"
        )
        raise Refused(
            f"The build {read}, but {paths.published.name} is {seen(last)}. "
            "Nothing was published. To build on it: python -m cst run"
        )
    if (
        last.is_sample == state.is_sample
        and last.as_of_date is not None
        and state.as_of_date is not None
        and state.as_of_date < last.as_of_date
    ):
        raise Refused(
            f"The build is as of {state.as_of_date}, but "
            f"{paths.published.name} is {seen(last)}, which is later. Nothing "
            "was published. Roll back first (python -m cst roll-back), or "
            "publish to another file (CST_PUBLISHED_PATH)."
        )


def write_contacts(
    new: Path, source: Path, tables: list[Table], run: Run
) -> None:
    """The plain addresses, in a file of their own, and of which run they
    are."""
    with connected(source=source) as connection:
        attach_new(connection, new)
        copy_tables(connection, "source", tables)
        write_stamp(connection, run)
        connection.execute("detach new")


def write_public(
    new: Path, source: Path, tables: list[Table], before: Path, run: Run
) -> Sums:
    """The public tables of a file, and the run log: that of the file before,
    and this run. Returns what the source holds."""
    with connected(source=source, published=before) as connection:
        attach_new(connection, new)
        copy_tables(connection, "source", tables)
        sums = measures(connection, "source", tables)
        has_log = is_attached(connection, "published")
        write_log(connection, "published" if has_log else None, run, sums)
        connection.execute("detach new")
    return sums


def verify(new: Path, tables: list[Table], expected: Sums) -> None:
    """Read the new file from its beginning: its rows and sums are those of
    what was copied."""
    with connected(copy=new) as connection:
        found = measures(connection, "copy", tables)
        logged = last_sums(connection, "copy")
    wrong = {key[0] for key in expected if found.get(key) != expected[key]}
    if wrong or logged != expected:
        raise Refused(
            f"The copy of {', '.join(sorted(wrong)) or 'the run log'} is not "
            "what was built, so it was not published. Is the disk sound?"
        )


def keep_replaced(paths: Paths, log: list[Run], was_whole: bool) -> str:
    """Keep what is published; returns what there is to say about it."""
    if not paths.published.exists():
        return ""
    if was_whole:
        set_aside(paths)
        return (
            f" The file that it replaces holds plain addresses: it is "
            f"{paths.before} now, for its owner alone; remove it when you no "
            "longer need it."
        )
    keep(paths, log[-1].run_id if log else 0)
    return ""


@contextmanager
def nothing_changed(paths: Paths) -> Iterator[None]:
    """Says what a person can do where a file cannot be written."""
    try:
        yield
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise Refused(
            f"Not published: {first_line(error)}. {advice(error)} What people "
            f"see in {paths.published.name} stays as it was."
        ) from error


def advice(error: BaseException) -> str:
    """What a person can do about an error of the machine."""
    said = str(error)
    if isinstance(error, duckdb.OutOfMemoryException):
        return "Set CST_MEMORY_LIMIT higher (8GB) and publish again."
    if "ermission" in said or "Read-only" in said:
        return "Let this account write there and publish again."
    return "Make room on the disk and publish again."
