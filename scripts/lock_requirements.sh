#!/bin/sh
# Write requirements/*.txt anew from requirements/*.in: exact versions with
# hashes. Pins that still fit stay; `--upgrade` moves all of them.
#
# spark.in holds everything, so it is resolved first and the smaller sets
# are bound to its versions: one version of each package everywhere.
set -eu

uv=$1
shift
cd "$(dirname "$0")/../requirements"

# --no-strip-extras: pip refuses a lock that names mashumaro without the
# extra that dbt asks for.
compile() {
    "$uv" pip compile --quiet --universal --fork-strategy fewest \
        --python-version 3.11 --no-strip-extras --generate-hashes \
        --no-annotate --custom-compile-command "make lock" "$@"
}

compile "$@" spark.in --output-file spark.txt
compile "$@" --constraint spark.txt dev.in --output-file dev.txt
compile "$@" --constraint spark.txt build.in --output-file build.txt
# Another dbt, with the engine and the libraries of this one.
same=$(mktemp)
trap 'rm -f "$same"' EXIT
grep -oE '^(dbt-duckdb|duckdb|numpy|pandas|pyarrow|scipy)==[^ ]+' build.txt \
    > "$same"
compile "$@" --constraint "$same" dbt-next.in --output-file dbt-next.txt
compile "$@" --constraint dbt-next.txt metrics.in --output-file metrics.txt
compile "$@" duckdb-lts.in --output-file duckdb-lts.txt
compile "$@" parser.in --output-file parser.txt
compile "$@" bench.in --output-file bench.txt
compile "$@" mcp.in --output-file mcp.txt
compile "$@" --constraint build.txt board.in --output-file board.txt
compile "$@" uv.in --output-file uv.txt
