"""What the README promises is tried: its SQL, its vars, its links."""

import re

import pytest
import yaml

READMES = ("README.md", "README.zh-CN.md")


@pytest.fixture(params=READMES)
def readme(request, project_root):
    """The text of the README, in each language."""
    return (project_root / request.param).read_text()


def test_every_query_finds_rows(readme, sample_database):
    queries = re.findall(r"```sql\n(.*?)```", readme, flags=re.DOTALL)
    assert len(queries) >= 6
    empty = [
        query for query in queries
        if not sample_database.execute(query).fetchone()
    ]
    assert empty == []


def test_same_queries_in_both_languages(project_root):
    english, chinese = (
        re.findall(
            r"```sql\n(.*?)```",
            (project_root / name).read_text(),
            flags=re.DOTALL,
        )
        for name in READMES
    )
    assert english == chinese


def test_every_var_is_explained_with_its_default(readme, project_root):
    project = yaml.safe_load((project_root / "dbt_project.yml").read_text())
    rows = dict(re.findall(r"^\| `(\w+)` \| `?(.*?)`? \|", readme, re.MULTILINE))
    defaults = {
        name: "null" if value is None
        else str(value).lower() if isinstance(value, bool)
        else "[" + ", ".join(map(str, value)) + "]" if isinstance(value, list)
        else "{" + ", ".join(f"{key}: {item}" for key, item in value.items()) + "}"
        if isinstance(value, dict)
        else str(value)
        for name, value in project["vars"].items()
    }
    assert {name: rows.get(name) for name in defaults} == defaults


def test_every_public_table_is_listed(readme, sample_database):
    tables = sample_database.execute(
        "select table_name from information_schema.tables "
        "where table_schema in ('cst_dim', 'cst_dwd', 'cst_dws', 'cst_ads')"
    ).fetchall()
    missing = [name for (name,) in tables if f"`{name}`" not in readme]
    assert missing == []


def test_every_link_leads_somewhere(readme, project_root):
    links = re.findall(r"\]\(([^)#]+)\)", readme)
    missing = [
        link for link in links
        if not link.startswith("http") and not (project_root / link).exists()
    ]
    assert missing == []
