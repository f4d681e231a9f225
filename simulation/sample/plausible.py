"""What a retailer would ask first, and what may be the answer."""

import tomllib
from pathlib import Path
from typing import NamedTuple

MEASURES = Path(__file__).with_name("plausible.toml")


class Measure(NamedTuple):
    """A query of one value of the built sample, and the range it lies in."""

    name: str
    low: float
    high: float
    source: str
    sql: str


def read_measures(path: Path = MEASURES) -> list[Measure]:
    tables = tomllib.loads(path.read_text(encoding="utf-8"))["measure"]
    return [Measure(**table) for table in tables]
