#!/usr/bin/env python3
"""tables.py ICTSTAT [SHARED] - real statistical tables through import and compute.

1. Every published value of the UN's, Gapminder's and NTIA's tables comes out as it went in, with its
   standard error, status and place: the files are read here a second time, by other means.
2. 17.6.1: numbers over population beside published rates. Differences over 5 % are listed by country,
   with their likely cause: those that vanish with another population table are differences of
   population, the others of the numbers or of the published rates.
3. NTIA's table as a series: change between the last two rounds, trend, availability.

--print shows the lists of docs/validation.md. Skips where SHARED is not there (77). The last line is
"N passed, N failed"."""
import argparse
import csv
import math
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
MONTHS = {m: f"{i + 1:02}" for i, m in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split())}


def rows_of(path, **how):
    with open(path, encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(f, **how))


class Run:
    def __init__(self, binary, shared, folder):
        self.binary, self.shared, self.folder = binary, shared, folder
        self.passed, self.failed = 0, []

    def check(self, name, good, why=""):
        if good:
            self.passed += 1
        else:
            self.failed.append(name)
            print(f"FAILED {name}: {why}")

    def ictstat(self, *words, codes=(0,)):
        done = subprocess.run([self.binary, *map(str, words)], capture_output=True, text=True)
        if done.returncode not in codes:
            sys.exit(f"ictstat {' '.join(map(str, words))} ended with {done.returncode}:\n{done.stderr}")
        return done.stdout

    def estimates(self, name, data="admin", *options):
        store, out = self.folder / f"{name}.h5", self.folder / f"{name}.csv"
        self.ictstat("import", "-q", ROOT / f"datasets/tables/{name}.yaml", "--data", self.shared / "data" / data, "-o", store)
        self.ictstat("compute", "-q", store, *options, "-o", out)
        return out


# ---- 1. as they went in -------------------------------------------------------------------------
def same_values(run, name, out, wanted, key):
    got = {key(r): r for r in rows_of(out)}
    missing, extra = set(wanted) - set(got), set(got) - set(wanted)
    run.check(f"{name}: the keys", not missing and not extra, f"missing {sorted(missing)[:3]}, extra {sorted(extra)[:3]}")
    wrong = []
    for k in wanted.keys() & got.keys():
        r, w = got[k], wanted[k]
        for column, value in w.items():
            same = math.isclose(float(r[column]), value, rel_tol=1e-14, abs_tol=0) if isinstance(value, float) and r[column] \
                else r[column] == value
            if not same:
                wrong.append((k, column, r[column], value))
    run.check(f"{name}: {len(wanted)} values", not wrong, str(wrong[:3]))


def published(run):
    countries = {r["m49"].lstrip("0"): r["iso3"] for r in rows_of(ROOT / "datasets/countries.csv")}
    folder = run.shared / "data/admin"
    for name, file, item in (("unsd-2019-17.8.1", "unsd2019q1_17.8.1_IT_USE_ii99_countries.csv", None),
                             ("unsd-2019-9.c.1", "unsd2019q1_9.c.1_IT_MOB_NTWK_countries.csv", "typeOfMobileTechnologyCode"),
                             ("unsd-2019-4.a.1", "unsd2019q1_4.a.1_SE_ACC_COMP_countries.csv", "educationLevelCode")):
        say = {"AL2G": "9.c.1-2G", "AL3G": "9.c.1-3G", "AL4G": "9.c.1-4G", "PRIMAR": "ISCED11_1", "LOWSEC": "ISCED11_2",
               "UPPSEC": "ISCED11_3", None: ""}
        wanted = {(countries[r["geoAreaCode"]], r["timePeriod"], say[r[item] if item else None]): {
            "estimate": float(r["value"]), "unit_measure": "PT", "nature": {"NA": "_X"}.get(r["natureCode"], r["natureCode"])}
            for r in rows_of(folder / file)}
        same_values(run, name, run.estimates(name), wanted, lambda r: (
            r["ref_area"], r["time_period"],
            r["indicator"] if "9.c.1" in name else r["education_lev"] if "4.a.1" in name else ""))
    wanted = {(r["ISO3"], r["TIME_PERIOD"], r["SEX"]): {"estimate": float(r["OBS_VALUE"]), "nature": r["NATURE"]}
              for r in rows_of(folder / "unsd_genderportal2021_I17_internet_by_sex.tsv", delimiter="\t")}
    same_values(run, "gender portal", run.estimates("unsd-genderportal-2021"), wanted,
                lambda r: (r["ref_area"], r["time_period"], r["sex"]))


