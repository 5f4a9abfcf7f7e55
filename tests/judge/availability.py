#!/usr/bin/env python3
"""availability.py - `ictstat availability` against counts made here: a small set by hand, and UNSD's
17.8.1 (release 2019.Q1.G.02) with the World Bank's populations, counted from the files themselves.

    availability.py ICTSTAT     the second part is left out where the shared data is not there"""
import collections
import csv
import io
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import faults
import unsd

ROOT = faults.ROOT
failed = passed = 0


def check(what, got, wanted):
    global failed, passed
    same = got == wanted or (isinstance(wanted, float) and got != "" and abs(float(got) - wanted) <= 1e-9 * abs(wanted))
    passed += same
    failed += not same
    if not same:
        print(f"{what}: {got}, wanted {wanted}")


def ask(ictstat, *words):
    done = subprocess.run([ictstat, "availability", *map(str, words), "-f", "csv", "-q"], capture_output=True, text=True,
                          env={**os.environ, "ICTSTAT_DATA": str(ROOT)})
    if done.returncode:
        sys.exit(done.stderr)
    return list(csv.DictReader(io.StringIO(done.stdout)))


def write(path, rows):
    with open(path, "w", newline="") as f:
        writer = csv.DictWriter(f, faults.HEADER, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def small(ictstat, folder):
    """Five countries of East Africa, 2014 to 2018. KEN: each year, by sex in 2016. UGA: 2014 alone, another definition. TZA: 2012
    (before) and 2016, imputed. RWA: a row without a value. BDI: nothing."""
    row = faults.row
    rows = [row("17.8.1", "40", area="KEN", year=str(y), cv="2.5") for y in range(2014, 2019)]
    rows += [row("17.8.1", "38", area="KEN", year="2016", sex="F", cv="4"), row("17.8.1", "42", area="KEN", year="2016", sex="M", obs_status="U", cv="21")]
    rows += [row("17.8.1", "20", area="UGA", year="2014", flags="definition_differs", obs_status="D")]
    rows += [row("17.8.1", "9", area="TZA", year="2012"), row("17.8.1", "11", area="TZA", year="2016", obs_status="I", nature="E")]
    rows += [row("17.8.1", "", area="RWA", year="2015", obs_status="O"), row("17.8.1", "30", area="1", year="2015", nature="G")]
    people = {"KEN": 50, "UGA": 40, "TZA": 55, "RWA": 12, "BDI": 11}
    (folder / "pop.csv").write_text("ref_area,time_period,population\n" + "".join(f"{a},2018,{n}\n" for a, n in people.items()))
    est = write(folder / "small.csv", rows)
    words = [est, "--areas", ",".join(people), "--years", "2014-2018", "--by", "sex", "--population", folder / "pop.csv"]
    got = {(r["breakdown"], r["time_period"]): r for r in ask(ictstat, *words)}
    total = got["total", "2014-2018"]
    wanted = {"countries": "5", "with_value": "3", "share": "60", "with_two_years": "1", "with_recent": "2", "median_latest": "2016",
              "good": "1", "differs": "1", "unreliable": "0", "estimated": "1", "empty": "0", "none": "2", "people": "168",
              "people_with_value": "145"}
    for name, value in wanted.items():
        check(f"small {name}", total[name], value)
    for year, n in (("2014", "2"), ("2015", "1"), ("2016", "2"), ("2017", "1"), ("2018", "1")):
        check(f"small {year}", got["total", year]["with_value"], n)
    check("small 2015 empty", got["total", "2015"]["empty"], "1")
    for name, value in (("with_value", "1"), ("unreliable", "1"), ("people_with_value", "50")):
        check(f"small by sex {name}", got["sex", "2014-2018"][name], value)
    cells = {(r["breakdown"], r["ref_area"], r["time_period"]): r for r in ask(ictstat, *words, "--show", "cells")}
    check("small cells", len(cells), 2 * 5 * 5)
    sex = cells["sex", "KEN", "2016"]
    check("small cell", (sex["values"], sex["quality"], sex["obs_status"], sex["cv"]), ("2", "unreliable", "U", "21"))
    gaps = [(r["rank"], r["ref_area"], r["breakdown"], r["latest"]) for r in ask(ictstat, *words, "--show", "gaps")]
    check("small gaps", gaps, [("1", "TZA", "sex", ""), ("2", "UGA", "total", "2014"), ("3", "UGA", "sex", ""), ("4", "RWA", "total", ""),
                               ("5", "RWA", "sex", ""), ("6", "BDI", "total", ""), ("7", "BDI", "sex", "")])


def whole(ictstat, folder, first=2008, last=2017):
    known = {r["iso3"]: r["m49"] for r in csv.DictReader(open(ROOT / "datasets/countries.csv"))}
    people = collections.defaultdict(dict)
    with open(folder / "pop.csv", "w") as f:
        f.write("ref_area,time_period,population\n")
        for r in csv.DictReader(open(unsd.ADMIN / "wb_population.csv")):
            if r["Country Code"] in known:
                people[r["Country Code"]][int(r["Year"])] = float(r["Value"])
                f.write(f"{r['Country Code']},{r['Year']},{r['Value']}\n")
    have = collections.defaultdict(set)
    with open(unsd.ADMIN / unsd.FILES["17.8.1"], encoding="utf-8") as f:
        for r in csv.DictReader(f):
            if r["ISO3CD"]:
                have[r["ISO3CD"]].add(int(r["timePeriod"]))
    est = write(folder / "unsd.csv", unsd.rows_of("17.8.1"))
    got = {(r["group"], r["time_period"]): r for r in
           ask(ictstat, est, "--groups", "world,ldc,itu-region", "--years", f"{first}-{last}", "--population", folder / "pop.csv")}

    def day(text):
        return int(text.replace("-", "")) if text else 0

    members = collections.defaultdict(list)
    for name in ("world", "ldc", "itu-region"):
        for r in csv.DictReader(open(ROOT / f"datasets/groups/{name}.csv")):
            members[r["group"]].append((r["iso3"], day(r["from"]), day(r["until"])))
    for group in members:
        for year in [0, *range(first, last + 1)]:
            when = year or last
            inside = [a for a, since, until in members[group] if when * 10000 + 701 >= since and (not until or when * 10000 + 701 < until)]
            years = {a: {y for y in have[a] if first <= y <= last} for a in inside}
            value = [a for a in inside if (year in years[a] if year else years[a])]
            counted = [a for a in inside if people[a].get(when)]
            r = got[group, str(year or f"{first}-{last}")]
            check(f"{group} {year} countries", r["countries"], str(len(inside)))
            check(f"{group} {year} with a value", r["with_value"], str(len(value)))
            check(f"{group} {year} people", r["people_share"],
                  100 * sum(people[a][when] for a in counted if a in value) / sum(people[a][when] for a in counted))
            if not year:
                check(f"{group} two years", r["with_two_years"], str(sum(len(y) >= 2 for y in years.values())))
                check(f"{group} recent", r["with_recent"], str(sum(max(y, default=0) >= last - 3 for y in years.values())))
                check(f"{group} latest", r["median_latest"], str(statistics.median_low(max(years[a]) for a in value)))


def main(ictstat):
    with tempfile.TemporaryDirectory() as scratch:
        small(ictstat, pathlib.Path(scratch))
        if unsd.ADMIN.exists():
            whole(ictstat, pathlib.Path(scratch))
        else:
            print("no shared data: UNSD's series is left out")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
