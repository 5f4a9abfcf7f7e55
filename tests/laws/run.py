#!/usr/bin/env python3
"""run.py - laws: what must hold between two runs whatever the numbers are.

Usage: run.py ICTSTAT CSV_TO_STAT. Each law changes the demo survey in a way whose effect on the
estimates is known without computing them, and compares. "Same bytes" means the whole CSV output."""
import csv
import io
import pathlib
import random
import subprocess
import sys

from bench import ROOT, Bench, judge_all, law

DEMO = ROOT / "datasets/demo"
BY = ["--by", "cube(sex,age,urbanisation)", "--by", "region", "--by", "age:ten-year"]
NUMBERS = ["estimate", "se", "cv", "ci_low", "ci_high", "deff", "df", "n_unweighted", "n_psu",
           "n_strata", "pop_weighted"]
class Survey:
    """The demo's two files as lists of rows, to be bent and imported."""

    def __init__(self):
        self.hh = self.read("households.csv", ",")
        self.members = self.read("persons.csv", ";")
        self.mapping = (DEMO / "demo.yaml").read_text()

    @staticmethod
    def read(name, delimiter):
        return list(csv.DictReader((DEMO / name).open(newline=""), delimiter=delimiter))

    def write(self, folder):
        folder.mkdir()
        for name, rows, delimiter in (("households.csv", self.hh, ","), ("persons.csv", self.members, ";")):
            with (folder / name).open("w", newline="") as f:
                out = csv.DictWriter(f, rows[0].keys(), delimiter=delimiter, lineterminator="\n")
                out.writeheader()
                out.writerows(rows)
        (folder / "demo.yaml").write_text(self.mapping)


class Demos(Bench):
    def __init__(self, ictstat, csv_to_stat, scratch):
        super().__init__(ictstat, scratch)
        self.csv_to_stat = csv_to_stat

    def store(self, survey, *options):
        folder = self.folder()
        survey.write(folder)
        self.call("import", "-q", folder / "demo.yaml", "-o", folder / "s.h5", *options)
        return folder / "s.h5"

    def estimates(self, store, *options, by=BY):
        return self.call("compute", "-q", store, *by, "-f", "csv", *options)


def rows(text):
    """{key: {number: value}}; the key is every column that is not a number."""
    found = {}
    for row in csv.DictReader(io.StringIO(text)):
        key = tuple(v for k, v in row.items() if k not in NUMBERS)
        found[key] = {k: float(row[k]) if row[k] else None for k in NUMBERS}
    return found


def close(a, b, what, factor=None, tolerance=1e-12):
    assert a.keys() == b.keys(), f"{what}: other rows"
    for key in a:
        for name in NUMBERS:
            x, y = a[key][name], b[key][name]
            assert (x is None) == (y is None), f"{what}: {key} {name}: {x} against {y}"
            if x is None:
                continue
            x *= (factor or {}).get(name, 1)
            # SEs of exact zeros stay zeros; the floor is far below any printed digit
            assert abs(x - y) <= tolerance * max(abs(x), abs(y)) + 1e-13, f"{what}: {key} {name}: {x} against {y}"


@law
def threads_give_the_same_bytes(bench):
    store = bench.store(Survey())
    want = bench.estimates(store, "--threads", 1)
    for n in (2, 3, 8):
        assert bench.estimates(store, "--threads", n) == want, f"{n} threads"


@law
def parts_merge_to_the_same_bytes(bench):
    store = bench.store(Survey())
    for n, replicates in ((1, "none"), (3, "none"), (3, "jkn"), (2, "bootstrap:7")):
        options = ["--replicates", replicates]
        want = bench.estimates(store, *options)
        parts = [bench.scratch / f"part.{n}.{replicates}.{k}" for k in range(1, n + 1)]
        for k, part in enumerate(parts, 1):
            bench.call("compute", "-q", store, *BY, *options, "--part", f"{k}/{n}", "-o", part)
        assert bench.call("merge", "-q", *reversed(parts), "-f", "csv") == want, f"{n} parts, {replicates}"


