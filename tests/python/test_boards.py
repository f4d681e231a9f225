"""The boards open without a network, and their numbers are the warehouse's."""

import csv
import json
import os
import re
import subprocess
from pathlib import Path

import duckdb
import pytest
import yaml
from conftest import PROJECT
from scripts.write_boards import in_language

BOARDS = yaml.safe_load((PROJECT / "boards" / "boards.yml").read_text())["boards"]
QUERIES = {
    path.relative_to(PROJECT / "boards"): path.read_text()
    for path in sorted((PROJECT / "boards").glob("*/*.sql"))
}
LANGUAGES = ("zh", "en")
MONTH = "purchase_date between date '2025-12-01' and date '2025-12-31'"
HOSTILE = "<script>alert(1)</script>{{ 7*7 }}{% raw %}<img src=http://a.example/>"
PYTHON = PROJECT / ".venv-board" / "bin" / "python"


@pytest.fixture(scope="session")
def board_python():
    """The Python of `make board`."""
    subprocess.run(
        ["make", "--silent", "board-tools"], cwd=PROJECT, check=True
    )
    return PYTHON


@pytest.fixture(scope="session")
def opened(board_python, tmp_path_factory):
    """Write the boards of a database and open them: {(language, board): seen}."""

    def write_and_open(database, boards=BOARDS):
        output = tmp_path_factory.mktemp("boards")
        environment = {**os.environ, "CST_DUCKDB_PATH": str(database)}
        written = subprocess.run(
            [board_python, "-m", "scripts.write_boards",
             "--output", output, *boards],
            cwd=PROJECT, env=environment, capture_output=True, text=True,
        )
        assert written.returncode == 0, written.stdout + written.stderr
        pages = {
            (language, board): output / language / f"{board}.html"
            for language in LANGUAGES for board in boards
        }
        pages["", "index"] = output / "index.html"
        shown = subprocess.run(
            [board_python, PROJECT / "tests" / "python" / "open_pages.py",
             *pages.values()],
            capture_output=True, text=True,
        )
        assert shown.returncode == 0, shown.stderr
        seen = map(json.loads, shown.stdout.splitlines())
        return {
            key: {**found, "path": path}
            for (key, path), found in zip(pages.items(), seen)
        }

    return write_and_open


@pytest.fixture(scope="session")
def pages(opened, published_sample):
    """The boards of the sample, as people open it."""
    return opened(published_sample)


@pytest.fixture(scope="session")
def ask(published_sample):
    """Ask the published file: ask(sql) gives its rows."""
    with duckdb.connect(str(published_sample), read_only=True) as connection:
        yield lambda sql: connection.execute(sql).fetchall()


def unsound(seen):
    """What a page asked the network for, or complained of."""
    strange = [
        url for url in seen["requests"]
        if not url.startswith(("file:", "data:", "blob:"))
    ]
    errors = [
        text for text in seen["text"]
        if re.search(r"\b(ERR|WARN)-[A-Z]|Traceback", text)
    ]
    return strange + seen["failed"] + seen["console"] + seen["dialogs"] + errors


def follow(text, *cells):
    """Whether the cells stand one after the other, as in a row of a table."""
    length = len(cells)
    return any(
        text[place:place + length] == list(cells)
        for place in range(len(text) - length + 1)
    )


def whole(number):
    return f"{number:,.0f}".replace("-", "−")


def signed(number):
    return f"{number:+.1f}".replace("-", "−")


# -- all pages ---------------------------------------------------------------


def test_no_page_needs_a_network(pages):
    assert {key: unsound(seen) for key, seen in pages.items() if unsound(seen)} == {}


def test_every_chart_has_title_unit_and_date(pages, ask):
    ((as_of,),) = ask("select max(snapshot_date) from cst_dim.dim_cst_snapshot")
    for language, dated in (("zh", f"截至 {as_of}"), ("en", f"as of {as_of}")):
        for board in BOARDS:
            text = pages[language, board]["text"]
            charts = yaml.safe_load(
                (PROJECT / "boards" / f"{board}.yml").read_text()
            )["charts"]
            drawn = [c for c in charts.values() if c["type"] != "kpi"]
            assert all("subtitle" in chart for chart in drawn), board
            endings = [cell for cell in text if cell.endswith(dated)]
            assert len(endings) >= len(drawn), (language, board)
            for chart in charts.values():
                named = chart.get("title") or chart.get("label")
                if named is None:  # a card of a metric has the metric's name
                    assert chart["type"] == "kpi"
                    continue
                title = named[language]
                assert any(
                    title.casefold() in cell.casefold() for cell in text
                ), (language, board, title)


