"""The set-up does what README.md and `make help` say."""

import functools
import http.server
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import threading
import time

import pytest
from conftest import PROJECT
from scripts.install_packages import digest

LOCKS = sorted((PROJECT / "requirements").glob("*.txt"))
PINNED = re.compile(r"^([a-z0-9._-]+)(?:\[[a-z, -]+\])?==([0-9][^ ;]*)")

# Steps of other targets, not for people.
HIDDEN_TARGETS = {"packages", "duckdb-lts", "sample", "board-tools"}


# -- the published file -------------------------------------------------------


def test_published_file_opens_with_the_driver_of_bi_tools(published_sample):
    """DuckDB 1.4 reads the file that DuckDB 2.0 wrote."""
    driver = PROJECT / ".venv-duckdb-lts"
    subprocess.run(
        ["make", "--silent", "duckdb-lts"], cwd=PROJECT, check=True
    )
    code = """
import sys, duckdb
assert duckdb.__version__.startswith("1.4."), duckdb.__version__
with duckdb.connect(sys.argv[1], read_only=True) as database:
    # It would stand before the number that is read below.
    database.execute("set enable_progress_bar = false")
    tables = database.execute(
        "select table_schema, table_name from information_schema.tables "
        "where table_schema in ('cst_dim', 'cst_dwd', 'cst_dws', 'cst_ads')"
    ).fetchall()
    for schema, table in tables:
        database.execute(f'select * from {schema}.{table}').fetchall()
    print(len(tables))
"""
    result = subprocess.run(
        [sys.executable, "-c", code, published_sample],
        env={**os.environ, "PYTHONPATH": str(driver)},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    assert int(result.stdout) > 0


# -- make, requirements, profile --------------------------------------------


def test_help_lists_the_targets():
    makefile = (PROJECT / "Makefile").read_text()
    targets = set(re.findall(r"^\.PHONY: ([a-z0-9-]+)$", makefile, re.M))
    result = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    listed = {line.split()[0] for line in result.stdout.splitlines()}
    assert result.returncode == 0
    assert listed == targets - HIDDEN_TARGETS


def requirements(lock):
    """Package to version; each line of a lock must be a pin or a hash."""
    pins = {}
    for line in lock.read_text().splitlines():
        if line.startswith(("#", "    --hash=sha256:")):
            continue
        match = PINNED.match(line)
        assert match, f"{lock.name}: not an exact pin: {line}"
        assert line.endswith(" \\"), f"{lock.name}: no hash: {line}"
        pins[match[1]] = match[2]
    return pins


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_is_exact_and_names_no_host(lock):
    assert requirements(lock)
    text = lock.read_text()
    assert "://" not in text
    assert "index-url" not in text
    assert "find-links" not in text


def test_locks_agree():
    folder = PROJECT / "requirements"
    build = requirements(folder / "build.txt").items()
    dev = requirements(folder / "dev.txt").items()
    spark = requirements(folder / "spark.txt").items()
    assert build <= dev <= spark


def test_locks_follow_the_exact_requirements():
    for source in (PROJECT / "requirements").glob("*.in"):
        pins = requirements(source.with_suffix(".txt"))
        for line in source.read_text().splitlines():
            match = PINNED.match(line)
            if match and "*" not in match[2]:
                assert pins[match[1]] == match[2], f"{source.name}: {line}"


def test_profile_needs_no_environment_variable():
    text = (PROJECT / "profiles.yml").read_text()
    calls = re.findall(r"env_var\(([^)]*)\)", text)
    assert calls
    assert all("," in call for call in calls), calls


# -- packages ---------------------------------------------------------------


@pytest.fixture
def copy(tmp_path):
    """What `make deps` needs, away from the packages in use."""
    root = tmp_path / "project"
    root.mkdir()
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(PROJECT / name, root)
    for name in ("packages.yml", "package-lock.yml"):
        shutil.copy(PROJECT / name, root)
    for name in ("scripts", "vendor"):
        shutil.copytree(PROJECT / name, root / name)
    return root


def install_packages(root, *args, **env):
    closed = "http://127.0.0.1:9"
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DBT_UTILS_PATH", "DBT_PACKAGE_HUB_URL", "NO_PROXY")
        and name != "no_proxy"
    }
    network = {"HTTPS_PROXY": closed, "HTTP_PROXY": closed}
    network |= {name.lower(): value for name, value in network.items()}
    return subprocess.run(
        [sys.executable, root / "scripts" / "install_packages.py", *args],
        cwd=root,
        env={**clean, **network, "DBT_PROFILES_DIR": str(root), **env},
        capture_output=True,
        text=True,
    )


def installed(root):
    """Relative paths and texts of the installed package's files."""
    folder = root / "dbt_packages" / "dbt_utils"
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def stand_in():
    folder = PROJECT / "vendor" / "dbt_utils_offline"
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_deps_without_the_hub_takes_the_stand_in(copy):
    began = time.monotonic()
    result = install_packages(copy)
    assert result.returncode == 0, result.stderr
    # Another test may run beside; `dbt deps` would try for two minutes.
    assert time.monotonic() - began < 60
    assert len(result.stdout.splitlines()) == 1, result.stdout
    assert "the hub did not answer" in result.stdout
    assert installed(copy) == stand_in()

    # Again, after a run that was interrupted half-way.
    half = copy / "dbt_packages" / "__new_interrupted" / "dbt_utils"
    half.mkdir(parents=True)
    (copy / "dbt_packages" / "dbt_utils" / "dbt_project.yml").unlink()
    again = install_packages(copy, "--if-needed")
    assert again.returncode == 0, again.stderr
    assert installed(copy) == stand_in()
    assert not half.exists()

    # Nothing to do, nothing said.
    last = install_packages(copy, "--if-needed")
    assert (last.returncode, last.stdout) == (0, "")


