"""Parse the project with dbt v2's parser, an alpha: misspelt YAML keys.

dbt v2 hashes `packages.yml` in its own way, finds the lock of dbt 1.11 out
of date and asks the package hub, which not every network reaches. So it
parses a copy of the project, beside a lock with the hash that it expects.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

PROJECT = Path(__file__).resolve().parent.parent
PARSER = PROJECT / ".venv-v2" / "bin" / "dbt-core-experimental-parser"
COPIED = [
    ".dbtignore",
    "dbt_project.yml",
    "profiles.yml",
    "packages.yml",
    "dbt_packages",
    "models",
    "macros",
    "seeds",
    "tests",
    "analyses",
    "snapshots",
]
# Semantic models in the form of dbt 1.11, which does not see them in v2's own.
LEGACY = "[warning] [SemanticModelDeprecated (dbt1157)]"
# The parser prints its own call stack below each error.
CALL_STACK = re.compile(r"^ +(\d+: |at \.)")


def copy_project(copy):
    for name in COPIED:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(
                source, copy / name, ignore=shutil.ignore_patterns("__*")
            )
        elif source.exists():
            shutil.copy(source, copy / name)


def write_lock(copy):
    packages = yaml.safe_load((copy / "packages.yml").read_text())["packages"]
    lock = yaml.safe_load((PROJECT / "package-lock.yml").read_text())
    texts = sorted(json.dumps(p, separators=(",", ":")) for p in packages)
    lock["sha1_hash"] = hashlib.sha1("\n".join(texts).encode()).hexdigest()
    (copy / "package-lock.yml").write_text(yaml.safe_dump(lock))


def make_copy(directory: str) -> Path:
    """A copy of the project that dbt v2 reads without a network."""
    copy = Path(directory)
    copy_project(copy)
    write_lock(copy)
    return copy


def main():
    with tempfile.TemporaryDirectory(prefix="cst-v2-") as directory:
        result = subprocess.run(
            [PARSER, "parse", *sys.argv[1:]],
            cwd=make_copy(directory),
            env={
                **os.environ,
                "DO_NOT_TRACK": "1",
                "DBT_PROFILES_DIR": directory,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    for line in result.stdout.splitlines():
        if not CALL_STACK.match(line):
            print(line)
    # A warning of this parser is a key that it does not know.
    said = result.stdout.replace(LEGACY, "")
    refused = "[warning]" in said or "[error]" in said
    sys.exit(result.returncode or int(refused))


if __name__ == "__main__":
    main()
