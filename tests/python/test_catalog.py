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


@pytest.fixture(scope="module")
def right(published_sample):
    """The page's own answers to what the sample can examine, by number."""
    with grade_exam.warehouse(published_sample) as connection:
        return {
            number: question.sql
            for number, question, _ in grade_exam.asked(connection)
        }


def test_the_pages_own_answers_are_all_right(grade, right):
    assert grade(right) == [f"{len(right)} of {len(right)} right"]
    assert len(right) > 250


def test_no_answers_are_none_right(grade, right):
    lines = grade({})
    assert lines[-1] == f"0 of {len(right)} right"
    assert len(lines) == len(right) + 1
    assert all("not answered" in line for line in lines[:-1])


def test_who_finds_nothing_is_right_only_where_there_is_no_answer(grade, right):
    nothing = {
        number: sql and "select 1 where false" for number, sql in right.items()
    }
    unanswerable = sum(sql is None for sql in right.values())
    assert grade(nothing)[-1] == f"{unanswerable} of {len(right)} right"


def test_wrong_answers_are_wrong_alone(grade, right, tmp_path):
    """... whatever they do to the connection."""
    given = [
        "select 1", "select 1 where false", "select nothing from nowhere", None,
        "", ";", "delete from cst_ads.ads_cst_ltv", "begin transaction",
        "use cst.cst_ads", "select 1; select 2",
        f"from read_text('{__file__}')", f"copy (select 1) to '{tmp_path}/a'",
        f"attach '{tmp_path}/b'", "set enable_external_access = true",
    ]
    numbers = [number for number, sql in right.items() if sql]
    wrong = dict(zip(numbers, given))
    *lines, sum_up = grade(right | wrong)
    assert [int(line.split()[0]) for line in lines] == [*wrong]
    assert sum_up == f"{len(right) - len(wrong)} of {len(right)} right"
    assert not {path.name for path in tmp_path.iterdir()} & {"a", "b"}


def test_an_answer_that_never_ends_is_stopped(grade, right, monkeypatch):
    monkeypatch.setattr(grade_exam, "SECONDS", 0.3)
    number = max(number for number, sql in right.items() if sql)
    endless = "select sum(hash(a.range + b.range)) from range(10000000) as a, " \
        "range(10000000) as b"
    lines = grade({number: endless})
    [line] = [line for line in lines if line.split()[0] == str(number)]
    assert "INTERRUPT" in line


def test_what_nobody_can_answer_wants_null(grade, right):
    number = next(number for number, sql in right.items() if sql is None)
    lines = grade(right | {number: "select 1"})
    assert len(lines) == 2 and "there is no answer" in lines[0]


@pytest.mark.parametrize("line", ["nonsense", "[]", '{"number": 3}', "7"])
def test_a_line_that_is_no_answer_is_named(
    published_sample, tmp_path, monkeypatch, line
):
    page = tmp_path / "answers.jsonl"
    page.write_text(f'{{"number": 1, "sql": null}}\n\n{line}\n')
    monkeypatch.setattr(sys, "argv", ["", str(page), str(published_sample)])
    with pytest.raises(SystemExit, match="answers.jsonl, line 3: expected"):
        grade_exam.main()


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
