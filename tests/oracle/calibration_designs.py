#!/usr/bin/python3
"""Random designs whose weights are calibrated, for the oracle.

    calibration_designs.py DIR [-n 50] [--seed 1]

The designs are those of random_designs.py and stage_designs.py in turn, without rows of weight 0 (R's
residuals divide by weights) and without Overton's and later approximations. Each row gets two classes and a number to
calibrate by. Totals come from the sample itself under weights that are drawn away from the design's, so they
can be met; every method, with and without bounds and both kinds of trimming. Writes DESIGN.csv, DESIGN.yaml,
DESIGN-MARGIN.csv for each and designs.csv for calibration.R. Same seed, same bytes.
"""
import os
import random

from design_files import arguments, asked
from random_designs import COLUMNS as RANDOM_COLUMNS, Design as RandomDesign
from stage_designs import COLUMNS as STAGE_COLUMNS, Design as StageDesign

METHODS = ["post-stratify", "rake", "linear", "bounded", "multiplicative", "logit"]
LEAST_ROWS = 25  # fewer do not bear six totals
CONCEPTS = """  r_one: {title: A class, type: code, codes: {A: Class A, B: Class B}}
  r_two: {title: Another class, type: code, codes: {P: Class P, Q: Class Q, R: Class R}}
  r_number: {title: A number, type: real}

files:"""
VARIABLES = "      r_one: {from: one}\n      r_two: {from: two}\n      r_number: {from: number}\n"


def drawn(rng, number):
    """The rows, columns, mapping maker and facts of a design."""
    while True:
        if number % 2:
            d = RandomDesign(rng, number, 0.0)
            family, columns, name_it = "random", RANDOM_COLUMNS, lambda name: d.mapping(name)
            facts = {"strata": d.stratified, "psu": d.clustered, "fpc": d.fpc, "stages": 1, "pps": "none"}
        else:
            d = StageDesign(rng, number)
            d.name = "calibration-%03d" % number
            family, columns, name_it = "stages", STAGE_COLUMNS, lambda name: d.mapping()
            facts = {"strata": 0, "psu": 1, "fpc": 0, "stages": d.stages, "pps": d.pps}
        weight = columns.split(",").index("weight")
        rows = d.rows
        for row in rows:
            if row[weight] == 0:
                row[weight] = 1.5
        if len(rows) >= LEAST_ROWS and facts["pps"] in ("none", "brewer"):
            if facts["pps"] == "none":
                rng.shuffle(rows)
            return rows, columns, weight, name_it, {
                "family": family, **facts, "policy": d.policy, "in_domain": d.in_domain}


def add_up(rows, weights, keys):
    sums = {}
    for row, w in zip(rows, weights):
        key = tuple(row[k] for k in keys)
        sums[key] = sums.get(key, 0) + w
    return sums


class Calibration:
    def __init__(self, rng, rows, weight):
        self.method = rng.choice(METHODS)
        group = len(rows[0]) - 1
        for row in rows:
            row += [rng.choice("AB"), rng.choice("PQR" if row[group] != "B" else "PQ"), round(rng.uniform(1, 80), 2)]
        target = [row[weight] * rng.uniform(0.85, 1.2) for row in rows]
        one, two, number = len(rows[0]) - 3, len(rows[0]) - 2, len(rows[0]) - 1
        newton = self.method not in ("post-stratify", "rake")
        self.numbers = newton and rng.random() < 0.6
        self.margins = {}
        if self.method == "post-stratify":
            self.margins["both"] = ["r_one", "r_two"], add_up(rows, target, [one, two])
        else:
            self.margins["one"] = ["r_one"], add_up(rows, target, [one])
            self.margins["two"] = ["r_two"], add_up(rows, target, [two])
        self.number = sum(row[number] * w for row, w in zip(rows, target))
        self.bounds = [0.4, 2.5] if self.method in ("bounded", "logit") else None
        self.trim_ratio = self.method in ("bounded", "multiplicative", "logit") and rng.random() < 0.3
        weights = sorted(row[weight] for row in rows)
        self.trim_weight = [0, round(weights[int(len(weights) * 0.9)] * 1.01, 6)] if rng.random() < 0.3 else None

    def block(self, name):
        method = "linear" if self.method == "bounded" else self.method
        margins = ["{by: [%s], totals: %s-%s.csv}" % (", ".join(by), name, key)
                   for key, (by, _) in self.margins.items()]
        parts = ["method: %s" % method, "tolerance: 1e-13", "rounds: 100000", "margins: [%s]" % ", ".join(margins)]
        if self.numbers:
            parts.append("numbers: {of: r_number, totals: %s-numbers.csv}" % name)
        if self.bounds:
            parts.append("bounds: [%s, %s]" % tuple(self.bounds))
        trims = (["ratio: [0.93, 1.07]"] if self.trim_ratio else []) + (
            ["weight: [%r, %r]" % tuple(self.trim_weight)] if self.trim_weight else [])
        if trims:
            parts.append("trim: {%s}" % ", ".join(trims))
        return "      calibration: {%s}\n" % ", ".join(parts)

    def write(self, folder, name):
        for key, (by, sums) in self.margins.items():
            with open(os.path.join(folder, "%s-%s.csv" % (name, key)), "w") as f:
                f.write(",".join(by + ["total"]) + "\n")
                for codes in sorted(sums):
                    f.write(",".join(codes) + ",%r\n" % sums[codes])
        with open(os.path.join(folder, "%s-numbers.csv" % name), "w") as f:
            f.write("variable,total\nr_number,%r\n" % self.number)

    def facts(self):
        return {"method": self.method, "numbers": self.numbers, "trim_ratio": self.trim_ratio,
                "trim_weight": self.trim_weight[1] if self.trim_weight else 0}


def main():
    args, _, folder = arguments(__doc__)
    for number in range(1, args.n + 1):
        rng = random.Random("%d-%d" % (args.seed, number))  # no design depends on those before it
        name = "calibration-%03d" % number
        rows, columns, weight, mapping, facts = drawn(rng, number)
        calibration = Calibration(rng, rows, weight)
        calibration.write(args.dir, name)
        text = mapping(name).replace("\nfiles:", CONCEPTS, 1).replace(
            "    variables:\n", calibration.block(name) + "    variables:\n") + VARIABLES
        folder.write(name, columns + ",one,two,number", rows, text,
                     {**facts, **calibration.facts(), **asked(rng)})


if __name__ == "__main__":
    main()
