#!/usr/bin/python3
"""Random sample designs for the oracle: data, mappings, and what R needs to declare the same designs.

    random_designs.py DIR [-n 50] [--seed 1] [--offset 0]

Writes random-NNN.csv and random-NNN.yaml for each design and designs.csv for random.R. Strata 1 to
50, PSUs 1 to 40 in a stratum (one design in eight: two in each, as half-samples want them), clusters
of 1 to 30 rows, weights over six orders of magnitude, zero weights, missing answers up to half of all,
answers that are all the same, groups that some strata or all have not (and one that only one PSU has),
with and without fpc (up to a sample of every PSU), each lonely-PSU policy; which interval, df, deff and level
are asked for. --offset moves the values away from zero: a mean of 50,000 with an SE of 1 is where formulas
that subtract large sums go wrong. Same seed, same bytes.
"""
from design_files import POLICIES, answers, arguments, asked, mapping_of

COLUMNS = "stratum,psu,population,weight,yes,value,size,group"
MOST_ROWS = 1500  # R takes its time


class Design:
    def __init__(self, rng, number, offset):
        self.rng = rng
        self.policy = POLICIES[number % len(POLICIES)]
        self.in_domain = self.policy in ("adjust", "average") and rng.random() < 0.4
        self.paired = rng.random() < 0.125
        self.stratified = self.paired or rng.random() < 0.85
        self.clustered = self.paired or rng.random() < 0.85
        self.fpc = rng.random() < 0.4
        self.offset = offset
        self.rows = []
        self.fill()

    def up_to(self, lowest, most):
        """Small ones more often than large ones."""
        return min(most, int(lowest * (1.0 * (most + 1) / lowest) ** self.rng.random()))

    def fill(self):
        rng = self.rng
        strata = self.up_to(1, 50) if self.stratified else 1
        spread = rng.choice([1, 6])
        missing = rng.choice([0, 0.07, 0.07, 0.5])
        unweighted = rng.choice([0, 0.04, 0.04, 0.3])
        same = rng.choice([None] * 9 + [0, 1])
        largest = rng.choice([3, 9, 30]) if self.clustered else 1
        everywhere = rng.random() < 0.5
        special = rng.randint(1, strata)
        lowest = 2 if self.policy == "fail" else 1
        for h in range(1, strata + 1):
            psus = 2 if self.paired else self.up_to(lowest if self.stratified else 3, 40)
            groups = "ABC" if everywhere else rng.sample("ABC", rng.randint(1, 3))
            population = psus + rng.choice([0, 0, 1, 3, 10, 100])
            base = 10 ** rng.uniform(0, spread)
            for psu in range(1, psus + 1):
                p = rng.uniform(0.05, 0.95) if same is None else same
                few = len(self.rows) > MOST_ROWS
                for _ in range(1 if few else rng.randint(1, largest)):
                    group = "D" if h == special and psu == 1 and rng.random() < 0.5 else rng.choice(groups)
                    weight = 0 if rng.random() < unweighted else round(base * rng.uniform(0.5, 2), 6)
                    self.rows.append([h, psu, population, weight] + answers(rng, p, missing, self.offset + 50 + 5 * h) +
                                     [group])
        if all(row[2] == 1 for row in self.rows):  # to R that is neither a size nor a fraction
            for row in self.rows:
                row[2] = 2

    def mapping(self, name):
        return mapping_of(name, {
            "strata": "stratum" if self.stratified else "none", "psu": "psu" if self.clustered else "none",
            "weight": "{from: weight, zero: keep}", "fpc": "{population: population}" if self.fpc else "none",
            "lonely_psu": self.policy, "lonely_in_domain": str(self.in_domain).lower()})


def main():
    args, rng, folder = arguments(__doc__, offset=0.0)
    for number in range(1, args.n + 1):
        d = Design(rng, number, args.offset)
        rng.shuffle(d.rows)
        facts = {"strata": d.stratified, "psu": d.clustered, "fpc": d.fpc, "policy": d.policy,
                 "in_domain": d.in_domain, "paired": d.paired}
        name = "random-%03d" % number
        folder.write(name, COLUMNS, d.rows, d.mapping(name), {**facts, **asked(rng)})


if __name__ == "__main__":
    main()
