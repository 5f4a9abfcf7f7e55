#!/usr/bin/env python3
"""degenerate.py - data at the edge of having an answer: a number that is right, or an empty one that a flag explains.

    degenerate.py ICTSTAT

Every area of a store is one kind of degenerate data (KINDS), every store one design (DESIGNS). All measures are computed
under every method of interval, rule of df and kind of replicates, whole, by group and as contrast of groups. Of every row:

1. No number is written nan or inf.
2. Without an estimate there is no other statistic, and a flag says why.
3. Beside an estimate a number is missing only where a flag says so, or where docs/math.md says that there is none: cv of 0,
   deff where a simple random sample has no variance, and what a census has not.
4. SE is not negative, and the estimate is between its limits.

Then figures that need no computer (by_hand), and designs that are refused (refusals)."""
import csv
import io
import itertools
import math
import pathlib
import sys
import tempfile

from bench import ROOT, Bench

NUMBERS = ["estimate", "se", "cv", "ci_low", "ci_high", "deff", "df", "pop_weighted"]
NO_ESTIMATE = {"no_cases", "no_denominator"}
NO_SE = {"no_se", "open_interval"}
NO_LIMITS = NO_SE | {"no_df"}
MEASURES = "random.proportion,random.count,random.mean,random.total,random.ratio,random.quantiles"
SHARES = ",random.share_of_size,random.share_of_yes"
COLUMNS = ["area", "stratum", "psu", "w", "yes", "value", "size", "group"]


# ---- the data: 12 rows of a kind, in 4 PSUs of 2 strata, unless it says otherwise ----

