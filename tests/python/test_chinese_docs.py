"""The README and the pages of docs/zh say what their English ones say, in the words
of the glossary.

Words are the translator's; what is compared is all else, section by section:
queries and commands, tables, names in code, links, and figures. What an English
page spells ("a tenth", "three") the Chinese one writes in characters (十分之一、三).
"""

import re
from collections import Counter

import pytest
from conftest import PROJECT

DOCS = PROJECT / "docs"
NAMES = ("audience", "effect", "history", "loop", "ltv", "rfm", "tags")
PAIRS = {
    "README": (PROJECT / "README.md", PROJECT / "README.zh-CN.md"),
    **{name: (DOCS / f"{name}.md", DOCS / "zh" / f"{name}.md") for name in NAMES},
}
CHINESE_PAGES = [chinese for _, chinese in PAIRS.values()]

CHINESE = "\u4e00-\u9fff"
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
COMMENT = re.compile(r"(^|\s+)(#|--) .*$", re.M)
CODE = re.compile(r"`[^`]+`")
LINK = re.compile(r"\]\(([^)\s#]*)(#[^)\s]*)?\)")
MARK = re.compile(r"<!-- /?figure:? ?(\w*) ?-->")
MONTHS = re.compile(
    r"\b(?:(January)|(February)|(March)|(April)|(May)(?= \d)|(June)|(July)"
    r"|(August)|(September)|(October)|(November)|(December))\b"
)
NUMBER = re.compile(r"(?<![\w.])[-+−]?(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:e-\d+)?", re.A)
# What a sentence in Chinese does not end in, and where it stands all the same.
LATIN_PUNCTUATION = re.compile(
    rf"[{CHINESE}）”][,;:?!.]\s?[{CHINESE}（“]|\([^()\n]*[{CHINESE}][^()\n]*\)"
)
WORDS_OF_CHART = re.compile(r'"[^"]*"|[\[(]+[^])\d][^])]*[])]+|(?<=-- )[^>\n]+(?= --)')
BOLD = re.compile(r"(.)?\*\*((?:[^*]|\*(?!\*))+)\*\*(.)?", re.S)


# -- what a page holds --------------------------------------------------------


def without_code(text):
    """The page without its fenced blocks."""
    return FENCE.sub("", text)


def prose(text):
    """Only what is read as text: no code, no addresses, no marks."""
    text = MARK.sub("", CODE.sub("", without_code(text)))
    return LINK.sub("]", text)


def sections(text):
    """The page cut before each heading."""
    return re.split(r"^(?=#{1,6} )", without_code(text), flags=re.M)


def levels(text):
    return re.findall(r"^#+(?= )", without_code(text), re.M)


def blocks(text):
    """Queries, commands and data, without what is said about them."""
    return [
        (language, COMMENT.sub("", body))
        for language, body in FENCE.findall(text)
        if language != "mermaid"
    ]


def charts(text):
    """Charts, without their words."""
    return [
        WORDS_OF_CHART.sub("", body)
        for language, body in FENCE.findall(text)
        if language == "mermaid"
    ]


def tables(text):
    """Rows and cells of each table."""
    found = re.findall(r"(?:^\|.*\|$\n?)+", without_code(text), re.M)
    return [[row.count("|") for row in table.splitlines()] for table in found]


def names(section):
    """Names in code, and those of the figures that a mark fills. What stands for a
    name, as <file>, is a word."""
    code = {" ".join(re.sub("<[^>`]*[^ -~][^>`]*>|<[a-z]+>", "<>", it).split())
            for it in CODE.findall(section)}
    marks = {name.removesuffix("_zh") for name in MARK.findall(section)}
    return code | marks


def links(section, page):
    """The pages and files that it leads to; a page or picture in Chinese counts as
    its English one."""
    goals = [(page.parent / path).resolve() for path, _ in LINK.findall(section)
             if path and not re.match(r"\w+:", path)]
    english = {chinese: page for page, chinese in PAIRS.values()}
    english[DOCS / "zh" / "effect.svg"] = DOCS / "effect.svg"
    for picture in DOCS.glob("*_zh.png"):
        english[picture] = DOCS / picture.name.replace("_zh.", "_en.")
    return Counter(english.get(goal, goal) for goal in goals)


def numbers(section):
    """How often each figure stands there, however it is written."""
    months = MONTHS.sub(lambda it: str(it.lastindex), prose(section))
    found = [it[0].replace(",", "").replace("−", "-") for it in
             NUMBER.finditer(months)]
    return Counter(re.sub(r"^([-+]?)\.", r"\g<1>0.", it) for it in found)


def differences(english, chinese, page, chinese_page):
    """What one of two pages has and the other has not."""
    for what in (levels, blocks, charts, tables):
        if what(english) != what(chinese):
            yield what.__name__, [
                pair for pair in zip(what(english), what(chinese), strict=False)
                if pair[0] != pair[1]
            ] or (len(what(english)), len(what(chinese)))
    for one, other in zip(sections(english), sections(chinese), strict=False):
        heading = other.partition("\n")[0]
        if names(one) != names(other):
            yield heading, "names", names(one) ^ names(other)
        here, there = links(one, page), links(other, chinese_page)
        if here != there:
            yield heading, "links", here - there, there - here
        if numbers(one) != numbers(other):
            yield (heading, "figures", numbers(one) - numbers(other),
                   numbers(other) - numbers(one))


@pytest.mark.parametrize(("page", "chinese_page"), PAIRS.values(), ids=PAIRS)
def test_a_page_says_the_same_in_both_languages(page, chinese_page):
    found = list(differences(
        page.read_text(encoding="utf-8"),
        chinese_page.read_text(encoding="utf-8"), page, chinese_page,
    ))
    assert not found, "\n".join(map(str, found))


