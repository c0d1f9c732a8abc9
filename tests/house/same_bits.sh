#!/usr/bin/env bash
# same_bits.sh HUTONG SCENARIO ARGUMENTS... -- VARIANT...
# Runs the scenario once for each variant and fails unless all print the same state hash. A variant is
#   threads=N | scalar (GLIBC_TUNABLES without FMA and AVX2) | program=PATH (another preset's binary)
set -euo pipefail
hutong=$1 scenario=$2
shift 2
arguments=()
while [ "$1" != -- ]; do
    arguments+=("$1")
    shift
done
shift
[ $# -ge 2 ] || { echo "same_bits.sh: two variants at least" >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
first=
for variant in "$@"; do
    program=$hutong threads=2 tunables=
    case $variant in
        threads=*) threads=${variant#threads=} ;;
        scalar) tunables=glibc.cpu.hwcaps=-FMA,-AVX2 ;;
        program=*)
            program=${variant#program=}
            [ -x "$program" ] || { echo "$program is missing: './dev test --all' builds it" >&2; exit 1; }
            ;;
        *) echo "same_bits.sh: unknown variant '$variant'" >&2; exit 2 ;;
    esac
    # each variant makes its own population: nothing comes from a cache
    XDG_CACHE_HOME="$folder/cache-$RANDOM$RANDOM" GLIBC_TUNABLES=$tunables "$program" run "$scenario" "${arguments[@]}" --threads "$threads" --quiet --json --out "$folder/out.h5" >"$folder/summary.json"
    hash=$(sed -nE 's/.*"state_hash" *: *"([0-9a-f]+)".*/\1/p' "$folder/summary.json")
    [ -n "$hash" ] || { cat "$folder/summary.json"; echo "no state_hash printed for $variant" >&2; exit 1; }
    printf '%-28s state %s results %s\n' "$variant" "$hash" "$(sha256sum <"$folder/out.h5" | cut -c1-16)"
    hash+=" $(sha256sum <"$folder/out.h5")"
    first=${first:-$hash}
    [ "$hash" = "$first" ] || { echo "differs from the first variant: $variant" >&2; exit 1; }
    rm -f "$folder/out.h5"
done
