"""Write the documentation as one page that needs no server.

    python scripts/write_docs.py

`dbt docs generate --static` pastes names of delivered columns into the page's
script as they are, and the page's search shows them as HTML: a CSV header with
a tag in it would run where the page is opened. So the page is put together
here. Of a source it lists the columns that YAML describes, of no table a comment
from the database, and no text in it can end a script.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

from dbt.task.docs import DOCS_INDEX_FILE_PATH

PROJECT = Path(__file__).resolve().parent.parent
# What a script or HTML could take for its own; JSON may write it as \uXXXX.
SPECIAL = re.compile("[<>&\u2028\u2029]")
PLACE = re.compile(r'"(MANIFEST|CATALOG)\.JSON INLINE DATA"')


def described(catalog, manifest):
    """The catalog without comments, and of sources what YAML describes."""
    for group in ("nodes", "sources"):
        for table in catalog[group].values():
            table["metadata"]["comment"] = None
            for column in table["columns"].values():
                column["comment"] = None
    for unique_id, table in catalog["sources"].items():
        known = manifest["sources"].get(unique_id, {}).get("columns", {})
        names = {name.lower() for name in known}
        table["columns"] = {
            name: column
            for name, column in table["columns"].items()
            if name.lower() in names
        }
    return catalog


def script_json(data):
    """JSON that stays one value wherever it is pasted."""
    return SPECIAL.sub(
        lambda match: f"\\u{ord(match[0]):04x}",
        json.dumps(data, ensure_ascii=False, separators=(",", ":")),
    )


def page(template, manifest, catalog):
    """dbt's page with the two of them in it."""
    data = {
        "MANIFEST": script_json(manifest),
        "CATALOG": script_json(described(catalog, manifest)),
    }
    # in one pass, so that nothing is looked for in what was pasted
    text, count = PLACE.subn(lambda match: data[match[1]], template)
    if count != len(data):
        sys.exit("write_docs: dbt's page has other places for the data")
    return text


def main():
    dbt = Path(sys.executable).with_name("dbt")
    result = subprocess.run([dbt, "docs", "generate"], cwd=PROJECT)
    if result.returncode:
        sys.exit(result.returncode)
    target = PROJECT / "target"
    manifest, catalog = (
        json.loads((target / name).read_text(encoding="utf-8"))
        for name in ("manifest.json", "catalog.json")
    )
    template = Path(DOCS_INDEX_FILE_PATH).read_text(encoding="utf-8")
    (target / "static_index.html").write_text(
        page(template, manifest, catalog), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
