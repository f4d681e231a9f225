"""The published files that were replaced: the last three, to roll back to."""

from pathlib import Path

from cst.database import PUBLIC, Connection, connected
from cst.files import keep_as, remove_new
from cst.log import Run, read_log
from cst.paths import Paths

COUNT = 3


def kept_files(paths: Paths) -> list[Path]:
    """The kept files, newest first: the number in the name is the run that
    had brought the file about."""
    return sorted(paths.kept.glob("cst-*.duckdb"), reverse=True)


def last_run(path: Path) -> Run:
    """The last row of a file's log; an empty one where it has no log."""
    with connected(file=path) as connection:
        log = read_log(connection, "file")
    return log[-1] if log else Run()


def is_whole_build(connection: Connection, database: str) -> bool:
    """Whether a file holds more than what is public, as that of a release
    before 0.7.0 does: plain addresses, too."""
    return bool(connection.execute(
        "select 1 from duckdb_tables() where database_name = ? "
        "and not list_contains(?, schema_name) limit 1",
        [database, list(PUBLIC)],
    ).fetchall())


def keep(paths: Paths, run_id: int) -> None:
    """Keep the published file, which is about to be replaced."""
    keep_as(paths.published, paths.kept / f"cst-{run_id:08d}.duckdb")


def set_aside(paths: Paths) -> None:
    """Put the file of an older release where only its owner reads it."""
    keep_as(paths.published, paths.before)
    paths.before.chmod(0o600)
    log = paths.published.with_name(paths.published.name + ".wal")
    if log.exists():
        log.replace(paths.before.with_name(paths.before.name + ".wal"))


def prune(paths: Paths) -> None:
    """Keep the newest ones."""
    for path in kept_files(paths)[COUNT:]:
        path.unlink()


def repair(paths: Paths) -> None:
    """Tidy up after a run that was interrupted: what it had begun to write,
    and what is both published and kept."""
    if paths.published is None:
        return
    for path in (paths.published, paths.contact, paths.before):
        remove_new(path)
    for new in paths.kept.glob("*.new*"):
        new.unlink(missing_ok=True)
    if paths.published.exists() and kept_files(paths):
        content = last_run(paths.published).build_id
        for path in kept_files(paths):
            if content is not None and last_run(path).build_id == content:
                path.unlink()
    prune(paths)
