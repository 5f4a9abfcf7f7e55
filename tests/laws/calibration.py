#!/usr/bin/env python3
"""Laws of calibrated weights, on the demo survey.

    calibration.py ICTSTAT ROOT

1. Totals that were calibrated to come out as they were, with SE 0, by every method.
2. Neither the order of the rows of the data, nor that of the totals, nor a factor of all design weights changes
   an estimate or an SE.
3. The number of threads changes no bit.
4. A post-stratified mean is what textbooks have (Särndal et al. 1992, 7.6), in figures by hand; `average` with strata of
   the survey that neither hold nor touch the domain, too.
5. The share of a class has the estimate, SE and deff of the proportion in it among those who have the property.
"""
import csv
import math
import os
import random
import re
import subprocess
import sys
import tempfile

ictstat, root = sys.argv[1], sys.argv[2]
demo = os.path.join(root, "datasets/demo")
CLOSE = 1e-9
REGIONS = {"1": 260000, "2": 250000, "3": 330000, "4": 320000, "5": 300000, "6": 290000}
URBAN = {"U": 800000, "R": 950000}
MEMBERS = 5200000
METHODS = {
    "post-stratify": "margins: [{by: region, totals: region.csv}]",
    "rake": "margins: [{by: region, totals: region.csv}, {by: urbanisation, totals: urban.csv}]",
    "linear": "bounds: [0.1, 6], margins: [{by: region, totals: region.csv}, {by: urbanisation, totals: urban.csv}],"
              " numbers: {of: household_size, totals: numbers.csv}",
    "multiplicative": "margins: [{by: region, totals: region.csv}], numbers: {of: household_size, totals: numbers.csv}",
    "logit": "bounds: [0.1, 8], margins: [{by: region, totals: region.csv}, {by: urbanisation, totals: urban.csv}]",
}


HEAD = "ictstat: indicator/1\nid: law.%s\ntitle: A law\nframework: oracle\nunit: household\nsource: a law\n"
LAWS = {
    "households": "measure: total\nnumerator: household_size / household_size\nsdmx: {unit_measure: NUMBER}\n",
    "share": "measure: share\nacross: urbanisation\nnumerator: ONLINE\nsdmx: {unit_measure: PT}\n",
    "urban": "measure: proportion\nnumerator: urbanisation = \"U\"\ndenominator: ONLINE\nsdmx: {unit_measure: PT}\n",
}
ONLINE = "household_internet = \"Y\""


def write(path, head, rows):
    with open(path, "w") as f:
        f.write(head + "\n" + "".join("%s,%r\n" % r for r in rows))


def survey(folder, method, shuffle=None, factor=1):
    """The demo's households in a folder of their own, calibrated."""
    lines = open(os.path.join(demo, "households.csv")).read().splitlines()
    head, rows = lines[0], lines[1:]
    totals = {"region.csv": list(REGIONS.items()), "urban.csv": list(URBAN.items())}
    if shuffle is not None:
        rng = random.Random(shuffle)
        rng.shuffle(rows)
        for t in totals.values():
            rng.shuffle(t)
    with open(os.path.join(folder, "households.csv"), "w") as f:
        f.write("\n".join([head] + rows) + "\n")
    write(os.path.join(folder, "region.csv"), "region,total", totals["region.csv"])
    write(os.path.join(folder, "urban.csv"), "urbanisation,total", totals["urban.csv"])
    write(os.path.join(folder, "numbers.csv"), "variable,total", [("household_size", MEMBERS)])
    text = open(os.path.join(demo, "demo.yaml")).read()
    text = text[:text.index("  individual:")]
    text = re.sub(r"  members:.*?(?=\nunits:)", "", text, flags=re.S)
    text = text.replace("weight: hh_weight", "weight: {from: hh_weight, scale: %r}" % factor, 1)
    text = text.replace("      lonely_psu: fail\n", "      lonely_psu: fail\n      calibration: {method: %s, tolerance: "
                        "1e-13, rounds: 100000, %s}\n" % (method, METHODS[method]), 1)
    with open(os.path.join(folder, "survey.yaml"), "w") as f:
        f.write(text)


