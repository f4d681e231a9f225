"""dbt over a project that is parsed already: dbt_parsed.py PARSED ARGUMENT …

PARSED is the file partial_parse.msgpack of a `dbt parse`. dbt itself parses
anew whenever a var or the database differs, which takes longer than most of
the builds of our tests; their vars change nothing that is parsed.
"""

import sys
from pathlib import Path

from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest


def read(parsed):
    manifest = Manifest.from_msgpack(Path(parsed).read_bytes())
    manifest.build_flat_graph()
    return manifest


def invoke(manifest, arguments):
    """Returns the exit code."""
    result = dbtRunner(manifest=manifest).invoke(list(arguments))
    if result.exception:
        print(result.exception)
    return 0 if result.success else 1


if __name__ == "__main__":
    sys.exit(invoke(read(sys.argv[1]), sys.argv[2:]))
