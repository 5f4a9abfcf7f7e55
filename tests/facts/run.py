#!/usr/bin/python3
"""Compare ictstat with recorded figures of R survey.

    run.py ICTSTAT [ROOT [SHARED]] [--facts FILE] [--mappings DIR] [--data DIR] [--only DATASET]... [--worst] [--tally FILE]

ROOT is the project's folder; SHARED the folder with the real files in data/, which are not ours to
ship. Every dataset of the facts file is imported with its mapping (datasets/demo/demo.yaml or
datasets/mappings/DATASET.yaml; --mappings: DIR/DATASET.yaml), one `ictstat compute` answers all its
facts, and every number is compared. A dataset whose files are not there is skipped. --worst prints a
table of the largest relative differences; --tally adds them to a file, for tests/oracle/worst.py. The last
line is "N passed, N failed, N skipped"; exit 1 on a failure, and when nothing was compared. --whole: the facts have
every cell that has an estimate; one more of ours is a failure.

How close: 1e-10 relative for every number, limits of confidence too (the facts take R's delta-method
logit limits, see tests/oracle/cells.R; the iterated GLM behind svyciprop(method = "logit") would
allow 1e-8 only), 1e-9 for likelihood limits, which both sides find by iteration. `-` in a fact: R cannot
tell. Counts and df are exact. Where the variance is zero (a domain within one PSU) R's SE
and deff are rounding and ours are 0. Where it is all but zero (deff below 0.01: nearly all of a domain's
weight within one PSU) the SE is what is left of large sums, and is held to 1e-10 of the SE with deff 0.01. Where it is
below a thousandth of the estimate, it is held to 3e-11 of the estimate: what is left of the digits of a double when
one row has nearly all the weight of a domain and lies far from the mean of all. A mean or ratio is the shift that its
values were summed by (near the figure of all) plus that of their differences from it; where it is k SEs from the
figure of all, V is what 4 k^2 V leave, and SEs are held to the rounding of that.
"""
import argparse
import concurrent.futures
import csv
import math
import os
import re
import subprocess
import sys
import tempfile

TOLERANCE = 1e-10
TINY, LEFT = 1e-3, 3e-11
SQUARES = 2 * 2.0 ** -52
R_ZERO_SE = 1e-13      # of the estimate: R's SE is rounding
SMALL_DEFF = 0.01
ZERO_DEFF = 1e-20       # rounding, squared
R_QBETA_ENDS = 100 * 2.0 ** -1023  # in percent: R's qbeta gives 2^-1024 for what is less
R_SETS_TO_0 = 1e-8     # R takes a variance below 1e-16 for 0
ITERATED = 1e-9
NOT_COMPARED = "-"
MEANS = re.compile("svymean$|svyratio$")  # the origin of means and ratios
LINEARISED = "--replicates none"  # facts without a column `options`
EXACT = ("df", "n_unweighted", "n_psu", "n_strata")
CLOSE = ("estimate", "se", "ci_low", "ci_high", "deff", "pop_weighted")


def number(text):
    return float(text) if text not in ("", "NaN", "NA") else math.nan


def is_zero(name, ours, fact, estimate):
    if name == "se":
        return (ours == 0 and fact <= R_ZERO_SE * abs(estimate)) or (fact == 0 and ours < R_SETS_TO_0)
    if name == "ci_low":
        return ours == 0 and 0 < fact < R_QBETA_ENDS
    return name == "deff" and abs(ours) < ZERO_DEFF and abs(fact) < ZERO_DEFF


def difference(name, ours, fact, estimate):
    """Relative difference: 0 for the same, inf where one number is missing."""
    if fact == NOT_COMPARED:
        return 0.0
    ours, fact = number(ours), number(fact)
    if math.isnan(ours) or math.isnan(fact):
        return 0.0 if math.isnan(ours) and math.isnan(fact) else math.inf
    if ours == fact or is_zero(name, ours, fact, estimate):
        return 0.0
    return abs(ours - fact) / max(abs(ours), abs(fact))


