#!/usr/bin/python3
"""Random designs of one to three stages, and of unequal probabilities, for the oracle.

    stage_designs.py DIR [-n 50] [--seed 1]

Writes stage-NNN.csv and stage-NNN.yaml for each design and designs.csv for stages.R. Strata at every
stage, fpc at every stage (population or fraction, up to a census of the stage) or from some stage on
none, single units at every stage under every policy, missing values, zero weights, a group that is in
one last unit only; one design in three has PSUs with probabilities of their own (Brewer's
approximation; Overton's, and Hartley and Rao's, where rows are PSUs). Labels start anew in each unit. Same seed, same bytes.

R's Overton and HR know no policy: a PSU alone enters as under `adjust`. R takes the probabilities of PSUs in the order of the rows and their totals in the order of the
labels (`onestrat`), so PPS files are sorted and their labels padded. Under `average` R gives no SE
where a PSU of a stratum with f = 0 has lonely strata below, as 0 times none is none; such designs
have every fpc. Under PPS its H counts strata outside the domain: no `average` there.
"""
from design_files import POLICIES, answers, arguments, asked, mapping_of

PAIRS = ["overton", "hartley-rao"]
EXAMPLES = ["mu284", "apiclus2"]  # of R survey; stages.R writes their data
COLUMNS = "s1,u1,s2,u2,s3,u3,n1,n2,n3,weight,yes,value,size,group"


class Design:
    def __init__(self, rng, number):
        self.name = "stage-%03d" % number
        self.policy = POLICIES[number % len(POLICIES)]
        self.in_domain = self.policy in ("adjust", "average") and rng.random() < 0.4
        self.stages = rng.choice([1, 2, 2, 2, 3, 3])
        self.pps = "none"
        if number % 3 == 0 and self.policy != "average":
            pairs = self.stages == 1 and self.policy in ("fail", "adjust") and rng.random() < 0.7
            self.pps = PAIRS[number % 5 == 0] if pairs else "brewer"
        self.population = self.pps == "none" and rng.random() < 0.6
        self.stratified = [rng.random() < 0.6 for _ in range(self.stages)]
        # The first stage without fpc, if any.
        last = self.stages if self.policy == "average" or self.pps != "none" else rng.randint(0, 6)
        self.given = [s < max(last, 0) for s in range(self.stages)] if last < self.stages else [True] * self.stages
        self.rows = []
        self.special = rng.randint(0, 3)
        self.base = 10 ** rng.uniform(0, 4)
        self.draw(rng, 0, [])
        # What is 1 in every row R takes for neither fractions nor populations.
        while all(float(r[c]) == 1 for r in self.rows for c in (6, 7, 8)[:self.stages]):
            self.rows = []
            self.draw(rng, 0, [])

    def draw(self, rng, stage, above):
        """The strata and units of a stage within one unit of the stage above; rows at the bottom."""
        if stage == self.stages:
            size = 1 if self.pps in PAIRS else rng.choice([1, 1, 2, 3])
            for _ in range(size):
                self.add_row(rng, above)
            return
        for s in range(1, 1 + (rng.randint(1, 3) if self.stratified[stage] else 1)):
            lowest = 1 if stage or self.stratified[0] else 2
            units = max(lowest, rng.choice([1, 2, 2, 3, 4, 5]))
            population = units + rng.choice([0, 1, 1, 3, 10, 100])
            if self.policy == "fail" and units == 1:
                if self.pps == "none" and self.given[stage] and rng.random() < 0.5:
                    population = 1
                else:
                    units, population = 2, population + 1
            for u in range(1, units + 1):
                f = units / population
                if self.pps != "none" and stage == 0:
                    f = 1.0 if rng.random() < 0.1 and not (units == 1 and self.policy == "fail") else rng.uniform(0.05, 0.95)
                n = population if self.population else f
                if not self.given[stage]:
                    n = "Inf" if self.population else 0.0
                self.draw(rng, stage + 1, above + [(100 + s, 100 + u, n)])

    def add_row(self, rng, above):
        at = above + [(1, 1, 1)] * (3 - len(above))
        group = "D" if len(self.rows) < self.special else rng.choice("ABC" if at[0][0] % 2 else "AB")
        weight = 0 if rng.random() < 0.04 else round(self.base * rng.uniform(0.5, 2), 6)
        self.rows.append([v for s, u, _ in at for v in (s, u)] + [repr(n) if n != "Inf" else n for _, _, n in at] +
                         [weight] + answers(rng, 0.2 + 0.15 * (at[0][1] % 5), 0.07, 50 + 5 * (at[0][1] % 10)) + [group])

    def fpc(self, stage):
        kind = "population" if self.population else "fraction"
        return "{%s: n%d}" % (kind, stage + 1) if self.given[stage] else "none"

    def mapping(self):
        stages = ["{units: u%d, strata: %s, fpc: %s}" % (s + 1, "s%d" % (s + 1) if self.stratified[s] else "none", self.fpc(s))
                  for s in range(1, self.stages)]
        return mapping_of(self.name, {
            "strata": "s1" if self.stratified[0] else "none", "psu": "u1", "weight": WEIGHT, "fpc": self.fpc(0),
            "lonely_psu": self.policy, "lonely_in_domain": str(self.in_domain).lower(), "pps": self.pps,
            "stages": "[%s]" % ", ".join(stages) if stages else None})


WEIGHT = "{from: weight, zero: keep}"
EXAMPLE = {"strata": "none", "psu": "u1", "weight": WEIGHT, "fpc": "{population: n1}",
           "stages": "[{units: u2, fpc: {population: n2}}]"}


def main():
    args, rng, folder = arguments(__doc__)
    for number in range(1, args.n + 1):
        d = Design(rng, number)
        if d.pps == "none":
            rng.shuffle(d.rows)
        facts = {"stages": d.stages, "policy": d.policy, "in_domain": d.in_domain, "pps": d.pps}
        folder.write(d.name, COLUMNS, d.rows, d.mapping(), {**facts, **asked(rng)})
    for name in EXAMPLES:
        folder.write_mapping(name, mapping_of(name, EXAMPLE))


if __name__ == "__main__":
    main()
