#!/usr/bin/env bash
# Bootstrap replicates of 14 shares in 20 cells (wealth x sex x area): processor time of ictstat and of R survey.
# Usage: replicates.sh BUILD [ROWS [REPLICATES [R-ROWS [R-REPLICATES]]]] (default 1,000,000, 500; R: 100,000, 50, one share,
# as its memory and patience allow). Nothing here is a test.
set -euo pipefail
build=$1 rows=${2:-1000000} replicates=${3:-500} r_rows=${4:-100000} r_replicates=${5:-50}
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export ICTSTAT_DATA=$source TIMEFORMAT="%U %S"
gcc -O2 -std=gnu17 -o "$work/make_survey" "$source/benchmarks/make_survey.c" -lm

survey() { # ROWS FOLDER
  mkdir -p "$2"
  "$work/make_survey" "$1" "$2"
}
cpu() { # COMMAND...: seconds of processor time, the least of three
  for _ in 1 2 3; do
    { time "$@" >/dev/null; } 2>&1 | awk '{printf "%.2f\n", $1 + $2}'
  done | sort -n | head -1
}

survey "$rows" "$work/full"
"$build/ictstat" import -q "$work/full/survey.yaml" -o "$work/full/s.h5"
ask=(compute -q "$work/full/s.h5" --by "wealth,sex,urbanisation" --extra "$work/full/concepts.yaml" -o "$work/o.csv")
ids=""
for k in $(seq 0 13); do ask+=(--extra "$work/full/q$k.yaml"); ids="$ids${ids:+,}Q$k"; done
ask+=(-i "$ids")
printf '%s rows, 14 shares, 20 cells, seconds of processor time\n' "$rows"
printf '%-40s %8s\n' "ictstat, linearised" "$(cpu "$build/ictstat" "${ask[@]}")"
printf '%-40s %8s\n' "ictstat, bootstrap:$replicates" "$(cpu "$build/ictstat" "${ask[@]}" --replicates "bootstrap:$replicates")"
printf '%-40s %8s\n' "ictstat, jkn" "$(cpu "$build/ictstat" "${ask[@]}" --replicates jkn)"
if command -v Rscript >/dev/null; then
  survey "$r_rows" "$work/part"
  printf '%s rows, %s replicates, 20 cells, one share\n' "$r_rows" "$r_replicates"
  Rscript "$source/benchmarks/peers/survey_replicates.R" "$work/part/persons.csv" "$r_replicates" 1
fi
