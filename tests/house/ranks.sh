#!/bin/bash
# Ranks under mpirun write the file of one process, byte for byte; also after one of them was killed and the rest resumed.
#   ranks.sh PROGRAM SCENARIO
set -euo pipefail
program=$1 scenario=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
run=(mpirun --allow-run-as-root --oversubscribe)
what=(ensemble "$scenario" --scale 1/16 --months 6 --replicates 7 --quiet)

"$program" "${what[@]}" --threads 1 --out one.h5
for ranks in 2 3; do
  "${run[@]}" -n "$ranks" "$program" "${what[@]}" --out "ranks.h5"
  cmp one.h5 ranks.h5 || { echo "$ranks ranks write another file"; exit 1; }
done

"$program" compare "$scenario" "$(dirname "$scenario")/first-come.toml" --scale 1/16 --months 3 --replicates 3 --threads 1 --json > one.json 2> /dev/null
"${run[@]}" -n 2 "$program" compare "$scenario" "$(dirname "$scenario")/first-come.toml" --scale 1/16 --months 3 --replicates 3 --json > two.json 2> /dev/null
cmp one.json two.json || { echo "compare differs under mpirun"; exit 1; }

# One rank dies when the first part is there; Open MPI ends the others.
"${run[@]}" -n 2 "$program" "${what[@]}" --out cut.h5 > /dev/null 2>&1 &
launcher=$!
for _ in $(seq 2000); do
  compgen -G "cut.h5.parts/part-*.bin" > /dev/null && break
  sleep 0.01
done
victim=$(pgrep -P "$launcher" -f ensemble | tail -1)
kill -9 "$victim"
wait "$launcher" && { echo "the ranks ended before one was killed"; exit 1; }
[ ! -e cut.h5 ] || { echo "a file was written without all replicates"; exit 1; }
parts=(cut.h5.parts/*.bin)
kept=${#parts[@]}
[ -e "${parts[0]}" ] || { echo "finished replicates were lost"; exit 1; }
"${run[@]}" -n 2 "$program" "${what[@]}" --out cut.h5 --resume
cmp one.h5 cut.h5 || { echo "the resumed file differs"; exit 1; }
[ ! -e cut.h5.parts ] || { echo "parts are left behind"; exit 1; }
echo "1, 2 and 3 ranks and a resumed run write the same bytes ($kept replicates had survived)"
