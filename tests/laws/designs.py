#!/usr/bin/env python3
"""designs.py - laws of sample designs, over random ones of one to three stages.

Usage: designs.py ICTSTAT. The designs are those of tests/oracle/stage_designs.py, bent in ways whose
effect on the standard errors is known without computing them."""
import copy
import csv
import io
import random
import re
import sys

from bench import ROOT, Bench, judge_all, law

sys.path.insert(0, str(ROOT / "tests/oracle"))
import stage_designs  # noqa: E402

NUMBERS = ["estimate", "se", "ci_low", "ci_high", "deff", "df", "n_unweighted", "n_psu", "n_strata"]
COLUMNS = stage_designs.COLUMNS.split(",")
N2, N3, FRACTION = COLUMNS.index("n2"), COLUMNS.index("n3"), COLUMNS.index("n1")

class Designs(Bench):
    def store(self, mapping, header, rows):
        folder = self.folder()
        folder.mkdir()
        (folder / "m.yaml").write_text(re.sub(r"path: \S+csv", "path: m.csv", mapping))
        with (folder / "m.csv").open("w", newline="") as f:
            out = csv.writer(f, lineterminator="\n")
            out.writerow(header)
            out.writerows(rows)
        self.call("import", "-q", folder / "m.yaml", "-o", folder / "m.h5")
        return folder / "m.h5"

    def estimates(self, store, *options):
        return self.call("compute", "-q", store, "-x", ROOT / "tests/oracle/indicators", "--by", "r_group", "-f",
                         "csv", *options)


def cells(text):
    return {(r["indicator"], r["ref_area"], r["time_period"], r["r_group"]): r for r in csv.DictReader(io.StringIO(text))}


def close(a, b, what, names=NUMBERS, tolerance=1e-12):
    assert a.keys() == b.keys(), f"{what}: other rows"
    for key in a:
        for name in names:
            x, y = a[key][name], b[key][name]
            assert (x == "") == (y == ""), f"{what}: {key} {name}: '{x}' against '{y}'"
            if x and abs(float(x) - float(y)) > tolerance * max(abs(float(x)), abs(float(y))) + 1e-13:
                raise AssertionError(f"{what}: {key} {name}: {x} against {y}")


def designs(seed, n, wanted=lambda d: True):
    rng = random.Random(seed)
    found = (stage_designs.Design(rng, i) for i in range(1, 100000))
    for d in found:
        if wanted(d):
            yield d, rng
            n -= 1
        if n == 0:
            return


@law
def surveys_in_one_store_are_as_if_alone(bench):
    for d, rng in designs(1, 20, lambda d: d.pps not in stage_designs.PAIRS):
        surveys = {}
        for area in ("XAA", "XBB"):
            for period in (2000, 2001):
                one = copy.copy(d)
                one.rows = []
                one.draw(rng, 0, [])
                surveys[area, period] = one.rows
        mapping = d.mapping().replace("area: XAA", "area: {from: area}").replace("period: 2000", "period: {from: year}")
        rows = [[area, year, *r] for (area, year), rows in surveys.items() for r in rows]
        rng.shuffle(rows)
        together = cells(bench.estimates(bench.store(mapping, ["area", "year", *COLUMNS], rows)))
        alone = {}
        for (area, year), own in surveys.items():
            mapping = d.mapping().replace("XAA", area).replace("period: 2000", f"period: {year}")
            alone.update(cells(bench.estimates(bench.store(mapping, COLUMNS, own))))
        close(together, alone, f"{d.name}, {d.policy}")


@law
def threads_and_the_order_of_rows_do_not_matter(bench):
    for d, rng in designs(2, 6, lambda d: d.stages > 1):
        mapping = d.mapping()
        want = bench.estimates(bench.store(mapping, COLUMNS, d.rows))
        again = bench.store(mapping, COLUMNS, random.Random(1).sample(d.rows, len(d.rows)))
        close(cells(want), cells(bench.estimates(again)), f"{d.name}, other order")
        for n in (1, 3):
            assert bench.estimates(again, "--threads", n) == bench.estimates(again), f"{d.name}, {n} threads"


@law
def a_stage_taken_whole_adds_nothing(bench):
    for d, _ in designs(3, 10, lambda d: d.stages > 1 and not d.population):
        whole = [[1 if c in (N2, N3) else v for c, v in enumerate(r)] for r in d.rows]
        mapping = d.mapping().replace("fpc: none}", "fpc: {fraction: n2}}")
        staged = bench.store(mapping, COLUMNS, whole)
        plain = bench.store(mapping.split("      stages:")[0] + "    variables:" + mapping.split("    variables:")[1],
                            COLUMNS, whole)
        want = cells(bench.estimates(plain))
        close(cells(bench.estimates(staged)), want, f"{d.name}, stages taken whole")
        close(cells(bench.estimates(staged, "--ultimate-cluster")), want, f"{d.name}, stages left out")


@law
def later_stages_only_add(bench):
    for d, _ in designs(4, 10, lambda d: d.stages > 1 and d.policy != "average" and d.pps == "none"):
        store = bench.store(d.mapping(), COLUMNS, d.rows)
        whole, first = cells(bench.estimates(store)), cells(bench.estimates(store, "--ultimate-cluster"))
        close(whole, first, d.name, ["estimate", "df", "n_psu", "n_strata"])
        for key, row in whole.items():
            if not row["se"] or not first[key]["se"]:  # a quantile whose interval is open
                continue
            assert float(row["se"]) >= float(first[key]["se"]) * (1 - 1e-12), f"{d.name}: {key}"


@law
def equal_probabilities_are_no_unequal_ones(bench):
    for d, _ in designs(5, 10, lambda d: d.stages == 1 and d.pps == "none" and not d.population and d.given[0]
                        and not d.in_domain):
        rows = [[0.3 if c == FRACTION else v for c, v in enumerate(r)] for r in d.rows]
        brewer = d.mapping().replace("pps: none", "pps: brewer")
        close(cells(bench.estimates(bench.store(d.mapping(), COLUMNS, rows))),
              cells(bench.estimates(bench.store(brewer, COLUMNS, rows))), f"{d.name}, p = f")


if __name__ == "__main__":
    judge_all(lambda scratch: Designs(sys.argv[1], scratch))
