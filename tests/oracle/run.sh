#!/bin/sh
# run.sh - ictstat against R survey, live.
#
#   run.sh ICTSTAT [-n DESIGNS] [--seed SEED] [--offset X] [--shared DIR]
#
# Estimates the demo, the survey package's example sets and the real files (where --shared has them),
# then random designs (default 50), first with R, then with ICTSTAT, and prints the largest relative
# difference of each statistic, the worst case named; then formats.sh. Needs Rscript with the package survey
# (Debian: r-cran-survey, and r-cran-haven for the Stata file); installs nothing. Exit 1: a difference.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$(dirname "$here")")
designs=50 seed=1 offset=0 shared=- ictstat=

while [ $# -gt 0 ]; do
  case $1 in
    -n) designs=$2; shift 2 ;;
    --seed) seed=$2; shift 2 ;;
    --offset) offset=$2; shift 2 ;;
    --shared) shared=$2; shift 2 ;;
    -*) sed -n 's/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
    *) ictstat=$1; shift ;;
  esac
done
[ -n "$ictstat" ] || { sed -n 's/^# \{0,1\}//p' "$0" >&2; exit 2; }
[ "$shared" != - ] || [ ! -d "$root/../shared/data" ] || shared=$root/../shared

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

Rscript "$here/facts.R" "$root" "$shared" > "$work/facts.csv"
/usr/bin/python3 "$root/tests/facts/run.py" "$ictstat" "$root" "$shared" --facts "$work/facts.csv" --worst || status=1

mkdir "$work/random"
/usr/bin/python3 "$here/random_designs.py" "$work/random" -n "$designs" --seed "$seed" --offset "$offset"
Rscript "$here/random.R" "$root" "$work/random" > "$work/random/facts.csv"
/usr/bin/python3 "$root/tests/facts/run.py" "$ictstat" "$root" --mappings "$work/random" \
  --facts "$work/random/facts.csv" --worst || status=1
echo "stages and unequal probabilities"
mkdir "$work/stages"
/usr/bin/python3 "$here/stage_designs.py" "$work/stages" -n "$designs" --seed "$seed"
Rscript "$here/stages.R" "$root" "$work/stages" > "$work/stages/facts.csv"
/usr/bin/python3 "$root/tests/facts/run.py" "$ictstat" "$root" --mappings "$work/stages" \
  --facts "$work/stages/facts.csv" --worst || status=1
echo "contrasts"
Rscript "$here/contrasts.R" "$root" demo > "$work/contrasts.csv"
/usr/bin/python3 "$root/tests/facts/run.py" "$ictstat" "$root" --facts "$work/contrasts.csv" --worst || status=1
Rscript "$here/contrasts.R" "$root" random "$work/random" > "$work/random/contrasts.csv"
/usr/bin/python3 "$root/tests/facts/run.py" "$ictstat" "$root" --mappings "$work/random" \
  --facts "$work/random/contrasts.csv" --worst || status=1
echo "replicates"
Rscript "$here/replicates.R" "$root" "$shared" > "$work/replicates.csv"
/usr/bin/python3 "$root/tests/facts/run.py" "$ictstat" "$root" "$shared" --facts "$work/replicates.csv" --worst || status=1
mkdir "$work/replicates"
Rscript "$here/replicates_random.R" "$root" "$work/replicates" "$designs" "$seed" > "$work/replicates/facts.csv"
/usr/bin/python3 "$root/tests/facts/run.py" "$ictstat" "$root" --mappings "$work/replicates" \
  --facts "$work/replicates/facts.csv" --worst || status=1
echo "trends"
mkdir "$work/trends"
ICTSTAT_DATA=$root Rscript "$here/trends.R" "$ictstat" "$work/trends" "$designs" "$seed" || status=1
sh "$here/formats.sh" "$ictstat" || status=1
exit $status