def tolerance(name, fact, of_all=math.nan):
    if name in EXACT:
        return 0
    if name in ("ci_low", "ci_high") and "likelihood" in fact.get("options", ""):
        return ITERATED
    deff = number(fact["deff"])
    allowed = TOLERANCE
    if name in ("se", "deff") and 0 < deff < SMALL_DEFF:
        allowed = TOLERANCE * SMALL_DEFF / deff * (2 if name == "deff" else 1)  # a deff is a square
    se, size = number(fact["se"]), abs(number(fact["estimate"]))
    if name in ("se", "deff") and se > 0 and not math.isnan(of_all):
        away = (number(fact["estimate"]) - of_all) / se
        allowed = max(allowed, SQUARES * away * away * (2 if name == "deff" else 1))
    if 0 < se < TINY * size:
        if name in ("se", "deff"):
            return max(allowed, LEFT * size / se * (2 if name == "deff" else 1))
        if name in ("ci_low", "ci_high"):
            return 20 * LEFT  # a limit is up to a dozen SEs away with one degree of freedom
    return allowed


class Worst:
    """The largest relative difference of each statistic and where it was."""

    def __init__(self):
        self.at = {}
        self.n = {}
        self.failed = {}

    def see(self, name, diff, where, good):
        self.n[name] = self.n.get(name, 0) + 1
        self.failed[name] = self.failed.get(name, 0) + (not good)
        if name not in self.at or diff > self.at[name][0]:
            self.at[name] = (diff, where)

    def tally(self, kind, file):
        """Lines of `kind statistic compared failed largest where`."""
        for name, (diff, where) in self.at.items():
            file.write("\t".join([kind, name, str(self.n[name]), str(self.failed[name]), repr(diff), where]) + "\n")

    def print(self, title):
        print("%-14s %10s  %s" % (title, "largest", "where"))
        for name in CLOSE + EXACT:
            if name in self.at:
                diff, where = self.at[name]
                print("  %-12s %10.2g  %s" % (name, diff, where if diff else "-"))


def run(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
    if done.returncode != 0:
        raise RuntimeError("%s\n  exit %d: %s" % (" ".join(command), done.returncode, done.stderr.strip()))
    return done.stdout


def axis_of(name):
    return name.split(":")[0]


def read_facts(path, only):
    sets = {}
    with open(path, newline="", encoding="utf-8") as f:
        for row in csv.DictReader(f):
            if not only or row["dataset"] in only:
                key = row["dataset"], row.get("options", LINEARISED)
                sets.setdefault(key, []).append(row)
    return sets


def compute(ictstat, mapping, data, facts, extra, options):
    """The table of one import and one compute that answers all facts."""
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "store.h5")
        run([ictstat, "import", mapping, "--data", data, "-o", store])
        command = [ictstat, "compute", store, "-i", ",".join(sorted({f["indicator"] for f in facts})),
                   "--extra", extra, "--format", "csv", "-o", "-"] + options.split()
        for by in sorted({f["by"] for f in facts} - {""}):
            command += ["--by", by]
        for contrast in sorted({f.get("contrast") or "" for f in facts} - {""}):
            command += ["--contrast", contrast]
        return list(csv.DictReader(run(command).splitlines()))


def item_of(row):
    """The facts name an item by its SDMX code where it has one."""
    names = [row["composite_breakdown"], row.get("item", "_T")]
    return next((n for n in names if n != "_T"), "")


def find(table, fact):
    """The rows of the table that stand for a fact: it must be one. An axis that the table has not
    is one that no breakdown of the facts uses."""
    names = [axis_of(n) for n in fact["by"].split(",")] if fact["by"] else []
    codes = fact["cell"].split(",") if fact["by"] else []
    want = dict(zip(names, codes))
    if fact.get("contrast"):
        want[axis_of(fact["contrast"])] = fact["contrast"].rsplit(":", 1)[1]
    found = []
    for row in table[fact["indicator"], fact["item"]]:
        if all(row[axis] == want.get(axis, "_T") for axis in row["axes"]) and \
                row["ref_area"] == fact["ref_area"] and row["time_period"] == fact["time_period"]:
            found.append(row)
    return found


# Columns of the table that are no axes.
FIXED = set("indicator item series ref_area time_period composite_breakdown estimate unit_measure unit_mult se cv "
            "ci_low ci_high deff df n_unweighted n_psu n_strata pop_weighted obs_status conf_status nature flags "
            "source".split())


