"""Links between our pages lead to a file, and to a heading of it."""

import re

import pytest
from conftest import PROJECT

# Packages and environments have pages of their own.
PAGES = sorted(
    page for glob in (
        "*.md", "docs/**/*.md", "models/**/*.md", "seeds/**/*.md",
        "simulation/**/*.md", "examples/**/*.md", "tests/**/*.md",
        "integration_tests/*.md", "vendor/**/*.md",
    )
    for page in PROJECT.glob(glob)
)
LINK = re.compile(r"\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)")


def anchors(page):
    """The addresses of a page's headings, as GitHub and GitLab make them."""
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.M | re.S)
    return [
        re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        for heading in re.findall(r"^#{1,6} (.+)$", text, re.M)
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_link_leads_to_a_file_and_its_heading(page):
    wrong = []
    for path, anchor in LINK.findall(page.read_text()):
        goal = page.parent / path if path else page
        if not goal.exists() or (anchor and anchor not in anchors(goal)):
            wrong.append(f"{path}#{anchor}")
    assert not wrong


def test_each_decision_has_an_address_of_its_own():
    found = anchors(PROJECT / "DECISIONS.md")
    assert len(found) > 40
    assert len(found) == len(set(found))
