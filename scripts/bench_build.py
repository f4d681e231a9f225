"""What a build costs: CPU and memory of each model, and how they grow.

    python -m scripts.bench_build <python with pandas, polars> [customers …]

Builds companies of 10,000 and 100,000 customers (0.1 and 1 million orders)
unless other numbers are given. 1000000 are 10 million orders and 50 million
events: 35 GB of disk, and three quarters of an hour of CPU. The exponents are
those between the two largest. With CST_MEMORY_LIMIT=400MB, 100000 tell sooner
most of what does not fit into 4 GB at 1000000. In the same run,
on the files of the largest one of at most 100,000: the segmentation in one
hand-written statement (scripts/bench_segmentation.sql), one snapshot by pandas
and by polars, nights against a full run, and release 0.2.0, from a git worktree.
The table is target/bench.md, all numbers are in target/bench.json.
"""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb

from scripts.bench_models import PROJECT, Company, Cost, cost

WORK = PROJECT / "target" / "bench"
STATEMENT = PROJECT / "scripts" / "bench_segmentation.sql"
SNAPSHOT = PROJECT / "scripts" / "bench_snapshot.py"
RELEASE = "c6e0118"
ORDERS_PER_CUSTOMER = 10
SHOWN = 12
# What costs less than this is noise.
LEAST_SECONDS = 0.5
# With more customers, other means than ours may not fit the machine.
MOST_COMPARED = 100_000
# From the purchases to the segmentation: what the statement replaces.
CHAIN = [
    "int_cst_customers_on_snapshots", "int_cst_order_dates",
    "int_cst_rfm_values", "int_cst_rfm_fixed_cut_points",
    "int_cst_rfm_gap_weights", "int_cst_rfm_rhythm", "int_cst_rfm_cut_points",
    "int_cst_rfm_ntile_scores", "int_cst_rfm_scores", "int_cst_rfm_cells",
    "int_cst_segments_published", "int_cst_segments_assigned",
    "int_cst_states_seen", "int_cst_segmentation",
]


def seconds(costs: dict[str, Cost], names: list[str] | None = None) -> float:
    """CPU seconds of all models, or of some."""
    return sum(costs[name].seconds for name in names or costs)


def growth(small: Cost, large: Cost, factor: float) -> float | None:
    """The exponent: 1 where ten times the rows cost ten times the CPU."""
    if small.seconds < LEAST_SECONDS or large.seconds < LEAST_SECONDS:
        return None
    return math.log(large.seconds / small.seconds) / math.log(factor)


def write_by_hand(company: Company) -> None:
    """The hand-written segmentation, as a table."""
    with company.connect() as connection:
        connection.execute("create schema if not exists bench")
        connection.execute(
            f"create table bench.segmentation as {STATEMENT.read_text()}"
        )


def compare_rows(company: Company) -> None:
    """Raise where the hand-written rows are others."""
    table = "cst_intermediate.int_cst_segmentation"
    with duckdb.connect(str(company.database), read_only=True) as connection:
        for one, other in (
            (table, "bench.segmentation"), ("bench.segmentation", table),
        ):
            (rows,) = connection.execute(
                f"select count(*) from (from {one} except all from {other})"
            ).fetchone()
            if rows:
                raise RuntimeError(f"{rows} rows of {one} are not in {other}")


def build_release(ods: Path) -> dict[str, Cost] | None:
    """The same files by release 0.2.0; None where git does not have it."""
    tree = WORK / "release"
    added = subprocess.run(
        ["git", "worktree", "add", "--force", "--detach", tree, RELEASE],
        cwd=PROJECT, capture_output=True,
    )
    if added.returncode:
        return None
    try:
        shutil.copytree(PROJECT / "dbt_packages", tree / "dbt_packages")
        company = Company(WORK / "release-build", tree)
        company.compile(ods)
        return company.build()
    finally:
        subprocess.run(
            ["git", "worktree", "remove", "--force", tree],
            cwd=PROJECT, check=True,
        )


