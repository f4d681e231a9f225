"""Write the sample extract: nine ODS tables as CSV, with known truths.

    python -m simulation.sample [--out DIR] [--seed N]
    python -m simulation.sample --cases     # the ugly cases, Markdown
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from simulation.sample.build import build
from simulation.sample.cases import cases_markdown
from simulation.sample.tables import write_tables
from simulation.sample.world import World

DEFAULT_OUT = Path(__file__).resolve().parents[2] / "seeds" / "ods"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m simulation.sample",
        description=__doc__.splitlines()[0],
    )
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT)
    parser.add_argument("--seed", type=int, default=World.seed)
    parser.add_argument(
        "--cases", action="store_true", help="print the ugly cases, write none"
    )
    options = parser.parse_args(arguments)
    if options.cases:
        sys.stdout.write(cases_markdown())
        return
    write_tables(build(World(seed=options.seed)), options.out)


if __name__ == "__main__":
    main()
