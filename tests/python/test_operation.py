"""examples/operation: what schedulers are handed parses, and fails closed."""

import ast
import os
import re
import shutil
import subprocess
import sys

import pytest
import yaml
from conftest import PROJECT
from cst.__main__ import WORDS

FOLDER = PROJECT / "examples" / "operation"
FILES = sorted(path.name for path in FOLDER.iterdir() if path.is_file())
CALLED = re.compile(r"-m cst ([a-z-]+)")


@pytest.fixture
def night(tmp_path):
    """night.sh in a project whose `python -m cst` ends as one is told to."""
    place = tmp_path / "examples" / "operation"
    place.mkdir(parents=True)
    shutil.copy(FOLDER / "night.sh", place)
    program = tmp_path / ".venv" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text(
        '#!/bin/sh\necho "$*" >> calls\n'
        'case " $FAILS " in *" $3 "*) exit 1;; esac\n'
    )
    program.chmod(0o755)

    def run(fails=""):
        result = subprocess.run(
            [place / "night.sh"], cwd="/", capture_output=True, text=True,
            env={**os.environ, "FAILS": fails, "CST_VARS": "{a: b}"},
        )
        calls = (tmp_path / "calls").read_text().splitlines()
        (tmp_path / "calls").unlink()
        assert [c for c in calls if not c.endswith(" --vars {a: b}")] == []
        return result.returncode, [CALLED.search(c)[1] for c in calls]

    return run


@pytest.mark.parametrize(("fails", "code", "words"), [
    ("", 0, ["freshness", "run"]),
    ("run", 1, ["freshness", "run"]),
    ("freshness", 75, ["freshness", "withdraw"]),
    ("freshness withdraw", 1, ["freshness", "withdraw"]),
])
def test_a_night_ends_as_its_words_end(night, fails, code, words):
    assert night(fails) == (code, words)


def test_every_file_is_in_the_table_of_the_folder():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [n for n in FILES if n != "README.md" and f"({n})" not in text] == []


@pytest.mark.parametrize("name", FILES)
def test_only_words_that_there_are_are_called(name):
    called = set(CALLED.findall((FOLDER / name).read_text(encoding="utf-8")))
    assert called - WORDS.keys() == set()


@pytest.mark.parametrize("name", ["airflow_dag.py", "dagster_definitions.py"])
def test_python_templates_parse_and_call_the_program(name):
    tree = ast.parse((FOLDER / name).read_text(encoding="utf-8"))
    words = {
        node.value for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value in WORDS
    }
    assert words >= {"freshness", "run", "withdraw"}


def test_the_workflow_is_one():
    """What GitHub would refuse at once; `on` is true to YAML."""
    workflow = yaml.safe_load((FOLDER / "github-actions.yml").read_text())
    assert set(workflow) == {
        "name", True, "permissions", "concurrency", "jobs",
    }
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert {"if", "runs-on", "timeout-minutes", "steps"} <= set(job)
        for step in job["steps"]:
            assert ("uses" in step) != ("run" in step), step
            if "run" in step and "\n" in step["run"]:
                subprocess.run(
                    ["bash", "-n"], input=step["run"], text=True, check=True
                )


def test_lines_of_cron_have_five_times_and_a_user():
    lines = [
        line for line in (FOLDER / "cst.cron").read_text().splitlines()
        if line and not line.startswith("#") and not re.match(r"\w+=", line)
    ]
    assert len(lines) == 2
    for line in lines:
        *times, user, command = line.split(None, 6)
        assert [t for t in times if not re.fullmatch(r"[\d*,/-]+", t)] == []
        assert user == "cst"
        # To cron, a bare % ends the line.
        assert "%" not in command
        subprocess.run(["sh", "-n"], input=command, text=True, check=True)


# Nothing else needs systemd, so a machine without it is not asked to have it.
@pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="systemd is not installed"
)
def test_systemd_finds_nothing(tmp_path):
    for path in FOLDER.glob("cst-*"):
        text = path.read_text().replace(
            "ExecStart=/srv/cst/examples/operation/night.sh",
            f"ExecStart={sys.executable}",
        )
        (tmp_path / path.name.replace("@.", "@a.")).write_text(text)
        (tmp_path / path.name).write_text(text)
    result = subprocess.run(
        [
            "systemd-analyze", "verify", tmp_path / "cst-night.service",
            tmp_path / "cst-night.timer", tmp_path / "cst-alert@a.service",
        ],
        capture_output=True, text=True,
    )
    assert (result.returncode, result.stderr) == (0, "")
