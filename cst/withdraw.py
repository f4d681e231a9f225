"""Erasures and withdrawals of consent reach what is published already."""

from collections.abc import Sequence

from cst.paths import Paths


def withdraw(paths: Paths, arguments: Sequence[str] = ()) -> str | None:
    """Apply what the last build could read to the published file and to the
    kept ones; returns the line to print, if anybody was concerned."""
    return None


def withdraw_kept(paths: Paths) -> None:
    """Apply what the published file knows to the kept ones."""