def check(dataset, facts, rows, worst, complain):
    """Compare all facts of a dataset; returns (passed, failed, rows that fit), in facts."""
    axes = [c for c in (rows[0] if rows else {}) if c not in FIXED]
    table = {}
    for row in rows:
        row["axes"] = axes
        table.setdefault((row["indicator"], item_of(row)), []).append(row)
    passed = failed = 0
    used = []
    of_all = {(f["indicator"], f["item"]): number(f["estimate"]) for f in facts if not f["by"] and MEANS.search(f["origin"])}
    for fact in facts:
        name = " ".join(filter(None, [dataset, fact["indicator"], fact["item"], fact["by"], fact["cell"],
                                      fact.get("contrast")]))
        found = find(table, fact) if (fact["indicator"], fact["item"]) in table else []
        if len(found) != 1:
            complain("%s: %d rows of the table fit" % (name, len(found)))
            failed += 1
            continue
        used.append(found[0])
        bad = []
        for statistic in CLOSE + EXACT:
            diff = difference(statistic, found[0][statistic], fact[statistic], number(fact["estimate"]))
            allowed = tolerance(statistic, fact, of_all.get((fact["indicator"], fact["item"]), math.nan))
            if diff or fact[statistic] not in ("", NOT_COMPARED):
                worst.see(statistic, diff, name, diff <= allowed)
            if diff > allowed:
                bad.append("%s %s, R %s (%.2g)" % (statistic, found[0][statistic] or "empty",
                                                   fact[statistic] or "empty", diff))
        if bad:
            complain("%s: %s" % (name, "; ".join(bad)))
        failed += bool(bad)
        passed += not bad
    return passed, failed, used


def check_whole(dataset, rows, used, complain):
    """Nothing is estimated that R could not. (A row of no estimate has nobody in it.)"""
    more = [row for row in rows if row["estimate"] and not any(row is one for one in used)]
    for row in more:
        complain("%s %s: an estimate that R has not" % (dataset, " ".join([row["indicator"]] + [row[a] for a in row["axes"]])))
    return len(more)


def mapping_of(args, dataset):
    folder = args.mappings or os.path.join(args.root, "datasets", "demo" if dataset == "demo" else "mappings")
    return os.path.join(folder, dataset + ".yaml")


def data_folder(mapping, shared, made):
    """The folder that has all files the mapping names; None: some are missing."""
    with open(mapping, encoding="utf-8") as f:
        names = re.findall(r"^[^#]*\bpath: *\[?\"?([^\s,}\]\"]+)", f.read(), re.MULTILINE)
    folders = [os.path.dirname(mapping)] + ([made] if made else [])
    if shared:
        folders += [os.path.join(shared, "data/microdata"), os.path.join(shared, "data/design")]
    for folder in folders:
        if all(os.path.exists(os.path.join(folder, name)) for name in names):
            return folder
    return None


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    ask = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ask.add_argument("ictstat")
    ask.add_argument("root", nargs="?", default=os.path.dirname(os.path.dirname(here)))
    ask.add_argument("shared", nargs="?")
    ask.add_argument("--facts", default=os.path.join(here, "facts.csv"))
    ask.add_argument("--mappings", help="folder of DATASET.yaml, in place of datasets/")
    ask.add_argument("--data", help="a folder with files of the mappings, made for the test")
    ask.add_argument("--only", action="append", metavar="DATASET")
    ask.add_argument("--worst", action="store_true")
    ask.add_argument("--tally", metavar="FILE")
    ask.add_argument("--part", help="what the tally calls these facts")
    ask.add_argument("--whole", action="store_true")
    args = ask.parse_args()
    extra = os.path.join(args.root, "tests/oracle/indicators")
    worst = {}
    passed = failed = skipped = 0

    def complain(text):
        print("FAIL", text)

    def answer(job):
        dataset, options, facts, mapping, data = job
        try:
            return compute(args.ictstat, mapping, data, facts, extra, options)
        except RuntimeError as e:
            return e

    jobs = []
    for (dataset, options), facts in read_facts(args.facts, args.only).items():
        mapping = mapping_of(args, dataset)
        data = data_folder(mapping, args.shared, args.data)
        if data is None:
            print("skip %s: its files are not here (%d facts)" % (dataset, len(facts)))
            skipped += len(facts)
        else:
            jobs.append((dataset, options, facts, mapping, data))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for (dataset, _, facts, _, _), rows in zip(jobs, pool.map(answer, jobs)):
            kind = "random designs" if re.match("random-|stage-", dataset) else dataset
            if isinstance(rows, RuntimeError):
                complain("%s: %s" % (dataset, rows))
                failed += len(facts)
                continue
            good, bad, used = check(dataset, facts, rows, worst.setdefault(kind, Worst()), complain)
            passed += good
            failed += bad + (check_whole(dataset, rows, used, complain) if args.whole else 0)
    if args.worst:
        for kind in worst:
            worst[kind].print(kind)
    if args.tally:
        with open(args.tally, "a") as f:
            for kind in worst:
                worst[kind].tally(args.part or kind, f)
    print("%d passed, %d failed, %d skipped" % (passed, failed, skipped))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
