"""Measure how easily the SQL models can be read: lines, CTEs, longest path.

    python scripts/measure_models.py [--models] [--check]

Lines and CTEs are counted in the files of models/ as they are written: every
line, and a CTE in a Jinja loop once. The longest path is the chain with the
most models in target/manifest.json, which `dbt parse` writes. `--models`
lists every model; `--check` exits with 1 and one line per limit that is
missed.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median

PROJECT = Path(__file__).resolve().parent.parent
PACKAGE = "cst"

# The usual model fits on two screens and is one import, one or two steps and
# a final CTE: a reader keeps it in mind.
MEDIAN_LINES = 80
MEDIAN_CTES = 4
# Above this a model has more than one job. A mart with many columns may be
# long though it is simple, so one in ten may exceed it.
LINES = 150
SHARE_WITHIN_LINES = 0.9
# No list of columns is this long: whatever exceeds it can be split.
MOST_LINES = 200
# Short models must not be bought with a chain that nobody can follow: the loop
# once around, from the feed over value, strategy and effect to the mart, has ten
# layers and subjects, about two steps in each.
LONGEST_PATH = 20

# -- CTEs -------------------------------------------------------------------

# Where a name or a subquery may stand, Jinja becomes this word.
JINJA = "jinja"
EXPRESSION = r"\{\{(?:'[^']*'|\"[^\"]*\"|[^'\"])*?\}\}"
TOKEN = re.compile(
    rf"""
      (?P<nothing>\{{\#.*?\#\}}|\{{%.*?%\}}|--[^\n]*|/\*.*?\*/)
    | (?P<expression>{EXPRESSION})
    | (?P<text>'(?:{EXPRESSION}|''|[^'])*')
    | (?P<name>"(?:{EXPRESSION}|""|[^"])*"|`(?:{EXPRESSION}|[^`])*`)
    """,
    re.DOTALL | re.VERBOSE,
)
# `name as (` also begins a named window; a CTE goes on with a query.
CTE = re.compile(
    rf"""
    (?<!\bwindow\s)\b\w+
    (?:\s*\([\w\s,]*\))?                            # names of its columns
    \s+as\s+(?:(?:not\s+)?materialized\s+)?
    \(\s*(?:\(\s*)*(?:select|with|values|from|table|{JINJA})\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


def _plain(match: re.Match) -> str:
    if match.lastgroup == "nothing":
        return " "
    if match.lastgroup == "text":
        return "''"
    return JINJA


def count_ctes(sql: str) -> int:
    """The CTEs that the text of a model defines, imports included."""
    return len(CTE.findall(TOKEN.sub(_plain, sql)))


# -- path -------------------------------------------------------------------


def longest_path(parents: dict[str, list[str]]) -> list[str]:
    """The longest chain from a model without parents down to any model.

    `parents` has each model and the models it reads. Of chains of one length
    the first in alphabetical order is taken, so that the answer stays.
    """

    @cache
    def path_to(model: str) -> tuple[str, ...]:
        above = [path_to(parent) for parent in parents[model]]
        return (*min(above, key=_longest_first, default=()), model)

    paths = [path_to(model) for model in parents]
    return list(min(paths, key=_longest_first, default=()))


def _longest_first(path: tuple[str, ...]) -> tuple:
    return -len(path), path


def model_parents(manifest: dict) -> dict[str, list[str]]:
    """Each of our models, SQL or Python, and those of them that it reads."""
    models = {
        unique_id: node
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model"
        and node["package_name"] == PACKAGE
    }
    return {
        node["name"]: sorted(
            models[parent]["name"]
            for parent in node["depends_on"]["nodes"]
            if parent in models
        )
        for node in models.values()
    }


# -- measures ---------------------------------------------------------------


@dataclass(frozen=True)
class Model:
    name: str
    lines: int
    ctes: int


@dataclass(frozen=True)
class Measures:
    models: list[Model]
    path: list[str]

    @property
    def median_lines(self) -> float:
        return median(model.lines for model in self.models)

    @property
    def median_ctes(self) -> float:
        return median(model.ctes for model in self.models)

    @property
    def share_within_lines(self) -> float:
        within = sum(model.lines <= LINES for model in self.models)
        return within / len(self.models)

    @property
    def longest_first(self) -> list[Model]:
        return sorted(self.models, key=lambda m: (-m.lines, m.name))

    def violations(self) -> list[str]:
        """One line per limit that is missed."""
        found = []
        if self.median_lines > MEDIAN_LINES:
            found.append(
                f"the median model has {self.median_lines:g} lines, "
                f"more than {MEDIAN_LINES}"
            )
        if self.median_ctes > MEDIAN_CTES:
            found.append(
                f"the median model has {self.median_ctes:g} CTEs, "
                f"more than {MEDIAN_CTES}"
            )
        if self.share_within_lines < SHARE_WITHIN_LINES:
            found.append(
                f"{percent(self.share_within_lines)} of the models have at "
                f"most {LINES} lines, fewer than {SHARE_WITHIN_LINES:.0%}"
            )
        long = [m for m in self.longest_first if m.lines > MOST_LINES]
        if long:
            names = ", ".join(f"{m.name} ({m.lines})" for m in long)
            found.append(f"models with more than {MOST_LINES} lines: {names}")
        if len(self.path) > LONGEST_PATH:
            found.append(
                f"the longest path has {len(self.path)} models, "
                f"more than {LONGEST_PATH}: {' > '.join(self.path)}"
            )
        return found

    def table(self) -> str:
        longest = self.longest_first[0]
        rows = [
            ("SQL models", f"{len(self.models)}", ""),
            ("median lines", f"{self.median_lines:g}", f"{MEDIAN_LINES}"),
            ("median CTEs", f"{self.median_ctes:g}", f"{MEDIAN_CTES}"),
            (
                f"at most {LINES} lines",
                percent(self.share_within_lines),
                f"{SHARE_WITHIN_LINES:.0%}",
            ),
            (
                "longest model",
                f"{longest.lines}",
                f"{MOST_LINES}  {longest.name}",
            ),
            ("longest path", f"{len(self.path)}", f"{LONGEST_PATH}"),
        ]
        lines = [f"{'':21}{'now':>6}  limit"]
        lines += [f"{name:21}{now:>6}  {limit}" for name, now, limit in rows]
        lines += [f"  {i:>2} {name}" for i, name in enumerate(self.path, 1)]
        return "\n".join(line.rstrip() for line in lines)


def percent(share: float) -> str:
    """Rounded down: a share just below its limit must not look like it."""
    return f"{int(share * 1000) / 10:g}%"


def measure(folder: Path, manifest: dict) -> Measures:
    """Measure the models in this folder, which the manifest must know."""
    parents = model_parents(manifest)
    files = sorted(folder.rglob("*.sql"))
    if not files:
        fail(f"there is no SQL model in {folder}")
    unknown = {file.stem for file in files} - parents.keys()
    if unknown:
        fail(
            f"target/manifest.json does not know {', '.join(sorted(unknown))}:"
            " run `dbt parse`"
        )
    models = []
    for file in files:
        sql = file.read_text()
        lines = len(sql.splitlines())
        models.append(Model(file.stem, lines, count_ctes(sql)))
    return Measures(models, longest_path(parents))


def read_manifest(project: Path) -> dict:
    path = project / "target" / "manifest.json"
    if not path.is_file():
        fail("target/manifest.json is missing: run `dbt parse`")
    return json.loads(path.read_text())


def fail(message: str) -> None:
    sys.exit(f"measure_models: {message}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--models", action="store_true", help="list every model as well"
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="exit with 1 where a limit is missed",
    )
    parser.add_argument(
        "--project-dir", type=Path, default=PROJECT, help=argparse.SUPPRESS
    )
    arguments = parser.parse_args()

    project = arguments.project_dir
    measures = measure(project / "models", read_manifest(project))
    if arguments.models:
        print("lines  CTEs  model")
        for model in measures.longest_first:
            print(f"{model.lines:>5}  {model.ctes:>4}  {model.name}")
        print()
    print(measures.table())

    violations = measures.violations() if arguments.check else []
    for violation in violations:
        print(f"measure_models: {violation}", file=sys.stderr)
    sys.exit(bool(violations))


if __name__ == "__main__":
    main()
