#!/usr/bin/env bash
# readme_scenario.sh HUTONG SOURCE: the scenario that README.md and README.zh.md show runs as it stands there.
set -euo pipefail
hutong=$1 source=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp "$source"/scenarios/*.toml "$folder"
ln -s "$source/scenarios/xicheng" "$folder/xicheng"
for readme in README.md README.zh.md; do
    # the indented block that begins with `extends`
    awk '/^    extends = /{on=1} on && /^[^ ]/{exit} on{sub(/^    /,""); print}' "$source/$readme" >"$folder/mine.toml"
    grep -q '^\[\[decision\]\]' "$folder/mine.toml" || { echo "no scenario found in $readme"; exit 1; }
    "$hutong" run "$folder/mine.toml" --scale 1/16 --months 2 --quiet --out "$folder/mine.h5"
done
