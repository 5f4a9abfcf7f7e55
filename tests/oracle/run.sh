#!/usr/bin/env bash
# run.sh - ictstat against R survey, live.
#
#   run.sh ICTSTAT [-n DESIGNS] [--seed SEED] [--offset X] [--shared DIR]
#
# Estimates the demo, the survey package's example sets and the real files (where --shared has them), then as
# many random designs (default 50) of every kind: one stage, several stages and unequal probabilities, contrasts,
# tests, replicates of the data, replicates made from designs, trends; first with R (on all cores), then with ICTSTAT.
# Each design asks for an interval, df, deff and level of its own. Ends with a table of the largest relative
# difference of each statistic, the worst case named. Needs Rscript with the package survey (Debian: r-cran-survey,
# and r-cran-haven for the Stata file); installs nothing. Exit 1: a difference.
set -euo pipefail
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

draw() { # FOLDER PROGRAM OPTIONS...: random designs
  mkdir "$work/$1"
  /usr/bin/python3 "$here/$2" "$work/$1" -n "$designs" --seed "$seed" "${@:3}"
}
ask_r() { # NAME SCRIPT ARGUMENTS...: R's facts
  echo "R: $1"
  Rscript "$here/$2" "${@:3}" > "$work/$1.csv" || status=1
}
compare() { # NAME OPTIONS...: ours with them
  echo "ictstat: $1"
  /usr/bin/python3 "$root/tests/facts/run.py" "$ictstat" "$root" "$shared" --facts "$work/$1.csv" \
    --tally "$work/tally" --part "$1" "${@:2}" || status=1
}

measures() { # KIND ENDING: contrasts, quantiles and shares of the designs of a kind
  local what
  for what in contrasts quantiles shares; do
    ask_r "$what$2" "$what.R" "$root" "$1" "$work/$1"
    compare "$what$2" --mappings "$work/$1"
  done
}
tests() { # NAME KIND FOLDER: `ictstat test`
  ask_r "tests of $1" tests.R "$root" "$2" "$3"
  echo "ictstat: tests of $1"
  /usr/bin/python3 "$root/tests/facts/tests.py" "$ictstat" "$root" "$shared" --facts "$work/tests of $1.csv" \
    --tally "$work/tally" --part "tests of $1" "${@:4}" || status=1
}

ask_r examples facts.R "$root" "$shared"
compare examples
ask_r "contrasts of the demo" contrasts.R "$root" demo
compare "contrasts of the demo"
ask_r "replicates of examples" replicates.R "$root" "$shared"
compare "replicates of examples"
ask_r "pages of the package" package.R "$root" facts
echo "ictstat: pages of the package"
/usr/bin/python3 "$root/tests/facts/examples.py" "$ictstat" "$root" --facts "$work/pages of the package.csv" \
  --tally "$work/tally" --part "pages of the package" || status=1

draw random random_designs.py --offset "$offset"
ask_r "random designs" random.R "$root" "$work/random"
compare "random designs" --mappings "$work/random" --whole
measures random ""

draw stages stage_designs.py
ask_r "stages and PPS" stages.R "$root" "$work/stages"
compare "stages and PPS" --mappings "$work/stages" --whole
measures stages " in stages"

mkdir "$work/rounds"
ask_r "rounds that share PSUs" rounds.R "$root" "$work/rounds" "$designs" "$seed"
compare "rounds that share PSUs" --mappings "$work/rounds"
tests examples examples "$shared"
tests "random designs" random "$work/random" --mappings "$work/random"
tests "stages and PPS" stages "$work/stages" --mappings "$work/stages"
tests "replicates" jkn "$work/random" --mappings "$work/random"
draw calibration calibration_designs.py
ask_r "calibration" calibration.R "$root" "$work/calibration"
compare "calibration" --mappings "$work/calibration"
tests "calibrated weights" calibration "$work/calibration" --mappings "$work/calibration"
measures calibration " of calibrated weights"
ask_r "calibrated replicates" calibration.R "$root" "$work/calibration" replicates
compare "calibrated replicates" --mappings "$work/calibration"

mkdir "$work/replicates"
ask_r "replicates of the data" replicates_random.R "$root" "$work/replicates" "$designs" "$seed"
compare "replicates of the data" --mappings "$work/replicates" --whole
ask_r "quantiles of replicates" quantiles.R "$root" replicates "$work/replicates"
compare "quantiles of replicates" --mappings "$work/replicates"

mkdir "$work/rounded"
ask_r "rounded replicates" replicates_random.R "$root" "$work/rounded" "$designs" "$seed" 40 40 2
compare "rounded replicates" --mappings "$work/rounded" --whole

for kind in random stages; do
  ask_r "replicates made, $kind" made_random.R "$root" "$kind" "$work/$kind"
  compare "replicates made, $kind" --mappings "$work/$kind" --whole
done

mkdir "$work/trends"
echo "R and ictstat: trends"
ICTSTAT_DATA=$root Rscript "$here/trends.R" "$ictstat" "$work/trends" "$designs" "$seed" "$work/tally" || status=1
sh "$here/formats.sh" "$ictstat" || status=1
/usr/bin/python3 "$here/worst.py" "$work/tally" || status=1
exit $status
