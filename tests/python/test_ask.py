"""`python -m cst ask` and `first-look`: what people see in the first minutes."""

import os
import re
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal

import duckdb
import pytest
from conftest import PROJECT
from cst.ask import ask
from cst.errors import Refused
from cst.first_look import QUESTIONS, first_look
from cst.paths import Paths
from cst.questions import README, all_questions, of_page, of_readmes
from cst.tables import chinese_name, table, width, written


@pytest.fixture
def paths(tmp_path, published_sample):
    """The published sample, as `make build` leaves it."""
    return Paths(tmp_path / "build" / "cst.duckdb", published_sample)


@pytest.fixture(autouse=True)
def wide_screen(monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")


# -- asking -----------------------------------------------------------------


def test_a_number_prints_question_query_and_rows(paths):
    question = all_questions()[0]
    lines = ask(paths, ["1"]).splitlines()
    assert lines[:2] == [f"1  {question.chinese}", f"   {question.english}"]
    assert question.sql.rstrip() in "\n".join(lines)
    names = next(line for line in lines if line.startswith("subject_name_en"))
    assert "指标" in lines[lines.index(names) - 1]
    assert any(line.startswith("The whole program  Net am") for line in lines)


def test_a_word_that_one_question_has_is_answered(paths):
    asked = ask(paths, ["首购转化率逐月"])
    assert re.match(r"\d+  注册未购客户的首购转化率逐月如何？\n", asked)
    assert "prospect_customer_count" in asked


@pytest.mark.parametrize("words", [["COUPON"], ["首购 复购"], ["首购", "复购"]])
def test_words_that_several_have_list_them(paths, words):
    asked = ask(paths, words)
    numbers = [int(one) for one in re.findall(r"^ +(\d+)  ", asked, re.M)]
    wanted = " ".join(words).casefold().split()
    assert len(numbers) > 1 and numbers == [
        number for number, question in enumerate(all_questions(), 1)
        if all(word in question.text for word in wanted)
    ]
    assert asked.startswith(f"{len(numbers)} questions have '")
    assert asked.endswith(f"python -m cst ask {numbers[0]}")


def test_a_table_lists_its_questions(paths):
    asked = ask(paths, ["ads_cst_ltv_backtest"])
    expected = [
        question.english for question in all_questions()
        if question.table == "ads_cst_ltv_backtest"
    ]
    assert len(expected) >= 5
    assert [one for one in expected if one not in asked] == []


def test_no_match_names_what_is_near(paths):
    with pytest.raises(Refused) as refused:
        ask(paths, ["客户复购率怎么样呢"])
    said = str(refused.value)
    assert said.startswith("No question has '客户复购率怎么样呢' in it.\n")
    assert "复购率" in said.splitlines()[1]
    with pytest.raises(Refused, match="^No question has 'zqx' in it.\n\nTry"):
        ask(paths, ["zqx"])


@pytest.mark.parametrize("number", ["0", "99999"])
def test_a_number_that_nobody_has(paths, number):
    with pytest.raises(Refused, match=f"no question {number}: they are numb"):
        ask(paths, [number])


def test_without_words_what_can_be_asked(paths):
    asked = ask(paths, [])
    assert ask(paths, [""]) == asked
    questions = all_questions()
    first = [one for one in questions if one.table == README]
    assert [one for one in first if one.chinese not in asked] == []
    ranges = re.findall(r"^ *(\d+)–(\d+) +(\w+)$", asked, re.M)
    assert [
        (int(start), int(end)) for start, end, _ in ranges
    ] == [
        (
            min(n for n, q in enumerate(questions, 1) if q.table == name),
            max(n for n, q in enumerate(questions, 1) if q.table == name),
        )
        for _, _, name in ranges
    ]
    assert int(ranges[-1][1]) == len(questions)


def test_a_question_without_an_answer_says_why(paths):
    number, question = next(
        (number, question)
        for number, question in enumerate(all_questions(), 1)
        if question.sql is None
    )
    assert ask(paths, [str(number)]).splitlines()[-1] == (
        f"No answer: {question.notes['No answer']}"
    )


def test_long_answers_are_cut_and_say_so(paths):
    number = next(
        number for number, question in enumerate(all_questions(), 1)
        if question.english == "Whom to contact now?"
    )
    lines = ask(paths, [str(number)]).splitlines()
    with duckdb.connect(str(paths.published), read_only=True) as connection:
        ((count,),) = connection.execute(
            "select count(*) from cst_ads.ads_cst_audience "
            "where is_current and is_contactable and not is_holdout"
        ).fetchall()
    assert lines[-1] == f"… {count - 20:,} more rows"
    # In two blocks of columns, as they are wider than the screen.
    assert sum(line.startswith("C0") for line in lines) == 20
    assert max(map(width, lines)) <= 100


def test_nothing_is_there_yet(tmp_path):
    for published in (None, tmp_path / "cst.duckdb"):
        paths = Paths(tmp_path / "build.duckdb", published)
        for asked in (lambda: ask(paths, ["1"]), lambda: first_look(paths, 1)):
            with pytest.raises(
                Refused, match="duckdb is not there yet. To build the sample: "
            ):
                asked()


def test_a_file_of_another_release_says_so(tmp_path, paths):
    old = tmp_path / "old.duckdb"
    with duckdb.connect(str(old)) as connection:
        connection.execute("create table x as select 1 as y")
    with pytest.raises(Refused, match="old.duckdb cannot answer that: Catalog"):
        ask(Paths(tmp_path / "b.duckdb", old), ["1"])


def test_the_file_is_only_read(paths):
    paths.published.chmod(0o444)
    before = paths.published.read_bytes()
    ask(paths, ["2"])
    assert paths.published.read_bytes() == before


def test_the_program_says_it_by_its_exit_code(tmp_path, published_sample):
    def call(*words):
        return subprocess.run(
            [sys.executable, "-m", "cst", *words], cwd=PROJECT,
            capture_output=True, text=True, env={
                **os.environ, "CST_DUCKDB_PATH": str(tmp_path / "b.duckdb"),
                "CST_PUBLISHED_PATH": str(published_sample),
            },
        )

    answered = call("ask", "2")
    assert (answered.returncode, answered.stderr) == (0, "")
    unknown = call("ask", "zqx")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    look = call("first-look")
    assert (look.returncode, look.stderr) == (0, "")
    refused = call("first-look", "now")
    assert refused.returncode == 2
    # `python -m cst ask | head -1` ends without a word.
    ended = subprocess.run(
        f"{sys.executable} -m cst ask | head -1", shell=True, cwd=PROJECT,
        capture_output=True, text=True, env={
            **os.environ, "CST_PUBLISHED_PATH": str(published_sample),
        },
    )
    assert ended.stderr == ""


# -- the first look ---------------------------------------------------------


def test_the_first_look_has_three_full_answers(paths):
    said = first_look(paths, 313)
    assert said.startswith(f"The warehouse 数据仓库: {paths.published}\n")
    assert len(QUESTIONS) == 3
    assert "No rows" not in said
    for question in QUESTIONS:
        assert question in said
    assert "make ask                 the questions that it answers, 313" in said
    assert max(map(width, said.splitlines())) <= 100
    # Each answer stands under Chinese names and English ones.
    assert len(re.findall(r"^─", said, re.M)) == 3
    assert "新客数" in said and "new_buyer_count" in said


# -- the pages --------------------------------------------------------------


def test_all_questions_are_those_of_the_pages():
    questions = all_questions()
    page = (PROJECT / "docs" / "questions.md").read_text(encoding="utf-8")
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    assert len(questions) == page.count("\n**") + readme.count("\n```sql")
    first = [one for one in questions if one.table == README]
    assert all("?" in one.english and "？" in one.chinese for one in first)
    assert not any("](" in one.english + one.chinese for one in first)


def test_a_page_that_is_none_is_refused():
    with pytest.raises(ValueError, match="no question of questions.md"):
        of_page("## dim_a\n\n**没有英文？**\n\n```sql\nselect 1\n```\n")
    with pytest.raises(ValueError, match="not the same queries"):
        of_readmes(
            "问？\n\n```sql\nselect 1\n```\n", "Q?\n\n```sql\nselect 2\n```\n"
        )


# -- tables -----------------------------------------------------------------


def test_columns_line_up_under_chinese_names():
    assert table(
        ["city", "net_amount"], ["城市", ""],
        [("深圳", Decimal("1234567.80")), (None, None)],
    ) == [
        "城市",
        "city    net_amount",
        "────  ────────────",
        "深圳  1,234,567.80",
        "–                –",
    ]


def test_wide_tables_go_on_below_and_one_row_stands_upright():
    names, row = ["aaaaaaaa", "bbbbbbbb", "cccccccc"], (1, 2, 3)
    assert table(names, ["甲", "", ""], [row, row], 20) == [
        "      甲", "aaaaaaaa  bbbbbbbb", "────────  ────────",
        "       1         2", "       1         2", "",
        "cccccccc", "────────", "       3", "       3",
    ]
    assert table(names, ["甲", "", ""], [row], 20) == [
        "甲  aaaaaaaa  1", "    bbbbbbbb  2", "    cccccccc  3",
    ]
    assert table(["a"], [""], []) == ["a", "─"]


@pytest.mark.parametrize(("value", "text"), [
    (None, "–"), (True, "true"), (2025, "2025"), (12345, "12,345"),
    (0.123456, "0.1235"), (1234.567, "1,234.57"), (-0.5, "-0.5"),
    (Decimal("19.90"), "19.90"), (Decimal("0.500000"), "0.5"),
    (Decimal("100.000000"), "100"), (date(2025, 3, 1), "2025-03-01"),
    (datetime(2025, 3, 1, 8, 5, 9), "2025-03-01 08:05"),
    ("a\nb", "a b"), ("客" * 20, "客" * 15 + "…"), ("x" * 40, "x" * 31 + "…"),
])
def test_values_are_written_as_people_do(value, text):
    assert written(value) == text


@pytest.mark.parametrize(("comment", "name"), [
    ("Customers who bought. 买家数（人），同一客户只计一次。 More.", "买家数"),
    ("Net. 净额（本位币）= 实付金额 − 退款金额。", "净额"),
    ("Sessions. 近 30 天会话数（次）。", "近 30 天会话数"),
    ("`cut_code` in Chinese. 分析维度（中文）。", "分析维度"),
    ("Score. R 得分（近度），越高越近。", "R 得分"),
    ("Value. LTV（本位币）= 历史 LTV + 预测 LTV；空值：没有预测。", "LTV"),
    ("Nothing in Chinese.", ""), (None, ""),
])
def test_what_a_column_is_called_in_chinese(comment, name):
    assert chinese_name(comment) == name


@pytest.mark.parametrize(("table", "column", "name"), [
    ("dws_cst_segmentation", "r_score", "R 得分"),
    ("dws_cst_segmentation", "f_score", "F 得分"),
    ("dws_cst_segmentation", "m_score", "M 得分"),
    ("ads_cst_ltv", "ltv_amount", "LTV"),
    ("ads_cst_ltv", "ltv_tier", "LTV 层级"),
    ("ads_cst_ltv", "gross_margin_rate", "毛利率"),
    ("ads_cst_overview", "gross_margin_rate", "毛利率"),
    ("ads_cst_next_purchase", "p_purchase_within_7d", "7 天内购买概率"),
    ("ads_cst_ltv_backtest", "top_20_amount_share",
     "预测最高的 20% 客户贡献的金额占比"),
])
def test_what_the_columns_of_tables_are_called(paths, table, column, name):
    with duckdb.connect(str(paths.published), read_only=True) as connection:
        ((comment,),) = connection.execute(
            "select comment from duckdb_columns()"
            " where table_name = ? and column_name = ?", [table, column],
        ).fetchall()
    assert chinese_name(comment) == name
