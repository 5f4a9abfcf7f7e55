#!/usr/bin/env bash
# The main job on the synthetic survey that comes with the project: inspect, check, import,
# compute, a table here and files in demo-out/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
ictstat=${BUILD:-build}/ictstat
out=demo-out
mkdir -p "$out"
run() {
  if [ -t 1 ]; then printf '\n\033[1m$ ictstat %s\033[0m\n' "$*"; else printf '\n$ ictstat %s\n' "$*"; fi
  "$ictstat" "$@"
}

run inspect datasets/demo/persons.csv --decimal , --var sex,age,weight,internet_last,phone_own
run check datasets/demo/demo.yaml
run import datasets/demo/demo.yaml -o "$out/demo.h5"
run compute "$out/demo.h5" -i 17.8.1,5.b.1,HH6 --by sex --by age --by urbanisation -f table
run compute "$out/demo.h5" -i 17.8.1,5.b.1,4.4.1 --by 'cube(sex,urbanisation)' --by age -o "$out/estimates.csv"
run compute "$out/demo.h5" -i HH4,HH6,17.8.1 --by urbanisation -o "$out/estimates.json"
run compute "$out/demo.h5" -i 17.8.1,5.b.1,4.4.1 --by sex --by urbanisation -f sdmx-csv -o "$out/sdmx.csv"
printf '\nwritten:\n'
for file in "$out"/*; do printf '  %9d bytes  %s\n' "$(stat -c %s "$file")" "$file"; done