def table(folder, threads=2):
    store = os.path.join(folder, "s.h5")
    subprocess.run([ictstat, "import", os.path.join(folder, "survey.yaml"), "-q", "-o", store], check=True)
    out = subprocess.run([ictstat, "compute", store, "--extra", os.path.join(root, "tests/oracle/indicators"), "-i",
                          "HH1,HH6,oracle.members,oracle.household_size,oracle.households_internet,law.households,law.share,law.urban",
                          "--extra", os.path.join(folder, "law"), "--by", "region", "--by", "urbanisation", "--threads", str(threads), "-q",
                          "-f", "csv", "-o", "-"], check=True, stdout=subprocess.PIPE, universal_newlines=True)
    return out.stdout


def rows_of(text):
    return {(r["indicator"], r["region"], r["urbanisation"]): r for r in csv.DictReader(text.splitlines())}


def close(a, b):
    return abs(a - b) <= CLOSE * max(abs(a), abs(b))


# 2 of 40 in A, 1 and 3; 4 of 60 in B, 2 4 6 8; 6 of 100 in all. Mean (40 * 2 + 60 * 5) / 100. Residuals from the means of the
# post-strata, times N_k / n_k: 20 (-1 1), 15 (-3 -1 1 3), squares 800 + 4500; V = (1 - 6/100) 6/5 5300 / 100^2.
BY_HAND = {"estimate": 3.8, "se": math.sqrt(0.94 * 1.2 * 5300) / 100, "df": 5, "pop_weighted": 100}
BY_HAND_MAPPING = """ictstat: mapping/1
survey: {id: HAND, title: By hand, area: XAA, period: 2000}
concepts:
  r_value: {title: A measured value, type: real}
  r_group: {title: A group, type: code, codes: {A: Group A, B: Group B, C: Group C, D: Group D}}
files: {rows: {path: rows.csv, delimiter: ","}}
units:
  element:
    file: rows
    design: {strata: none, psu: none, weight: w, fpc: {population: n},
      calibration: {method: post-stratify, margins: [{by: r_group, totals: totals.csv}]}}
    variables: {r_value: {from: y}, r_group: {from: g}}
"""


# A PSU a row, post-strata A (strata 1, 2) and B (3, 4), each weight 10. In group A stand the values 1 and 3 of stratum 1; with 0 for
# the others of post-stratum A the residuals of their total are 10 (0 2 -1 -1), so V = 2 (100 + 100) from stratum 1, 0 from
# 2, and 0 from 3 and 4, where B knows nobody of the group. Stratum 3 is of one PSU in XAA: V is times 4/3, as all four
# strata of the area count. XAB has no stratum 3. XAC has stratum 3 alone, no V to be had, not even of a total that is 0.
AVERAGE = [("1", 1, "A", "A"), ("1", 3, "A", "A"), ("2", 5, "A", "B"), ("2", 7, "A", "B"), ("3", 2, "B", "B"), ("4", 4, "B", "B"),
           ("4", 6, "B", "B")]
AVERAGE_SE = {("XAA", "total"): 20 * math.sqrt(4 / 3), ("XAA", "mean"): math.sqrt(4 / 3), ("XAB", "total"): 20.0, ("XAB", "mean"): 1.0,
              ("XAC", "total"): None}


def average_by_hand(check):
    rows = [(area,) + r for area in ("XAA", "XAB") for r in AVERAGE if area == "XAA" or r[0] != "3"] + [("XAC", "3", 0, "B", "B")]
    people = {}
    for r in rows:
        people[r[0], r[3]] = people.get((r[0], r[3]), 0) + 10
    text = BY_HAND_MAPPING.replace("area: XAA", "area: {from: a}").replace("strata: none", "strata: s").replace(", fpc: {population: n}", ", lonely_psu: average")
    text = text.replace("by: r_group", "by: [ref_area, r_one]").replace("r_group: {from: g}", "r_group: {from: g}, r_one: {from: p}")
    text = text.replace("\nfiles", "\n  r_one: {title: A post-stratum, type: code, codes: {A: Class A, B: Class B}}\nfiles")
    with tempfile.TemporaryDirectory() as folder:
        for name, lines in (("m.yaml", text), ("rows.csv", "a,s,y,p,g,w\n" + "".join("%s,%s,%d,%s,%s,1\n" % r for r in rows)),
                            ("totals.csv", "ref_area,r_one,total\n" + "".join("%s,%s,%d\n" % (*k, n) for k, n in people.items()))):
            with open(os.path.join(folder, name), "w") as f:
                f.write(lines)
        store = os.path.join(folder, "m.h5")
        subprocess.run([ictstat, "import", "-q", os.path.join(folder, "m.yaml"), "-o", store], check=True)
        out = subprocess.run([ictstat, "compute", "-q", store, "-x", os.path.join(root, "tests/oracle/indicators"), "-i", "random.mean,random.total",
                              "--by", "r_group", "-f", "csv"], check=True, stdout=subprocess.PIPE, universal_newlines=True).stdout
        found = {(r["ref_area"], r["indicator"][7:], r["r_group"]): r["se"] for r in csv.DictReader(out.splitlines())}
        for (area, kind), se in AVERAGE_SE.items():
            got = found[area, kind, "B" if area == "XAC" else "A"]
            good = got == "" if se is None else got != "" and abs(float(got) - se) <= 1e-13 * se
            check("average by hand", good, "%s %s: SE '%s', not %r" % (area, kind, got, se))


