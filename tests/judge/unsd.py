#!/usr/bin/env python3
"""unsd.py - UNSD's 17.8.1 and 9.c.1 as they were published: what the rules of order and of change say
of them, counted a second time here.

    unsd.py ICTSTAT     exit 77 where the shared data is not there"""
import collections
import csv
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import faults

ROOT = faults.ROOT
ADMIN = ROOT.parent / "shared/data/admin"
FILES = {"17.8.1": "unsd2019q1_17.8.1_IT_USE_ii99_countries.csv", "9.c.1": "unsd2019q1_9.c.1_IT_MOB_NTWK_countries.csv"}


def rows_of(which):
    """Rows of our table; "Other non-specified areas" (158) has no code of a country and is left out."""
    with open(ADMIN / FILES[which], newline="", encoding="utf-8") as f:
        for r in csv.DictReader(f):
            if not r["ISO3CD"]:
                continue
            tech = r.get("typeOfMobileTechnologyCode", "")[2:]
            cells = dict(year=r["timePeriod"], area=r["ISO3CD"], nature="_X" if r["natureCode"] == "NA" else r["natureCode"])
            if which == "17.8.1":
                yield faults.row("17.8.1", r["value"], series="IT_USE_II99", unit="PER_100_POP", **cells)
            else:
                yield faults.row(f"9.c.1-{tech}", r["value"], series=f"IT_MOB_{tech}NTWK", **cells)


def series(rows):
    out = collections.defaultdict(dict)
    for r in rows:
        out[r["indicator"], r["ref_area"]][int(r["time_period"])] = float(r["estimate"])
    return out


def jumps(all_series, per_year, only_falls):
    found = set()
    for key, s in all_series.items():
        years = sorted(s)
        steps = list(zip(years, years[1:]))
        rates = [(s[b] - s[a]) / (b - a) for a, b in steps]
        for i, (a, b) in enumerate(steps):
            others, m, spread = rates[:i] + rates[i + 1:], 0, per_year
            if len(others) >= 3:
                m = statistics.median(others)
                spread = max(spread, 1.4826 * statistics.median([abs(o - m) for o in others]))
            change, h = s[b] - s[a], b - a
            m = 0 if only_falls else m
            if abs(change - m * h) > 3 * h * spread and not (only_falls and change > 0):
                found.add((*key, b))
    return found


def out_of_order(all_series):
    found = set()
    for (indicator, area), s in all_series.items():
        above = {"9.c.1-3G": ["9.c.1-2G"], "9.c.1-4G": ["9.c.1-3G", "9.c.1-2G"]}.get(indicator, [])
        for year, value in s.items():
            there = [all_series[a, area][year] for a in above if year in all_series.get((a, area), {})]
            if there and value > there[0] + 0.01:
                found.add((indicator, area, year))
    return found


def main(ictstat):
    if not ADMIN.exists():
        print("skipped: no shared data")
        return 77
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for which in FILES:
            rows = list(rows_of(which))
            path = pathlib.Path(scratch) / "est.csv"
            with open(path, "w", newline="") as f:
                writer = csv.DictWriter(f, faults.HEADER, lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
            done = subprocess.run([ictstat, "validate", str(path), "-f", "json"], capture_output=True, text=True,
                                  env={**os.environ, "ICTSTAT_DATA": str(ROOT)})
            said = collections.defaultdict(set)
            for f in json.loads(done.stdout)["findings"]:
                if f["severity"] != "note":
                    said[f["rule"]].add((f["indicator"], f["ref_area"], int(f["time_period"])))
            s = series(rows)
            wanted = {"17.8.1": {"jump-in-share": jumps(s, 4.3, False)},
                      "9.c.1": {"coverage-falls": jumps(s, 2.6, True), "technology-cumulative": out_of_order(s)}}[which]
            for rule in sorted(set(wanted) | set(said)):
                same = wanted.get(rule, set()) == said.get(rule, set())
                failed += not same
                print(f"{which} {rule}: {len(said.get(rule, set()))} of {len(rows)}", "" if same else f"wanted {len(wanted.get(rule, set()))}")
    print(f"{3 - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
