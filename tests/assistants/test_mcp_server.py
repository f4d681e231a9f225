"""An assistant reads the published file by an MCP server: `make test-assistants`.

It finds every public table with its words, and every answer of the exam is the
same through it. The server has DuckDB 1.x, the driver that most tools have.
"""

import json
import os
import re
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT)]

from cst.database import PUBLIC
from cst.lock import one_build
from cst.paths import Paths
from cst.publish import publish
from cst.questions import all_questions

SAMPLE = PROJECT / "target" / "sample" / "cst.duckdb"
BIN = PROJECT / ".venv-mcp" / "bin"
PAGE = (PROJECT / "docs" / "assistants.md").read_text(encoding="utf-8")
# Runs in the server's environment, which has a client, too.
CLIENT = '''
import asyncio, json, sys
from fastmcp import Client
from fastmcp.client.transports import StdioTransport


async def main(server, *arguments):
    transport = StdioTransport(command=server, args=list(arguments))
    async with Client(transport) as client:
        for tool, arguments in json.load(sys.stdin):
            answer = await client.call_tool(
                tool, arguments, raise_on_error=False
            )
            # A refusal is words, then the same.
            text = answer.content[0].text
            print(json.dumps(json.loads(text[text.index("{"):])))


asyncio.run(main(*sys.argv[1:]))
'''


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """The sample as people open it."""
    folder = tmp_path_factory.mktemp("published")
    paths = Paths(SAMPLE, folder / "cst.duckdb", folder / "contact.duckdb")
    with one_build(paths):
        publish(paths)
    return paths.published


@pytest.fixture(scope="module")
def server(published):
    """Asks the server; takes (tool, arguments), gives what it answers."""

    # As the page has it.
    [written] = re.findall(r"^```json\n(\{.*?)^```$", PAGE, re.M | re.S)[:1]
    [told] = json.loads(written)["mcpServers"].values()
    arguments = [
        published if it == "/path/to/cst.duckdb" else it for it in told["args"]
    ]
    assert published in arguments

    def ask(calls):
        result = subprocess.run(
            [
                BIN / "python", "-c", CLIENT, BIN / told["command"],
                *arguments,
            ],
            input=json.dumps(calls), text=True, check=False,
            capture_output=True,
            env={**os.environ, "FASTMCP_CHECK_FOR_UPDATES": "off"},
        )
        assert result.returncode == 0, result.stderr[-3000:]
        return [json.loads(line) for line in result.stdout.splitlines()]

    return ask


def test_every_public_table_is_found_with_its_words(server):
    [answer] = server([("list_tables", {})])
    tables = {
        (table["schema"], table["name"]): table["comment"]
        for table in answer["tables"]
    }
    assert {schema for schema, _ in tables} == set(PUBLIC)
    assert len(tables) > 50
    for comment in tables.values():
        assert comment.isascii() is False and "Key" in comment
    answers = server([
        ("list_columns", {"table": name, "schema": schema})
        for schema, name in sorted(tables)
    ])
    for answer in answers:
        assert all(column["comment"] for column in answer["columns"]), answer


def test_every_answer_is_the_same_through_the_server(server, published):
    asked = [question.sql for question in all_questions() if question.sql]
    answers = server([("execute_query", {"sql": sql}) for sql in asked])
    with duckdb.connect(str(published), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for sql, answer in zip(asked, answers, strict=True):
            assert answer["success"], (sql, answer)
            cursor = connection.execute(sql)
            names = [column[0] for column in cursor.description]
            rows = cursor.fetchall()
            assert answer["columns"] == names, sql
            # The server gives 1,024 rows or 50,000 characters at most.
            assert len(rows) == len(answer["rows"]) or answer["truncated"], sql
            for row, given in zip(rows, answer["rows"]):
                assert list(map(plain, row)) == list(map(plain, given)), sql


def plain(value):
    """A value as it is comparable, of a row or of JSON."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (date, datetime)):
        return value.isoformat()[:19].replace("T", " ")
    try:
        return round(float(value), 6)
    except ValueError:
        return value[:19] if re.match(r"\d{4}-\d\d-\d\d ", value) else value


@pytest.mark.parametrize("sql", [
    "delete from cst_ads.ads_cst_ltv",
    "attach '{other}' as other",
    "from read_text('{other}')",
    "copy (select 1) to '{other}.csv'",
    "set enable_external_access = true",
])
def test_no_answer_leads_out_of_the_file(server, published, tmp_path, sql):
    other = tmp_path / "other.duckdb"
    duckdb.connect(str(other)).close()
    before = published.read_bytes(), other.read_bytes()
    [answer] = server([("execute_query", {"sql": sql.format(other=other)})])
    assert not answer["success"], answer
    assert (published.read_bytes(), other.read_bytes()) == before
    assert [path.name for path in tmp_path.iterdir()] == [other.name]