def test_heads_of_columns_are_words(pages):
    """In Chinese, too, not names of columns."""
    same = {"R", "F", "ROI", "LTV"}
    for language in LANGUAGES:
        for board in BOARDS:
            path = pages[language, board]["path"]
            written = path.parents[1] / "project" / language / f"{board}.yml"
            heads = {
                column["label"]
                for chart in yaml.safe_load(written.read_text())["charts"].values()
                for column in chart.get("style", {}).get("columns", {}).values()
                if column.get("visible", True)
            }
            assert not [head for head in heads if "_" in head]
            if language == "zh":
                assert {
                    head for head in heads if not re.search("[\u4e00-\u9fff]", head)
                } <= same, board


def broken_links(pages):
    """Links of pages to files that are not there."""
    return [
        link for seen in pages.values() for link in seen["links"]
        if not (seen["path"].parent / link.removeprefix("file://")).exists()
    ]


def test_links_lead_somewhere(pages, opened, published_sample):
    """Of one board in a folder of its own, too."""
    assert broken_links(pages) == []
    alone = opened(published_sample, ["data_quality"])
    assert broken_links(alone) == []
    assert len(alone["zh", "data_quality"]["links"]) == 1


def test_a_board_that_is_none_is_refused(board_python, tmp_path):
    written = subprocess.run(
        [board_python, "-m", "scripts.write_boards",
         "--output", tmp_path / "boards", "segmnts"],
        cwd=PROJECT, capture_output=True, text=True,
    )
    assert written.returncode == 1
    assert written.stderr == (
        "write_boards: there is no board segmnts; there are "
        f"{', '.join(BOARDS)}\n"
    )
    assert not (tmp_path / "boards").exists()


def test_months_are_written_in_one_way(pages):
    """As 2025-12, on axes, too."""
    strange = re.compile(
        r"[一二三四五六七八九十]月|\d+月|\d{4}[ /]\d\d\b"
        r"|\b(Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b"
    )
    found = {
        (key, cell) for key, seen in pages.items() for cell in seen["text"]
        if strange.search(cell)
    }
    assert found == set()


def test_codes_are_not_shown_as_words(pages):
    for language in LANGUAGES:
        for board in BOARDS:
            assert "all" not in pages[language, board]["text"], board


# -- names -------------------------------------------------------------------


def registry():
    """The names of the metrics, and of the columns that are one."""
    with (PROJECT / "seeds" / "metrics" / "cst_metrics.csv").open() as file:
        for metric in csv.DictReader(file):
            names = {
                language: metric[f"metric_name_{language}"]
                for language in LANGUAGES
            }
            yield metric["metric_code"], names, metric["public_columns"].split()


def test_boards_have_no_words_of_their_own_for_metrics():
    words = yaml.safe_load(
        (PROJECT / "boards" / "boards.yml").read_text()
    )["words"]
    codes = {code for code, _, _ in registry()}
    codes |= {
        column.split(".")[1] for _, _, columns in registry() for column in columns
    }
    ours = {re.sub("_(change|points)$", "", word) for word in words}
    assert ours & codes == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_metric_is_called_as_the_registry_says(language, pages):
    heads = {}
    for board in BOARDS:
        path = pages[language, board]["path"]
        written = path.parents[1] / "project" / language / f"{board}.yml"
        for name, chart in yaml.safe_load(written.read_text())["charts"].items():
            for column, style in chart.get("style", {}).get("columns", {}).items():
                heads[board, name, column] = style["label"]
    published = {
        column: names[language]
        for _, names, columns in registry() for column in columns
    }
    checked = 0
    for (board, chart), table in {
        ("monthly_review", "compared"): "ads_cst_overview",
        ("monthly_review", "changes"): "ads_cst_overview",
        ("monthly_review", "by_channel"): "ads_cst_overview",
        ("monthly_review", "by_shop"): "ads_cst_overview",
        ("monthly_review", "by_category"): "ads_cst_overview",
        ("monthly_review", "balance"): "ads_cst_customer_balance",
        ("lifetime_value", "tiers"): "ads_cst_ltv",
        ("behavior_service", "service"): "dws_cst_behavior",
    }.items():
        for (its_board, its_chart, column), head in heads.items():
            metric = f"{table}.{re.sub('_(change|points)$', '', column)}"
            if (its_board, its_chart) == (board, chart) and metric in published:
                assert head == published[metric], (board, chart, column)
                checked += 1
    assert checked == 13 + 13 + 3 * 9 + 9 + 3 + 3
    # the rate of another table is not the metric that shares its column's name
    assert heads["retention", "rates", "repurchase_rate"] == {
        "zh": "复购率", "en": "Repurchase rate",
    }[language]
    assert heads["monthly_review", "compared", "repurchase_rate"] == {
        "zh": "回购率", "en": "Retention of buyers",
    }[language]
    assert heads["segments", "sizes", "net_amount_per_buyer"] == {
        "zh": "客单价", "en": "Net amount per buyer",
    }[language]


