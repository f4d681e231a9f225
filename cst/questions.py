"""Questions that people ask, with the SQL that answers them: those of the
README, in its two languages, and those of docs/questions.md."""

import re
from typing import NamedTuple

from cst.paths import PROJECT

PAGE = PROJECT / "docs" / "questions.md"
READMES = (PROJECT / "README.zh-CN.md", PROJECT / "README.md")
README = "README"


class Question(NamedTuple):
    """A question, and its answer or what is said instead of one."""

    # The public table that is asked first; of the README's, README.
    table: str
    chinese: str
    english: str
    sql: str | None
    # By word: "No answer", "Long", "May be empty", "Mind".
    notes: dict[str, str]

    @property
    def kind(self) -> str:
        """How the page counts the answer."""
        if self.sql is None:
            return "none"
        return "long" if "Long" in self.notes else "short"

    @property
    def text(self) -> str:
        """What a search looks into."""
        return f"{self.table} {self.chinese} {self.english}".casefold()


def all_questions() -> list[Question]:
    """Those of the README, then those of docs/questions.md, in their order."""
    chinese, english = (path.read_text(encoding="utf-8") for path in READMES)
    page = PAGE.read_text(encoding="utf-8")
    return [*of_readmes(chinese, english), *of_page(page)]


def of_page(page: str) -> list[Question]:
    """The entries of docs/questions.md; ValueError where one is no entry."""
    found = []
    for section in re.split(r"^## ", page, flags=re.M)[1:]:
        table, _, text = section.partition("\n")
        for entry in re.split(r"^(?=\*\*)", text, flags=re.M)[1:]:
            heading = re.match(r"\*\*(.+?)\*\* (.+)\n", entry)
            sql = re.findall(r"^```sql\n(.*?)^```$", entry, flags=re.M | re.S)
            if not heading or len(sql) > 1:
                raise ValueError(f"no question of {PAGE.name}: {entry}")
            notes = re.findall(
                r"^\*([\w ]+):\* (.+(?:\n.+)*)", entry, flags=re.M
            )
            found.append(Question(
                table, *heading.groups(), *(sql or [None]),
                {word: " ".join(text.split()) for word, text in notes},
            ))
    return found


def of_readmes(chinese: str, english: str) -> list[Question]:
    """What stands before each query of the two; ValueError where their queries
    are not the same."""
    in_chinese, in_english = map(of_readme, (chinese, english))
    if [sql for _, sql in in_chinese] != [sql for _, sql in in_english]:
        raise ValueError("the READMEs have not the same queries")
    return [
        Question(README, question, asked, sql, {})
        for (question, sql), (asked, _) in zip(in_chinese, in_english)
    ]


def of_readme(text: str) -> list[tuple[str, str]]:
    """Question and query, without the link that may follow the question."""
    return [
        (re.sub(r" ?[（(]\[.*", "", question), sql)
        for question, sql in re.findall(
            r"^(\S[^\n]*[?？][^\n]*)\n\n```sql\n(.*?)^```$", text,
            flags=re.M | re.S,
        )
    ]
