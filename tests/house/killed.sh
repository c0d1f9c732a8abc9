#!/usr/bin/env bash
# killed.sh PROGRAM SCENARIO KILLS MONTHS [options of hutong run]: killed at random moments, between two checkpoints or while
# one is written, and resumed each time, a run ends with the hash and the bytes of one that was left alone.
set -euo pipefail
program=$1 scenario=$2 kills=$3 months=$4
shift 4
folder=$(mktemp -d)
child=
trap '[ -z "$child" ] || kill -KILL "$child" 2> /dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"

hash_of() { sed -n 's/.*"state_hash": "\([0-9a-f]*\)".*/\1/p' "$1"; }
newest_month() {
    { find cut.h5.checkpoints -name 'month-*.bin' 2> /dev/null || true; } | sed 's/.*month-0*\([0-9]*\)\.bin/\1/' | sort -n | tail -1
}

"$program" run "$scenario" --months "$months" "$@" --json --out whole.h5 > whole.json
expected=$(hash_of whole.json)
[ -n "$expected" ] || { echo "the run printed no hash"; exit 1; }

command=("$program" run "$scenario" --months "$months" "$@" --json --checkpoint-every 1 --out cut.h5)
for ((k = 0; k <= kills; ++k)); do
    "${command[@]}" > cut.json 2> cut.err &
    child=$!
    [ "$k" -lt "$kills" ] || break
    # Somewhere in its own part of the run, and then somewhere within about a month's time.
    part=$((months / (kills + 1)))
    after=$((k * part + 1 + RANDOM % part))
    while kill -0 "$child" 2> /dev/null; do
        newest=$(newest_month)
        [ "${newest:-0}" -lt "$after" ] || break
        sleep 0.01
    done
    sleep "0.$(printf '%03d' $((RANDOM % 200)))"
    kill -KILL "$child" 2> /dev/null || { echo "the run ended before it could be killed: $(cat cut.err)"; exit 1; }
    status=0
    wait "$child" 2> /dev/null || status=$?
    [ "$status" -eq 137 ] || { echo "the run ended with $status before it was killed"; exit 1; }
    echo "killed after month $after: $(find cut.h5.checkpoints -type f -printf '%f ')"
    command=("$program" resume cut.h5 --json)
done
wait "$child" || { cat cut.err; exit 1; }
[ "$(hash_of cut.json)" = "$expected" ] || { echo "another hash: $(hash_of cut.json) instead of $expected"; exit 1; }
cmp whole.h5 cut.h5
echo "killed $kills times, the same hash $expected and the same bytes"
