"""The analyses are questions that people ask: each must find an answer."""

import pytest


@pytest.fixture(scope="module")
def compiled(run_dbt, project_root, sample_path):
    """Compiled SQL of every analysis, by name."""
    result = run_dbt("compile", "-s", "path:analyses", database=sample_path)
    folder = result.target_path / "compiled" / "cst" / "analyses"
    return {path.stem: path.read_text() for path in folder.glob("*.sql")}


def test_all_compiled(compiled, project_root):
    expected = {path.stem for path in (project_root / "analyses").glob("*.sql")}
    assert compiled.keys() == expected


def test_each_finds_rows(compiled, sample_database):
    empty = [
        name
        for name, sql in compiled.items()
        if not sample_database.execute(sql).fetchone()
    ]
    assert empty == []
