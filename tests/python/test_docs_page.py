"""The documentation page runs nothing that was delivered."""

import json
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest
from dbt.task.docs import DOCS_INDEX_FILE_PATH
from scripts.write_docs import described, page, script_json

TEMPLATE = Path(DOCS_INDEX_FILE_PATH).read_text(encoding="utf-8")
HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{constructor.constructor('alert(1)')()}}",
    "<!--<script>",
    "\u2028alert(1)",
    '"CATALOG.JSON INLINE DATA"',
]


class Scripts(HTMLParser):
    """The elements of a page that hold or start a program."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        if tag == "script" or any(name.startswith("on") for name in names):
            self.found.append((tag, names))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_ends_the_script(text):
    pasted = script_json({text: [text, 1, None, True]})
    assert json.loads(pasted) == {text: [text, 1, None, True]}
    assert not set("<>&\u2028\u2029") & set(pasted)


@pytest.mark.parametrize("text", HOSTILE)
def test_the_page_has_the_scripts_of_dbt_alone(text):
    """Wherever the text stands, a var's value in compiled SQL included."""
    manifest = {
        "nodes": {"a": {"compiled_code": text}},
        "sources": {"b": {"columns": {"x": {}}}},
    }
    metadata = {"comment": text, "owner": text}
    catalog = {
        "nodes": {
            "a": {"metadata": metadata, "columns": {"y": {"comment": text}}},
        },
        "sources": {
            "b": {
                "metadata": metadata,
                "columns": {"X": {"comment": text}, text: {"comment": None}},
            },
        },
    }
    written = page(TEMPLATE, manifest, catalog)
    assert Scripts(written).found == Scripts(TEMPLATE).found
    assert catalog["nodes"]["a"]["columns"] == {"y": {"comment": None}}
    assert catalog["sources"]["b"]["columns"] == {"X": {"comment": None}}


def test_another_page_of_dbt_is_not_filled_in_blindly():
    with pytest.raises(SystemExit):
        page("<html></html>", {"nodes": {}, "sources": {}},
             {"nodes": {}, "sources": {}})


def test_a_hostile_table_is_documented_harmlessly(
    run_dbt, manifest, tmp_path
):
    """A typed table with hostile names and comments, through dbt itself."""
    database = tmp_path / "cst.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema ods")
        names = ", ".join(
            '"' + name.replace('"', '""') + '" varchar' for name in HOSTILE
        )
        connection.execute(
            f"create table ods.ods_cst_customer (customer_id varchar, {names})"
        )
        connection.execute(
            f"comment on column ods.ods_cst_customer.customer_id is "
            f"'{HOSTILE[0]}'"
        )
    target = run_dbt(
        "docs", "generate", "--no-compile", database=database, check=True,
        vars={"cst_use_sample_data": False},
    ).target_path
    catalog = json.loads((target / "catalog.json").read_text("utf-8"))
    assert HOSTILE[0] in json.dumps(catalog), "dbt did not see the names"
    written = page(TEMPLATE, manifest, catalog)
    assert Scripts(written).found == Scripts(TEMPLATE).found
    assert "alert(1)" not in written
    (columns,) = (
        table["columns"]
        for table in described(catalog, manifest)["sources"].values()
    )
    assert list(columns) == ["customer_id"]