def test_there_is_no_other_chinese_page():
    assert sorted(NAMES) == sorted(it.stem for it in (DOCS / "zh").glob("*.md"))


@pytest.mark.parametrize("name", NAMES)
def test_a_page_leads_to_the_other_language_first(name):
    links = f"[中文](zh/{name}.md)", f"[English](../{name}.md)"
    for page, link in zip(PAIRS[name], links, strict=True):
        assert page.read_text(encoding="utf-8").split("\n")[2] == link


def test_the_chinese_readme_leads_to_the_chinese_pages():
    readme = (PROJECT / "README.zh-CN.md").read_text(encoding="utf-8")
    goals = {path for path, _ in LINK.findall(readme)}
    assert {f"docs/zh/{name}.md" for name in NAMES} <= goals
    assert not {f"docs/{name}.md" for name in NAMES} & goals


ENGLISH = """\
# Effect

[中文](zh/loop.md)

On March 31, 1997, .5 of 1,000 customers (`p_alive`), [see](rfm.md#a).

| a | b |
|---|---|
| −1.5 % | 2 |

```sql
-- whom?
select 1
```
"""
TRANSLATED = """\
# 效果

[English](../loop.md)

1997 年 3 月 31 日，1,000 位客户中的 0.5（`p_alive`），[见](rfm.md#b)。

| 甲 | 乙 |
|---|---|
| -1.5% | 2 |

```sql
-- 谁？
select 1
```
"""


@pytest.mark.parametrize(("old", "new", "faults"), [
    ("", "", 0),
    ("1,000 位", "1,001 位", 1),
    ("3 月", "4 月", 1),
    ("-1.5%", "1.5%", 1),
    ("| 2 |", "| 2 | 2 |", 2),
    ("p_alive", "p_active", 1),
    ("rfm.md#b", "ltv.md#b", 1),
    ("select 1", "select 2", 1),
    ("# 效果", "## 效果", 1),
])
def test_a_difference_is_seen(old, new, faults):
    found = list(differences(
        ENGLISH, TRANSLATED.replace(old, new),
        *PAIRS["loop"],
    ))
    assert len(found) == faults, found


# -- how Chinese is written -----------------------------------------------------


def latin_punctuation(text):
    return [it[0] for it in LATIN_PUNCTUATION.finditer(prose(text))]


def bold_that_is_not(text):
    """Bold that ends in a mark right before a word, which Markdown shows as
    asterisks."""
    return [
        bold for before, bold, after in BOLD.findall(without_code(text))
        if (re.search(r"\W$", bold) and re.match(r"\w", after))
        or (re.match(r"\W", bold) and re.match(r"\w", before))
    ]


@pytest.mark.parametrize("page", CHINESE_PAGES, ids=lambda it: it.name)
def test_chinese_has_chinese_punctuation(page):
    text = page.read_text(encoding="utf-8")
    assert not latin_punctuation(text)
    assert not bold_that_is_not(text)


@pytest.mark.parametrize(("text", "count"), [
    ("对照组，触达组；（见下文）。", 0),
    ("对照组,触达组", 1),
    ("对照组: 触达组", 1),
    ("对照组(见下文)", 1),
    ("[规则](../规则.md) 比例 300 (6.0%)，`a,b`", 0),
])
def test_latin_punctuation_is_seen(text, count):
    assert len(latin_punctuation(text)) == count


@pytest.mark.parametrize(("text", "count"), [
    ("**重点**，后文", 0),
    ("**重点**：后文", 0),
    ("**重点。**后文", 1),
    ("前文**“重点”** 后文", 1),
])
def test_bold_that_markdown_does_not_show_is_seen(text, count):
    assert len(bold_that_is_not(text)) == count


def glossary():
    return (DOCS / "glossary.md").read_text(encoding="utf-8")


def words_not_used():
    """By the glossary: words, and those that stand for them."""
    table = glossary().split("## 不用的说法")[1]
    rows = re.findall(r"^\| (?!不用|---)([^|]+) \| ([^|]+) \|$", table, re.M)
    return {word: better for words, better in rows for word in words.split("、")}


def all_chinese():
    """What people read in Chinese: pages, and words of tables, columns and rows."""
    yield from CHINESE_PAGES
    yield DOCS / "questions.md"
    yield DOCS / "metrics.md"
    for folder, ends in (
        ("models", (".yml", ".md", ".sql")),
        ("macros", (".sql", ".yml")),
        ("seeds/rules", (".csv", ".yml")),
        ("seeds/metrics", (".csv", ".yml")),
        ("seeds/calendar", (".csv", ".yml")),
        ("boards", (".yml", ".md", ".sql")),
        ("cst", (".py",)),
    ):
        for file in sorted((PROJECT / folder).rglob("*")):
            if file.suffix in ends:
                yield file


def test_words_that_the_glossary_replaced_are_gone():
    words = words_not_used()
    assert len(words) > 10
    found = [
        f"{file.relative_to(PROJECT)}: {word}, for {words[word]}"
        for file in all_chinese()
        for word in words if word in file.read_text(encoding="utf-8")
    ]
    assert not found, "\n".join(found)


def test_words_that_stand_for_others_are_those_of_the_glossary():
    terms = glossary().split("## 不用的说法")[0]
    for better in words_not_used().values():
        assert re.search(rf"^\| ([^|]*、)?{better}(、[^|]*)? \|", terms, re.M), better
