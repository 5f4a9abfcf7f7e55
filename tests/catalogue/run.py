#!/usr/bin/python3
"""Every entry of the catalogue, computed.

    run.py ICTSTAT [ROOT]

1. Made data: for every unit a table with every concept its indicators name, some cells missing. One
   import, one `compute` without -i; a small evaluator of the expression language, written here and
   knowing nothing of the program's, gives the expected value of every item of every indicator. An
   indicator with a numerator that no row answers fails: an entry cannot enter the catalogue untested.
2. hand/: registers of a few rows, values computed by hand (expected.csv says how), through SDMX-CSV.

The last line is "N passed, N failed"."""
import csv
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml

ROWS = 61


# ---- the evaluator: None is null ----------------------------------------------------------------
class Expression:
    TOKEN = re.compile(r'\s*("[^"]*"|\d+(?:\.\d+)?|\w+|<>|<=|>=|[-+*/()=<>])')

    def __init__(self, text, row):
        self.tokens, self.row, self.at = self.TOKEN.findall(text), row, 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, *wanted):
        if self.peek() in wanted:
            self.at += 1
            return self.tokens[self.at - 1]
        return None

    def value(self):
        result = self.either()
        assert self.peek() is None, self.tokens
        return result

    def either(self):
        left = self.both()
        while self.take("or"):
            right = self.both()
            left = True if left or right else None if left is None or right is None else False
        return left

    def both(self):
        left = self.compared()
        while self.take("and"):
            right = self.compared()
            left = False if left is False or right is False else None if None in (left, right) else True
        return left

    def compared(self):
        left = self.sum()
        sign = self.take("=", "<>", "<", "<=", ">", ">=")
        if not sign:
            return left
        right = self.sum()
        if left is None or right is None:
            return None
        return {"=": left == right, "<>": left != right}[sign] if sign in ("=", "<>") else \
            {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[sign]

    def sum(self):
        left = self.product()
        while True:
            sign = self.take("+", "-")
            if not sign:
                return left
            right = self.product()
            left = None if left is None or right is None else left + right if sign == "+" else left - right

    def product(self):
        left = self.primary()
        while self.take("*"):
            right = self.primary()
            left = None if left is None or right is None else left * right
        return left

    def primary(self):
        if self.take("("):
            inner = self.either()
            assert self.take(")")
            return inner
        if self.take("if"):
            test = self.either()
            assert self.take("then")
            yes = self.either()
            assert self.take("else")
            no = self.either()
            return None if test is None else yes if test else no
        word = self.peek()
        self.at += 1
        if word[0] == '"':
            return word[1:-1]
        return float(word) if word[0].isdigit() else self.row[word]


# ---- the catalogue ------------------------------------------------------------------------------
def load(folder):
    kinds = {}
    for path in sorted(folder.glob("**/*.yaml")):
        tree = yaml.load(path.read_text(), Loader=yaml.BaseLoader)
        kinds.setdefault(tree["ictstat"].split("/")[0], []).append(tree)
    return kinds


def with_lets(text, indicator):
    for name, part in reversed(list((indicator.get("let") or {}).items())):
        text = re.sub(r"\b%s\b" % name, lambda m, part=part: "(%s)" % part, text)
    return text


def items_of(indicator):
    """(id as in the table, numerator, denominator, universe, years)"""
    for item in indicator.get("items") or [{"id": "_T"}]:
        parts = [with_lets(item.get(k) or indicator.get(k) or "", indicator) for k in ("numerator", "denominator")]
        valid = item.get("valid") or {}
        yield (item["id"], item.get("sdmx", "_T"), parts[0], parts[1], with_lets(indicator.get("universe") or "", indicator),
               int(valid.get("from", 0)), int(valid.get("until", 9999)))


def names_in(indicator, concepts):
    text = " ".join(" ".join(part[2:5]) for part in items_of(indicator))
    return {w for w in re.findall(r"\w+", re.sub(r'"[^"]*"', " ", text)) if w in concepts}


# ---- made data ----------------------------------------------------------------------------------
def codes_of(concept, lists):
    codes = concept["codes"]
    return list(codes) if isinstance(codes, dict) else [c["id"] for c in lists[codes]]


def cell(concept, lists, i, k):
    if (i + 5 * k) % 17 == 0:
        return None
    mixed = (i * i * (k + 3) + 7 * i + 11 * k + i * k // 3) % 101
    if concept["type"] == "code":
        codes = codes_of(concept, lists)
        return codes[mixed % len(codes)]
    return float(10 + mixed)


def make(unit, names, concepts, lists):
    order = sorted(names)
    return [{n: cell(concepts[n], lists, i, k + len(unit)) for k, n in enumerate(order)} for i in range(ROWS)]


def weight(i):
    return 1 + i % 4


def write(folder, units, concepts, year, device):
    lines = ["ictstat: mapping/1", "survey: {id: MADE, title: Made data, area: UGA, period: %d}" % year, "files:"]
    lines += ["  %s: {path: %s.csv, key: [id]}" % (u, u) for u in units]
    lines.append("units:")
    for unit, rows in units.items():
        with open(os.path.join(folder, unit + ".csv"), "w", newline="") as f:
            out = csv.writer(f)
            out.writerow(["id", "w"] + list(rows[0]))
            for i, row in enumerate(rows):
                out.writerow([i, weight(i)] + ["" if v is None else v for v in row.values()])
        lines += ["  %s:" % unit, "    file: " + unit, "    design: {strata: none, psu: none, weight: w}", "    variables:"]
        for name in rows[0]:
            asked = concepts[name].get("conditions") or {}
            said = "".join(", %s: %s" % (c, device if c == "device" else v) for c, v in asked.items())
            lines.append("      %s: {from: %s%s}" % (name, name, said))
    path = os.path.join(folder, "made.yaml")
    with open(path, "w") as f:
        f.write("\n".join(lines) + "\n")
    return path


# ---- what must come out -------------------------------------------------------------------------
def expected(indicator, part, rows):
    _, _, numerator, denominator, universe, _, _ = part
    measure = indicator["measure"]
    above = below = 0.0
    for i, row in enumerate(rows):
        if universe and Expression(universe, row).value() is not True:
            continue
        y = Expression(numerator, row).value()
        x = Expression(denominator, row).value() if denominator else 1.0
        if measure == "proportion":
            if denominator and x is not True:
                continue
            x = 1.0
        if y is None or x is None:
            continue
        above += weight(i) * float(y)
        below += weight(i) * x
    if measure in ("total", "count"):
        return above
    hundred = indicator.get("sdmx", {}).get("unit_measure") in ("PT", "PER_100_POP")
    return (100 if hundred else 1) * above / below


def close(a, b):
    return abs(a - b) <= 1e-12 * max(abs(a), abs(b), 1e-300)


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
    if done.returncode != 0:
        sys.exit("%s\n%s" % (" ".join(command), done.stderr))
    return done.stdout


def made(ictstat, root, complain):
    kinds = load(root / "indicators")
    concepts = {n: c for tree in kinds["concepts"] for n, c in tree["concepts"].items()}
    lists = {tree["id"]: tree["codes"] for tree in kinds["codelist"]}
    indicators = kinds["indicator"]
    named = {i["id"] for i in indicators}
    passed, answered = 0, set()
    for year, device in ((2024, "any"), (2018, "computer")):
        units = {}
        for ind in indicators:
            if "measure" in ind:
                units.setdefault(ind["unit"], set()).update(names_in(ind, concepts))
        units["individual"].add("sex")
        units = {u: make(u, names, concepts, lists) for u, names in units.items()}
        with tempfile.TemporaryDirectory() as folder:
            store = os.path.join(folder, "made.h5")
            run(ictstat, "import", write(folder, units, concepts, year, device), "-o", store, "-q")
            table = list(csv.DictReader(run(ictstat, "compute", store, "-f", "csv", "-q").splitlines()))
        value = {(r["indicator"], r.get("item", "_T"), r["composite_breakdown"]): float(r["estimate"])
                 for r in table}
        for ind in indicators:
            base = next(i for i in indicators if i["id"] == ind["contrast"]["of"]) if "contrast" in ind else ind
            if "measure" not in base:
                continue
            rows = units[base["unit"]]
            for part in items_of(base):
                if not part[5] <= year <= part[6]:
                    continue
                key = (ind["id"], part[0], part[1])
                if key not in value:
                    key = (ind["id"], "_T", part[1])   # an item with a code may stand under it alone
                if key not in value:
                    complain("%s %s: no row in %d" % (ind["id"], part[0], year))
                    continue
                if base is ind:
                    want = expected(base, part, rows)
                else:
                    sides = [[dict(r, **({} if r["sex"] == s else {n: None for n in r})) for r in rows] for s in "FM"]
                    want = expected(base, part, sides[0]) / expected(base, part, sides[1])
                if close(value[key], want):
                    passed += 1
                    answered.add(ind["id"])
                else:
                    complain("%s %s: %.17g, expected %.17g" % (ind["id"], part[0], value[key], want))
    for ind in indicators:
        has_definition = "measure" in ind or "contrast" in ind
        if has_definition and ind["id"] not in answered:
            complain("%s: nothing computed" % ind["id"])
        for other in [ind["answered_by"]] if isinstance(ind.get("answered_by"), str) else ind.get("answered_by", []):
            if other not in named:
                complain("%s: answered by %s, which is not there" % (ind["id"], other))
    return passed


def hand(ictstat, root, complain):
    passed = 0
    here = root / "tests/catalogue/hand"
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "hand.h5")
        run(ictstat, "import", str(here / "hand.yaml"), "-o", store, "-q")
        for fact in csv.DictReader((here / "expected.csv").read_text().splitlines()):
            by = ["--by", fact["by"]] if fact["by"] else []
            text = run(ictstat, "compute", store, "-i", fact["indicator"], "-f", fact["format"], "-q", *by)
            where = dict(pair.split("=") for pair in fact["where"].split())
            found = [r for r in csv.DictReader(text.splitlines()) if all(r.get(k) == v for k, v in where.items())]
            column = "OBS_VALUE" if fact["format"] == "sdmx-csv" else "estimate"
            want = 1.0
            for number in re.findall(r"[*/]?[\d.]+", fact["value"]):
                want = want / float(number[1:]) if number[0] == "/" else want * float(number.lstrip("*"))
            if len(found) == 1 and close(float(found[0][column]), want):
                passed += 1
            else:
                complain("hand: %s %s: %s, expected %.17g" % (fact["indicator"], fact["where"],
                                                              [r[column] for r in found], want))
    return passed


def main():
    ictstat = sys.argv[1]
    root = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else __file__ + "/../../..").resolve()
    failed = []

    def complain(text):
        failed.append(text)
        print("FAIL", text)

    passed = made(ictstat, root, complain) + hand(ictstat, root, complain)
    print("%d passed, %d failed" % (passed, len(failed)))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
