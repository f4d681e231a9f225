"""docs/questions.md: every question has the answer that the page claims."""

import re

import duckdb
import pytest
from conftest import PROJECT
from cst.questions import of_page

PAGE = (PROJECT / "docs" / "questions.md").read_text(encoding="utf-8")
PUBLIC = ("cst_dim", "cst_dwd", "cst_dws", "cst_ads")
NOTES = {"No answer", "Long", "May be empty", "Mind"}


def is_short(sql):
    """One select of 12 lines, with no window and no long subquery."""
    lines = sql.strip().splitlines()
    outer = re.sub(r"\(select [^\n]*\)", "", sql)
    return (
        len(lines) <= 12
        and max(map(len, lines)) <= 100
        and len(re.findall(r"\bselect\b", outer)) == 1
        and not re.search(r"\bover\s*\(", sql)
    )


QUESTIONS = of_page(PAGE)


@pytest.fixture(scope="module")
def published(published_sample):
    """The published sample, opened read-only."""
    with duckdb.connect(str(published_sample), read_only=True) as connection:
        yield connection


@pytest.mark.parametrize(
    "question",
    [question for question in QUESTIONS if question.sql],
    ids=lambda question: f"{question.table}: {question.english}",
)
def test_query_finds_rows(question, published):
    found = published.execute(question.sql).fetchone()
    # A reason that no longer holds is to be taken off the page.
    assert (found is None) == ("May be empty" in question.notes), question.sql


@pytest.fixture(scope="module")
def both_ways(published):
    """The same tables twice, with their rows in one order and in the opposite
    one: rows that a query does not tell apart come in another order there."""
    (path,) = published.execute(
        "select path from duckdb_databases() where not internal"
    ).fetchone()
    ways = []
    for way in ("asc", "desc"):
        connection = duckdb.connect()
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set threads = 1")
        connection.execute(f"attach '{path}' as published (read_only)")
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() "
            "where database_name = 'published'"
        ).fetchall()
        for schema, table in tables:
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(
                f"create table {schema}.{table} as "
                f"select * from published.{schema}.{table} as it "
                f"order by hash(it) {way}"
            )
        ways.append(connection)
    yield ways
    for connection in ways:
        connection.close()


@pytest.mark.parametrize(
    "question",
    [question for question in QUESTIONS if question.sql],
    ids=lambda question: f"{question.table}: {question.english}",
)
def test_rows_come_in_one_order(question, both_ways):
    """Who asks twice gets one answer: of equal rows, and where a number cuts
    them off, the query says which come first."""
    one, other = (
        [
            tuple(
                # The last digits of a sum go by the order of its parts.
                round(value, 9) if isinstance(value, float) else value
                for value in row
            )
            for row in connection.execute(question.sql).fetchall()
        ]
        for connection in both_ways
    )
    assert one == other, question.sql


@pytest.mark.parametrize(
    "question", QUESTIONS,
    ids=lambda question: f"{question.table}: {question.english}",
)
def test_answer_is_of_the_kind_it_claims(question):
    assert question.notes.keys() <= NOTES
    assert ("No answer" in question.notes) == (question.sql is None)
    if question.sql:
        assert is_short(question.sql) == (question.kind == "short")


@pytest.mark.parametrize(
    "sql",
    [
        "select 1\nunion all\nselect 2",
        "with a as (\n    select 1 as b\n)\nselect b from a",
        "select b\nfrom (\n    select 1 as b\n)",
        "select sum(b) over () from a",
        "select 1" + "\n" * 12 + "from a",
        "select 1, " + "b, " * 50 + "c from a",
    ],
)
def test_what_is_not_short_is_found(sql):
    assert not is_short(sql)


def test_subquery_on_one_line_is_short():
    assert is_short("select b from a\nwhere b = (select max(b) from a)")


def test_each_public_table_has_its_questions(published):
    tables = [
        name for (name,) in published.execute(
            "select table_name from information_schema.tables "
            "where list_contains(?, table_schema)", [list(PUBLIC)],
        ).fetchall()
    ]
    counts = {table: 0 for table in tables}
    for question in QUESTIONS:
        counts[question.table] += 1
    few = {
        table: count for table, count in counts.items()
        if count < (1 if table.startswith("dim_") else 5)
    }
    assert few == {}


def test_no_question_is_asked_twice():
    for text in ("chinese", "english"):
        asked = [getattr(question, text) for question in QUESTIONS]
        assert len(asked) == len(set(asked)), text


def test_counts_at_the_top_are_those_of_the_page():
    kinds = [question.kind for question in QUESTIONS]
    assert (
        f"Of {len(kinds)} questions, {kinds.count('short')} have a short answer, "
        f"{kinds.count('long')} a long one, and {kinds.count('none')} none."
    ) in PAGE
