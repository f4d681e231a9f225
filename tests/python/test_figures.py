"""Figures that pages quote from the sample are those of the sample."""

import re

import pytest

from scripts.write_figures import MARK, PROJECT, fill, pages, read_figures


@pytest.fixture(scope="module")
def figures(sample_database):
    return read_figures(sample_database)


@pytest.fixture(params=pages(), ids=lambda path: str(path.relative_to(PROJECT)))
def page(request):
    """The text of each page that may quote figures."""
    return request.param.read_text(encoding="utf-8")


def test_page_quotes_the_figures_of_the_sample(page, figures):
    assert fill(page, figures) == page, "run make figures"


def test_every_mark_is_whole(page):
    marks = len(MARK.findall(page))
    assert page.count("<!-- figure") == page.count("<!-- /figure") == marks


def test_no_figure_in_a_sentence_begins_a_line(page):
    """Markdown would take the whole line for HTML."""
    assert not re.search(r"^ {0,3}<!-- figure: \w+ -->.", page, re.MULTILINE)


def test_every_figure_is_quoted(figures):
    text = "".join(path.read_text(encoding="utf-8") for path in pages())
    quoted = {name for _, name, _, _ in MARK.findall(text)}
    assert quoted == set(figures)


def test_fill_replaces_values_and_tables():
    text = (
        "A <!-- figure: one -->2<!-- /figure --> and\n\n"
        "<!-- figure: many -->\nold\n<!-- /figure -->\n"
    )
    filled = fill(text, {"one": "1", "many": "| a |\n|---|\n| 1 |"})
    assert filled == (
        "A <!-- figure: one -->1<!-- /figure --> and\n\n"
        "<!-- figure: many -->\n| a |\n|---|\n| 1 |\n<!-- /figure -->\n"
    )
    assert fill(filled, {"one": "3", "many": "4"}) != filled
    with pytest.raises(KeyError, match="one"):
        fill(text, {"many": ""})