def build_days(ods: Path) -> dict[str, dict[str, Cost]]:
    """After a month's end was published: the night after it, a night in the
    middle of the next month, and that night as a full run."""
    company = Company(WORK / "days")
    company.compile(ods, cst_as_of_date="2025-11-30")
    company.build()
    company.publish()
    costs = {}
    for name, as_of_date, is_open_only in (
        ("after", "2025-12-01", True), ("day", "2025-12-16", True),
        ("full", "2025-12-16", False),
    ):
        company.compile(
            ods, cst_as_of_date=as_of_date,
            cst_open_snapshots_only=is_open_only,
        )
        costs[name] = company.build()
    return costs


def upstream(company: Company, name: str) -> list[str]:
    """A model and all that it is made of."""
    nodes = {node["unique_id"]: node for node in company.models()}
    found, left = set(), [f"model.cst.{name}"]
    while left:
        node = left.pop()
        if node in nodes and node not in found:
            found.add(node)
            left += nodes[node]["depends_on"]["nodes"]
    return [nodes[node]["name"] for node in found]


def snapshot_by(python: str, library: str, company: Company) -> Cost:
    """The newest snapshot by a library; raises where its sums are others."""
    values = "cst_intermediate.int_cst_rfm_values"
    with duckdb.connect(str(company.database), read_only=True) as connection:
        as_of, *ours = connection.execute(f"""
            select
                snapshot_date,
                count(*),
                sum(recency_days),
                sum(frequency),
                sum(monetary_amount)
            from {values}
            where
                last_order_date is not null
                and snapshot_date = (select max(snapshot_date) from {values})
            group by snapshot_date
        """).fetchone()
    answer = WORK / f"{library}.json"

    def run() -> None:
        with answer.open("w") as file:
            subprocess.run(
                [
                    *(python, SNAPSHOT, library),
                    *(company.folder / "ods", as_of.isoformat()),
                ],
                check=True, stdout=file,
            )

    found = cost(run)
    theirs = json.loads(answer.read_text())
    if any(abs(float(a) - b) > 0.01 for a, b in zip(ours, theirs, strict=True)):
        raise RuntimeError(f"{library} finds {theirs}, not {ours}")
    return found


def measure(python: str, sizes: list[int]) -> list[str]:
    """Build all and return the lines of the table."""
    companies, costs = {}, {}
    for size in sizes:
        companies[size] = Company(WORK / str(size))
        companies[size].write(size)
        costs[size] = companies[size].build()
    compared = max(each for each in sizes if each <= MOST_COMPARED)
    company, here = companies[compared], costs[compared]
    by_hand = company.cost(write_by_hand, company)
    compare_rows(company)
    others = {
        library: snapshot_by(python, library, company)
        for library in ("pandas", "polars")
    }
    days = build_days(company.folder / "ods")
    release = build_release(company.folder / "ods")
    (PROJECT / "target" / "bench.json").write_text(json.dumps(
        {
            **{"sizes": costs, "by_hand": by_hand},
            **{"snapshot": others, "days": days, "release": release},
        }, indent=1
    ))
    values = seconds(here, upstream(company, "int_cst_rfm_values"))
    return [
        *size_lines(costs),
        "",
        f"| {compared * ORDERS_PER_CUSTOMER / 1e6:g}M orders, CPU | here | there "
        "| ratio |",
        "| --- | ---: | ---: | ---: |",
        ratio_line(
            "segmentation, one statement by hand: the same rows",
            seconds(here, CHAIN), by_hand.seconds,
        ),
        *(
            ratio_line(
                f"recency, frequency, money: all snapshots; {library}: one",
                values, found.seconds,
            )
            for library, found in others.items()
        ),
        *(
            ratio_line(what, seconds(days[name]), seconds(days["full"]))
            for name, what in (
                ("day", "a night, against a full run of it"),
                ("after", "a night in the week after a month's end"),
            )
        ),
        *release_lines(here, release or {}),
        "",
        *layer_lines(company, days),
    ]


