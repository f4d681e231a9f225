"""Write the figures that the Markdown pages quote from the sample.

    python -m scripts.write_figures [database]     # or: make figures

A page marks a figure, and this command replaces what stands in the mark:

    The shop has <!-- figure: customers -->600<!-- /figure --> customers.

A mark that holds a table has its two comments on lines of their own; any other
must not begin a line, or Markdown takes the whole line for HTML. A new figure
is an entry in `scripts/figures.py` and a mark in a page.

What cannot be asked of the built sample (other vars, long runs, real data) is
no figure: the page says in words what it was measured on.
"""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import duckdb

from scripts.figures import PLANTED, QUERIES
from scripts.figures_zh import PLANTED_ZH, QUERIES_ZH

PROJECT = Path(__file__).resolve().parent.parent
PAGES = (
    "*.md",
    "docs/*.md",
    "docs/zh/*.md",
    "seeds/ods/*.md",
    "simulation/*.md",
    "examples/*/*.md",
)
MARK = re.compile(r"(<!-- figure: (\w+) -->)(.*?)(<!-- /figure -->)", re.DOTALL)


def markdown(names: list[str], rows: list[tuple]) -> str:
    """The only value of a result, or the result as a table."""
    if len(rows) == len(names) == 1:
        return str(rows[0][0])
    header, *body = (
        f"| {' | '.join(map(str, cells))} |" for cells in (names, *rows)
    )
    return "\n".join([header, "|" + "---|" * len(names), *body])


def read_figures(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Every figure by name, as it is to be written. `connection` holds the
    built sample."""
    figures = {**PLANTED, **PLANTED_ZH}
    for name, query in {**QUERIES, **QUERIES_ZH}.items():
        result = connection.execute(query)
        names = [column[0] for column in result.description]
        figures[name] = markdown(names, result.fetchall())
    return figures


def fill(text: str, figures: Mapping[str, str]) -> str:
    """The page with its figures; KeyError for one that is not known."""

    def write(mark: re.Match) -> str:
        opening, name, _, closing = mark.groups()
        value = figures[name]
        space = "\n" if "\n" in value else ""
        return f"{opening}{space}{value}{space}{closing}"

    return MARK.sub(write, text)


def pages() -> list[Path]:
    """The Markdown files that may quote figures."""
    return sorted(path for glob in PAGES for path in PROJECT.glob(glob))


def main() -> None:
    """Write the figures into the pages; name those that changed."""
    default = os.environ.get("CST_DUCKDB_PATH", "target/sample/cst.duckdb")
    database = PROJECT / (sys.argv[1] if len(sys.argv) > 1 else default)
    with duckdb.connect(str(database), read_only=True) as connection:
        figures = read_figures(connection)
    for path in pages():
        text = path.read_text(encoding="utf-8")
        filled = fill(text, figures)
        if filled != text:
            path.write_text(filled, encoding="utf-8")
            print(f"{path.relative_to(PROJECT)} changed")


if __name__ == "__main__":
    main()
