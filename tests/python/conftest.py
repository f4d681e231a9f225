"""What all Python tests share: the project, dbt and the built sample."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import pytest
import warm_dbt
from case_runs import CaseRuns
from cst.lock import one_build
from cst.paths import Paths
from cst.publish import publish

PROJECT = Path(__file__).resolve().parents[2]
DBT = Path(sys.executable).with_name("dbt")


# With `-n 2`, the tests of a file run in one process, as they share its builds.
# Files that share builds with others go with them,
TOGETHER = {"test_erasure_is_complete.py": "test_cases.py"}
# and those that take minutes begin, so that no process waits for the other.
LONG = [
    f"test_{name}.py" for name in (
        "boards",
        *("examples", "unit_tests", "inputs", "cases", "erasure_is_complete"),
        *("stops",),
        *("ltv", "shops", "repeatability", "hostile_feed", "populations"),
        *("delivered_files", "withdrawals", "retention", "email_experiment"),
        *("faults", "build_state", "publish", "replay", "as_a_package"),
    )
]


def pytest_collection_modifyitems(config, items):
    if hasattr(config, "workerinput"):
        rank = {name: number for number, name in enumerate(LONG)}
        items.sort(key=lambda item: rank.get(item.path.name, len(LONG)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from xdist.scheduler import LoadFileScheduling

    class ByBuild(LoadFileScheduling):
        def _split_scope(self, nodeid):
            file = Path(super()._split_scope(nodeid)).name
            return TOGETHER.get(file, file)

    # In the order of the items, not by the number of tests.
    config.option.loadscopereorder = False
    return ByBuild(config, log)


def pytest_configure():
    # Before processes are started, so that they share dbt's server.
    warm_dbt.place()


@pytest.fixture(scope="session")
def project_root():
    """The repository's root."""
    return PROJECT


@pytest.fixture(scope="session")
def run_dbt(tmp_path_factory):
    """Call dbt on the repository's project: run_dbt("build", vars={...}).

    Returns what subprocess.run does, with `target_path` besides. Each call
    has target and log directories of its own, so nobody's are disturbed,
    and a database of its own unless one is given. check=True fails the
    test, with dbt's output, where dbt fails. The project is parsed once for
    the calls whose vars leave it the same; parse=True parses it anew.
    """

    def run(
        *args, vars=None, database=None, env=None, check=False, parse=False
    ):
        directory = tmp_path_factory.mktemp("dbt")
        target_path = directory / "target"
        # dbt itself makes it when it parses.
        target_path.mkdir()
        database = Path(database or directory / "cst.duckdb")
        parsed = None
        if not parse:
            parsed = warm_dbt.parse_project(vars or {}, database.stem)
        command = [*warm_dbt.command(parsed), *args]
        command += ["--project-dir", PROJECT, "--profiles-dir", PROJECT]
        command += ["--target-path", target_path]
        command += ["--log-path", directory / "logs"]
        if args[0] in ("build", "run", "test"):
            # Nobody reads them, and to write them takes a second.
            command += ["--no-write-json"]
        if vars is not None:
            command += ["--vars", json.dumps(vars)]
        result = subprocess.run(
            [str(part) for part in command],
            cwd=PROJECT,
            env={
                **os.environ,
                "CST_DUCKDB_PATH": str(database),
                "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
                "NO_COLOR": "1",
                **(env or {}),
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        result.target_path = target_path
        if check and result.returncode:
            call = " ".join(map(str, args))
            pytest.fail(f"dbt {call} failed:\n{result.stdout}{result.stderr}")
        return result

    return run


@pytest.fixture(scope="session")
def case_runs(tmp_path_factory):
    """The builds of tests/cases: case_runs.built("main") is a database."""
    return CaseRuns(tmp_path_factory.mktemp)


@pytest.fixture(scope="session")
def sample_path(run_dbt):
    """The sample without history, as `make test` leaves it; built where there
    is none. What older code published is no expected result."""
    path = PROJECT / os.environ.get("CST_DUCKDB_PATH", "target/sample/cst.duckdb")
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Moved when it is whole: another process may look for it meanwhile.
        # The file's name stays, as it is written into the views.
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            database = Path(folder) / path.name
            run_dbt("build", database=database, check=True)
            database.replace(path)
    return path


@pytest.fixture(scope="session")
def sample_database(sample_path):
    """The built sample, opened read-only."""
    with duckdb.connect(str(sample_path), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def published_sample(sample_path, tmp_path_factory):
    """The sample as people open it: the published file."""
    folder = tmp_path_factory.mktemp("published")
    paths = Paths(sample_path, folder / "cst.duckdb", folder / "contact.duckdb")
    with one_build(paths):
        publish(paths)
    return paths.published


def newest_change():
    """When a file that dbt parses last changed."""
    folders = ["models", "macros", "seeds", "tests", "dbt_packages"]
    files = [PROJECT / "dbt_project.yml"]
    for folder in folders:
        for pattern in ("*.sql", "*.yml", "*.md", "*.csv", "*.py"):
            files += (PROJECT / folder).rglob(pattern)
    return max(file.stat().st_mtime for file in files)


@pytest.fixture(scope="session")
def parsed_path(run_dbt):
    """Where dbt's manifests of the project as it stands are, parsed only if
    changed."""
    path = PROJECT / "target"
    file = path / "manifest.json"
    if not file.exists() or file.stat().st_mtime < newest_change():
        path = run_dbt("parse", check=True, parse=True).target_path
    return path


@pytest.fixture(scope="session")
def manifest(parsed_path):
    """dbt's manifest of the project as it stands."""
    return json.loads((parsed_path / "manifest.json").read_text())
