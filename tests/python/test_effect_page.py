"""docs/effect.md: its picture, its tables, its queries, its lists."""

import re

import pytest
from scripts import draw_effect, holdout_size
from statsmodels.stats import power, proportion


@pytest.fixture(scope="module")
def page(project_root):
    return (project_root / "docs" / "effect.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("file", "picture"), [
    (draw_effect.PICTURE, draw_effect.picture),
    (draw_effect.CHINESE_PICTURE, draw_effect.chinese_picture),
], ids=["en", "zh"])
def test_picture_is_what_the_script_draws(file, picture):
    assert file.read_text(encoding="utf-8") == picture(), "run make figures"


def test_the_chinese_picture_has_no_english_words_and_the_same_numbers():
    written = [
        re.findall(r"(?<=>)[^<>\n]+(?=</)", picture())
        for picture in (draw_effect.picture, draw_effect.chinese_picture)
    ]
    for english, chinese in zip(*written, strict=True):
        assert not re.search("[A-Za-z]", chinese), chinese
        assert sorted(re.findall(r"[\d.,]*\d", english)) == sorted(
            re.findall(r"[\d.,]*\d", chinese)
        ), chinese


@pytest.mark.parametrize("row", draw_effect.ROWS, ids=lambda row: row.title)
def test_intervals_of_the_picture_match_statsmodels(row):
    groups = row.treated_buyers, row.treated, row.held_out_buyers, row.held_out
    expected = proportion.confint_proportions_2indep(
        *groups, compare="diff", method="newcomb"
    )
    difference, *interval = draw_effect.uplift(row)
    assert interval == pytest.approx(expected, abs=1e-12)
    assert interval[0] < difference < interval[1]


def found_by_statsmodels(difference, entries, share, rate):
    """How often the test of two rates finds a difference, by the normal
    distribution with the spread of one rate."""
    effect = difference / (rate * (1 - rate)) ** 0.5
    return power.NormalIndPower().power(
        effect, entries * share, alpha=0.025, ratio=(1 - share) / share,
        alternative="larger",
    )


@pytest.mark.parametrize("share", holdout_size.SHARES)
@pytest.mark.parametrize("entries", holdout_size.ENTRIES)
def test_four_of_five_find_what_the_tables_say(entries, share):
    rate = holdout_size.RATE_OF_QUARTER
    difference = holdout_size.found(entries, share, rate)
    assert found_by_statsmodels(
        difference, entries, share, rate
    ) == pytest.approx(0.8, abs=1e-9)


@pytest.mark.parametrize("relative", holdout_size.RELATIVE)
@pytest.mark.parametrize("entries", holdout_size.ENTRIES)
def test_share_needed_is_the_smallest_that_finds_it(entries, relative):
    rate = holdout_size.RATE_OF_QUARTER
    share = holdout_size.share_needed(entries, relative * rate, rate)
    if share is None:
        assert holdout_size.found(entries, 0.5, rate) > relative * rate
    else:
        assert share <= 0.5
        assert holdout_size.found(entries, share, rate) == pytest.approx(
            relative * rate
        )


@pytest.mark.parametrize("rate", holdout_size.RATES)
def test_entries_needed_find_a_fifth_more(rate):
    for share in (0.1, 0.5):
        entries = holdout_size.entries_needed(0.2, share, rate)
        assert found_by_statsmodels(
            0.2 * rate, entries, share, rate
        ) == pytest.approx(0.8, abs=1e-9)
        mean, variance = holdout_size.amounts(rate)
        entries = holdout_size.entries_needed(0.2, share, rate, variance, mean)
        assert holdout_size.found(
            entries, share, rate, variance
        ) == pytest.approx(0.2 * mean)


def test_what_the_text_says_of_any_company(page):
    """So many people find half, a fifth, a tenth more, if others are enough."""
    rate = holdout_size.RATE_OF_QUARTER
    people = [
        holdout_size.share_needed(5_000_000, relative * rate, rate) * 5_000_000
        for relative in holdout_size.RELATIVE
    ]
    assert [holdout_size.rounded(number) for number in people] == [
        "280", "1,800", "7,100",
    ]
    for number in ("280", "1,800", "7,100"):
        assert f"{number} " in page


def test_every_query_of_the_page_finds_rows(page, sample_database):
    queries = re.findall(r"```sql\n(select\s.*?)```", page, flags=re.DOTALL)
    assert len(queries) == 4
    for query in queries:
        row = sample_database.execute(query).fetchone()
        # No rule of the sample has alternatives, as the page says.
        assert bool(row) != ("ads_cst_policy_value" in query), query


def test_the_page_explains_every_code(page, manifest):
    """Scopes, measures and reasons: each that the table may have, no other."""
    columns = manifest["nodes"]["model.cst.ads_cst_effect"]["columns"]
    for column, heading in (
        ("scope_code", "Three questions, three scopes"),
        ("measure_code", "What is measured"),
        ("withheld_reason", "Why a row has no estimate"),
    ):
        section = page.split(f"## {heading}\n")[1].split("\n## ")[0]
        explained = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
        assert columns[column], column
        accepted = accepted_values(manifest, column)
        assert set(explained) - {column} == accepted, column


def accepted_values(manifest, column):
    """The values that a test of ads_cst_effect allows a column."""
    for node in manifest["nodes"].values():
        if (
            node.get("attached_node") == "model.cst.ads_cst_effect"
            and node.get("column_name") == column
            and node["test_metadata"]["name"] == "accepted_values"
        ):
            return set(node["test_metadata"]["kwargs"]["values"])
    raise AssertionError(f"{column} has no accepted values")
