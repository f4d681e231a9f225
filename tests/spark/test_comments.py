"""Comments on Spark: every public table and column says what it is, in Chinese
and English. The tables are empty, and have the columns of the contracts."""

import re
import sys
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]
SET, PREFIX = "cst_words", "cst_words_public"
# What a column can hold in Hive's metastore.
LONGEST = 256
LOGS = ("ads_cst_run", "ads_cst_run_table")
# The one table that dbt builds here.
BUILT = "dim_cst_code"


def first_words(description):
    """What has to be seen: up to the end of the first Chinese sentence; without
    blanks and line ends."""
    return "".join(re.match("[^。]*。", description)[0].split())


@pytest.fixture(scope="module")
def invoke(tmp_path_factory):
    """dbt on this project, in this process, as Spark's catalog is in memory."""
    folder = tmp_path_factory.mktemp("comments")
    changed = {
        "CST_SPARK_DIR": str(folder / "spark"), "CST_SPARK_CATALOG": "in-memory",
        "CST_SPARK_SCHEMA": SET, "CST_SPARK_PUBLISHED": PREFIX,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in changed.items():
            patch.setenv(name, value)
        sys.path.insert(0, str(PROJECT / "scripts"))
        from ansi_dbt import use_ansi
        from dbt.cli.main import dbtRunner

        use_ansi()
        parsed = []

        def call(*arguments):
            done = dbtRunner(manifest=parsed[0] if parsed else None).invoke([
                *arguments, "--target", "spark", "--quiet",
                "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT),
                "--target-path", str(folder / "target"),
                "--log-path", str(folder / "logs"),
            ])
            assert done.success, done.exception
            return done.result

        manifest = call("parse")
        manifest.build_flat_graph()
        parsed.append(manifest)
        yield call, manifest


@pytest.fixture(scope="module")
def spark(invoke):
    """The views of a set of empty tables, published."""
    call, manifest = invoke
    call("run-operation", "test_comments")
    call("run", "--select", BUILT)
    from pyspark.sql import SparkSession
    from pyspark.sql.functions import lit

    session = SparkSession.builder.getOrCreate()
    for node in published_models(manifest):
        columns = ", ".join(
            f"{column.name} {column.data_type}" for column in node.columns.values()
        )
        session.sql(f"create schema if not exists {node.schema}")
        if node.alias != BUILT:
            session.sql(f"create table {node.schema}.{node.alias} ({columns})")
    call(
        "run-operation", "_write_build_state", "--args",
        yaml.safe_dump({"status": "building", "reason": None, "warned": []}),
    )
    state = f"{SET}_intermediate.build_state"
    session.table(state).withColumns({
        "status": lit("complete"), "published_run_id": lit(0).cast("bigint"),
    }).write.saveAsTable(f"{state}_done")
    session.sql(f"drop table {state}")
    session.sql(f"alter table {state}_done rename to {state}")
    call("run-operation", "publish_views")
    return session


def published_models(manifest):
    return [
        node for node in manifest.nodes.values()
        if node.resource_type == "model"
        and {"public", "contact"} & set(node.tags)
    ]


def described(session, table):
    """A view's comment, and those of its columns."""
    rows = [tuple(row)[:3] for row in
            session.sql(f"describe table extended {table}").collect()]
    end = next(at for at, row in enumerate(rows) if row[0] in ("", "# Detailed "
               "Table Information"))
    comment = [words for name, words, _ in rows[end:] if name == "Comment"]
    return "".join(comment), {name: words or "" for name, _, words in rows[:end]}


def test_every_view_says_what_it_is_in_both_languages(spark, invoke):
    _, manifest = invoke
    models = [
        node for node in published_models(manifest) if "public" in node.tags
    ]
    logs = [
        node for node in manifest.sources.values()
        if node.source_name == "published" and node.name in LOGS
    ]
    assert len(models) > 50 and len(logs) == len(LOGS)
    for node in models + logs:
        layer = node.name.split("_")[0]
        comment, columns = described(
            spark, f"{PREFIX}_{layer}.{node.name}"
        )
        assert "".join(comment.split()) == first_words(node.description), node.name
        assert list(columns) == list(node.columns)
        for name, words in columns.items():
            assert "".join(words.split()) == first_words(
                node.columns[name].description
            ), (node.name, name)
            assert "\n" not in words and len(words) < LONGEST, (node.name, name)


def test_a_table_has_a_comment_where_people_read_it_without_a_view(spark, invoke):
    _, manifest = invoke
    (node,) = (
        node for node in manifest.nodes.values() if node.name == BUILT
    )
    comment, _ = described(spark, f"{node.schema}.{BUILT}")
    assert "".join(comment.split()) == first_words(node.description)