class Row:
    def __init__(self, i, **change):
        self.stratum, self.psu, self.w = 1 + i // 6, 1 + i // 3, 10
        self.yes, self.value, self.size, self.group = "YN"[i % 2], i + 1, 2, "AB"[i // 2 % 2]
        self.__dict__.update(change)


def each(change):
    return [Row(i, **change(i)) for i in range(12)]


MISSING = {"yes": "", "value": "", "size": ""}
KINDS = {
    "XAA": ("nobody", each(lambda i: {"yes": "N", "value": 0})),
    "XAB": ("everybody", each(lambda i: {"yes": "Y", "value": 7})),
    "XAC": ("one answer", each(lambda i: {} if i == 6 else MISSING)),
    "XAD": ("all missing", each(lambda i: MISSING)),
    "XAE": ("answers in one PSU", each(lambda i: {} if i < 3 else MISSING)),
    "XAF": ("all weights zero", each(lambda i: {"w": 0})),
    "XAG": ("one weight above zero", each(lambda i: {"w": 10 * (i == 6)})),
    "XAH": ("all weights equal", each(lambda i: {})),
    "XAI": ("a denominator of zero", each(lambda i: {"size": 0})),
    "XAJ": ("one row", [Row(0)]),
    "XAK": ("one PSU", each(lambda i: {"stratum": 1, "psu": 1})),
    "XAL": ("a total of zero", each(lambda i: {"value": (-1) ** i})),
    "XAM": ("every PSU the same", each(lambda i: {"yes": "YNN"[i % 3], "value": i % 3})),
    "XAN": ("every stratum one PSU", each(lambda i: {"psu": 1 + i // 6})),
    "XAO": ("weights as unequal as can be", each(lambda i: {"w": 1e-99 if i % 2 else 1e99})),
    "XAP": ("one group", each(lambda i: {"group": "A"})),
    "XAQ": ("answers in one stratum", each(lambda i: {} if i < 6 else MISSING)),
}
ALIKE = {"nobody", "everybody"}
NO_PSUS = {"all weights zero", "one weight above zero", "weights as unequal as can be"}
SINGLE = {"one row", "one PSU", "every stratum one PSU"}  # what `fail` and half-samples refuse
W = "{from: w, zero: keep}"


def clustered(policy, rest=""):
    return "strata: stratum, psu: psu, weight: %s, lonely_psu: %s%s" % (W, policy, rest)


SIMPLE = "strata: none, psu: none, weight: none, lonely_psu: adjust"
DESIGNS = {"simple": SIMPLE, "weights": SIMPLE.replace("weight: none", "weight: " + W), "census": "census",
           "half": clustered("adjust", ", fpc: {fraction: half}"),
           "nearly whole": clustered("adjust", ", fpc: {fraction: nearly}"), "whole": clustered("adjust", ", fpc: {fraction: one}"),
           "brewer": clustered("adjust", ", fpc: {fraction: p}, pps: brewer"),
           "overton": clustered("adjust", ", fpc: {fraction: p}, pps: overton"),
           "hartley-rao": clustered("adjust", ", fpc: {fraction: p}, pps: hartley-rao"),
           "certainty": clustered("certainty"), "remove": clustered("remove")}
for policy, in_domain in itertools.product(["adjust", "average"], ["false", "true"]):
    DESIGNS[f"{policy} {in_domain}"] = clustered(policy, ", lonely_in_domain: " + in_domain)
POST_STRATIFIED = clustered("adjust", ", calibration: {method: post-stratify, margins: [{by: ref_area, totals: totals.csv}]}")
OF_DATA = clustered("adjust", ', replicates: {type: jk1, from: "r{1..4}"}')
METHODS = [("--ci", m) for m in ("logit", "beta", "wilson", "asin", "likelihood", "t", "normal")]
DF = [("--df", d) for d in ("degf", "design", "fixed:3", "inf")]
CONTRASTS = [("--contrast", "r_group:A-B", "--contrast", "r_group:A/B")]
MADE = [("--replicates", r) for r in ("jkn", "brr", "fay:0.3", "bootstrap:5", "subbootstrap:5", "mrbbootstrap:5", "sdr:4")]

MAPPING = """ictstat: mapping/1
survey: {id: EDGE, title: Degenerate data, area: {from: area}, period: 2000}
concepts:
  r_yes: {title: A yes or no, type: code, codes: CL_YES_NO}
  r_value: {title: A measured value, type: real}
  r_size: {title: A size above zero, type: real}
  r_group: {title: A group, type: code, codes: {A: Group A, B: Group B, C: Group C, D: Group D}}
files: {rows: {path: m.csv, delimiter: ","}}
units:
  element:
    file: rows
    design: %s
    variables:
      r_yes: {from: yes}
      r_value: {from: value}
      r_size: {from: size}
      r_group: {from: group}
"""


class Cells(Bench):
    def store(self, design, kinds):
        """The store, or None and what was said where the design is refused."""
        folder = self.folder()
        folder.mkdir()
        with (folder / "m.csv").open("w") as f:
            f.write(",".join(COLUMNS) + ",half,nearly,one,p,r1,r2,r3,r4\n")
            for area in kinds:
                for r in KINDS[area][1]:
                    left_out = [r.w * (r.psu != k) * 4 / 3 for k in (1, 2, 3, 4)]
                    fields = [area] + [getattr(r, c) for c in COLUMNS[1:]] + [0.5, 0.9, 1, 0.1 + 0.2 * (r.psu % 4)] + left_out
                    f.write(",".join(map(str, fields)) + "\n")
        (folder / "totals.csv").write_text("ref_area,total\n" + "".join(f"{k},1200\n" for k in kinds))
        (folder / "m.yaml").write_text(MAPPING % ("{%s}" % design if ":" in design else design))
        done = self.run("import", "-q", folder / "m.yaml", "-o", folder / "m.h5")
        return (folder / "m.h5" if done.returncode == 0 else None), done

    def rows(self, store, *options, indicators=MEASURES + SHARES):
        done = self.run("compute", "-q", store, "-x", ROOT / "tests/oracle/indicators", "-i", indicators, "--by", "r_group",
                        "-f", "csv", *options)
        assert done.returncode == 0, f"{options}: {done.stderr}"
        return list(csv.DictReader(io.StringIO(done.stdout)))


# ---- laws ----

def faults(r, census, options):
    """What is wrong with a row."""
    if any("nan" in r[k].lower() or "inf" in r[k].lower() for k in NUMBERS):
        yield "a number is written nan or inf"
        return
    have = {k: float(r[k]) if r[k] else None for k in NUMBERS}
    flags = set(r["flags"].split(";"))
    contrast = "-" in r["r_group"] or "/" in r["r_group"]
    if have["estimate"] is None:
        if any(have[k] is not None for k in ("se", "cv", "ci_low", "ci_high", "deff")):
            yield "a statistic of no estimate"
        if not flags & NO_ESTIMATE:
            yield "no estimate, and no flag"
        return
    if flags & NO_ESTIMATE:
        yield "an estimate, and a flag that there is none"
    # The SE of a quantile is made of its limits.
    if have["se"] is None and not flags & (NO_LIMITS if r["indicator"] == "random.quantiles" else NO_SE):
        yield "no SE, and no flag"
    if have["se"] is not None and "no_se" in flags:
        yield "an SE, and a flag that there is none"
    if have["cv"] is None and have["se"] is not None and have["estimate"] != 0:
        yield "no cv"
    if None in (have["ci_low"], have["ci_high"]) and not flags & NO_LIMITS:
        yield "no interval, and no flag"
    if have["df"] is None and not census and options != ("--df", "inf"):
        yield "no df"
    if have["df"] is not None and (have["df"] <= 0) != ("no_df" in flags):
        yield "df and no_df do not agree"
    alike = KINDS[r["ref_area"]][0] in ALIKE or have["se"] in (0, None) or flags & {"at_border", "at_extreme"}
    if have["deff"] is None and not (int(r["n_unweighted"]) < 2 or census or contrast or alike):
        yield "no deff"
    if have["se"] is not None and have["se"] < 0:
        yield "an SE below 0"
    slack = 1e-9 * abs(have["estimate"])
    if have["ci_low"] is not None and have["ci_low"] > have["estimate"] + slack:
        yield "the lower limit is above the estimate"
    if have["ci_high"] is not None and have["ci_high"] < have["estimate"] - slack:
        yield "the upper limit is below the estimate"


class Tally:
    def __init__(self):
        self.passed, self.failed = 0, 0

    def see(self, good, what):
        self.passed += good
        self.failed += not good
        if not good and self.failed <= 20:
            print("FAILED", what)

    def walk(self, bench, name, design, kinds, options, **which):
        store, done = bench.store(design, kinds)
        assert store, f"{name}: {done.stderr}"
        for o in options:
            for r in bench.rows(store, *o, **which):
                wrong = list(faults(r, design == "census", o))
                self.see(not wrong, f"{name}, {' '.join(o)}, {KINDS[r['ref_area']][0]}, {r['indicator']} {r['r_group']}: {'; '.join(wrong)}: "
                         f"{[r[k] for k in NUMBERS]} {r['flags']}")


def laws(bench, tally):
    for name, design in DESIGNS.items():
        tally.walk(bench, name, design, KINDS, METHODS + DF + CONTRASTS)
    for policy in ("certainty", "remove"):
        tally.walk(bench, policy, clustered(policy), KINDS, MADE + [("--mse", *MADE[0]), ("--ci", "quantile", *MADE[1])])
    tally.walk(bench, "adjust", clustered("adjust"), KINDS, MADE[:1] + [(*MADE[0], *CONTRASTS[0])])
    tally.walk(bench, "of the data", OF_DATA, KINDS, METHODS + CONTRASTS)
    # Weights that are all 0 have no sum that a total could be; a replicate without anybody neither.
    weighty = [k for k, (what, _) in KINDS.items() if what != "all weights zero"]
    tally.walk(bench, "post-stratified", POST_STRATIFIED, weighty, METHODS + DF + CONTRASTS, indicators=MEASURES)
    many = [k for k in weighty if KINDS[k][0] not in SINGLE | {"one weight above zero"}]
    tally.walk(bench, "post-stratified", POST_STRATIFIED, many, MADE[:1])
    for area, (kind, _) in KINDS.items():
        if kind not in SINGLE:
            tally.walk(bench, "jk1", SIMPLE, [area], [("--replicates", "jk1")])


# ---- figures by hand: t_11 is the quantile of Student's t with 11 df at 0.975 (R: qt(0.975, 11)) ----

T_11 = 2.2009851600916388


def by_hand(bench, tally):
    def look(design, kind, options, want):
        """want: {indicator or (indicator, item): {column: number, None for empty, or a set of flags that must be there}}"""
        area = next(k for k, v in KINDS.items() if v[0] == kind)
        store, done = bench.store(DESIGNS[design], [area])
        assert store, done.stderr
        table = bench.rows(store, *options)
        for indicator, columns in want.items():
            found = [r for r in table if r["indicator"] == "random." + indicator and r["r_group"] == "_T" and r.get("item", "_T") in ("_T", "0.5", "q50")]
            where = f"{design}, {kind}, {' '.join(options)}, {indicator}"
            tally.see(len(found) == 1, f"{where}: {len(found)} rows")
            for column, number in columns.items() if len(found) == 1 else ():
                got = found[0][column]
                if isinstance(number, str):
                    good = set(number.split()) <= set(got.split(";"))
                elif number is None:
                    good = got == ""
                else:
                    good = got != "" and abs(float(got) - number) <= 1e-12 * abs(number)
                tally.see(good, f"{where}: {column} is '{got}', not '{number}'")

    point = {"se": 0, "flags": "at_border"}
    n = 12
    for kind, p in (("nobody", 0), ("everybody", 100)):
        look("simple", kind, [], {
            "proportion": {"estimate": p, "ci_low": p, "ci_high": p, "cv": None if p == 0 else 0, "deff": None, **point},
            "count": {"estimate": p * n / 100, "se": 0}, "mean": {"estimate": p * 7 / 100, "se": 0},
            "total": {"estimate": p * 7 * n / 100, "se": 0}})
        one_sided = {"beta": 1 - 0.025 ** (1 / n), "wilson": T_11 ** 2 / n / (1 + T_11 ** 2 / n), "asin": math.sin(T_11 / 2 / math.sqrt(n)) ** 2,
                     "likelihood": 1 - math.exp(-T_11 ** 2 / 2 / (n - 1))}
        for method, far in one_sided.items():
            limits = {"ci_low": 0, "ci_high": 100 * far} if p == 0 else {"ci_low": 100 * (1 - far), "ci_high": 100}
            look("simple", kind, ["--ci", method], {"proportion": {**limits, **point}})
    # The seventh row, yes and 7, of twelve: PSU totals 7 and eleven times 0, so V = 49.
    look("simple", "one answer", [], {
        "proportion": {"estimate": 100, "n_unweighted": 1, "df": 0, "ci_low": None, "flags": "at_border no_df", "se": 0},
        "mean": {"estimate": 7, "se": 0, "ci_low": None, "deff": None, "flags": "no_df"}, "total": {"estimate": 7, "se": 7, "flags": "no_df"},
        "ratio": {"estimate": 3.5, "se": 0, "flags": "no_df"}})
    look("weights", "one weight above zero", [], {"mean": {"estimate": 7, "se": 0, "n_unweighted": 1, "flags": "no_df"},
                                                  "total": {"estimate": 70, "se": 70}, "count": {"estimate": 10, "pop_weighted": 10}})
    nothing = {"estimate": None, "se": None, "ci_low": None, "n_unweighted": 0, "pop_weighted": 0, "flags": "no_cases"}
    for design, kind in (("simple", "all missing"), ("weights", "all weights zero"), ("census", "all missing")):
        look(design, kind, [], {i: nothing for i in ("proportion", "count", "mean", "total", "ratio")})
    look("simple", "a denominator of zero", [], {"ratio": {"estimate": None, "se": None, "n_unweighted": n, "flags": "no_denominator"}})
    # Six of twelve say yes; 1 to 12 have mean 6.5 and variance 13.
    for design, w in (("simple", 1), ("weights", 10)):
        look(design, "all weights equal", [], {
            "proportion": {"estimate": 50, "se": 100 * math.sqrt(0.25 / 11), "deff": 1, "df": 11},
            "count": {"estimate": 6 * w, "se": w * n * math.sqrt(0.25 / 11)}, "mean": {"estimate": 6.5, "se": math.sqrt(13 / n), "deff": 1},
            "total": {"estimate": 78 * w, "se": w * math.sqrt(13 * n)}, "ratio": {"estimate": 3.25, "se": math.sqrt(13 / n) / 2}})
    look("census", "all weights equal", [], {"mean": {"estimate": 6.5, "se": 0, "ci_low": 6.5, "ci_high": 6.5, "df": None, "deff": None}})
    look("whole", "all weights equal", [], {"mean": {"estimate": 6.5, "se": 0, "ci_low": 6.5, "ci_high": 6.5, "df": 2}})
    zero = {"estimate": 0, "cv": None, "se": math.sqrt(1 / 11)}
    look("simple", "a total of zero", [], {"mean": zero, "total": {"estimate": 0, "cv": None, "se": n * math.sqrt(1 / 11)}})
    look("certainty", "every PSU the same", [], {"proportion": {"estimate": 100 / 3, "se": 0, "ci_low": 100 / 3, "ci_high": 100 / 3, "deff": 0}})
    # One PSU of total 10 * 78: nothing to compare it with, so what the policy says.
    single = {"df": 0, "ci_low": None, "flags": "no_df single_psu_stratum"}
    for policy, se in (("certainty", 0), ("remove", 0), ("adjust false", 780)):
        look(policy, "one PSU", [], {"total": {"estimate": 780, "se": se, **single}, "mean": {"estimate": 6.5, "se": 0, **single}})
    # 2 PSUs of round(2 / 0.9): each replicate draws both once, so all are the same and the rank of the multipliers is 1.
    look("nearly whole", "all weights equal", ["--replicates", "bootstrap:200"], {"mean": {"estimate": 6.5, "se": 0, "df": 0, "flags": "no_df"}})
    look("average false", "one PSU", [], {"mean": {"estimate": 6.5, "se": None, "cv": None, **single, "flags": "no_df no_se single_psu_stratum"}})


def refusals(bench, tally):
    def refused(area, design, word, *options):
        store, done = bench.store(design, [area])
        if store:
            done = bench.run("compute", "-q", store, "-x", ROOT / "tests/oracle/indicators", "-i", "random.mean", "-o", "-", *options)
        tally.see(done.returncode == 3 and word in done.stderr and ("fix:" in done.stderr or "expected:" in done.stderr),
                  f"{KINDS[area][0]}, {design}: exit {done.returncode}: {done.stderr}")

    for area, (kind, _) in KINDS.items():
        if kind in SINGLE:
            refused(area, clustered("fail"), "single")
            refused(area, clustered("adjust"), "1 PSU", "--replicates", "brr")
    zero = next(k for k, v in KINDS.items() if v[0] == "all weights zero")
    refused(zero, clustered("adjust").replace(W, "w"), "weight")
    refused(zero, POST_STRATIFIED, "XAF")


def main():
    with tempfile.TemporaryDirectory() as scratch:
        bench, tally = Cells(sys.argv[1], pathlib.Path(scratch)), Tally()
        laws(bench, tally)
        by_hand(bench, tally)
        refusals(bench, tally)
    print(f"{tally.passed} passed, {tally.failed} failed")
    sys.exit(tally.failed > 0)


main()
