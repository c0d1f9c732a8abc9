#!/usr/bin/env bash
# consume.sh BUILD PROJECT: installs BUILD into a new folder, builds PROJECT against it alone, and runs both programs.
set -euo pipefail
build=$1 project=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cmake --install "$build" --prefix "$folder/prefix" >"$folder/log"
cmake -S "$project" -B "$folder/build" -G Ninja -DCMAKE_PREFIX_PATH="$folder/prefix" -DCMAKE_BUILD_TYPE=Release >"$folder/log"
cmake --build "$folder/build" >"$folder/log" || { cat "$folder/log"; exit 1; }
"$folder/prefix/bin/hutong" --version
"$folder/build/uses_hutong" "$folder/prefix/share/hutong/scenarios"