def ntia(run):
    out = run.estimates("ntia-1994-2021", "published", "-i", "17.8.1")
    wanted = {}
    columns = {"us": ("USA", "_T"), "sexMale": ("USA", "M"), "sexFemale": ("USA", "F"), "CA": ("US-CA", "_T")}
    for r in rows_of(run.shared / "data/published/ntia-analyze-table-1994-2021.csv"):
        if (r["variable"], r["universe"]) != ("internetUser", "isPerson"):
            continue
        month, year = r["dataset"].split()
        for column, (area, sex) in columns.items():
            if r[column + "Prop"]:
                wanted[area, f"{year}-{MONTHS[month]}", sex] = {
                    "estimate": float(r[column + "Prop"]) * 100, "se": float(r[column + "PropSE"]) * 100, "obs_status": "D"}
    rows = rows_of(out)
    axes = [c for c in rows[0] if c in ("age", "labour_force_status", "disability_status", "education", "family_income", "race", "metro")]
    kept = [r for r in rows if all(r[a] == "_T" for a in axes) and r["ref_area"] in ("USA", "US-CA")]
    some = run.folder / "some.csv"
    with open(some, "w", newline="") as f:
        writer = csv.DictWriter(f, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)
    same_values(run, "NTIA", some, wanted, lambda r: (r["ref_area"], r["time_period"], r["sex"]))
    return some


