"""Write the sample extract: nine ODS tables as CSV, with known truths.

    python -m simulation.sample [--out DIR] [--seed N]
    python -m simulation.sample --cases     # the ugly cases, Markdown
    python -m simulation.sample --customers 1000000 --out DIR
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from simulation.sample.build import build
from simulation.sample.cases import cases_markdown
from simulation.sample.large import write_large
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
        "--customers", type=int,
        help="how many, in another company that follows no lists",
    )
    parser.add_argument(
        "--processes", type=int, default=2, help="with --customers"
    )
    parser.add_argument(
        "--cases", action="store_true", help="print the ugly cases, write none"
    )
    options = parser.parse_args(arguments)
    if options.cases:
        sys.stdout.write(cases_markdown())
        return
    world = World(seed=options.seed)
    if options.customers is None:
        write_tables(build(world), options.out)
    elif options.out == DEFAULT_OUT:
        parser.error("--customers needs an --out of its own")
    else:
        write_large(
            replace(world, customers=options.customers), options.out,
            options.processes,
        )


if __name__ == "__main__":
    main()
