"""The fixtures that these tests share with those in tests/python, whose modules
they need on the path."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python"))

from tests.python.conftest import (  # noqa: E402
    manifest, project_root, pytest_configure, run_dbt,
)

__all__ = ["manifest", "project_root", "pytest_configure", "run_dbt"]
