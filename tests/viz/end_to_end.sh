#!/usr/bin/env bash
# The viewer as a user has it, in a virtual display, driven by xdotool: opens results, changes the layer, exports a
# picture and a table by keyboard and mouse, switches the language, and is closed.
set -euo pipefail
program=$1 source=$2
folder=$(mktemp -d)
viewer=
trap '[ -z "$viewer" ] || kill "$viewer" 2>/dev/null || true; rm -rf "$folder"' EXIT
export XDG_CONFIG_HOME=$folder/config
fail() {
    echo "FAILED: $*"
    exit 1
}
wait_for() { # wait_for SECONDS COMMAND...
    local left=$(($1 * 10))
    shift
    until "$@"; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || return 1
        sleep 0.1
    done
}
newest() { find "$folder/out" -name "$1" | grep -q .; }

"$program" run "$source/scenarios/baseline.toml" --scale 1/64 --months 6 --quiet --out "$folder/r.h5"
mkdir "$folder/out"
"$program" --lang en view "$folder/r.h5" --folder "$folder/out" --size 1500x900 2>"$folder/log" &
viewer=$!
window=
find_window() { window=$(xdotool search --name '^Hutong$' 2>/dev/null | head -1) && [ -n "$window" ]; }
wait_for 60 find_window || fail "no window: $(cat "$folder/log")"
sleep 1
keys() {
    xdotool windowfocus "$window" 2>/dev/null || true
    xdotool key --delay 60 "$@"
}
keys 2 Home Right Right ctrl+p
wait_for 20 newest 'baseline-2017-08-jobs.png' || fail "no picture of the layer and month chosen by keys: $(ls "$folder/out")"
keys Escape Tab Tab Tab
sleep 0.5
keys l
sleep 0.5
keys l 1 ctrl+p
wait_for 20 newest 'baseline-2017-08-population.png' || fail "the keyboard does not reach the window any more"
kill -0 "$viewer" || fail "the viewer ended: $(cat "$folder/log")"
keys Escape alt+F4
xdotool windowclose "$window" 2>/dev/null || true
wait_for 10 bash -c "! kill -0 $viewer 2>/dev/null" || kill "$viewer"
viewer=
file "$folder"/out/*.png 2>/dev/null | head -3 || true
echo "end to end: done"
