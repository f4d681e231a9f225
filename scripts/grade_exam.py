"""Grade an assistant that was asked the questions people ask.

    python -m scripts.grade_exam answers.jsonl [database]

Each line of the answers is {"number": 12, "sql": "select …"}; its "sql" is null
where the assistant says that the tables hold no answer. An answer is right if
its rows are those of the page's SQL in any order, under any names, beside
whatever other columns; a question without an answer wants null. Numbers are
compared to the fourth decimal. The numbers are those of `python -m cst ask`.

A question that finds no rows in this file is left out, as any other query that
finds none would be right. An answer is one select; it reads the warehouse alone,
neither files nor network, and has `SECONDS` to do so.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from threading import Timer

import duckdb

from cst.database import connected
from cst.questions import Question, all_questions

PROJECT = Path(__file__).resolve().parent.parent
DECIMALS = 4
SECONDS = 60

Rows = Sequence[tuple]


def comparable(value: object) -> object:
    """A value that equals the same value of another type."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float, Decimal)):
        return round(float(value), DECIMALS)
    return str(value)


def same_rows(wanted: Rows, given: Rows) -> bool:
    """Whether some columns of `given` hold the rows that are wanted, in any
    order. Rows have one width within either."""
    if len(wanted) != len(given):
        return False
    if not wanted:
        return True
    wanted, given = (
        [tuple(map(comparable, row)) for row in rows] for rows in (wanted, given)
    )
    wanted_columns, given_columns = list(zip(*wanted)), list(zip(*given))
    candidates = [
        [
            place for place, column in enumerate(given_columns)
            if Counter(column) == Counter(sought)
        ]
        for sought in wanted_columns
    ]

    def fits(chosen: tuple[int, ...]) -> bool:
        """Whether columns chosen so far go on to hold all that is wanted."""
        count = len(chosen)
        picked = Counter(tuple(row[place] for place in chosen) for row in given)
        if picked != Counter(row[:count] for row in wanted):
            return False
        return count == len(candidates) or any(
            fits((*chosen, place))
            for place in candidates[count] if place not in chosen
        )

    return fits(())


def rows_of(connection: duckdb.DuckDBPyConnection, sql: str) -> Rows:
    """The rows of one select; ValueError where it is none, duckdb.Error where
    it cannot be run, or not in time."""
    statements = connection.extract_statements(sql)
    if [it.type for it in statements] != [duckdb.StatementType.SELECT]:
        raise ValueError("not one select")
    # What an answer sets is gone with its cursor.
    with connection.cursor() as cursor:
        cursor.execute("use cst")
        timer = Timer(SECONDS, cursor.interrupt)
        timer.start()
        try:
            return cursor.execute(statements[0]).fetchall()
        finally:
            timer.cancel()


def judge(
    connection: duckdb.DuckDBPyConnection, wanted: Rows | None, given: str | None
) -> str | None:
    """What is wrong with an answer; null where it is right. Where there is no
    answer, `wanted` is null."""
    if wanted is None or given is None:
        if wanted is given:
            return None
        return "no answer was given" if given is None else "there is no answer"
    try:
        found = rows_of(connection, given)
    except (duckdb.Error, ValueError) as error:
        return str(error).splitlines()[0]
    if same_rows(wanted, found):
        return None
    return f"other rows: {len(found)} found, {len(wanted)} wanted"


def asked(
    connection: duckdb.DuckDBPyConnection,
) -> Iterator[tuple[int, Question, Rows | None]]:
    """The questions that this file can examine, with their rows, or null."""
    for number, question in enumerate(all_questions(), 1):
        rows = question.sql and rows_of(connection, question.sql)
        if rows or question.sql is None:
            yield number, question, rows


@contextmanager
def warehouse(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published file, from which no answer leads out."""
    # Settings are those of a database instance: this one is nobody else's.
    with connected(cst=path) as connection:
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        yield connection


def read_answers(path: Path) -> dict[int, str | None]:
    """The SQL of each answer by its number; the program ends where a line is no
    answer."""
    answers = {}
    for place, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.strip():
            try:
                answer = json.loads(line)
                answers[int(answer["number"])] = answer["sql"]
            except (ValueError, KeyError, TypeError):
                sys.exit(
                    f"{path.name}, line {place}: expected "
                    '{"number": 12, "sql": "select …"}, found ' + line[:80]
                )
    return answers


def main() -> int:
    """Print what is wrong, then how many answers are right of all questions.
    Exits with 1 where not all are."""
    paths = [*map(Path, sys.argv[1:]), PROJECT / "cst.duckdb"][:2]
    for path in paths:
        if len(sys.argv) < 2 or not path.exists():
            sys.exit(f"{path} is not there.\n\n{__doc__}")
    answers = read_answers(paths[0])
    right, count = 0, 0
    with warehouse(paths[1]) as connection:
        for number, question, rows in asked(connection):
            fault = (
                judge(connection, rows, answers[number])
                if number in answers else "not answered"
            )
            if fault:
                print(f"{number:4}  {fault}  ({question.english})")
            right, count = right + (not fault), count + 1
    print(f"{right} of {count} right")
    return int(right < count)


if __name__ == "__main__":
    sys.exit(main())