# ---- 2. numbers over population -----------------------------------------------------------------
def totals_only(path):
    rows = [r for r in rows_of(path) if r["composite_breakdown"] == "_T" and r["estimate"]]
    with open(path, "w", newline="") as f:
        writer = csv.DictWriter(f, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def compared(run, here, there):
    """(area, year): (here, there, differs), where both have a value"""
    text = run.ictstat("compare", here, there, "--columns", "estimate", "--tol-rel", "0.05", "-f", "csv", codes=(0, 4))
    return {(r["ref_area"], r["time_period"]): (float(r["here"]), float(r["there"]), r["result"] != "equal")
            for r in csv.DictReader(text.splitlines()) if r["here"] and r["there"]}


def by_area(differing, cause_of):
    """{(area, cause): [(year, relative difference)]}"""
    said = {}
    for (area, year), (here, there, _) in sorted(differing.items()):
        said.setdefault((area, cause_of(area, year, here, there)), []).append((year, here / there - 1 if there else math.inf))
    return said


def table(said):
    for (area, cause), years in sorted(said.items()):
        low, high = (f"{100 * f(d for _, d in years):+.0f}" for f in (min, max))
        span = years[0][0] if len(years) == 1 else f"{years[0][0]} to {years[-1][0]}"
        print(f"| {area} | {span} | {len(years)} | {low if low == high else f'{low} to {high}'} | {cause} |")


def broadband(run, show):
    rates = run.estimates("gapminder-17.6.1")
    over_wb = totals_only(run.estimates("gapminder-17.6.1-over-wb", "admin", "-i", "17.6.1"))
    over_un = totals_only(run.estimates("gapminder-17.6.1-over-un", "admin", "-i", "17.6.1"))
    unsd = totals_only(run.estimates("unsd-2019-17.6.1", "admin", "-i", "17.6.1"))
    own, un = compared(run, over_wb, rates), compared(run, over_un, rates)
    # The same by hand, from the files themselves.
    folder = run.shared / "data/admin"
    known = {r["iso3"] for r in rows_of(ROOT / "datasets/countries.csv")}
    people = {(r["Country Code"], r["Year"]): float(r["Value"]) for r in rows_of(folder / "wb_population.csv")}
    number, rate = ({(r["geo"].upper(), r["time"]): float(r[column]) for r in rows_of(folder / f"gapminder_sg_{column}.csv")
                     if r["geo"].upper() in known}
                    for column in ("broadband_subscribers", "broadband_subscribers_per_100_people"))
    far = lambda numbers: {k for k in numbers if k in people and k in rate
                           and abs(100 * numbers[k] / people[k] - rate[k]) > 0.05 * rate[k]}
    run.check("17.6.1: pairs", own.keys() == number.keys() & rate.keys(), len(own))
    by_hand = [(k, v[0], 100 * number[k] / people[k]) for k, v in own.items()
               if not math.isclose(v[0], 100 * number[k] / people[k], rel_tol=1e-10)]
    run.check("17.6.1: as by hand", not by_hand, by_hand[:3])
    run.check("17.6.1: differences over 5 %", {k for k, v in own.items() if v[2]} == far(number), len(far(number)))
    pairs = compared(run, unsd, rates)
    countries = {r["m49"].lstrip("0"): r["iso3"] for r in rows_of(ROOT / "datasets/countries.csv")}
    united = {(countries[r["geoAreaCode"]], r["timePeriod"]): float(r["value"])
              for r in rows_of(folder / "unsd2019q1_17.6.2_IT_NET_BBN_countries.csv") if r["typeOfSpeedCode"] == "ANYS"}
    differing = {k: v for k, v in pairs.items() if v[2]}
    run.check("17.6.1: the UN's differences", differing.keys() == far(united), len(differing))
    # A number that is not the other source's: the difference is of the number, not of the people.
    number_differs = {k for k in differing if not math.isclose(united[k], number[k], rel_tol=0.05)}
    if show:
        def people_of(area, year, here, there):
            if (area, year) in un and not un[area, year][2]:
                return "population: none with that of the UN"
            return "population"

        print(f"numbers over World Bank population, beside published rates of the same source: {len(own)} pairs, "
              f"{sum(v[2] for v in own.values())} differ")
        table(by_area({k: v for k, v in own.items() if v[2]}, people_of))
        print(f"UNSD's numbers of 2019 over World Bank population, beside Gapminder's rates: {len(pairs)} pairs, "
              f"{len(differing)} differ, {len(number_differs)} of them in the number")
        table(by_area({k: v for k, v in differing.items() if k in number_differs}, lambda *_: "number"))


# ---- 3. a series --------------------------------------------------------------------------------
def series(run, out, show):
    header, *lines = out.read_text().splitlines()
    for year in ("2019-11", "2021-11"):
        (run.folder / f"{year}.csv").write_text("\n".join([header] + [l for l in lines if f",{year}," in l and ",USA," in l]) + "\n")
    rows = {r["sex"]: r for r in csv.DictReader(run.ictstat(
        "contrast", run.folder / "2019-11.csv", run.folder / "2021-11.csv", "-f", "csv").splitlines())
        if r["contrast"] == "DIFFERENCE"}
    # 80.481 less 79.3582; the root of 0.2371 and 0.2262 squared: by hand, from the table.
    run.check("NTIA: change 2019 to 2021", math.isclose(float(rows["_T"]["estimate"]), 1.1228, rel_tol=1e-9), rows["_T"]["estimate"])
    run.check("NTIA: its SE", math.isclose(float(rows["_T"]["se"]), math.hypot(.2371, .2262), rel_tol=1e-9), rows["_T"]["se"])
    usa = run.folder / "usa.csv"
    usa.write_text("\n".join([header] + [l for l in lines if ",USA," in l]) + "\n")
    trend = list(csv.DictReader(run.ictstat("trend", usa, "-f", "csv").splitlines()))
    changes = {r["sex"]: float(r["estimate"]) for r in trend if r["trend"] == "CHANGE"}
    run.check("NTIA: trend", set(changes) == {"_T", "M", "F"} and all(1.5 < c < 2.1 for c in changes.values()), changes)
    cells = list(csv.DictReader(run.ictstat("availability", usa, "-i", "17.8.1", "--areas", "USA", "--years", "1994-2021",
                                            "--show", "cells", "-f", "csv").splitlines()))
    run.check("NTIA: availability", len(cells) >= 14, len(cells))
    if show:
        print(run.ictstat("trend", usa, "-f", "table"))
        print(run.ictstat("contrast", run.folder / "2019-11.csv", run.folder / "2021-11.csv", "-f", "table"))
        print(run.ictstat("availability", usa, "-i", "17.8.1", "--areas", "USA", "--years", "1994-2021", "-f", "table"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("shared", nargs="?", type=pathlib.Path, default=ROOT.parent / "shared")
    parser.add_argument("--print", action="store_true")
    options = parser.parse_args()
    if not (options.shared / "data/admin").is_dir():
        print("skipped: the shared tables are not there")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        run = Run(options.binary.resolve(), options.shared.resolve(), pathlib.Path(folder))
        published(run)
        out = ntia(run)
        broadband(run, options.print)
        series(run, out, options.print)
    print(f"{run.passed} passed, {len(run.failed)} failed")
    sys.exit(1 if run.failed else 0)


main()
