"""Run dbt-project-evaluator over the project, where it can be had.

    [DBT_PROJECT_EVALUATOR_PATH=directory] python scripts/evaluate_project.py

The evaluator comes from that directory, and dbt-utils from dbt_packages/ (see
scripts/install_packages.py); without the variable both come from dbt's package
hub. Where neither is at hand, it says that nothing was checked and exits with
0. Our settings and exceptions stand in evaluate/; the project itself does not
depend on the evaluator. Exits with 1 on findings, and on exceptions that
nothing needs any more.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import install_packages

PROJECT = Path(__file__).resolve().parent.parent
SETTINGS = PROJECT / "evaluate"
EXCEPTIONS = "dbt_project_evaluator_exceptions"
EVALUATOR = "dbt_project_evaluator"
VARIABLE = "DBT_PROJECT_EVALUATOR_PATH"

# The evaluator ends a rule with our exceptions behind these words.
FILTER = "where 1 = 1"


class NotAvailable(Exception):
    """The evaluator, or a package that it needs, cannot be had here."""


def fail(message: str) -> None:
    sys.exit(f"evaluate: {message}")


# -- packages ---------------------------------------------------------------


def evaluator_at(path: str) -> Path:
    """The evaluator's directory, or a stop with one line."""
    directory = Path(path).expanduser().resolve()
    if not install_packages.is_package(directory):
        fail(f"{VARIABLE} is no directory with a dbt_project.yml: {path}")
    text = install_packages.normalised(directory / "dbt_project.yml")
    if f"name: {EVALUATOR}" not in text.splitlines():
        fail(f"{VARIABLE} is a dbt package other than {EVALUATOR}: {path}")
    return directory


def installed_dbt_utils() -> Path:
    """The real dbt-utils: our stand-in lacks what the evaluator calls."""
    if install_packages.read_state().get("source") in (None, "stand-in"):
        raise NotAvailable(
            "the evaluator needs dbt-utils itself, not our stand-in: "
            "set DBT_UTILS_PATH"
        )
    return install_packages.TARGET


def add_packages(root: Path) -> None:
    """Put ours, the evaluator and dbt-utils into root/dbt_packages."""
    packages = root / "dbt_packages"
    path = os.environ.get(VARIABLE, "").strip()
    if path:
        evaluator = evaluator_at(path)
        packages.mkdir()
        (packages / "dbt_utils").symlink_to(installed_dbt_utils())
        (packages / EVALUATOR).symlink_to(evaluator)
    elif not install_packages.hub_answers():
        raise NotAvailable(
            f"the package hub did not answer; set {VARIABLE} "
            "to a directory with the package"
        )
    elif run_dbt(root, "deps").returncode:
        raise NotAvailable(f"`dbt deps` failed; set {VARIABLE}")
    (packages / "cst").symlink_to(PROJECT)


# -- run --------------------------------------------------------------------


def run_dbt(root: Path, *args: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [Path(sys.executable).with_name("dbt"), *args],
        cwd=root,
        env={
            **os.environ,
            "DBT_PROFILES_DIR": str(PROJECT),
            "CST_DUCKDB_PATH": str(root / "evaluate.duckdb"),
            "DO_NOT_TRACK": "1",
            "NO_COLOR": "1",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def evaluate(root: Path) -> list[dict]:
    """Build the evaluator's rules; dbt's result of each model and test."""
    selection = [f"package:{EVALUATOR}", EXCEPTIONS]
    run = run_dbt(root, "build", "--target", "duckdb", "--select", *selection)
    path = root / "target" / "run_results.json"
    results = json.loads(path.read_text())["results"] if path.exists() else []
    if not results or any(r["status"] == "error" for r in results):
        print(run.stdout)
        fail("dbt-project-evaluator did not run, see above")
    return results


# -- findings ---------------------------------------------------------------


def failed_rules(results: list[dict], manifest: dict) -> dict[str, str]:
    """The rules whose test failed, each with its table."""
    failed = {}
    for result in results:
        if result["status"] == "fail":
            test = manifest["nodes"][result["unique_id"]]
            rule = manifest["nodes"][test["attached_node"]]
            failed[rule["name"]] = rule["relation_name"]
    return dict(sorted(failed.items()))


def read_findings(database, failed: dict[str, str]) -> list[str]:
    """One line per finding, below the name of its rule."""
    lines = []
    for rule, relation in failed.items():
        rows = database.execute(f"select * from {relation} order by all")
        texts = [" | ".join(map(str, row)) for row in rows.fetchall()]
        lines += [f"{rule}: {len(texts)}", *(f"  {text}" for text in texts)]
    return lines


def read_exceptions() -> list[dict]:
    with (SETTINGS / "seeds" / f"{EXCEPTIONS}.csv").open() as file:
        return list(csv.DictReader(file))


def unused_exceptions(database, results: list[dict], exceptions) -> list[str]:
    """The exceptions that no finding needs, each as rule, column, pattern."""
    queries = {
        result["unique_id"].rpartition(".")[2]: result.get("compiled_code")
        for result in results
        if result["unique_id"].startswith(f"model.{EVALUATOR}.")
    }
    unused = []
    for exception in exceptions:
        rule, column = exception["fct_name"], exception["column_name"]
        pattern = exception["id_to_exclude"]
        query, _, _ = (queries.get(rule) or "").rpartition(FILTER)
        needed = query and database.execute(
            f"{query} where {column} like '{pattern}' limit 1"
        ).fetchall()
        if not needed:
            unused.append(f"{rule}, {column}, {pattern}")
    return unused


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="cst-evaluate-") as directory:
        root = Path(directory) / "evaluate"
        shutil.copytree(SETTINGS, root)
        try:
            add_packages(root)
        except NotAvailable as reason:
            print(f"evaluate: nothing was checked: {reason}")
            return
        results = evaluate(root)
        manifest = json.loads((root / "target/manifest.json").read_text())
        failed = failed_rules(results, manifest)
        exceptions = read_exceptions()
        path = str(root / "evaluate.duckdb")
        with duckdb.connect(path, read_only=True) as database:
            lines = read_findings(database, failed)
            unused = unused_exceptions(database, results, exceptions)

    lines += [f"exception that nothing needs: {text}" for text in unused]
    if lines:
        print("\n".join(lines))
        fail(f"see the findings above, and {SETTINGS.name}/seeds/")
    rules = sum(r["unique_id"].startswith("test.") for r in results)
    print(
        f"evaluate: no findings in {rules} checks, "
        f"with {len(exceptions)} exceptions"
    )


if __name__ == "__main__":
    main()
