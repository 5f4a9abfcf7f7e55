#!/bin/sh
# formats.sh - the same survey as CSV, SPSS, Stata and SAS files gives the same bytes of results.
#
#   formats.sh ICTSTAT
#
# The files are made from the demo by R's haven; the mapping is the demo's with other paths.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$(dirname "$here")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

Rscript "$here/formats.R" "$root" "$work"

estimates() { # mapping, data folder, output
  "$1" import "$2" --data "$3" -o "$work/store.h5" --quiet || return 1
  "$1" compute "$work/store.h5" --by sex --by age:itu,urbanisation --by region --format csv -o "$4" --quiet
}

estimates "$1" "$root/datasets/demo/demo.yaml" "$root/datasets/demo" "$work/csv.csv"
status=0
for ext in sav zsav dta xpt; do
  sed -e "s/households\.csv/households.$ext/; s/persons\.csv/persons.$ext/" -e '/delimiter:/d; /decimal:/d' \
    "$root/datasets/demo/demo.yaml" > "$work/$ext.yaml"
  estimates "$1" "$work/$ext.yaml" "$work" "$work/$ext.csv" || { echo "$ext: FAILED"; status=1; continue; }
  if cmp -s "$work/csv.csv" "$work/$ext.csv"; then echo "$ext: same bytes as csv"
  else echo "$ext: DIFFERS from csv"; status=1; diff "$work/csv.csv" "$work/$ext.csv" | head -4; fi
done
exit $status