@law
def import_threads_give_the_same_store(bench):
    a, b = (bench.store(Survey(), "--threads", n) for n in (1, 3))
    assert a.read_bytes() == b.read_bytes()


@law
def import_with_little_memory_gives_the_same_store(bench):
    a, b = (bench.store(Survey(), "--memory", size) for size in ("1G", "64K"))
    assert a.read_bytes() == b.read_bytes()


@law
def the_order_of_rows_does_not_matter(bench):
    shuffled = Survey()
    random.Random(1).shuffle(shuffled.hh)
    random.Random(2).shuffle(shuffled.members)
    assert bench.estimates(bench.store(shuffled)) == bench.estimates(bench.store(Survey()))


@law
def names_of_psus_do_not_matter(bench):
    renamed = Survey()
    names = sorted({r["psu"] for r in renamed.hh})
    other = {n: f"p{i:04d}" for i, n in enumerate(random.Random(3).sample(names, len(names)))}
    for r in renamed.hh:
        r["psu"] = other[r["psu"]]
    close(rows(bench.estimates(bench.store(Survey()))), rows(bench.estimates(bench.store(renamed))), "renamed PSUs")


@law
def weights_times_a_constant_scale_only_the_population(bench):
    # a power of two, so that not a bit of the other numbers may change
    scaled = Survey()
    scaled.mapping = scaled.mapping.replace("weight: hh_weight", "weight: {from: hh_weight, scale: 8}")
    scaled.mapping = scaled.mapping.replace("weight: weight", "weight: {from: weight, scale: 8}")
    plain, big = rows(bench.estimates(bench.store(Survey()))), rows(bench.estimates(bench.store(scaled)))
    close(plain, big, "weights x 8", {"pop_weighted": 8}, tolerance=0)


@law
def a_row_split_in_two_half_weights_changes_no_estimate(bench):
    split, again = Survey(), []
    for i, r in enumerate(split.members):
        if i % 3:
            again.append(r)
            continue
        half = f"{float(r['weight'].replace(',', '.')) / 2!r}".replace(".", ",")
        again.append({**r, "weight": half})
        again.append({**r, "weight": half, "line": str(100 + int(r["line"]))})
    split.members = again
    a, b = rows(bench.estimates(bench.store(Survey()))), rows(bench.estimates(bench.store(split)))
    for key in a:  # the unweighted counts rise, and with them flags: compare what must not move
        other = [k for k in b if k[:-5] == key[:-5]]
        assert any(all(a[key][n] is None and b[k][n] is None or abs(a[key][n] - b[k][n]) <= 1e-12 * abs(a[key][n]) + 1e-13
                       for n in ("estimate", "se", "df", "n_psu", "pop_weighted")) for k in other), key


EXTRA = """ictstat: indicator/1
id: "LAW1"
title: Complement of Internet use
framework: law
unit: individual
measure: proportion
numerator: internet_use_3m = "N"
sdmx: {unit_measure: PT}
source: {document: tests/laws, version: "1", support: verified}
---
""".split("---")[0]
EVERYBODY = EXTRA.replace("LAW1", "LAW2").replace('"N"', '"Y"').replace(
    "measure: proportion\n", "measure: proportion\ndenominator: age >= 0\n")


def with_extra(bench, store, *texts):
    options = []
    for i, text in enumerate(texts):
        path = bench.scratch / f"extra-{i}.yaml"
        path.write_text(text)
        options += ["--extra", path]
    return list(csv.DictReader(io.StringIO(
        bench.call("compute", "-q", store, *options, "-i", "17.8.1,LAW1,LAW2", "--by", "sex", "--by",
                   "age", "-f", "csv"))))


@law
def the_complement_has_the_same_standard_error(bench):
    found = with_extra(bench, bench.store(Survey()), EXTRA, EVERYBODY)
    key = lambda r: (r["sex"], r["age"])
    yes, no, all_ = ({key(r): r for r in found if r["indicator"] == i} for i in ("17.8.1", "LAW1", "LAW2"))
    assert yes.keys() == no.keys() and len(yes) > 4
    for k in yes:
        assert abs(float(yes[k]["estimate"]) + float(no[k]["estimate"]) - 100) < 1e-10, k
        assert abs(float(yes[k]["se"]) - float(no[k]["se"])) <= 1e-11 * float(yes[k]["se"]) + 1e-13, k
        assert abs(float(yes[k]["ci_low"]) + float(no[k]["ci_high"]) - 100) < 1e-9, k
        assert all_[k]["estimate"] == yes[k]["estimate"] and all_[k]["se"] == yes[k]["se"], k


