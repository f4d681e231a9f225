"""Files that are there whole or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def new_file(path: Path, mode: int = 0o644) -> Iterator[Path]:
    """A place beside the path to write to. What was written there is on the
    disk when the context ends, and gone where it ends with an error. It may be
    read by whom the file may that it replaces; a first one by this mode."""
    remove_new(path)
    new = path.with_name(path.name + ".new")
    # Nobody else may read, not even while it is written.
    before = os.umask(0o077)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield new
        give_permissions(new, path, mode)
        to_disk(new)
    except BaseException:
        remove_new(path)
        raise
    finally:
        os.umask(before)


def give_permissions(new: Path, path: Path, mode: int) -> None:
    """The permissions and the group of the file at the path; these where there
    is none. To no other group than that."""
    if path.exists():
        before = path.stat()
        mode = before.st_mode & 0o777
        if new.stat().st_gid != before.st_gid:
            try:
                os.chown(new, -1, before.st_gid)
            except PermissionError:
                mode &= ~0o070
    os.chmod(new, mode)


def put_in_place(path: Path) -> None:
    """Rename the new file over the path: readers see the one or the other."""
    # A log that a crashed program left belongs to the file that goes.
    path.with_name(path.name + ".wal").unlink(missing_ok=True)
    os.replace(path.with_name(path.name + ".new"), path)
    to_disk(path.parent)


def keep_as(path: Path, kept: Path) -> None:
    """Give a file a second name, or where a link cannot be made, a copy."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.unlink(missing_ok=True)
    try:
        os.link(path, kept)
    except OSError:
        with new_file(kept) as new:
            shutil.copyfile(path, new)
        put_in_place(kept)
    to_disk(kept.parent)


def remove_new(path: Path) -> None:
    """Remove what an interrupted run had begun to write, its log as well."""
    for left_over in path.parent.glob(path.name + ".new*"):
        left_over.unlink(missing_ok=True)


def to_disk(path: Path) -> None:
    """Wait until the disk has the file, or the names in the folder."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
