"""What people read about public tables and columns, in Chinese and English: in
dbt's documentation, and as comments in the files that they open.

Each rule is a function that says what is wrong with a description. It is tried
on descriptions made up here, and then on the project's own.
"""

import re

import duckdb
import pytest

CHINESE = re.compile("[\u4e00-\u9fff]")
LONGEST_SENTENCE = 100
# A column of Hive's metastore holds no more.
LONGEST_COMMENT = 256
LOGS = (
    "ads_cst_run", "ads_cst_run_table", "ads_cst_hand_over",
    "ads_cst_hand_over_customer",
)
# What the words of a column have to hold: its unit, by the end of its name.
UNITS = [
    (r"_amount(_\d+d|_next_\d+d|_low|_high)?$", "本位币|金额", "currency"),
    (r"(^|_)days(_|$)", "天", "[Dd]ays"),
    (r"(_share|_rate)(_\d+d|_low|_high)?$", "0–1|率|比", "0 to 1|÷|share|rate"),
    (r"(_date|_day)$", "日", "(?i)date|day|snapshot|period"),
    (r"_at$", "时间（UTC", "UTC"),
    (r"_zh$", "（中文）", "Chinese"),
    (r"_en$", "（英文）", "English"),
]


# -- rules ------------------------------------------------------------------


def first_sentence(text):
    return re.match(r"(.*?[.?])(?=\s|$)|", text, re.S)[0]


def faults_of_words(text):
    """A short sentence in English, then one in Chinese, and null in both."""
    sentence = first_sentence(text)
    if not re.search("[A-Za-z]{2}|`", sentence):
        yield "does not begin with a sentence in English"
    elif CHINESE.search(sentence):
        yield "has Chinese in the first sentence, which is English"
    elif len(sentence) > LONGEST_SENTENCE:
        yield f"has a first sentence of {len(sentence)} characters"
    if not CHINESE.search(text):
        yield "has no Chinese"
    elif not text.partition("。")[1]:
        yield "has no sentence in Chinese"


def faults_of_column(name, text):
    text = " ".join(text.split())
    yield from faults_of_words(text)
    after = text[len(first_sentence(text)):].lstrip()
    shown = text.partition("。")[0]
    if not CHINESE.search(after[:12]):
        yield "does not go on in Chinese after the first sentence"
    elif len(shown) >= LONGEST_COMMENT:
        yield f"says what it is in {len(shown)} characters only"
    if ("空值" in text) != bool(re.search(r"\b[Nn]ull\b", text)):
        yield "says what null means in one language only"
    for end, in_chinese, in_english in UNITS:
        if re.search(end, name) and not (
            re.search(in_chinese, shown) and re.search(in_english, text)
        ):
            yield f"does not say its unit ({in_chinese}; {in_english})"


def faults_of_table(text):
    """The first paragraph stands alone, and the next says it in Chinese."""
    yield from faults_of_words(" ".join(text.split()))
    paragraphs = text.strip().split("\n\n")
    if len(paragraphs) < 2 or not CHINESE.search(paragraphs[1][:8]):
        yield "has no second paragraph in Chinese"


def alike(columns):
    """Columns of a table that say the same, but for those of which each says it
    of another number of days, or of another channel."""
    found = {}
    for name, text in columns.items():
        named = re.sub(r"\d+d|(?<=is_reachable_by_)\w+|horizon", "N", name)
        chinese = " ".join(text.split()).partition("。")[0][
            len(first_sentence(text)):
        ].strip()
        found.setdefault(chinese, set()).add(named)
    return [names for words, names in found.items() if len(names) > 1]


@pytest.mark.parametrize(
    ("name", "text", "faults"),
    [
        ("recency_days",
         "Days since the last purchase. 最近一次购买距今天数（天）；空值：从未购买。 "
         "Null: never purchased.", 0),
        ("code", "The code. 代码。", 0),
        ("code", "The code.", 2),
        ("code", "代码。", 1),
        ("code", "The code 代码. It is one.", 3),
        ("code", f"The {'long ' * 20}code. 代码。", 1),
        ("code", "The code. It says what a row is of. 代码。", 1),
        ("code", f"The code. {'代码' * 130}。", 1),
        ("code", "The code. 代码。 Null: none.", 1),
        ("code", "The code. 代码；空值：没有。", 1),
        ("net_amount", "Net amount, in the warehouse's currency. 净额（本位币）。", 0),
        ("net_amount", "What is left. 净额（本位币）。", 1),
        ("net_amount", "Net amount, in the warehouse's currency. 净值。", 1),
        ("code_zh", "The code in Chinese. 代码（英文）。", 1),
        ("paid_at", "When it was paid (UTC). 支付时间。", 1),
    ],
)
def test_the_rules_for_columns(name, text, faults):
    found = list(faults_of_column(name, text))
    assert len(found) == faults, found


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("Lists: whom to contact.\nAnd whom not.\n\n触达名单。\n\n**Grain:** one.", 0),
        ("Lists: whom to contact. 触达名单。\n\n**Grain:** one.", 1),
        ("触达名单。\n\nLists.", 2),
        ("Lists: whom to contact.", 2),
    ],
)
def test_the_rules_for_tables(text, faults):
    assert len(list(faults_of_table(text))) == faults


