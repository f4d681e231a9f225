"""The fixtures that these tests share with those in tests/python."""

from tests.python.conftest import (
    manifest, project_root, pytest_configure, run_dbt,
)

__all__ = ["manifest", "project_root", "pytest_configure", "run_dbt"]
