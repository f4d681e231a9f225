"""Asking what is published: a question that people ask, its SQL, its rows."""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb

from cst.database import Connection, connected, first_line
from cst.errors import Refused
from cst.paths import Paths
from cst.questions import README, Question, all_questions
from cst.tables import chinese_name, cut, table

ROWS = 20
# What a query calls its own counts.
COUNTED = {
    "customers": "客户数", "orders": "订单数", "buyers": "买家数",
    "contacts": "触达数", "share": "占比",
}


def ask(paths: Paths, words: Sequence[str] = ()) -> str:
    """Answer a question by its number, or by words that it holds; without
    either, or where several questions hold them, list what can be asked.
    Refuses where nothing holds them, or nothing is published."""
    questions = all_questions()
    asked = " ".join(words).split()
    if not asked:
        return overview(questions)
    if len(asked) == 1 and asked[0].isascii() and asked[0].isdigit():
        number = int(asked[0])
        if not 1 <= number <= len(questions):
            raise Refused(
                f"There is no question {number}: they are numbered 1 to "
                f"{len(questions)}. To see them: python -m cst ask"
            )
        return answer(paths, number, questions[number - 1])
    found = [
        number for number, question in enumerate(questions, 1)
        if all(word.casefold() in question.text for word in asked)
    ]
    if len(found) == 1:
        return answer(paths, found[0], questions[found[0] - 1])
    if not found:
        raise Refused(
            f"No question has '{' '.join(asked)}' in it.\n"
            + listed(questions, nearest(questions, asked))
            + "\nTry one word of it, in Chinese or English, or a table's name. "
            "To see what can be asked: python -m cst ask"
        )
    return (
        f"{len(found)} questions have '{' '.join(asked)}' in them:\n"
        f"{listed(questions, found)}\n"
        f"To have one answered: python -m cst ask {found[0]}"
    )


def overview(questions: Sequence[Question]) -> str:
    """The README's questions, and how many there are of each table."""
    first = [
        number for number, question in enumerate(questions, 1)
        if question.table == README
    ]
    counts: dict[str, list[int]] = {}
    for number, question in enumerate(questions, 1):
        if question.table != README:
            counts.setdefault(question.table, []).append(number)
    return "\n".join([
        listed(questions, first), "",
        "Of each table 各表的问题:",
        *(
            f"{numbers[0]:5}–{numbers[-1]:<4} {name}"
            for name, numbers in counts.items()
        ),
        "",
        "To have one answered: python -m cst ask 2, or by words of it: "
        "python -m cst ask 复购率, python -m cst ask dwd_trd_order coupon",
    ])


def listed(questions: Sequence[Question], numbers: Sequence[int]) -> str:
    """Questions and their numbers, a line in each language."""
    return "\n".join(
        f"{number:5}  {questions[number - 1].chinese}\n"
        f"       {questions[number - 1].english}"
        for number in numbers
    )


def nearest(
    questions: Sequence[Question], asked: Sequence[str], count: int = 5
) -> list[int]:
    """The questions that share the most pairs of letters with what was asked;
    none where no pair is shared."""
    wanted = pairs(" ".join(asked).casefold())
    shared = {
        number: len(wanted & pairs(question.text))
        for number, question in enumerate(questions, 1)
    }
    ranked = sorted(shared, key=lambda number: (-shared[number], number))
    return [number for number in ranked[:count] if shared[number] > 1]


def pairs(text: str) -> set[str]:
    """The pairs of letters that follow each other in a word."""
    return {
        word[start:start + 2]
        for word in re.findall(r"\w+", text)
        for start in range(len(word) - 1)
    }


def answer(paths: Paths, number: int, question: Question) -> str:
    """The question, its SQL, and the rows of what is published."""
    head = [f"{number}  {question.chinese}", f"   {question.english}", ""]
    notes = [f"{word}: {text}" for word, text in question.notes.items()]
    if question.sql is None:
        return "\n".join([*head, *notes])
    lines = rows_of(paths, question.sql)
    return "\n".join([*head, question.sql.rstrip(), "", *lines, *notes])


def rows_of(paths: Paths, sql: str, limit: int = ROWS) -> list[str]:
    """The lines of a query's table, over what is published."""
    with connected(seen=seen_file(paths)) as connection:
        connection.execute("use seen")
        try:
            cursor = connection.execute(sql)
        except duckdb.Error as error:
            raise Refused(
                f"{seen_file(paths).name} cannot answer that: "
                f"{first_line(error)} It is of another release, perhaps: "
                "python -m cst status"
            ) from error
        names = [column[0] for column in cursor.description]
        rows = cursor.fetchmany(limit)
        more = len(cursor.fetchall())
        chinese = chinese_names(connection, sql)
    lines = table(
        names, [chinese.get(name, "") for name in names], rows,
        shutil.get_terminal_size((100, 24)).columns,
    )
    if not rows:
        return [*lines, "No rows 无结果。"]
    return [*lines, f"… {more:,} more rows"] if more else lines


def seen_file(paths: Paths) -> Path:
    """What people open; where nothing is published from here, the build.
    Refuses where it is not there."""
    path = paths.published or paths.build
    if not path.exists():
        raise Refused(
            f"{path} is not there yet. To build the sample: make build. To "
            "build your own data: python -m cst run --vars '…' (README, Your "
            "own data)"
        )
    return path


def chinese_names(connection: Connection, sql: str) -> dict[str, str]:
    """What the columns of the tables that a query names are called in Chinese,
    by their comments. Of two tables, the first is heard."""
    found = dict(COUNTED)
    for name in reversed(re.findall(r"\bcst_\w+\.(\w+)", sql)):
        found |= {
            column: cut(chinese_name(comment), 20)
            for column, comment in connection.execute(
                "select column_name, comment from duckdb_columns() "
                "where database_name = 'seen' and table_name = ?", [name],
            ).fetchall()
        }
    return found
