#!/usr/bin/env bash
# The main job on the synthetic survey that comes with the project: inspect, check, import,
# compute, judge what came out, publish; files in demo-out/, a table here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
ictstat=${BUILD:-build}/ictstat
out=demo-out
mkdir -p "$out"
run() { # shows the command as it can be typed: words that a shell would take apart in quotes
  local word line=ictstat
  for word; do
    case $word in *[\(\)\ \*]*) line+=" '$word'" ;; *) line+=" $word" ;; esac
  done
  if [ -t 1 ]; then printf '\n\033[1m$ %s\033[0m\n' "$line"; else printf '\n$ %s\n' "$line"; fi
  "$ictstat" "$@"
}

run inspect datasets/demo/persons.csv --decimal , --var sex,age,weight,internet_last,phone_own
run check datasets/demo/demo.yaml
run import datasets/demo/demo.yaml -o "$out/demo.h5"
run compute "$out/demo.h5" -i 17.8.1,5.b.1,4.4.1 --by 'cube(sex,urbanisation)' --by age -o "$out/estimates.csv"
run validate "$out/estimates.csv" -f table
run availability "$out/estimates.csv" -i 17.8.1,5.b.1 --areas XEX --by sex --show cells -f table
run compute "$out/demo.h5" -i HH4,HH6,17.8.1 --by urbanisation -o "$out/estimates.json"
run compute "$out/demo.h5" -i 17.8.1,5.b.1,4.4.1 --by sex --by urbanisation -f sdmx-csv -o "$out/sdmx.csv"
printf '\nwritten:\n'
for file in "$out"/*; do printf '  %9d bytes  %s\n' "$(stat -c %s "$file")" "$file"; done
run compute "$out/demo.h5" -i 17.8.1,5.b.1 --by sex --by age --by urbanisation -f table