def test_texts_name_no_currency_and_no_setting():
    """What a company sets is read from its data."""
    texts = "\n".join(
        path.read_text() for path in (PROJECT / "boards").rglob("*")
        if path.suffix in (".yml", ".sql")
    )
    assert not re.search("元|[¥$€]|CNY|近一年|1–5，5", texts)


# -- numbers -----------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_profit_says_what_it_covers(language, pages, ask):
    ((profit, known, net),) = ask(
        "select sum(gross_profit_amount),"
        " sum(net_amount) filter (gross_profit_amount is not null),"
        f" sum(net_amount) from cst_dwd.dwd_trd_order where is_counted and {MONTH}"
    )
    assert known < net
    text = pages[language, "monthly_review"]["text"]
    place = text.index(whole(profit))
    shown = f"{100 * known / net:.1f}%"
    assert any(cell.startswith(shown) for cell in text[place + 1:place + 4])


@pytest.mark.parametrize("language", LANGUAGES)
def test_monthly_review_counts_the_orders(language, pages, ask):
    """Cards beside a count of the orders themselves."""
    ((net, profit, buyers, new, orders),) = ask(
        "select sum(net_amount), sum(gross_profit_amount),"
        " count(distinct customer_id), count(*) filter (is_first_order),"
        f" count(*) from cst_dwd.dwd_trd_order where is_counted and {MONTH}"
    )
    text = pages[language, "monthly_review"]["text"]
    for number, zh, en in (
        (net, "净额（本位币）", "Net Amount"), (profit, "毛利（本位币）", "Gross Profit"),
        (buyers, "买家数（人）", "Buyers"), (new, "新客数（人）", "New Buyers"),
        (orders, "订单数（单）", "Orders"),
    ):
        label = zh if language == "zh" else en
        assert follow(text, whole(number), label), label


def test_monthly_review_shows_each_shop(pages, ask):
    rows = ask(
        "select shops.shop_name, count(distinct orders.customer_id),"
        " sum(orders.net_amount)"
        " from cst_dwd.dwd_trd_order as orders"
        " inner join cst_dim.dim_trd_shop as shops"
        " on orders.shop_id = shops.shop_id"
        f" where orders.is_counted and {MONTH} group by shops.shop_name"
    )
    assert len(rows) == 3
    text = pages["zh", "monthly_review"]["text"]
    for name, buyers, net in rows:
        place = text.index(name)
        assert text[place + 1] == str(buyers)
        assert text[place + 4] == whole(net)


def test_balance_adds_up_on_the_page(pages):
    """Opening, what came and went, and closing, read off the page."""
    text = pages["en", "monthly_review"]["text"]
    place = len(text) - 1 - text[::-1].index("2025-12")
    numbers = [int(cell.replace(",", "")) for cell in text[place + 1:place + 8]]
    opening, new, back, reclassified, churned, left, closing = numbers
    assert opening + new + back + reclassified - churned - left == closing


def test_segments_hold_every_customer_once(pages, ask):
    rows = ask(
        "select names.segment_name_zh, count(*)"
        " from cst_dws.dws_cst_segmentation as segmentation"
        " inner join cst_dim.dim_cst_segment as names using (segment_code)"
        " where segmentation.is_current group by 1"
    )
    text = pages["zh", "segments"]["text"]
    assert all(follow(text, name, str(count)) for name, count in rows)


def test_cohorts_begin_at_100_percent(pages, ask):
    text = pages["zh", "retention"]["text"]
    ((month, size, bought),) = ask(
        "select strftime(cohort_month, '%Y-%m'), cohort_customer_count,"
        " retained_customer_count from cst_ads.ads_cst_cohort_retention"
        " where cut_code = 'total' and months_since_first = 1"
        " and cohort_month = date '2025-10-01'"
    )
    assert follow(text, month, str(size), "100", f"{100 * bought / size:.0f}")


