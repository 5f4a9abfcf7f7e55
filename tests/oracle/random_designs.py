#!/usr/bin/python3
"""Random sample designs for the oracle: data, mappings, and what R needs to declare the same designs.

    random_designs.py DIR [-n 50] [--seed 1] [--offset 0]

Writes random-NNN.csv and random-NNN.yaml for each design and designs.csv for random.R. Strata 1 to
20, PSUs 1 to 12 in a stratum, clusters of 1 to 9 rows, weights over six orders of magnitude, zero
weights, missing answers, a group that some strata have not (and one that only one PSU has), with and
without fpc (up to a sample of every PSU), each lonely-PSU policy. --offset moves the values away from
zero: a mean of 50,000 with an SE of 1 is where formulas that subtract large sums go wrong. Same
seed, same bytes.
"""
import argparse
import os
import random

POLICIES = ["fail", "certainty", "adjust", "average", "remove"]

MAPPING = """ictstat: mapping/1

survey: {{id: {name}, title: A random design, area: XAA, period: 2000}}

concepts:
  r_yes: {{title: A yes or no, type: code, codes: CL_YES_NO}}
  r_value: {{title: A measured value, type: real}}
  r_size: {{title: A size above zero, type: real}}
  r_group: {{title: A group, type: code, codes: {{A: Group A, B: Group B, C: Group C, D: Group D}}}}

files:
  rows: {{path: {name}.csv, delimiter: ","}}

units:
  element:
    file: rows
    design:
      strata: {strata}
      psu: {psu}
      weight: {{from: weight, zero: keep}}
      fpc: {fpc}
      lonely_psu: {policy}
      lonely_in_domain: {in_domain}
    variables:
      r_yes: {{from: yes, map: {{1: Y, 0: N, blank: missing}}}}
      r_value: {{from: value, missing: {{blank: missing}}}}
      r_size: {{from: size}}
      r_group: {{from: group}}
"""


def rows_of(rng, policy, stratified, clustered, offset):
    """The rows of one design: (stratum, psu, N_h, weight, yes, value, size, group)."""
    lowest = 2 if policy == "fail" else 1
    everywhere = rng.random() < 0.5
    spread = rng.choice([1, 6])
    strata = rng.randint(1, 20) if stratified else 1
    special = rng.randint(1, strata)
    out = []
    for h in range(1, strata + 1):
        n_psu = rng.randint(lowest, 12) if stratified else rng.randint(3, 40)
        groups = "ABC" if everywhere else rng.sample("ABC", rng.randint(1, 3))
        plan = [(k, rng.randint(1, 9) if clustered else 1) for k in range(1, n_psu + 1)]
        population = n_psu + rng.choice([0, 0, 1, 3, 10, 100])
        base = 10 ** rng.uniform(0, spread)
        for psu, size in plan:
            p = rng.uniform(0.05, 0.95)
            for _ in range(size):
                group = "D" if h == special and psu == 1 and rng.random() < 0.5 else rng.choice(groups)
                weight = 0 if rng.random() < 0.04 else round(base * rng.uniform(0.5, 2), 6)
                yes = "" if rng.random() < 0.07 else int(rng.random() < p)
                value = "" if rng.random() < 0.07 else round(offset + rng.gauss(50, 20) + 5 * h, 3)
                out.append((h, psu, population, weight, yes, value, round(rng.uniform(0.5, 9), 3), group))
    return out


def main():
    ask = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ask.add_argument("dir")
    ask.add_argument("-n", type=int, default=50)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--offset", type=float, default=0)
    args = ask.parse_args()
    rng = random.Random(args.seed)
    index = open(os.path.join(args.dir, "designs.csv"), "w")
    index.write("name,strata,psu,fpc,policy,in_domain\n")
    for i in range(1, args.n + 1):
        name = "random-%03d" % i
        policy = POLICIES[i % len(POLICIES)]
        in_domain = policy in ("adjust", "average") and rng.random() < 0.4
        stratified = rng.random() < 0.85
        clustered = rng.random() < 0.85
        fpc = rng.random() < 0.4
        with open(os.path.join(args.dir, name + ".csv"), "w") as f:
            f.write("stratum,psu,population,weight,yes,value,size,group\n")
            rows = rows_of(rng, policy, stratified, clustered, args.offset)
            rng.shuffle(rows)
            for row in rows:
                f.write(",".join(map(str, row)) + "\n")
        with open(os.path.join(args.dir, name + ".yaml"), "w") as f:
            f.write(MAPPING.format(name=name, strata="stratum" if stratified else "none",
                                   psu="psu" if clustered else "none",
                                   fpc="{population: population}" if fpc else "none", policy=policy,
                                   in_domain=str(in_domain).lower()))
        index.write("%s,%d,%d,%d,%s,%d\n" % (name, stratified, clustered, fpc, policy, in_domain))


if __name__ == "__main__":
    main()