def size_lines(costs: dict[int, dict[str, Cost]]) -> list[str]:
    """What each size costs, and the models that cost most."""
    sizes = list(costs)
    first, last = costs[sizes[-2:][0]], costs[sizes[-1]]
    factor = sizes[-1] / sizes[-2:][0]
    exponents = {
        name: growth(first[name], last[name], factor) for name in last
    } if factor > 1 else {}
    known = {name: value for name, value in exponents.items() if value}
    head = " | ".join(
        f"{size * ORDERS_PER_CUSTOMER / 1e6:g}M orders" for size in sizes
    )
    dominant = sorted(last, key=lambda name: -last[name].seconds)[:SHOWN]

    def line(name: str, values: list[str], exponent: float | None) -> str:
        grown = "" if exponent is None else f"{exponent:.2f}"
        return f"| {name} | {' | '.join(values)} | {grown} |"

    def text(found: Cost) -> str:
        spilled = f", spilled {found.spilled / 1024:.1f} GB"
        return (
            f"{found.seconds:.1f} s, {found.megabytes / 1024:.1f} GB"
            f"{spilled if found.spilled else ''}"
            f"{'' if found.fits else ', **does not fit**'}"
        )

    return [
        f"| CPU, most memory | {head} | exponent |",
        f"| --- |{' ---: |' * (len(sizes) + 1)}",
        line(
            f"all {len(last)} models",
            [
                text(Cost(
                    seconds(each),
                    max(found.megabytes for found in each.values()),
                    max(found.spilled for found in each.values()),
                    all(found.fits for found in each.values()),
                ))
                for each in costs.values()
            ],
            growth(
                Cost(seconds(first), 0), Cost(seconds(last), 0), factor
            ) if factor > 1 else None,
        ),
        *(
            line(
                f"`{name}`", [text(each[name]) for each in costs.values()],
                exponents.get(name),
            )
            for name in dominant
        ),
        *(
            f"| steepest: `{name}` |{' |' * len(sizes)} {value:.2f} |"
            for name, value in sorted(
                known.items(), key=lambda item: -item[1]
            )[:3]
        ),
    ]


def layer_lines(
    company: Company, days: dict[str, dict[str, Cost]]
) -> list[str]:
    """Where a night's CPU goes, beside that of a full run."""
    layers: dict[str, list[str]] = {}
    for node in company.models():
        layers.setdefault(node["fqn"][1], []).append(node["name"])
    return [
        "| CPU | a night | a full run | ratio |",
        "| --- | ---: | ---: | ---: |",
        *(
            ratio_line(
                f"`{layer}`", seconds(days["day"], names),
                seconds(days["full"], names),
            )
            for layer, names in layers.items()
        ),
    ]


def ratio_line(what: str, here: float, there: float) -> str:
    """CPU seconds side by side."""
    return f"| {what} | {here:.1f} s | {there:.1f} s | {here / there:.2f} |"


def release_lines(
    costs: dict[str, Cost], release: dict[str, Cost]
) -> list[str]:
    """Release 0.2.0 over the same files."""
    shared = [name for name in release if name in costs]
    return [
        ratio_line(
            f"{len(shared)} models that 0.2.0 had, too",
            seconds(costs, shared), seconds(release, shared),
        ),
        ratio_line(
            f"all {len(costs)} models; 0.2.0: {len(release)}",
            seconds(costs), seconds(release),
        ),
    ] if release else []


def main() -> None:
    """Measure, print and write the table."""
    python, *given = sys.argv[1:]
    sizes = sorted(int(each) for each in given) or [10_000, MOST_COMPARED]
    if sizes[0] > MOST_COMPARED:
        raise SystemExit(f"Give a size of at most {MOST_COMPARED}, too")
    shutil.rmtree(WORK, ignore_errors=True)
    text = "\n".join(measure(python, sizes)) + "\n"
    (PROJECT / "target" / "bench.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