def test_months_that_have_not_come_are_not_zero(pages, ask):
    text = pages["zh", "retention"]["text"]
    ((size,),) = ask(
        "select cohort_customer_count from cst_ads.ads_cst_cohort_retention"
        " where cut_code = 'total' and months_since_first = 0"
        " and cohort_month = date '2025-12-01'"
    )
    assert follow(text, "2025-12", str(size), "100", *["—"] * 12)


@pytest.mark.parametrize("language", LANGUAGES)
def test_effects_come_with_their_interval_or_the_reason(language, pages, ask):
    rows = ask(
        f"select subject_name_{language}, treated_entries, holdout_entries,"
        " 100 * uplift, 100 * uplift_low, 100 * uplift_high,"
        f" withheld_reason_{language} from cst_ads.ads_cst_effect"
        " where is_headline and measure_code = 'repurchase_rate'"
    )
    assert {row[-1] is None for row in rows} == {True, False}
    text = pages[language, "effect"]["text"]
    for name, treated, held_out, *interval, reason in rows:
        place = next(
            place for place in range(len(text))
            if text[place:place + 3] == [name, whole(treated), str(held_out)]
        )
        shown = text[place + 5:place + 8]
        if reason is None:
            assert shown == [signed(number) for number in interval]
            assert text[place + 9] == "—"
        else:
            assert shown == ["—"] * 3
            assert text[place + 9] == reason


def test_funnel_counts_sessions(pages, ask):
    (row,) = ask(
        "select sum(session_count_30d), sum(product_view_session_count_30d),"
        " sum(cart_session_count_30d), sum(order_session_count_30d)"
        " from cst_dws.dws_cst_behavior where is_current"
    )
    text = pages["zh", "behavior_service"]["text"]
    for step, count in zip(("全部会话", "浏览商品", "加购", "下单"), row):
        assert follow(text, step, whole(count)), step


def test_satisfaction_is_that_of_the_tickets(pages, ask):
    """The mean over answers, not over customers."""
    ((answers, stars),) = ask(
        "select sum(csat_response_count_90d),"
        " sum(csat_average_90d * csat_response_count_90d)"
        " from cst_dws.dws_cst_behavior where is_current and customer_id in ("
        "  select customer_id from cst_dws.dws_cst_segmentation"
        "  where is_current and value_tier = 'high')"
    )
    text = pages["zh", "behavior_service"]["text"]
    service = text[text.index("近90天工单数"):]
    row = service[service.index("高价值"):]
    assert row[5] == whole(answers)
    assert float(row[6]) == pytest.approx(stars / answers, abs=0.051)


def test_lifetime_value_adds_up(pages, ask):
    ((total, historic, predicted),) = ask(
        "select sum(ltv_amount), sum(historic_ltv_amount),"
        " sum(predicted_ltv_amount) from cst_ads.ads_cst_ltv where is_current"
    )
    text = pages["zh", "lifetime_value"]["text"]
    assert total == historic + predicted
    assert follow(text, whole(total), "LTV（本位币）")
    assert follow(text, whole(predicted), "预测 LTV（本位币）")


def test_delivered_rows_add_up_on_the_page(pages):
    for language, words in (("zh", "样例数据。"), ("en", "Sample data.")):
        seen = pages[language, "data_quality"]["text"]
        assert any(cell.startswith(words) for cell in seen), language
    text = pages["zh", "data_quality"]["text"]
    for source in ("订单", "客户", "行为"):
        place = text.index(source)
        delivered, *parts = (
            int(cell.replace(",", "")) for cell in text[place + 1:place + 5]
        )
        assert delivered == sum(parts), source


# -- other databases ---------------------------------------------------------


@pytest.fixture(scope="session")
def copied(published_sample, tmp_path_factory):
    """Copy what the boards read: copied({table: condition}, then)."""

    def copy(conditions, *then):
        path = tmp_path_factory.mktemp("copied") / "cst.duckdb"
        with duckdb.connect(str(path)) as connection:
            connection.execute(
                f"attach '{published_sample}' as sample (read_only)"
            )
            for table in sorted(tables_of(connection)):
                schema, name = table.split(".")
                condition = conditions.get(name, conditions.get("*", "true"))
                connection.execute(f"create schema if not exists {schema}")
                connection.execute(
                    f"create table {table} as"
                    f" select * from sample.{table} where {condition}"
                )
            for statement in then:
                connection.execute(statement)
        return path

    return copy