def test_deps_takes_the_directory_that_is_named(copy, tmp_path):
    package = tmp_path / "package"
    shutil.copytree(PROJECT / "vendor" / "dbt_utils_offline", package)
    (package / "macros" / "more.sql").write_text("")
    result = install_packages(copy, DBT_UTILS_PATH=str(package))
    assert result.returncode == 0, result.stderr
    assert "macros/more.sql" in installed(copy)
    assert "which is not the 1." in result.stdout

    # A change there is seen; without the variable, it is left again.
    (package / "macros" / "still_more.sql").write_text("")
    install_packages(copy, "--if-needed", DBT_UTILS_PATH=str(package))
    assert "macros/still_more.sql" in installed(copy)
    install_packages(copy, "--if-needed")
    assert installed(copy) == stand_in()


def test_deps_takes_the_git_repository_that_is_named(copy, tmp_path):
    package = tmp_path / "package"
    shutil.copytree(PROJECT / "vendor" / "dbt_utils_offline", package)
    version = re.search(
        r"version: (\S+)", (PROJECT / "package-lock.yml").read_text()
    )[1]
    git = ["git", "-C", package, "-c", "user.name=x", "-c", "user.email=x@x"]
    subprocess.run([*git, "init", "--quiet"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "--quiet", "-m", "x"], check=True)
    subprocess.run([*git, "tag", version], check=True)
    result = install_packages(copy, DBT_UTILS_PATH=f"file://{package}")
    assert result.returncode == 0, result.stderr
    assert installed(copy) == stand_in()


def test_deps_says_what_is_wrong_with_a_path(copy, tmp_path):
    result = install_packages(copy, DBT_UTILS_PATH=str(tmp_path / "nothing"))
    assert result.returncode != 0
    assert "DBT_UTILS_PATH is neither a directory" in result.stderr


class Hub(http.server.BaseHTTPRequestHandler):
    """As much of a package hub as `dbt deps` asks for."""

    def __init__(self, version, *args):
        self.version = version
        super().__init__(*args)

    def do_GET(self):
        here = "http://{}:{}".format(*self.server.server_address)
        if self.path.endswith("index.json"):
            body = json.dumps(["dbt-labs/dbt_utils"]).encode()
        elif self.path.endswith("dbt_utils.json"):
            entry = {
                "id": f"dbt-labs/dbt_utils/{self.version}",
                "name": "dbt_utils",
                "version": self.version,
                "packages": [],
                "require_dbt_version": [],
                "works_with": [],
                "downloads": {"tarball": f"{here}/package.tar.gz"},
            }
            metadata = {
                "name": "dbt_utils",
                "namespace": "dbt-labs",
                "versions": {self.version: entry},
            }
            body = json.dumps(metadata).encode()
        else:
            buffer = io.BytesIO()
            with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
                tar.add(PROJECT / "vendor" / "dbt_utils_offline", "package")
            body = buffer.getvalue()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def install_from_a_hub(copy):
    """Install what a hub delivers: our stand-in, as the locked version."""
    lock = (copy / "package-lock.yml").read_bytes()
    version = re.search(r"version: (\S+)", lock.decode())[1]
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Hub, version)
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        result = install_packages(
            copy,
            DBT_PACKAGE_HUB_URL=f"http://127.0.0.1:{server.server_port}/",
            NO_PROXY="127.0.0.1",
            no_proxy="127.0.0.1",
        )
    finally:
        server.shutdown()
        server.server_close()
    assert result.returncode == 0, result.stdout + result.stderr
    assert f"Installed from version {version}" in result.stdout
    assert installed(copy) == stand_in()
    assert (copy / "package-lock.yml").read_bytes() == lock
    return version, result.stdout


def test_deps_from_the_hub_keeps_the_lock(copy):
    macros = PROJECT / "vendor" / "dbt_utils_offline" / "macros"
    tested = copy / "vendor" / "dbt_utils.sha256"
    version = tested.read_text().split()[0]
    tested.write_text(f"{version} {digest(macros)}\n")
    version, output = install_from_a_hub(copy)
    assert f"{version} from the hub, hash checked" in output


def test_deps_refuses_another_package_of_that_version(copy):
    """The stand-in is not what the hash is of."""
    version, output = install_from_a_hub(copy)
    assert f"what the hub delivers is not the {version}" in output
    assert "installed our stand-in" in output


def test_the_hash_is_of_the_locked_version():
    version, sha256 = (
        (PROJECT / "vendor" / "dbt_utils.sha256").read_text().split()
    )
    lock = (PROJECT / "package-lock.yml").read_text()
    assert f"version: {version}\n" in lock
    assert re.fullmatch("[0-9a-f]{64}", sha256)