def test_the_rule_for_likeness():
    assert alike({
        "order_count_7d": "Orders of N days. 近 N 天订单数。",
        "order_count_30d": "Orders of N days. 近 N 天订单数。",
        "visit_count_7d": "Visits of N days. 近 N 天访问数。",
    }) == []
    assert alike({
        "order_count": "Orders. 订单数。", "visit_count": "Visits. 订单数。 Of all.",
    }) == [{"order_count", "visit_count"}]


# -- the project ------------------------------------------------------------


@pytest.fixture(scope="module")
def public(manifest):
    """Descriptions of the public tables and their columns, by name."""
    nodes = {
        node["alias"]: node for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and "public" in node["tags"]
    }
    assert {node["config"]["schema"] for node in nodes.values()} == {
        "dim", "dwd", "dws", "ads",
    }
    assert len(nodes) > 50
    return {
        name: (node["description"], {
            column["name"]: column["description"]
            for column in node["columns"].values()
        })
        for name, node in nodes.items()
    }


@pytest.fixture(scope="module")
def logs(manifest):
    """The same of the logs, which no model writes."""
    return {
        node["name"]: (node["description"], {
            column["name"]: column["description"]
            for column in node["columns"].values()
        })
        for node in manifest["sources"].values()
        if node["source_name"] == "published" and node["name"] in LOGS
    }


def test_every_table_and_column_says_what_it_is_in_both_languages(public, logs):
    found = []
    assert logs.keys() == set(LOGS)
    for table, (description, columns) in {**public, **logs}.items():
        found += [(table, fault) for fault in faults_of_table(description)]
        assert columns, table
        for column, text in columns.items():
            found += [
                (f"{table}.{column}", fault)
                for fault in faults_of_column(column, text)
            ]
        found += [(table, "says the same of", names) for names in alike(columns)]
    assert not found, "\n".join(map(str, found))


def test_no_two_tables_say_the_same(public, logs):
    """A paragraph that was copied says nothing of its table."""
    words = [
        description.strip().split("\n\n")[:2]
        for description, _ in {**public, **logs}.values()
    ]
    for english_or_chinese in zip(*words, strict=True):
        assert len(set(english_or_chinese)) == len(words)


def test_a_column_with_nulls_says_what_null_means(sample_database, public):
    """Asked of the sample, in which nearly all that can be null somewhere is."""
    silent, with_nulls = [], 0
    for schema, table in tables_of(sample_database):
        columns = public[table][1]
        row_count, *counts = sample_database.execute(
            "select count(*), " + ", ".join(f'count("{name}")' for name in columns)
            + f" from {schema}.{table}"
        ).fetchone()
        for (name, text), count in zip(columns.items(), counts, strict=True):
            with_nulls += count < row_count
            if count < row_count and "空值" not in text:
                silent.append(f"{table}.{name}")
    assert not silent
    assert with_nulls > 300


# -- what is in the database --------------------------------------------------


def tables_of(connection):
    return connection.execute(
        "select schema_name, table_name from duckdb_tables() "
        "where regexp_matches(schema_name, '^cst_(dim|dwd|dws|ads)$')"
    ).fetchall()


def comments_of(connection):
    """By table: its comment, and those of its columns."""
    return {
        table: (comment, dict(connection.execute(
            "select column_name, comment from duckdb_columns() "
            "where schema_name = ? and table_name = ?", [schema, table],
        ).fetchall()))
        for schema, table, comment in connection.execute(
            "select schema_name, table_name, comment from duckdb_tables() "
            "where regexp_matches(schema_name, '^cst_(dim|dwd|dws|ads)$')"
        ).fetchall()
    }


def unspaced(words):
    """Without blanks and line ends: what of a text has to arrive."""
    table, columns = words
    return "".join((table or "").split()), {
        name: "".join((text or "").split()) for name, text in columns.items()
    }