@law
def intervals_mirror_and_widen_and_change_nothing_else(bench):
    store, path = bench.store(Survey()), bench.scratch / "no.yaml"
    path.write_text(EXTRA)

    def table(*options):
        text = bench.call("compute", "-q", store, "--extra", path, "-i", "17.8.1,LAW1", "--by", "region,sex,age",
                          "-f", "csv", *options)
        return {(r["indicator"], r["region"], r["sex"], r["age"]): r for r in csv.DictReader(io.StringIO(text))}

    number = lambda r, name: float(r[name]) if r[name] else None
    plain = table()
    for ci in ("logit", "beta", "wilson", "asin", "likelihood", "t", "normal"):
        narrow, wide = table("--ci", ci, "--level", 80), table("--ci", ci, "--level", 95)
        for key, r in wide.items():
            assert all(r[k] == plain[key][k] for k in ("estimate", "se", "cv", "deff", "df", "flags")), (ci, key)
            low, high = number(r, "ci_low"), number(r, "ci_high")
            if low is None:
                assert "no_df" in r["flags"], (ci, key)
                continue
            assert low <= number(narrow[key], "ci_low") <= number(r, "estimate") <= number(narrow[key], "ci_high") <= high, (ci, key)
            other = wide[("LAW1" if key[0] == "17.8.1" else "17.8.1", *key[1:])]
            assert abs(low + number(other, "ci_high") - 100) < 1e-9, (ci, key)
    for rule in ("design", "fixed:5", "inf"):  # more degrees of freedom, a narrower interval
        for key, r in table("--df", rule).items():
            mine, df = float(plain[key]["df"]), float(r["df"] or "inf")
            assert rule != "design" or df >= mine, key
            if mine > 0 and df != mine and float(r["se"]) > 0:
                assert (df > mine) == (float(r["ci_low"]) > float(plain[key]["ci_low"])), (rule, key)


@law
def disjoint_domains_add_up_to_the_total(bench):
    found = list(csv.DictReader(io.StringIO(bench.estimates(bench.store(Survey())))))
    total = {(r["indicator"], r["item"], r["composite_breakdown"]): r for r in found
             if r["unit_measure"] == "PT" and all(r[a] == "_T" for a in ("sex", "age", "urbanisation", "region"))}
    sexes = {}
    for r in found:
        if r["sex"] in "MF" and all(r[a] == "_T" for a in ("age", "urbanisation", "region")):
            sexes.setdefault((r["indicator"], r["item"], r["composite_breakdown"]), []).append(r)
    assert sexes
    for key, parts in sexes.items():
        weight = sum(float(p["pop_weighted"]) for p in parts)
        mean = sum(float(p["estimate"]) * float(p["pop_weighted"]) for p in parts) / weight
        assert abs(weight / float(total[key]["pop_weighted"]) - 1) < 1e-12, key
        assert abs(mean - float(total[key]["estimate"])) <= 1e-12 * mean, key


@law
def csv_sav_dta_give_the_same_bytes(bench):
    plain = bench.store(Survey())
    want = bench.estimates(plain)
    for kind in ("sav", "zsav", "dta"):
        folder = bench.scratch / kind
        Survey().write(folder)
        for name, delimiter, decimal in (("households", ",", "."), ("persons", ";", ",")):
            subprocess.run([bench.csv_to_stat, folder / f"{name}.csv", delimiter, decimal,
                            folder / f"{name}.{kind}"], check=True)
        text = (folder / "demo.yaml").read_text()
        for line in ('    delimiter: ","\n', '    delimiter: ";"\n', '    decimal: ","\n'):
            text = text.replace(line, "")
        (folder / "demo.yaml").write_text(text.replace(".csv", f".{kind}"))
        bench.call("import", "-q", folder / "demo.yaml", "-o", folder / "s.h5")
        assert bench.estimates(folder / "s.h5") == want, kind