def tables_of(connection, board=None):
    """The tables that the queries of all boards, or of one, read."""
    return {
        # DuckDB 2 adds the alias
        table.split(" ")[0]
        for path, sql in QUERIES.items()
        if board in (None, path.parent.name)
        for table in connection.get_table_names(sql, qualified=True)
    }


@pytest.fixture(scope="session")
def copy(copied):
    """A copy of the sample, to be changed and left as it was."""
    return copied({})


@pytest.fixture
def found(copy):
    """What a query finds after changes: found(query, *statements)."""
    with duckdb.connect(str(copy)) as connection:
        connection.execute("begin")

        def find(query, *statements):
            for statement in statements:
                connection.execute(statement)
            cursor = connection.execute(QUERIES[Path(f"{query}.sql")])
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row)) for row in cursor.fetchall()]

        yield find
        connection.execute("rollback")


@pytest.mark.parametrize("query", [
    "segments/tiers", "segments/segments_by_month",
    "behavior_service/satisfaction",
])
def test_weekly_snapshots_have_a_last_one_of_each_month(query, found):
    """Snapshots three days before the end of each month and one on the 10th, as
    of December 30: the last of each month that is over."""
    monthly = {row.pop("month"): row for row in found(query)}
    weekly = [
        f"update {table} set snapshot_date = snapshot_date - 3"
        for table in (
            "cst_dim.dim_cst_snapshot", "cst_dws.dws_cst_segmentation",
            "cst_dws.dws_cst_behavior",
        )
    ]
    november = "from {} where snapshot_date = date '2025-11-27'"
    early = [
        f"insert into {table} by name select * replace"
        f" (date '2025-11-10' as snapshot_date{more}) {november.format(table)}"
        for table, more in (
            ("cst_dim.dim_cst_snapshot", ""),
            ("cst_dws.dws_cst_segmentation", ""),
            ("cst_dws.dws_cst_behavior", ", 1 as csat_average_90d"),
        )
    ]
    rows = found(
        query, *weekly, *early,
        "delete from cst_dws.dws_cst_segmentation where"
        " snapshot_date = date '2025-11-10' and hash(customer_id) % 2 = 0",
        "update cst_dim.dim_cst_snapshot"
        " set written_as_of_date = date '2025-12-30'",
    )
    months = [row["month"].replace("\u2011", "-") for row in rows]
    assert max(months) == "2025-11"
    assert len(set(months)) == (
        12 if query.endswith("by_month") else len(monthly) - 1
    )
    weekly_last = {row.pop("month"): row for row in rows}
    assert all(
        row == monthly[month] for month, row in weekly_last.items()
        if month in monthly
    )


def test_a_shop_that_lost_everything_is_shown(found):
    shops = {row["shop_name"]: row for row in found("monthly_review/by_shop")}
    assert len(shops) == 3
    lost = {
        row["shop_name"]: row for row in found(
            "monthly_review/by_shop",
            "update cst_ads.ads_cst_overview set buyer_count = 0,"
            " order_count = 0, net_amount = 0 where period_code = '2025-12'"
            " and cut_code = 'shop' and cut_value = 'S02'",
        )
    }
    assert lost.keys() == shops.keys()
    (closed,) = [row for row in lost.values() if row["buyer_count"] == 0]
    assert closed["net_amount_month_change"] == -1
    assert closed["net_amount_year_change"] == -1


@pytest.mark.parametrize(("query", "statements"), [
    ("segments/flow", []),
    ("segments/segments_by_month",
     ["delete from cst_dws.dws_cst_segmentation"
      " where snapshot_date = date '2025-10-31' and segment_code ="
      " (select max(segment_code) from cst_dws.dws_cst_segmentation)"]),
    ("behavior_service/engagement", []),
    ("data_quality/sources",
     ["delete from cst_ads.ads_cst_data_quality"
      " where row_status = 'superseded' and source_name = 'order'",
      "delete from cst_ads.ads_cst_data_quality"
      " where row_status = 'accepted' and source_name = 'ticket'"]),
])
def test_nobody_is_zero(query, statements, found):
    rows = found(query, *statements)
    counts = [
        value for row in rows for name, value in row.items()
        if name.endswith(("_count", "_share"))
    ]
    assert None not in counts and 0 in counts
    pivots = {"flow": 2, "segments_by_month": 2, "engagement": 2}
    if query.split("/")[1] in pivots:
        heads = [
            {value for row in rows for name, value in row.items() if name == head}
            for head in list(rows[0]) if head.endswith("_zh") or head == "month"
        ]
        assert len(rows) == len(heads[0]) * len(heads[1])


