#!/bin/sh
# One night, for cron, systemd and CI. Exit codes: 0, it is published; 1, it is
# not, the last line says why, and people see yesterday; 75, the feed is stale or
# could not be asked, so nothing was built. Whoever withdrew is off the lists in
# every case.
set -u
cd "$(dirname "$0")/../.." || exit 1
vars=${CST_VARS:-'{}'}

cst() {
    word=$1
    .venv/bin/python -m cst "$word" --vars "$vars"
}

if ! cst freshness; then
    cst withdraw || exit 1
    exit 75
fi
cst run
