"""What the makers of random designs share: one mapping, the files of a design, what is asked of it."""
import argparse
import os
import random

POLICIES = ["fail", "certainty", "adjust", "average", "remove"]
CI_METHODS = ["logit", "beta", "wilson", "asin", "likelihood", "t", "normal"]

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
{design}    variables:
      r_yes: {{from: yes, map: {{1: Y, 0: N, blank: missing}}}}
      r_value: {{from: value, missing: {{blank: missing}}}}
      r_size: {{from: size}}
      r_group: {{from: group}}
"""


def mapping_of(name, design):
    """The mapping of a survey with the keys of its `design:`; those whose value is None are left out."""
    return MAPPING.format(name=name, design="".join("      %s: %s\n" % p for p in design.items() if p[1] is not None))


def asked(rng):
    """Columns of designs.csv that say which options R and ictstat are given."""
    df = rng.choice(["degf", "degf", "design", "fixed:%d" % rng.randint(1, 60), "inf"])
    return {"ci": rng.choice(CI_METHODS), "df": df, "deff": rng.choice(["wr", "wr", "wor"]),
            "level": rng.choice([90, 95, 95, 99])}


def answers(rng, p, missing, mean):
    """The variables of a row: yes, value, size."""
    yes = "" if rng.random() < missing else int(rng.random() < p)
    value = "" if rng.random() < missing else round(rng.gauss(mean, 20), 3)
    return [yes, value, round(rng.uniform(0.5, 9), 3)]


class Folder:
    """Where designs are written: NAME.csv, NAME.yaml and a line of designs.csv each."""

    def __init__(self, path):
        self.path = path
        self.index = None

    def write(self, name, columns, rows, mapping, facts):
        with open(os.path.join(self.path, name + ".csv"), "w") as f:
            f.write(columns + "\n")
            for row in rows:
                f.write(",".join(map(str, row)) + "\n")
        self.write_mapping(name, mapping)
        facts = {"name": name, **{k: int(v) if isinstance(v, bool) else v for k, v in facts.items()}}
        if self.index is None:
            self.index = open(os.path.join(self.path, "designs.csv"), "w")
            self.index.write(",".join(facts) + "\n")
        self.index.write(",".join(map(str, facts.values())) + "\n")

    def write_mapping(self, name, mapping):
        with open(os.path.join(self.path, name + ".yaml"), "w") as f:
            f.write(mapping)


def arguments(doc, **more):
    ask = argparse.ArgumentParser(description=doc.split("\n")[0])
    ask.add_argument("dir")
    ask.add_argument("-n", type=int, default=50)
    ask.add_argument("--seed", type=int, default=1)
    for name, default in more.items():
        ask.add_argument("--" + name, type=type(default), default=default)
    args = ask.parse_args()
    return args, random.Random(args.seed), Folder(args.dir)