def test_nothing_is_compared_with_a_loss(found):
    before, year = found(
        "monthly_review/changes",
        "update cst_ads.ads_cst_overview set gross_profit_amount = -100"
        " where period_code = '2025-11' and cut_code = 'total'",
    )
    assert before["gross_profit_amount_change"] is None
    assert year["gross_profit_amount_change"] is not None


def test_nothing_is_compared_with_a_month_that_is_not_complete(found):
    statement = (
        "update cst_ads.ads_cst_overview set is_complete = false"
        " where period_type = 'month' and period_code = '2025-11'"
    )
    before, year = found("monthly_review/changes", statement)
    assert {value for name, value in before.items()
            if not name.startswith("comparison")} == {None}
    assert None not in year.values()
    assert [row["month"] for row in found("monthly_review/compared")] == [
        "2025-12", "2024-12",
    ]
    (cards,) = found("monthly_review/cards")
    assert {name for name, value in cards.items() if value is None} == {
        "buyer_count_change", "new_buyer_count_change", "order_count_change",
        "net_amount_change",
    }
    for cut in ("channel", "shop", "category"):
        rows = found(f"monthly_review/by_{cut}")
        assert rows
        assert {row["net_amount_month_change"] for row in rows} == {None}
        assert None not in {row["net_amount_year_change"] for row in rows}


def test_parts_of_the_lifetime_value_are_of_the_same_customers(found):
    """Some have brought something and have no prediction."""
    (cards,) = found(
        "lifetime_value/cards",
        "update cst_ads.ads_cst_ltv set ltv_amount = null,"
        " predicted_ltv_amount = null where hash(customer_id) % 3 = 0",
    )
    assert cards["ltv_amount"] == (
        cards["historic_ltv_amount"] + cards["predicted_ltv_amount"]
    )
    for part in ("historic", "predicted"):
        assert cards[f"{part}_ltv_share"] == pytest.approx(
            float(cards[f"{part}_ltv_amount"] / cards["ltv_amount"])
        )


def test_the_matrix_holds_every_buyer_and_what_they_spent(found, ask):
    rows = found("segments/rfm")
    assert len({(row["r_score"], row["f_score"]) for row in rows}) == len(rows)
    assert len(rows) == 25
    (wanted,) = ask(
        "select r_score, f_score, count(*), sum(monetary_amount)"
        " from cst_dws.dws_cst_segmentation"
        " where is_current and r_score is not null"
        " group by all order by count(*) desc limit 1"
    )
    (cell,) = [
        row for row in rows if (row["r_score"], row["f_score"]) == wanted[:2]
    ]
    assert cell["customer_count"] == wanted[2]
    ((customers, spent),) = ask(
        "select count(*), sum(monetary_amount)"
        " from cst_dws.dws_cst_segmentation"
        " where is_current and r_score is not null"
    )
    assert sum(row["customer_count"] for row in rows) == customers
    assert sum(
        row["customer_count"] * (row["average_monetary_amount"] or 0)
        for row in rows
    ) == pytest.approx(float(spent))


def test_the_best_score_is_that_of_the_data(found, pages):
    assert found("segments/facts")[0]["highest_score"] == 5
    lead = pages["zh", "segments"]["text"]
    assert any("R、F 得分 1–5，5 为最好" in cell for cell in lead)
    (facts,) = found(
        "segments/facts",
        "update cst_dws.dws_cst_segmentation set r_score = least(r_score, 3),"
        " f_score = least(f_score, 3)",
    )
    assert facts["highest_score"] == 3


def test_an_empty_warehouse_says_so(opened, copied):
    pages = opened(copied({"*": "false"}))
    assert {key: unsound(seen) for key, seen in pages.items() if unsound(seen)} == {}
    for language, words in (("zh", "没有数据"), ("en", "No data")):
        for board in BOARDS:
            text = pages[language, board]["text"]
            assert words in text, (language, board)
            # nobody takes what is not there for zero
            assert not {"0", "0.0%", "None", "nan"} & set(text), board