@law
def one_pass_equals_many(bench):
    store = bench.store(Survey())
    together = rows(bench.estimates(store, by=["--by", "sex", "--by", "age", "--by", "sex,age"]))
    for by in ("sex", "age", "sex,age"):
        alone = rows(bench.estimates(store, by=["--by", by]))
        # not to the bit: rows are first added by the finest cross, which differs with the request
        close({k: together[k] for k in alone}, alone, by)


CONTRASTS = ["-i", "17.8.1,4.4.1", "--by", "age", "--contrast", "sex:F-M", "--contrast", "sex:M-F", "--contrast", "sex:F/M",
             "--contrast", "sex:M/F", "--contrast", "urbanisation:U-R"]


def contrasts_of(bench, store, *options):
    text = bench.estimates(store, *options, by=CONTRASTS + ["--by", "urbanisation", "--by", "age,urbanisation"])
    return {(r["indicator"], r["composite_breakdown"], r["sex"], r["age"], r["urbanisation"]): r
            for r in csv.DictReader(io.StringIO(text))}


@law
def a_contrast_turned_round_changes_its_sign_or_its_reciprocal(bench):
    found = contrasts_of(bench, bench.store(Survey()))
    gaps = [k for k in found if k[2] == "F-M"]
    assert len(gaps) > 20
    for k in gaps:
        n = lambda code, name: float(found[k[:2] + (code,) + k[3:]][name])
        assert n("F-M", "estimate") == -n("M-F", "estimate"), k
        assert abs(n("F-M", "se") - n("M-F", "se")) <= 1e-12 * n("M-F", "se"), k
        if any(found[k[:2] + (code,) + k[3:]]["cv"] == "" for code in ("F/M", "M/F")):
            continue  # nobody of one sex has the skill
        assert abs(n("F/M", "estimate") * n("M/F", "estimate") - 1) < 1e-12, k
        assert abs(n("F/M", "cv") - n("M/F", "cv")) <= 1e-10 * n("M/F", "cv"), k


@law
def classes_in_strata_of_their_own_are_independent(bench):
    found = contrasts_of(bench, bench.store(Survey()))
    for k, r in found.items():
        if k[4] != "U-R":
            continue
        u, v = (float(found[k[:4] + (code,)]["se"]) for code in "UR")
        assert abs(float(r["se"]) - (u * u + v * v) ** 0.5) <= 1e-11 * float(r["se"]), k


@law
def contrasts_are_the_same_bytes_for_any_threads(bench):
    store = bench.store(Survey())
    one, four = (bench.estimates(store, "--threads", n, by=CONTRASTS) for n in "14")
    assert one == four


@law
def contrasts_in_parts_merge_to_the_same_bytes(bench):
    store = bench.store(Survey())
    parts = [bench.scratch / f"part.{k}" for k in range(1, 4)]
    for k, part in enumerate(parts, 1):
        bench.call("compute", "-q", store, *CONTRASTS, "--part", f"{k}/3", "-o", part)
    assert bench.call("merge", "-q", *parts, "-f", "csv") == bench.estimates(store, by=CONTRASTS)


@law
def a_contrast_changes_no_other_row(bench):
    store = bench.store(Survey())
    for by in (["--by", "age"], ["--by", "age", "--by", "region,urbanisation"], ["--by", "sex"]):
        found = [list(csv.DictReader(io.StringIO(bench.estimates(store, by=["-i", "17.8.1,4.4.1", *by, *more]))))
                 for more in ([], CONTRASTS[4:])]
        names = list(found[0][0])  # a contrast may bring a column
        rows_with = {tuple(r[n] for n in names) for r in found[1]}
        assert found[0] and all(tuple(r.values()) in rows_with for r in found[0]), by


