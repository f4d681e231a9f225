"""What dbt's hooks noted about the build: whether it may be published."""

from datetime import date
from typing import NamedTuple

from cst.database import INTERMEDIATE, Connection, Table, columns_of, name
from cst.errors import Refused
from cst.log import Run
from cst.paths import Paths

STATE = (INTERMEDIATE, "build_state")


class BuildState(NamedTuple):
    """The row of the private table build_state; see mark_build_started()."""

    build_id: str
    status: str
    reason: str | None
    as_of_date: date | None
    code_version: str | None
    rules_hash: str | None
    is_sample: bool | None
    restated_from_date: date | None
    restated_to_date: date | None
    # The last run of the history that was read; None: it read none.
    published_run_id: int | None
    warning_count: int | None
    warnings: str | None
    # As schema.table, with commas between them.
    public_tables: str | None

    def tables(self) -> list[Table]:
        """The public tables of this build."""
        return [
            tuple(table.split(".", 1))
            for table in (self.public_tables or "").split(",") if table
        ]

    def content(self) -> Run:
        """What the run log says of the build."""
        return Run(
            kind=(
                "publication" if self.restated_from_date is None
                else "restatement"
            ),
            as_of_date=self.as_of_date,
            build_id=self.build_id,
            code_version=self.code_version,
            rules_hash=self.rules_hash,
            is_sample=self.is_sample,
            restated_from_date=self.restated_from_date,
            restated_to_date=self.restated_to_date,
            warning_count=self.warning_count,
            warnings=self.warnings,
        )


def read_state(connection: Connection, database: str) -> BuildState | None:
    """The state of a build database; None where nothing was noted."""
    if not columns_of(connection, database, STATE):
        return None
    row = connection.execute(
        f"select {', '.join(BuildState._fields)} from {name(database, *STATE)}"
    ).fetchone()
    return BuildState(*row) if row else None


def completed(connection: Connection, paths: Paths) -> BuildState:
    """The state of a build that may be published; refuses any other."""
    again = "Nothing was published. To build all of it: python -m cst run"
    if not paths.build.exists():
        raise Refused(f"{paths.build} is not there. {again}")
    state = read_state(connection, "build")
    if state is None:
        raise Refused(
            f"{paths.build} does not say that its build is complete. {again}"
        )
    if state.status == "building":
        raise Refused(
            "The last build did not come to its end (interrupted, or still "
            f"running). {again}"
        )
    if state.status != "complete":
        raise Refused(
            f"The last build is not complete: {state.reason}. {again}"
        )
    return state
