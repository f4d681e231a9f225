"""Builds of stacked cases: one per run, made when a test first asks for it."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from case_data import all_cases, read, stacked, write_csv
from warehouse import Warehouse

# CST_CASES="erasure|consent" stacks only cases whose kind or name match.
CASES = [
    case for case in all_cases()
    if re.search(os.environ.get("CST_CASES", ""), f"{case.kind}/{case.name}")
]
RUNS = read("runs")
NEEDED = [
    "+ads_cst_audience", "+ads_cst_data_quality", "+ads_cst_rejected_row",
    "+ads_cst_cohort_retention", "+dws_cst_behavior", "+dim_date",
    "+dim_prm_campaign", "+dwd_prm_contact", "path:models/contact",
]
BOOLEANS = {"true": True, "false": False}


def run_vars(run):
    """The vars of a run as dbt takes them."""
    return {
        name: BOOLEANS.get(value, value) if isinstance(value, str) else value
        for name, value in RUNS[run]["vars"].items()
    }


def build_cases(run, cases, folder):
    """Build a stack of cases; return dbt's result and the warehouse."""
    # test_erasure_is_complete.py looks for people in all that is written.
    warehouse = Warehouse(folder, writes_all=run == "main", **run_vars(run))
    rows = stacked(
        cases, RUNS[run].get("without", ()), "background" not in RUNS[run]
    )
    if "background" in RUNS[run]:
        rows = {source: found for source, found in rows.items() if found}
        warehouse.vars["cst_enabled_sources"] = list(rows)
    write_csv(rows, warehouse.ods)
    return warehouse.build(*RUNS[run].get("needed", NEEDED)), warehouse


def skip_long(run):
    if "long" in RUNS[run] and "CST_LONG" not in os.environ:
        pytest.skip("a build of its own: CST_LONG=1")


@dataclass
class CaseRuns:
    """built("main"): the database of a run, built at most once."""

    new_folder: object
    done: dict = field(default_factory=dict)

    def result(self, run):
        """dbt's result and the warehouse, whether the build passed or not."""
        skip_long(run)
        if run not in self.done:
            cases = [case for case in CASES if case.run == run]
            self.done[run] = build_cases(run, cases, self.new_folder(run))
        return self.done[run]

    def built(self, run) -> Path:
        result, warehouse = self.result(run)
        if result.returncode:
            pytest.fail(
                f"the build of run {run} stopped:\n{result.stdout[-1500:]}",
                pytrace=False,
            )
        return warehouse.database