# UNIT: the unit of measurement.
MEASURED = """ictstat: indicator/1
id: LAW3
title: Quantiles of the size of the household
framework: law
unit: household
measure: quantile
probability: [0.1, 0.5, 0.9]
numerator: household_size * UNIT
source: a law
"""
SHARED = """ictstat: indicator/1
id: LAW4
title: Shares of Internet users
framework: law
unit: individual
measure: share
across: AXIS
numerator: internet_use_3m = "Y"
sdmx: {unit_measure: PT}
source: a law
"""


def measured(bench, store, text, *options):
    path = bench.scratch / "measured.yaml"
    path.write_text(text)
    indicator = text.split("id: ")[1].split()[0]
    return list(csv.DictReader(io.StringIO(bench.call(
        "compute", "-q", store, "--extra", path, "-i", indicator, "--by", "region", "--by", "urbanisation", "-f", "csv", *options))))


@law
def quantiles_follow_the_unit_of_measure(bench):
    store = bench.store(Survey())
    for rule in ("math", "school", "hf5", "hf7"):
        for replicates in ("none", "jkn"):
            options = ["--quantile-rule", rule, "--replicates", replicates]
            small, large = (measured(bench, store, MEASURED.replace("UNIT", c), *options) for c in ("1", "8"))
            for a, b in zip(small, large, strict=True):  # by a power of two: to the bit
                for name in ("estimate", "se", "ci_low", "ci_high"):
                    assert (a[name] and float(a[name]) * 8) == (b[name] and float(b[name])), (rule, name, a, b)
                assert all(a[k] == b[k] for k in ("cv", "deff", "df", "flags")), (rule, a, b)


@law
def shares_add_up_and_two_classes_have_one_standard_error(bench):
    store = bench.store(Survey())
    for axis in ("sex", "age"):
        for replicates in ("none", "jkn"):
            found = measured(bench, store, SHARED.replace("AXIS", axis), "--replicates", replicates)
            wholes = {}
            for r in found:
                wholes.setdefault((r["region"], r["urbanisation"]), []).append(r)
            assert len(wholes) > 6
            for key, parts in wholes.items():
                assert abs(sum(float(r["estimate"]) for r in parts) - 100) < 1e-11, (axis, key)
                if axis == "sex":
                    one, other = (float(r["se"]) for r in parts)
                    assert abs(one - other) <= 1e-11 * one, (key, one, other)


@law
def quantiles_and_shares_are_the_same_bytes_for_any_threads_and_order(bench):
    shuffled = Survey()
    random.Random(4).shuffle(shuffled.hh)
    random.Random(5).shuffle(shuffled.members)
    plain, other = bench.store(Survey()), bench.store(shuffled)
    for text in (MEASURED.replace("UNIT", "1"), SHARED.replace("AXIS", "age")):
        want = measured(bench, plain, text, "--threads", 1)
        for n in (2, 3):
            assert measured(bench, plain, text, "--threads", n) == want, f"{n} threads"
        assert measured(bench, other, text) == want, "another order"


def rounds(bench, factor=1.0):
    """The demo's table as three rounds: later ones have higher shares; SEs times a factor."""
    store, paths = bench.store(Survey()), []
    text = bench.call("compute", "-q", store, "-i", "17.8.1,4.4.1", "--by", "sex", "--by", "age", "-f", "csv")
    for i, year in enumerate((2018, 2021, 2024)):
        found = list(csv.DictReader(io.StringIO(text)))
        for r in found:
            r["time_period"] = str(year)
            r["estimate"] = repr(100 - (100 - float(r["estimate"])) * (1 - 0.1 * i))
            r["se"] = repr(float(r["se"]) * factor)
        paths.append(bench.scratch / f"round-{factor}-{year}.csv")
        with paths[-1].open("w", newline="") as f:
            out = csv.DictWriter(f, found[0].keys(), lineterminator="\n")
            out.writeheader()
            out.writerows(found)
    return paths


@law
def the_order_of_the_rounds_does_not_matter(bench):
    a, b, c = rounds(bench)
    want = bench.call("trend", "-q", a, b, c, "--target", 95, "-f", "csv")
    assert len(want.splitlines()) > 100
    for order in ((a, c, b), (b, a, c), (c, b, a)):
        assert bench.call("trend", "-q", *order, "--target", 95, "-f", "csv") == want, order


