"""Install dbt's packages: from the hub where it answers, else without it.

`packages.yml` names dbt-utils from dbt's package hub. In order:

1. `DBT_UTILS_PATH`, a directory or a git URL, where it is set;
2. `dbt deps`, where the hub answers within a few seconds;
3. our stand-in, `vendor/dbt_utils_offline/`.

Its macros are compared with `vendor/dbt_utils.sha256`, which holds the version
and the hash that the project was tested with: what the hub delivers must be
that, what `DBT_UTILS_PATH` names may be another, and it is said.

The result stands in `dbt_packages/dbt_utils/`. It is written beside its
place and then renamed, so an interrupted run leaves nothing half done and
can be repeated. `--if-needed` keeps what is installed and still current.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PACKAGES = PROJECT / "dbt_packages"
TARGET = PACKAGES / "dbt_utils"
STAND_IN = PROJECT / "vendor" / "dbt_utils_offline"
LOCK = PROJECT / "package-lock.yml"
TESTED = PROJECT / "vendor" / "dbt_utils.sha256"

# dbt skips directories whose name begins so.
HIDDEN = "__"
STATE = PACKAGES / f"{HIDDEN}installed.json"

HUB_SECONDS = 4
DEPS_SECONDS = 120
CLONE_SECONDS = 120

# Parts of a package that a project does not read.
NOT_COPIED = shutil.ignore_patterns(
    ".git", ".github", "integration_tests", "target", "logs", "dbt_packages"
)


def fail(message):
    sys.exit(f"install_packages: {message}")


def digest(*paths):
    """One hash of files, or of all files below directories."""
    found = hashlib.sha256()
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file():
                found.update(str(file.relative_to(path.parent)).encode())
                found.update(file.read_bytes())
    return found.hexdigest()


def locked_version():
    """The version of dbt-utils in the lock, which is its git tag too."""
    for line in LOCK.read_text().splitlines():
        if line.strip().startswith("version:"):
            return line.split(":", 1)[1].strip().strip("'\"")
    fail(f"{LOCK.name} names no version")


def is_tested():
    """Whether the macros installed are those of the locked version."""
    return TESTED.read_text().split() == [
        locked_version(), digest(TARGET / "macros")
    ]


def read_state():
    try:
        return json.loads(STATE.read_text())
    except (OSError, ValueError):
        return {}


def write_state(source, **key):
    STATE.write_text(json.dumps({"source": source, **key}))


def is_current(path):
    """Whether what is installed is what this run may leave in place."""
    state = read_state()
    if not (TARGET / "dbt_project.yml").is_file():
        return False
    if path:
        return (
            state.get("source") == "path"
            and state.get("path") == path
            and state.get("digest") == path_digest(path)
        )
    if state.get("source") == "hub":
        return state.get("digest") == digest(LOCK)
    if state.get("source") == "stand-in":
        return state.get("digest") == digest(STAND_IN)
    return False


def is_package(directory):
    return (directory / "dbt_project.yml").is_file()


def path_digest(path):
    """Changes when the package does; a git URL is taken once per lock."""
    directory = Path(path).expanduser()
    if not is_package(directory):
        return digest(LOCK)
    parts = [directory / "dbt_project.yml", directory / "macros"]
    return digest(*(part for part in parts if part.exists()))


def put_in_place(source):
    """Copy a package beside its place, then rename it into place."""
    PACKAGES.mkdir(exist_ok=True)
    for left_over in PACKAGES.glob(f"{HIDDEN}new_*"):
        shutil.rmtree(left_over, ignore_errors=True)
    STATE.unlink(missing_ok=True)

    new = Path(tempfile.mkdtemp(prefix=f"{HIDDEN}new_", dir=PACKAGES))
    shutil.copytree(source, new / "dbt_utils", ignore=NOT_COPIED)
    if TARGET.is_symlink():
        TARGET.unlink()
    elif TARGET.exists():
        TARGET.rename(new / "old")
    (new / "dbt_utils").rename(TARGET)
    shutil.rmtree(new)


def install_path(path):
    directory = Path(path).expanduser()
    if is_package(directory):
        put_in_place(directory)
    else:
        install_clone(path)
    if "name: dbt_utils" not in normalised(TARGET / "dbt_project.yml"):
        shutil.rmtree(TARGET)
        fail(f"DBT_UTILS_PATH is a dbt package other than dbt_utils: {path}")
    write_state("path", path=path, digest=path_digest(path))
    print(
        f"dbt_utils: installed from DBT_UTILS_PATH ({path}), "
        + (f"{locked_version()} unchanged" if is_tested() else
           f"which is not the {locked_version()} that was tested; sha256 of "
           f"its macros: {digest(TARGET / 'macros')}")
    )


def normalised(file):
    return file.read_text().replace("'", "").replace('"', "")


def install_clone(url):
    version = locked_version()
    with tempfile.TemporaryDirectory() as directory:
        clone = Path(directory) / "dbt_utils"
        command = ["git", "clone", "--quiet", "--depth", "1"]
        command += ["-c", "advice.detachedHead=false"]
        command += ["--branch", version, "--", url, str(clone)]
        try:
            subprocess.run(
                command,
                check=True,
                timeout=CLONE_SECONDS,
                stdin=subprocess.DEVNULL,
                env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
            )
        except FileNotFoundError:
            fail("DBT_UTILS_PATH is a git URL, and git is not installed")
        except subprocess.SubprocessError:
            fail(
                "DBT_UTILS_PATH is neither a directory with a dbt_project.yml "
                f"nor a git URL that has the tag {version}: {url}"
            )
        if not is_package(clone):
            fail(f"DBT_UTILS_PATH has no dbt_project.yml: {url}")
        put_in_place(clone)


def hub_answers():
    """Ask the hub that dbt itself would ask, for a few seconds at most."""
    answers = []

    def ask():
        import requests
        from dbt.clients import registry

        # The address is dbt's own setting; it is written nowhere here.
        address = f"{registry.DEFAULT_REGISTRY_BASE_URL}api/v1/index.json"
        try:
            with requests.get(
                address, timeout=HUB_SECONDS, stream=True
            ) as response:
                answers.append(response.ok)
        except requests.exceptions.RequestException:
            pass

    # A thread, as looking up a host's name knows no time limit.
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(HUB_SECONDS + 2)
    return answers == [True]


def dbt_deps():
    """Run `dbt deps`; whether it worked."""
    STATE.unlink(missing_ok=True)
    dbt = Path(sys.executable).parent / "dbt"
    before = LOCK.read_bytes()
    try:
        subprocess.run(
            [dbt, "deps", "--project-dir", PROJECT],
            check=True,
            timeout=DEPS_SECONDS,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.SubprocessError:
        LOCK.write_bytes(before)
        return False
    return is_package(TARGET)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--if-needed",
        action="store_true",
        help="keep what is installed and still current",
    )
    arguments = parser.parse_args()
    path = os.environ.get("DBT_UTILS_PATH", "").strip()

    if arguments.if_needed and is_current(path):
        return
    if path:
        install_path(path)
        return
    if hub_answers():
        if not dbt_deps():
            reason = "`dbt deps` failed"
        elif is_tested():
            write_state("hub", digest=digest(LOCK))
            print(f"dbt_utils: {locked_version()} from the hub, hash checked")
            return
        else:
            reason = (
                f"what the hub delivers is not the {locked_version()} of "
                f"vendor/{TESTED.name}"
            )
    else:
        reason = "the hub did not answer"
    put_in_place(STAND_IN)
    write_state("stand-in", digest=digest(STAND_IN))
    print(
        f"dbt_utils: {reason}; installed our stand-in, "
        "vendor/dbt_utils_offline (or set DBT_UTILS_PATH)"
    )


if __name__ == "__main__":
    main()
