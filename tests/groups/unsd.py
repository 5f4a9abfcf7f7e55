#!/usr/bin/env python3
"""unsd.py ICTSTAT [SHARED] - the UN's own regional values out of the UN's own country values.

Country rows of 17.8.1 (UNSD database, release 2019.Q1.G.02) and World Bank populations, both in
SHARED/data/admin, are written as tables of ours, aggregated, and compared with the regional values of
the same release. `--print` shows the comparison; `--keep FOLDER` keeps the tables. Exit code 77:
there is no SHARED, nothing was tried."""
import argparse
import csv
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HEADER = ("indicator,series,ref_area,time_period,sex,age,urbanisation,education_lev,composite_breakdown,estimate,"
          "unit_measure,unit_mult,se,cv,ci_low,ci_high,deff,df,n_unweighted,n_psu,n_strata,pop_weighted,obs_status,"
          "conf_status,nature,flags,source").split(",")
PUBLISHED = [  # year, area, value: UNSD database, same release
    ("2016", "1", "World", 45.52), ("2016", "150", "Europe", 76.38), ("2016", "199", "LDC", 15.61),
    ("2016", "21", "Northern America", 76.85), ("2016", "202", "Sub-Saharan Africa", 19.48),
    ("2016", "30", "Eastern Asia", 57.22), ("2010", "1", "World", 28.69), ("2010", "199", "LDC", 4.09)]
TOLERANCE = 0.7  # points: the UN weights with its own populations


def write_values(source, path):
    with open(source, encoding="utf-8-sig", newline="") as f, open(path, "w", newline="") as out:
        writer = csv.DictWriter(out, HEADER, restval="", lineterminator="\n")
        writer.writeheader()
        for r in csv.DictReader(f):
            if not r["ISO3CD"]:  # 158, "Other non-specified areas"
                continue
            writer.writerow({"indicator": "17.8.1", "series": "IT_USE_II99", "ref_area": r["ISO3CD"],
                             "time_period": r["timePeriod"], "sex": "_T", "age": "_T", "urbanisation": "_T",
                             "education_lev": "_T", "composite_breakdown": "_T", "estimate": repr(float(r["value"])),
                             "unit_measure": "PER_100_POP", "unit_mult": "0", "n_unweighted": "0", "n_psu": "0",
                             "n_strata": "0", "obs_status": "A", "source": "UNSD 2019.Q1.G.02"})


def write_population(source, path):
    with open(ROOT / "datasets/countries.csv") as f:
        known = {r["iso3"] for r in csv.DictReader(f)}
    with open(source, encoding="utf-8-sig", newline="") as f, open(path, "w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["ref_area", "time_period", "population"])
        for r in csv.DictReader(f):
            if r["Country Code"] in known:  # the rest are regions of the World Bank
                writer.writerow([r["Country Code"], r["Year"], r["Value"]])


def aggregate(binary, folder, *options):
    done = subprocess.run([binary, "aggregate", folder / "values.csv", "--population", folder / "population.csv",
                           "--groups", "world,m49,ldc", "--year", "2010,2016", "-q", *options],
                          capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"aggregate failed with {done.returncode}:\n{done.stderr}")
    return {(r["time_period"], r["ref_area"]): r for r in csv.DictReader(done.stdout.splitlines())}


def compare(title, rows, show):
    worst = 0
    if show:
        print(title)
    for year, area, name, published in PUBLISHED:
        row = rows[year, area]
        difference = float(row["estimate"]) - published
        worst = max(worst, abs(difference))
        if show:
            print(f"  {year} {name:20} {published:6.2f} {float(row['estimate']):7.3f} {difference:+6.2f}  "
                  f"{row['n_unweighted']} of {row['n_strata']} measured, {row['n_psu']} in the mean, {row['flags']}")
    return worst


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("shared", nargs="?", type=pathlib.Path, default=ROOT.parent / "shared")
    parser.add_argument("--print", action="store_true")
    parser.add_argument("--keep", type=pathlib.Path)
    options = parser.parse_args()
    admin = options.shared / "data/admin"
    if not (admin / "wb_population.csv").exists():
        print(f"skipped: {admin} is not there")
        return 77
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or pathlib.Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        write_values(admin / "unsd2019q1_17.8.1_IT_USE_ii99_countries.csv", folder / "values.csv")
        write_population(admin / "wb_population.csv", folder / "population.csv")
        binary = options.binary.resolve()
        plain = compare("as measured", aggregate(binary, folder), options.print)
        filled = compare("every country filled (linear,carry:3,hotdeck)",
                         aggregate(binary, folder, "--impute", "linear,carry:3,hotdeck", "--coverage", "itu"),
                         options.print)
    failed = sum(worst > TOLERANCE for worst in (plain, filled))
    print(f"{2 - failed} passed, {failed} failed; furthest from published: {plain:.2f} and {filled:.2f} points")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
