"""Grade an assistant that was asked the questions people ask.

    python -m scripts.grade_exam answers.jsonl [database]

Each line of the answers is {"number": 12, "sql": "select …"}; its "sql" is null
where the assistant says that the tables hold no answer. An answer is right if
its rows are those of the page's SQL in any order, under any names, beside
whatever other columns; a question without an answer wants null. Numbers are
compared to the fourth decimal. The numbers are those of `python -m cst ask`.

An answer runs read-only, without access to files or network.
"""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import duckdb

from cst.questions import all_questions

PROJECT = Path(__file__).resolve().parent.parent
DECIMALS = 4

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


def judge(
    connection: duckdb.DuckDBPyConnection, wanted: str | None, given: str | None
) -> str | None:
    """What is wrong with an answer; null where it is right."""
    if wanted is None or given is None:
        if wanted is given:
            return None
        return "no answer was given" if given is None else "there is no answer"
    try:
        found = connection.execute(given).fetchall()
    except duckdb.Error as error:
        return str(error).splitlines()[0]
    rows = connection.execute(wanted).fetchall()
    if same_rows(rows, found):
        return None
    return f"other rows: {len(found)} found, {len(rows)} wanted"


def main() -> int:
    """Print what is wrong, then how many answers are right of all questions.
    Exits with 1 where not all are."""
    answers = {
        line["number"]: line["sql"]
        for line in map(json.loads, Path(sys.argv[1]).read_text().splitlines())
    }
    database = sys.argv[2] if len(sys.argv) > 2 else PROJECT / "cst.duckdb"
    questions = all_questions()
    right = 0
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        for number, question in enumerate(questions, 1):
            if number not in answers:
                fault = "not answered"
            else:
                fault = judge(connection, question.sql, answers[number])
            if fault:
                print(f"{number:4}  {fault}  ({question.english})")
            right += not fault
    print(f"{right} of {len(questions)} right")
    return int(right < len(questions))


if __name__ == "__main__":
    sys.exit(main())
