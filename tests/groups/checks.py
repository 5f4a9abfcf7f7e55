#!/usr/bin/env python3
"""checks.py - the memberships in datasets/groups/ count as they should (checks.csv, with the basis of
each count), and every row stands on something: a known country, group, source and support mark.

Territories that we placed into an ITU region (source itu-placed) are not counted: the counts are of
Member States."""
import csv
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
GROUPS = HERE.parent.parent / "datasets/groups"


def table(path):
    with open(path, newline="") as f:
        return list(csv.DictReader(f))


problems = []
sources = {r["source"] for r in table(GROUPS / "sources.csv")}
countries = {r["iso3"] for r in table(GROUPS.parent / "countries.csv")}
sets = {r["set"]: r for r in table(GROUPS / "sets.csv")}
groups = {(r["set"], r["group"]): r for r in table(GROUPS / "groups.csv")}
members = {name: table(GROUPS / f"{name}.csv") for name in sets}

for name, rows in members.items():
    seen = set()
    for line, r in enumerate(rows, 2):
        where = f"{name}.csv:{line}"
        if r["iso3"] not in countries:
            problems.append(f"{where}: unknown country {r['iso3']}")
        if (name, r["group"]) not in groups:
            problems.append(f"{where}: unknown group {r['group']}")
        if r["source"] not in sources or r["status"] not in ("V", "G", "I"):
            problems.append(f"{where}: source or support mark")
        if r["from"] and r["until"] and r["from"] >= r["until"]:
            problems.append(f"{where}: from is not before until")
        if (r["group"], r["iso3"]) in seen:
            problems.append(f"{where}: a second row of {r['iso3']}")
        seen.add((r["group"], r["iso3"]))
for (name, group), r in groups.items():
    if name not in sets:
        problems.append(f"groups.csv: unknown set {name}")
    if r["cl_area"] not in ("", group):
        problems.append(f"groups.csv: {group} is not its CL_AREA code {r['cl_area']}")

checks = table(HERE / "checks.csv")
for c in checks:
    found = sum(r["group"] == c["group"] and r["source"] != "itu-placed" and r["from"] <= c["day"]
                and (not r["until"] or c["day"] < r["until"]) for r in members[c["set"]])
    if found != int(c["members"]):
        problems.append(f"{c['set']} {c['group']} on {c['day']}: {found} members, not {c['members']} ({c['basis']})")
print("\n".join(problems + [f"{len(checks)} counts, {sum(map(len, members.values()))} rows, {len(problems)} problems"]))
sys.exit(1 if problems else 0)