def test_hostile_values_and_no_effect_yet(opened, copied):
    """Names that are HTML or Jinja; no effect, no events so far."""
    boards = [
        "monthly_review", "retention", "behavior_service", "effect",
        "data_quality",
    ]
    database = copied(
        {"ads_cst_effect": "false", "ads_cst_effect_curve": "false"},
        f"update cst_dim.dim_trd_shop set shop_name = '{HOSTILE}'"
        " where shop_id = 'S01'",
        f"update cst_ads.ads_cst_rejected_row set problem_value = '{HOSTILE}'",
        f"update cst_ads.ads_cst_overview set cut_value = '{HOSTILE}'"
        " where cut_code = 'order_channel' and cut_value = 'app'",
        "update cst_ads.ads_cst_overview set gross_profit_amount = null",
        # a month that is not over
        "update cst_ads.ads_cst_cohort_retention set is_mature = false,"
        " retention_share = null, cumulative_average_net_amount = null"
        " where activity_month = date '2025-12-01'",
        "update cst_dws.dws_cst_behavior set session_count_30d = null,"
        " product_view_session_count_30d = null, cart_session_count_30d = null,"
        " order_session_count_30d = null, engagement_level = null",
        "update cst_ads.ads_cst_data_quality set is_sample = false",
    )
    pages = opened(database, boards)
    assert {key: unsound(seen) for key, seen in pages.items() if unsound(seen)} == {}
    for language in LANGUAGES:
        review = pages[language, "monthly_review"]["text"]
        assert sum(cell.startswith("<script>alert(1)") for cell in review) == 2
        # an unknown number is not left out
        label = {"zh": "毛利（本位币）", "en": "Gross Profit"}[language]
        assert review[review.index(label) - 1] == "—"
        cohorts = pages[language, "retention"]["text"]
        place = cohorts.index("2025-11")
        assert cohorts[place + 2:place + 4] == ["100", "—"]
        refused = pages[language, "data_quality"]["text"]
        assert any("{{ 7*7 }}" in cell for cell in refused)
        assert not any("49" == cell for cell in refused)
        assert not any(
            cell.startswith(("样例数据", "Sample data")) for cell in refused
        )
        assert {"没有数据", "No data"} & set(pages[language, "effect"]["text"])
        for board in boards:
            assert pages[language, board]["scripts"] == 1


# -- what boards are made of -------------------------------------------------


def test_boards_read_what_their_exposures_say(manifest):
    exposures = {
        exposure["name"]: {
            manifest["nodes"][node]["name"]
            for node in exposure["depends_on"]["nodes"]
        }
        for exposure in manifest["exposures"].values()
        if exposure["type"] == "dashboard"
    }
    with duckdb.connect() as connection:
        read = {
            board: {
                table.split(".")[1] for table in tables_of(connection, board)
            }
            for board in BOARDS
        }
    assert exposures == read


def test_exposures_lead_to_their_pages(manifest):
    assert {
        exposure["name"]: exposure["url"]
        for exposure in manifest["exposures"].values()
        if exposure["type"] == "dashboard"
    } == {board: f"boards/zh/{board}.html" for board in BOARDS}


def test_boards_read_public_tables_alone():
    with duckdb.connect() as connection:
        schemas = {table.split(".")[0] for table in tables_of(connection)}
    assert schemas <= {"cst_dim", "cst_dwd", "cst_dws", "cst_ads"}


def test_every_query_is_drawn():
    for board in BOARDS:
        text = yaml.safe_load((PROJECT / "boards" / f"{board}.yml").read_text())
        used = {chart["query"] for chart in text["charts"].values()} | {"facts"}
        found = {p.stem for p in QUERIES if p.parent.name == board}
        assert used == found, board


def test_rows_have_one_order():
    """What is shown in rows says in which order."""
    unordered = [
        path for path, sql in QUERIES.items()
        if path.stem not in ("facts", "cards") and "\norder by" not in sql
    ]
    assert unordered == []


def test_words_are_those_of_one_language():
    words = {"title": {"zh": "店铺", "en": "Shop"}, "rows": [{"zh": "a", "en": "b"}]}
    assert in_language(words, "en") == {"title": "Shop", "rows": ["b"]}
    with pytest.raises(SystemExit, match="comma"):
        in_language({"zh": "店铺", "en": "Shop", "and more": None}, "en")
