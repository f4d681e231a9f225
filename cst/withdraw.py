"""Erasures and withdrawals of consent reach what is published already."""

from collections.abc import Sequence

from cst.paths import Paths


def withdraw(
    paths: Paths, arguments: Sequence[str] = (), lock: int = -1
) -> str:
    """Apply what the feed says to the published file and to the kept ones."""
    return ""


def withdraw_after(
    paths: Paths, arguments: Sequence[str] = (), lock: int = -1
) -> str:
    """The same after a build that failed or was refused, without raising."""
    return ""


def withdraw_kept(paths: Paths) -> None:
    """Apply what the published file knows to the kept ones."""
