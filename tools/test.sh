#!/usr/bin/env bash
# Every test, in the order in which a mistake shows soonest. Called by `make test`, which has set up .venv.
# Arguments (make test TESTS=...) choose paths; without them everything under tests/ runs.
# What could not be tested is said at the very end; with CI set it is a failure. Exit status 1 if anything failed.
set -uo pipefail
cd "$(dirname "$0")/.."

python=.venv/bin/python
paths=("$@")
chosen=${#paths[@]}
[ "$chosen" -gt 0 ] || paths=(tests)
failed=()
mkdir -p .tools
SUJI_NOT_TESTED_FILE="$(mktemp "${TMPDIR:-/tmp}/suji-not-tested.XXXXXX")"
export SUJI_NOT_TESTED_FILE
trap 'rm -f "$SUJI_NOT_TESTED_FILE"' EXIT
trap 'exit 130' INT

phase() { # TITLE PYTEST-ARGUMENT...
    local title="$1" status start=$SECONDS
    shift
    printf '\n== %s\n' "$title"
    "$python" -m pytest --durations=5 --durations-min=2 "$@" "${paths[@]}"
    status=$?
    if [ "$status" -eq 5 ] && [ "$chosen" -gt 0 ]; then status=0; fi # none of the chosen tests is of this kind
    [ "$status" -eq 0 ] || failed+=("$title")
    printf '== %s: %d s\n' "$title" $((SECONDS - start))
}

phase "fast tests, SQLite" -n 2 -m "not browser and not stack"
if why="$("$python" tests/services.py postgres 2>&1)"; then
    SUJI_TEST_DATABASE=postgres phase "the tests that touch the database, PostgreSQL" -n 2 -m "not browser and not stack"
else
    echo "NOT TESTED: the database tests on PostgreSQL: $why" >>"$SUJI_NOT_TESTED_FILE"
fi
phase "whole stack" -n 4 --dist loadfile -m "stack and not browser and not faults"
phase "faults" -m "faults and not long" # one process: what they kill, they also wait for
phase "browser" -n 3 --dist loadfile -m "browser"

printf '\n== everything: %d s\n' "$SECONDS"
if [ -s "$SUJI_NOT_TESTED_FILE" ]; then
    printf '\n%s\n' "*****************************************************************"
    sort -u "$SUJI_NOT_TESTED_FILE"
    printf '%s\n' "*****************************************************************"
    [ -z "${CI:-}" ] || failed+=("what was not tested (CI is set)")
fi
if [ "${#failed[@]}" -gt 0 ]; then
    printf 'FAILED: %s\n' "${failed[@]}"
    exit 1
fi