def by_hand(check):
    with tempfile.TemporaryDirectory() as folder:
        def put(name, text):
            with open(os.path.join(folder, name), "w") as f:
                f.write(text)
        put("rows.csv", "g,y,w,n\n" + "".join("%s,%d,1,100\n" % r for r in zip("AABBBB", (1, 3, 2, 4, 6, 8))))
        put("totals.csv", "r_group,total\nA,40\nB,60\n")
        put("m.yaml", BY_HAND_MAPPING)
        store = os.path.join(folder, "m.h5")
        subprocess.run([ictstat, "import", "-q", os.path.join(folder, "m.yaml"), "-o", store], check=True)
        out = subprocess.run([ictstat, "compute", "-q", store, "-x", os.path.join(root, "tests/oracle/indicators"), "-i", "random.mean",
                              "-f", "csv"], check=True, stdout=subprocess.PIPE, universal_newlines=True).stdout
        row = next(csv.DictReader(out.splitlines()))
        for column, figure in BY_HAND.items():
            check("by hand", abs(float(row[column]) - figure) <= 1e-13 * figure, "%s: %s, not %r" % (column, row[column], figure))


def main():
    bad = []

    def check(law, good, what):
        if not good:
            bad.append("%s: %s" % (law, what))

    by_hand(check)
    average_by_hand(check)
    for method in METHODS:
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
            for folder, how in ((one, {}), (two, {"shuffle": 7, "factor": 2.5 if method != "linear" else 1})):
                survey(folder, method, **how)
                os.mkdir(os.path.join(folder, "law"))
                for law, words in LAWS.items():
                    with open(os.path.join(folder, "law", law + ".yaml"), "w") as f:
                        f.write(HEAD % law + words.replace("ONLINE", ONLINE))
            text = table(one)
            first, second = rows_of(text), rows_of(table(two))
            total = lambda rows, r, u="_T": rows["law.households", r, u]
            for r, people in REGIONS.items():
                got = total(first, r)
                check("totals", close(float(got["estimate"]), people) and float(got["se"]) == 0,
                      "%s region %s: %s (%s), not %s" % (method, r, got["estimate"], got["se"], people))
            if "urban.csv" in METHODS[method]:
                for u, people in URBAN.items():
                    got = total(first, "_T", u)
                    check("totals", close(float(got["estimate"]), people) and float(got["se"]) == 0,
                          "%s %s: %s (%s)" % (method, u, got["estimate"], got["se"]))
            if "numbers" in METHODS[method]:
                got = first["oracle.members", "_T", "_T"]
                check("totals", close(float(got["estimate"]), MEMBERS) and float(got["se"]) == 0,
                      "%s members: %s (%s)" % (method, got["estimate"], got["se"]))
            for r in [*REGIONS, "_T"]:
                share, urban = first["law.share", r, "U"], first["law.urban", r, "_T"]
                for column in ("estimate", "se", "deff", "df", "n_unweighted"):
                    check("shares", share[column] == urban[column] or close(float(share[column]), float(urban[column])),
                          "%s region %s %s: %s, %s" % (method, r, column, share[column], urban[column]))
            # Bounds are of ratios to the design weight, so the factor is not for them.
            if "bounds" not in METHODS[method] or method == "linear":
                for key in first:
                    for column in ("estimate", "se"):
                        a, b = float(first[key][column] or "nan"), float(second[key][column] or "nan")
                        check("order and scale", (a != a and b != b) or close(a, b),
                              "%s %s %s: %r, %r" % (method, key, column, a, b))
            check("threads", text == table(one, threads=1), method)
    print("\n".join(bad) if bad else "calibration: the laws hold")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
