#!/usr/bin/python3
"""Compare `ictstat test` with recorded tests of R survey.

    tests.py ICTSTAT ROOT [SHARED] [--facts FILE] [--mappings DIR] [--tally FILE --part NAME]

Facts are of tests/oracle/tests.R: dataset, the options of the test, the class of --within, and R's value, ndf, ddf
and P. Data sets whose files are not there are skipped. 1e-10 relative for every number, but for what follows from the
rounding of doubles: a statistic above 1e3 is one over a nearly singular covariance and has its digits less, and P
changes -log P times as fast as the statistic. Prints the largest differences, and adds them to a file for
tests/oracle/worst.py; exit 1 on a failure, and when nothing was compared."""
import argparse
import concurrent.futures
import csv
import math
import os
import re
import sys
import tempfile

from run import data_folder, mapping_of, run

TOLERANCE = 1e-10
ROUNDING = 1e-13
TINY = 1e-300  # from here on doubles have fewer digits
NUMBERS = ("value", "ndf", "ddf", "p_value")


def number(text):
    return float(text) if text else None


def difference(name, ours, fact):
    if ours == fact or (name == "p_value" and fact is not None and fact < TINY):
        return 0.0
    if ours is None or fact is None:
        return float("inf")
    return abs(ours - fact) / max(abs(ours), abs(fact))


def tolerance(name, fact):
    value, p = abs(number(fact["value"])), number(fact["p_value"])
    of_value = max(TOLERANCE, ROUNDING * value) if name in ("value", "p_value") else TOLERANCE
    return of_value * max(1, -math.log(max(p, TINY))) if name == "p_value" else of_value


def joined(one, other):
    return max(one[:2], other[:2]) + (one[2] + other[2],)


def judge(args, dataset, facts):
    """(failures, of each number: largest difference, where, failed), or None where the files are not there."""
    mapping = mapping_of(args, dataset)
    data = data_folder(mapping, args.shared, None)
    if data is None:
        return None
    extra = os.path.join(args.root, "tests/oracle/indicators")
    failures, worst = [], {name: (-1.0, "", 0) for name in NUMBERS}
    with tempfile.TemporaryDirectory() as scratch:
        store = os.path.join(scratch, "store.h5")
        run([args.ictstat, "import", mapping, "--data", data, "-o", store, "-q"])
        for options in sorted({f["options"] for f in facts}):
            text = run([args.ictstat, "test", store, "--extra", extra, "-f", "csv", "-q"] + options.split())
            within = re.search(r"--within (\w+)", options)
            rows = {r[within.group(1)] if within else "": r for r in csv.DictReader(text.splitlines())}
            for fact in (f for f in facts if f["options"] == options):
                row = rows.get(fact["within"])
                for name in NUMBERS:
                    off = difference(name, number(row[name]) if row else None, number(fact[name]))
                    bad = off > tolerance(name, fact)
                    worst[name] = joined(worst[name], (off, f"{dataset} {options} {fact['within']}", int(bad)))
                    if bad:
                        failures.append(f"{dataset} {options} {fact['within']}: {name} is "
                                        f"{row[name] if row else 'absent'}, R {fact[name]} {row['flags'] if row else ''}")
    return failures, worst


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("ictstat")
    parser.add_argument("root")
    parser.add_argument("shared", nargs="?")
    parser.add_argument("--facts")
    parser.add_argument("--mappings")
    parser.add_argument("--tally")
    parser.add_argument("--part")
    args = parser.parse_args()
    with open(args.facts or os.path.join(args.root, "tests/facts/tests.csv")) as file:
        facts = list(csv.DictReader(file))
    os.environ.setdefault("ICTSTAT_DATA", args.root)
    datasets = list(dict.fromkeys(f["dataset"] for f in facts))
    failures, worst, skipped = [], {name: (-1.0, "", 0) for name in NUMBERS}, 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda d: judge(args, d, [f for f in facts if f["dataset"] == d]), datasets))
    for one in done:
        if one is None:
            skipped += 1
            continue
        failures += one[0]
        for name in NUMBERS:
            worst[name] = joined(worst[name], one[1][name])
    for line in failures[:40]:
        print(line)
    for name, (off, where, _) in worst.items():
        print(f"{name:8} {off:.1e}  {where}")
    compared = sum(len([f for f in facts if f["dataset"] == d]) for d, one in zip(datasets, done) if one)
    if args.tally and compared:
        with open(args.tally, "a") as file:
            for name, (off, where, failed) in worst.items():
                file.write("\t".join([args.part, "test " + name, str(compared), str(failed), repr(off), where]) + "\n")
    print(f"{compared} tests compared, {len(failures)} numbers failed, {skipped} data sets skipped")
    sys.exit(1 if failures or (compared == 0 and not skipped) else 0)


main()
