"""What assistants read, and the exam that they take."""

import json
import sys

import duckdb
import pytest
from cst.questions import all_questions

from scripts import grade_exam, write_catalog


@pytest.fixture(scope="module")
def catalog(published_sample, tmp_path_factory):
    """The catalog and the exam of the published sample."""
    folder = tmp_path_factory.mktemp("catalog")
    patch = pytest.MonkeyPatch()
    patch.setattr(sys, "argv", ["", str(published_sample), str(folder)])
    write_catalog.main()
    patch.undo()
    lines = (folder / "exam.jsonl").read_text().splitlines()
    return (
        json.loads((folder / "catalog.json").read_text()),
        [json.loads(line) for line in lines],
    )


@pytest.fixture
def grade(published_sample, tmp_path, monkeypatch, capsys):
    """Grades answers, by number; gives the lines that it prints."""

    def run(answers):
        page = tmp_path / "answers.jsonl"
        page.write_text("".join(
            json.dumps({"number": number, "sql": sql}) + "\n"
            for number, sql in answers.items()
        ))
        monkeypatch.setattr(
            sys, "argv", ["", str(page), str(published_sample)]
        )
        status = grade_exam.main()
        lines = capsys.readouterr().out.splitlines()
        assert status == (len(lines) > 1)
        return lines

    return run


# -- catalog ----------------------------------------------------------------


def test_every_public_table_and_column_has_words(catalog, published_sample):
    with duckdb.connect(str(published_sample), read_only=True) as connection:
        wanted = connection.execute(
            "select table_schema, table_name, column_name "
            "from information_schema.columns "
            "where table_schema in ('cst_dim', 'cst_dwd', 'cst_dws', 'cst_ads')"
        ).fetchall()
    found = [
        (table["schema"], table["name"], column["name"])
        for table in catalog[0]["tables"] for column in table["columns"]
        if table["comment"] and column["comment"]
    ]
    assert sorted(found) == sorted(wanted)
    assert len(found) > 1_000


def test_metrics_and_codes_are_those_of_the_tables(catalog, published_sample):
    with duckdb.connect(str(published_sample), read_only=True) as connection:
        for part, table in (
            ("metrics", "dim_cst_metric"), ("codes", "dim_cst_code"),
        ):
            (count,) = connection.execute(
                f"select count(*) from cst_dim.{table}"
            ).fetchone()
            assert len(catalog[0][part]) == count > 50


def test_exam_has_all_questions_with_rows(catalog):
    questions = all_questions()
    assert [(line["zh"], line["sql"]) for line in catalog[1]] == [
        (question.chinese, question.sql) for question in questions
    ]
    for number, line in enumerate(catalog[1], 1):
        assert line["number"] == number
        if line["sql"] is None:
            assert line["rows"] is None and "No answer" in line["notes"]
        else:
            assert line["rows"] or "May be empty" in line["notes"]


# -- grading ----------------------------------------------------------------


def test_the_pages_own_answers_are_all_right(grade):
    answers = {
        number: question.sql
        for number, question in enumerate(all_questions(), 1)
    }
    assert grade(answers) == [f"{len(answers)} of {len(answers)} right"]


def test_no_answers_are_none_right(grade):
    lines = grade({})
    assert lines[-1] == f"0 of {len(all_questions())} right"
    assert len(lines) == len(all_questions()) + 1
    assert all("not answered" in line for line in lines[:-1])


@pytest.mark.parametrize("given", [
    "select 1", "delete from cst_ads.ads_cst_ltv", "select nothing from nowhere",
    "from read_text('/etc/hostname')", None,
    "set enable_external_access = true",
])
def test_wrong_answers_are_wrong(grade, given):
    questions = all_questions()
    number = next(n for n, q in enumerate(questions, 1) if q.sql)
    answers = {n: q.sql for n, q in enumerate(questions, 1)}
    lines = grade(answers | {number: given})
    assert lines[-1] == f"{len(answers) - 1} of {len(answers)} right"
    assert lines[0].split()[0] == str(number)


def test_what_nobody_can_answer_wants_null(grade):
    questions = all_questions()
    number = next(n for n, q in enumerate(questions, 1) if q.sql is None)
    answers = {n: q.sql for n, q in enumerate(questions, 1)}
    lines = grade(answers | {number: "select 1"})
    assert len(lines) == 2 and "there is no answer" in lines[0]


@pytest.mark.parametrize(("given", "same"), [
    ([(1, "a"), (2, "b")], True),
    ([(2, "b"), (1, "a")], True),
    ([("a", 1), ("b", 2)], True),
    ([("a", True, 1.00001, None), ("b", True, 2, 7)], True),
    # each column holds the same values, not the rows
    ([(2, "a"), (1, "b")], False),
    ([(1, "a"), (2, "b"), (2, "b")], False),
    ([(1, "a")], False),
    ([(1,), (2,)], False),
    ([(1.001, "a"), (2, "b")], False),
    ([("1", "a"), ("2", "b")], False),
])
def test_rows_are_compared_without_order_and_names(given, same):
    assert grade_exam.same_rows([(1, "a"), (2, "b")], given) is same


def test_columns_of_equal_values_are_told_apart():
    wanted = [(1, 2, "x"), (2, 1, "y"), (3, 3, "z")]
    assert grade_exam.same_rows(wanted, [(b, a, c) for a, b, c in wanted])
    assert not grade_exam.same_rows(
        wanted, [(1, 2, "y"), (2, 1, "z"), (3, 3, "x")]
    )
