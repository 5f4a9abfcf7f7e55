#!/usr/bin/env bash
# How long each stage takes, side by side with reading the same bytes. Usage: run.sh BUILD [ROWS]
# (default 1,000,000). Times are medians of five; nothing here is a test.
set -euo pipefail
build=$1 rows=${2:-1000000}
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export ICTSTAT_DATA=$source
"$build/make_survey" "$rows" "$work"
ictstat=$build/ictstat

median() { # COMMAND...: seconds, median of five
  for _ in 1 2 3 4 5; do
    local from to
    from=$(date +%s.%N)
    "$@" >/dev/null
    to=$(date +%s.%N)
    echo "$to - $from" | bc -l
  done | sort -n | sed -n 3p
}
line() { # NAME BYTES SECONDS READ-SECONDS
  awk -v name="$1" -v bytes="$2" -v s="$3" -v read="$4" -v rows="$rows" \
    'BEGIN {printf "%-44s %8.3f s %9.2f M rows/s %8.0f MB/s %8.1f x reading\n", name, s, rows/s/1e6, bytes/s/1e6, s/read}'
}

csv=$(stat -c %s "$work/persons.csv")
read_csv=$(median cat "$work/persons.csv")
printf '%s rows, %s bytes of CSV, %s cores\n' "$rows" "$csv" "$(nproc)"
line "read the CSV" "$csv" "$read_csv" "$read_csv"
for threads in 1 2; do
  t=$(median "$ictstat" import -q "$work/survey.yaml" -o "$work/s.h5" --threads $threads)
  line "import, $threads threads" "$csv" "$t" "$read_csv"
done
store=$(stat -c %s "$work/s.h5")
read_store=$(median cat "$work/s.h5")
extra=(--extra "$work/concepts.yaml")
ids=""
for k in $(seq 0 13); do extra+=(--extra "$work/q$k.yaml"); ids="$ids${ids:+,}Q$k"; done
line "read the store" "$store" "$read_store" "$read_store"
for threads in 1 2; do
  t=$(median "$ictstat" compute -q "$work/s.h5" "${extra[@]}" -i "$ids" -o "$work/o.csv" --threads $threads)
  line "14 indicators, totals, $threads threads" "$store" "$t" "$read_store"
  t=$(median "$ictstat" compute -q "$work/s.h5" "${extra[@]}" -i "$ids" --by sex --by age --by urbanisation --by education \
    --by sex,age --by sex,urbanisation -o "$work/o.csv" --threads $threads)
  line "14 indicators, publication tables, $threads threads" "$store" "$t" "$read_store"
  t=$(median "$ictstat" compute -q "$work/s.h5" "${extra[@]}" -i "$ids" --by 'cube(sex,age:five-year,urbanisation,education)' \
    -o "$work/o.csv" --threads $threads)
  line "14 indicators, full cube, $threads threads" "$store" "$t" "$read_store"
done

# Each stage of the full cube by itself, from an open store.
files=("$work/concepts.yaml")
for k in $(seq 0 13); do files+=("$work/q$k.yaml"); done
for threads in 1 2; do
  printf '\nstages of the full cube, %s threads\n' "$threads"
  "$build/stages" "$work/s.h5" "$threads" 0 "${files[@]}" -- 'cube(sex,age:five-year,urbanisation,education)'
done
