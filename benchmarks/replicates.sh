#!/usr/bin/env bash
# Replicates: processor time an estimate, of ictstat and of R survey, on the same persons in one run.
# Usage: replicates.sh BUILD [ROWS [REPLICATES [REPEAT]]] [--record] (default 50,000, 200, 5). Nothing here is a test.
# --record: also written to benchmarks/results/DATE-replicates.txt.
#
# ictstat: 14 shares in the full cube of sex, five-year ages, area and education, the whole command from an open store to CSV, on one
# thread; with the degrees of freedom of every estimate. R: one share in 30 cells (education x sex x area, education x sex), without
# degrees of freedom, from data in memory: peers/survey_replicates.R. What both can tell must agree to 1e-9. The least of REPEAT runs.
set -euo pipefail
record=
[ "${!#}" = --record ] && record=yes && set -- "${@:1:$#-1}"
build=$(cd "$1" && pwd) rows=${2:-50000} replicates=${3:-200} repeat=${4:-5}
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ -z "$record" ] || exec > >(tee "$source/benchmarks/results/$(date +%F)-replicates.txt")
export ICTSTAT_DATA=$source TIMEFORMAT="%U %S"
cube="cube(sex,age:five-year,urbanisation,education)"

"$build/make_survey" "$rows" "$work" 1
# The persons with a column of weights a replicate: PSUs left out by turns, the others' weights grown.
awk -F, -v OFS=, -v n="$replicates" 'NR == 1 { printf "%s", $0; for (r = 1; r <= n; r++) printf ",rw%d", r; print ""; next }
  { if ($3 != psu) { psu = $3; split("", f); for (r = 1; r <= n; r++) f[r] = int(3 * rand()) }
    printf "%s", $0; for (r = 1; r <= n; r++) printf ",%g", f[r] * $4; print "" }' "$work/persons.csv" >"$work/weighted.csv"
sed "s/persons.csv/weighted.csv/; s/psu: psu, weight: weight}/psu: psu, weight: weight, replicates: {type: bootstrap, from: \"rw{1..$replicates}\"}}/" \
  "$work/survey.yaml" >"$work/weighted.yaml"
"$build/ictstat" import -q "$work/survey.yaml" -o "$work/s.h5"
"$build/ictstat" import -q "$work/weighted.yaml" -o "$work/w.h5"
words=(--by "$cube" --extra "$work/concepts.yaml" --threads 1 -o "$work/o.csv")
for k in $(seq 0 13); do words+=(--extra "$work/q$k.yaml" -i "Q$k"); done

cpu() { # COMMAND...: seconds of processor time, the least
  for _ in $(seq "$repeat"); do
    { time "$@" >/dev/null; } 2>&1 | awk '{printf "%.3f\n", $1 + $2}'
  done | sort -n | head -1
}
line() { # NAME SECONDS ESTIMATES: after R, with the ratio
  awk -v name="$1" -v s="$2" -v n="$3" -v r="${r_each:-0}" 'BEGIN {
    printf "%-38s %8.3f s %8d %12.1f us", name, s, n, 1e6 * s / n
    if (r > 0) printf " %9.0f x", r / (s / n)
    print "" }'
}

PYTHONPATH=$source/benchmarks python3 -c 'import harness, pathlib, sys; print(harness.machine(pathlib.Path(sys.argv[1])))' "$build"
printf '%s rows, %s replicates; load %s before; seconds of processor time, estimates, time an estimate, R survey'"'"'s beside it\n' \
  "$rows" "$replicates" "$(cut -d ' ' -f 1 /proc/loadavg)"
r_each=0
has="quit(status = !requireNamespace('survey', quietly = TRUE) || !requireNamespace('data.table', quietly = TRUE))"
if command -v Rscript >/dev/null && Rscript -e "$has" >/dev/null 2>&1; then
  "$build/ictstat" compute -q "$work/w.h5" "${words[@]}" --df inf
  Rscript "$source/benchmarks/peers/survey_replicates.R" "$work/weighted.csv" "$replicates" "$repeat" "$work/o.csv" >"$work/r.txt"
  while read -r seconds cells name; do line "$name" "$seconds" "$cells"; done <"$work/r.txt"
  r_each=$(awk 'NR == 1 {print $1 / $2}' "$work/r.txt")
fi
for kind in none jkn "bootstrap:$replicates" "mrbbootstrap:$replicates"; do
  seconds=$(cpu "$build/ictstat" compute -q "$work/s.h5" "${words[@]}" --replicates "$kind")
  line "ictstat, $kind" "$seconds" "$(($(wc -l <"$work/o.csv") - 1))"
done
seconds=$(cpu "$build/ictstat" compute -q "$work/w.h5" "${words[@]}" --df inf)
line "ictstat, weights of the data, df inf" "$seconds" "$(($(wc -l <"$work/o.csv") - 1))"
seconds=$(cpu "$build/ictstat" compute -q "$work/w.h5" "${words[@]}")
line "ictstat, weights of the data" "$seconds" "$(($(wc -l <"$work/o.csv") - 1))"
printf 'load %s after\n' "$(cut -d ' ' -f 1 /proc/loadavg)"
