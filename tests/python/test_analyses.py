"""The analyses are questions that people ask: each must find an answer."""

import shutil

import pytest


@pytest.fixture(scope="module")
def compiled(run_dbt, sample_path, tmp_path_factory):
    """Compiled SQL of every analysis, by name.

    dbt wants a file that nobody holds open, as other tests may hold the sample.
    """
    database = tmp_path_factory.mktemp("analyses") / sample_path.name
    shutil.copy(sample_path, database)
    result = run_dbt(
        "compile", "-s", "path:analyses", database=database, check=True
    )
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
