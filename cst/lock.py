"""One build at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from cst.errors import Refused
from cst.paths import Paths


@contextmanager
def one_build(paths: Paths) -> Iterator[int]:
    """Hold the lock; refuses where another program holds it. It is held by the
    open file, so it ends with the program, however that ends, and with the dbt
    that the program has started, which inherits the file."""
    paths.lock.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(paths.lock, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            process = os.pread(file, 20, 0).decode().strip()
            raise Refused(
                f"Another build is running (process {process}), so this one "
                "did not begin: wait until it has ended."
            ) from None
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        yield file
    finally:
        os.close(file)