def assert_comments(found, expected):
    assert found.keys() == expected.keys()
    for name, words in expected.items():
        assert unspaced(found[name]) == unspaced(words), name
        table, columns = found[name]
        for text in *columns.values(), *table.split("\n\n")[:2]:
            assert text == text.strip() and "\n" not in text, (name, text)
            assert not re.search("[\u4e00-\u9fff、，；：] [\u4e00-\u9fff]", text), (
                name, text
            )


def test_the_database_has_every_description_as_a_comment(
    sample_database, public
):
    assert_comments(comments_of(sample_database), public)


def test_the_published_file_has_them_too_and_those_of_the_logs(
    published_sample, public, logs
):
    with duckdb.connect(str(published_sample), read_only=True) as file:
        assert_comments(comments_of(file), {**public, **logs})


# -- codes ------------------------------------------------------------------

# The kind of a code, where it is not named as the column, nor in words beside it.
KINDS = {
    "preferred_channel": "contact_channel", "next_value_tier": "value_tier",
    ("ads_cst_ltv_backtest", "group_type"): "ltv_group",
    ("ads_cst_purchase_calibration", "group_type"): "calibration_group",
    ("ads_cst_repurchase", "cut_code"): "repurchase_cut",
    ("ads_cst_service_impact", "period_code"): "period_type",
    ("dim_cst_tag", "measure_code"): "tag_measure",
    ("dws_cst_tag", "measure_code"): "tag_measure",
}
# Not codes, but names of tables; and a code whose name is in the row.
WITHOUT_WORDS = {"table_name", ("ads_cst_repurchase", "measure_code")}


def accepted_values(manifest):
    """By table and column: the values that a test of it accepts."""
    models = {
        key: node["alias"] for key, node in manifest["nodes"].items()
        if "public" in node["tags"] and node["resource_type"] == "model"
    }
    for test in manifest["nodes"].values():
        metadata = test.get("test_metadata") or {}
        values = metadata.get("kwargs", {}).get("values", [])
        if metadata.get("name") == "accepted_values" and (
            test["attached_node"] in models
            and all(isinstance(value, str) for value in values)
        ):
            yield models[test["attached_node"]], test["column_name"], values


def test_a_code_has_words_beside_it_or_in_dim_cst_code(
    manifest, public, sample_database
):
    codes = {}
    for kind, code in sample_database.execute(
        "select code_type, code from cst_dim.dim_cst_code"
    ).fetchall():
        codes.setdefault(kind, set()).add(code)
    wordless, asked = [], 0
    for table, column, values in accepted_values(manifest):
        key = (table, column)
        if {column, key} & WITHOUT_WORDS or f"{column}_zh" in public[table][1]:
            continue
        kind = KINDS.get(key, KINDS.get(column, column))
        asked += 1
        if not set(values) <= codes.get(kind, set()):
            wordless.append((*key, kind, set(values) - codes.get(kind, set())))
    assert not wordless
    assert asked > 15


def test_the_sample_has_no_code_that_dim_cst_code_lacks(sample_database, public):
    """Of codes that no test of values lists."""
    for (table, column), kind in {
        ("dim_cst_tag", "measure_code"): "tag_measure",
        ("dws_cst_tag", "measure_code"): "tag_measure",
        ("dim_cst_customer", "gender"): "gender",
        ("dim_cst_customer", "contact_consent"): "contact_consent",
    }.items():
        schema = "cst_" + table.split("_")[0]
        found = sample_database.execute(
            f"select distinct {column} from {schema}.{table} "
            f"where {column} is not null and {column} not in (select code "
            f"from cst_dim.dim_cst_code where code_type = '{kind}')"
        ).fetchall()
        assert not found, (table, column, found)


# -- the glossary -------------------------------------------------------------


def test_the_glossary_names_words_and_columns_that_are_there(
    project_root, public, logs
):
    text = (project_root / "docs" / "glossary.md").read_text()
    said = "".join(
        "".join([table, *columns.values()])
        for table, columns in {**public, **logs}.values()
    )
    terms = re.findall(r"^\| (?!\*\*|中文)([^|]+) \| [^|]+ \| [^|]+ \|(.*)\|$",
                       text, re.M)
    assert len(terms) > 50
    for chinese, where in terms:
        for term in chinese.split("、"):
            assert term in said, f"{term}: no description says so"
        for table, column in re.findall(r"`(\w+)\.(\w+)`", where):
            columns = {**public, **logs}[table][1]
            assert column in columns, (table, column)
            if not column.endswith(("_key", "_id")):
                assert any(
                    term[:2] in columns[column] for term in chinese.split("、")
                ), f"{table}.{column} does not say {chinese}"
