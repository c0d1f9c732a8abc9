#!/usr/bin/env bash
# Configuring fails on a back-link, by target and by #include, and passes without one.
set -euo pipefail
source_dir=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/core" "$folder/agents"
cat >"$folder/CMakeLists.txt" <<EOF
cmake_minimum_required(VERSION 3.25)
project(house LANGUAGES CXX)
add_library(hutong_flags INTERFACE)
include($source_dir/cmake/HutongRooms.cmake)
add_subdirectory(core)
add_subdirectory(agents)
EOF
configures() {
    printf 'hutong_room(core %s)\n' "$1" >"$folder/core/CMakeLists.txt"
    printf '%s\nint core_value() { return 1; }\n' "$2" >"$folder/core/value.cpp"
    echo 'hutong_room(agents DEPENDS core)' >"$folder/agents/CMakeLists.txt"
    echo 'int agents_value() { return 1; }' >"$folder/agents/value.cpp"
    cmake -S "$folder" -B "$folder/build" >"$folder/log" 2>&1
}
configures "" "" || { cat "$folder/log"; echo "a sound house does not configure"; exit 1; }
if configures "DEPENDS agents" ""; then echo "a back-link by target was let through"; exit 1; fi
grep -q "may not link to 'agents'" "$folder/log" || { cat "$folder/log"; exit 1; }
if configures "" '#include "agents/world.h"'; then echo "a back-link by #include was let through"; exit 1; fi
grep -q "may not use a later room" "$folder/log" || { cat "$folder/log"; exit 1; }
