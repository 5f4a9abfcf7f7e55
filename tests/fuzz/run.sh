#!/usr/bin/env bash
# Each harness for so many seconds, starting from the fixtures of the other tests.
set -euo pipefail
build=$1 seconds=$2
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export ICTSTAT_DATA=$PWD
corpus=$(mktemp -d)
trap 'rm -rf "$corpus"' EXIT
export TMPDIR=$corpus
mkdir "$corpus"/{expr,mapping,csv,table,part}
cp datasets/mappings/*.yaml datasets/demo/demo.yaml "$corpus/mapping/"
head -n 20 datasets/demo/persons.csv >"$corpus/csv/persons"
printf 'a,b\n"x\n""y",2\n' >"$corpus/csv/quoted"
cp tests/golden/trend-linear/est2015.csv "$corpus/table/"
printf '\0' >"$corpus/part/abacus"; printf '\1' >"$corpus/part/cube"
grep -rhoE '^(numerator|universe|denominator): .*' indicators | sed 's/^[a-z]*: //' | sort -u |
  while read -r text; do printf '%s' "$text" >"$corpus/expr/$(printf '%s' "$text" | md5sum | cut -c1-8)"; done
for door in expr mapping csv table part; do
  echo "== $door: $seconds s"
  log=$corpus/$door.log
  "$build/tests/fuzz_$door" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=4096 -print_final_stats=1 \
    "$corpus/$door" >"$log" 2>&1 || { tail -n 40 "$log"; exit 1; }
  grep -E 'number_of_executed|new_units_added' "$log"
done
