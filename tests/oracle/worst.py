#!/usr/bin/python3
"""The last page of the oracle: the largest difference of each statistic from R, and where it was.

    worst.py TALLY

TALLY has lines of `part statistic compared failed largest where`, separated by tabs (facts/run.py --tally,
trends.R). Exit 1 where a difference is larger than its tolerance."""
import sys

ORDER = ["estimate", "se", "ci_low", "ci_high", "deff", "df", "n_unweighted", "n_psu", "n_strata", "pop_weighted"]


def main():
    rows = {}
    for line in open(sys.argv[1]):
        part, name, compared, failed, largest, where = line.rstrip("\n").split("\t")
        row = rows.setdefault(name, {"n": 0, "failed": 0, "largest": -1.0, "where": "", "parts": {}})
        row["n"] += int(compared)
        row["failed"] += int(failed)
        row["parts"][part] = max(row["parts"].get(part, 0), float(largest))
        if float(largest) > row["largest"]:
            row.update(largest=float(largest), where=part + ": " + where)
    names = sorted(rows, key=lambda n: (ORDER.index(n) if n in ORDER else len(ORDER), n))
    parts = list(dict.fromkeys(p for r in rows.values() for p in r["parts"]))
    print("\nLargest relative differences from R survey")
    print("%-16s %9s %7s %9s  %s" % ("statistic", "compared", "failed", "largest", "where"))
    for name in names:
        r = rows[name]
        print("%-16s %9d %7d %9.1e  %s" % (name, r["n"], r["failed"], r["largest"], r["where"] if r["largest"] else "-"))
    shown = [n for n in ORDER if n in rows and n not in ("df", "n_unweighted", "n_psu", "n_strata")]
    print("\n%-36s" % "by part" + "".join("%14s" % n for n in shown))
    for part in parts:
        cells = [rows[n]["parts"].get(part) for n in shown]
        if any(c is not None for c in cells):
            print("%-36s" % part + "".join("%14s" % ("" if c is None else "%.1e" % c) for c in cells))
    failed = sum(r["failed"] for r in rows.values())
    print("\n%d figures compared, %d failed" % (sum(r["n"] for r in rows.values()), failed))
    return 1 if failed or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