@law
def doubled_standard_errors_double_those_of_the_trend(bench):
    plain, twice = (list(csv.DictReader(io.StringIO(bench.call("trend", "-q", *rounds(bench, f), "--target", 95, "-f", "csv"))))
                    for f in (1.0, 2.0))
    for a, b in zip(plain, twice, strict=True):
        if a["trend"] == "FIT":
            assert abs(float(a["estimate"]) - 4 * float(b["estimate"])) <= 1e-10 * float(a["estimate"]), a
        elif "border_round" not in a["flags"]:  # whose variance is that of its cases
            assert abs(float(b["estimate"]) - float(a["estimate"])) <= 1e-10 * abs(float(a["estimate"])), a
            assert abs(float(b["se"]) - 2 * float(a["se"])) <= 1e-10 * float(b["se"]), a


@law
def a_table_agrees_with_itself_and_with_its_rounding(bench):
    store, table, rounded = bench.store(Survey()), bench.scratch / "t.csv", bench.scratch / "r.csv"
    table.write_text(bench.estimates(store))
    bench.call("compare", table, table, "--tol", 0)
    found = list(csv.DictReader(table.open(newline="")))
    with rounded.open("w", newline="") as f:
        out = csv.DictWriter(f, found[0].keys(), lineterminator="\n")
        out.writeheader()
        for r in found:
            out.writerow({**r, **{k: f"{float(r[k]):.1f}" for k in ("estimate", "se", "ci_low", "ci_high") if r[k]}})
    bench.call("compare", table, rounded)


TESTS = ["--by", "sex", "--by", "age", "--within", "urbanisation", "--table", "age,sex", "--unit", "individual", "-i", "17.8.1"]


def tests_of(bench, store, *options):
    return bench.call("test", "-q", store, *TESTS, "-f", "csv", *options)


def same_tests(one, other, what):
    a, b = ([r for r in csv.DictReader(io.StringIO(text))] for text in (one, other))
    assert len(a) == len(b) > 6, what
    for r, s in zip(a, b):
        for name in r:
            if name not in ("value", "ndf", "ddf", "p_value") or not r[name] or not s[name]:
                assert r[name] == s[name], f"{what}: {name}: {r} against {s}"
            else:
                assert abs(float(r[name]) - float(s[name])) <= 1e-10 * abs(float(r[name])), f"{what}: {name}: {r} against {s}"


@law
def tests_know_neither_the_scale_of_weights_nor_the_order_of_rows_nor_threads(bench):
    plain, scaled, shuffled = Survey(), Survey(), Survey()
    scaled.mapping = scaled.mapping.replace("weight: weight", "weight: {from: weight, scale: 0.3}")
    random.Random(6).shuffle(shuffled.hh)
    random.Random(7).shuffle(shuffled.members)
    stores = [bench.store(s) for s in (plain, scaled, shuffled)]
    for statistic in ("F", "chisq", "wald", "adjwald"):
        want = tests_of(bench, stores[0], "--statistic", statistic)
        same_tests(want, tests_of(bench, stores[1], "--statistic", statistic), "weights x 0.3")
        same_tests(want, tests_of(bench, stores[2], "--statistic", statistic), "another order of rows")
        assert tests_of(bench, stores[0], "--statistic", statistic, "--threads", 3) == want, "3 threads"


@law
def a_table_turned_on_its_side_has_the_same_test(bench):
    store = bench.store(Survey())
    for statistic in ("F", "chisq", "wald", "adjwald"):
        both = [list(csv.DictReader(io.StringIO(bench.call("test", "-q", store, "--table", axes, "--unit", "individual", "-f", "csv",
                                                           "--statistic", statistic))))[0] for axes in ("age,sex", "sex,age")]
        for name in ("value", "ndf", "ddf", "p_value"):
            if both[0][name]:  # ddf of chisq
                x, y = (float(r[name]) for r in both)
                assert abs(x - y) <= 1e-10 * abs(x), f"{statistic} {name}: {x} against {y}"


if __name__ == "__main__":
    judge_all(lambda scratch: Demos(sys.argv[1], str(pathlib.Path(sys.argv[2]).resolve()), scratch))
