#!/usr/bin/python3
"""The table of docs/surveys.md, held to what the program does.

    run.py ICTSTAT ROOT FOLDER [SHARED]

Every mapping of datasets/mappings/ has a row. Where its files are in FOLDER (make_surveys.py) or in
SHARED (the real ones), it is imported and one `compute` without -i must answer exactly the indicators
of the columns `answered` and `proxy`, the latter with flag D and the former without; each indicator
named first in `refused` must be refused by name. The last line is "N passed, N failed, N skipped"."""
import csv
import os
import re
import subprocess
import sys

ictstat, root, made = sys.argv[1:4]
shared = sys.argv[4] if len(sys.argv) > 4 else None
sys.path.insert(0, os.path.join(root, "tests/facts"))
from run import data_folder  # noqa: E402

passed = failed = skipped = 0


def check(what, ok, said=""):
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
        print("FAIL %s %s" % (what, said))


def run(*words):
    return subprocess.run([ictstat, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)


def ids(text):
    """The indicators a cell begins with; what follows a colon is for people."""
    return set(re.findall(r"[A-Za-z0-9.-]+\w", text.split(":")[0])) - {"none"}


COLUMNS = ("mapping", "files", "answered", "proxy", "refused", "source")


def table():
    """mapping: its row, of the tables whose first column is `mapping`."""
    rows, inside = {}, False
    with open(os.path.join(root, "docs/surveys.md"), encoding="utf-8") as f:
        for line in f:
            cells = [c.strip() for c in line.strip().strip("|").split("|")] if line.startswith("|") else []
            if not cells:
                inside = False
            elif cells[0] == "mapping":
                inside = True
            elif inside and not set(cells[0]) <= set("-"):
                for name in cells[0].split(","):
                    rows[name.strip()] = dict(zip(COLUMNS, cells))
    return rows


def answered(store):
    """{indicator: has flag D} of everything that has an estimate."""
    done = run("compute", store, "-f", "csv", "-q")
    out = {}
    for row in csv.DictReader(done.stdout.splitlines()):
        if row["estimate"]:
            out[row["indicator"]] = out.get(row["indicator"], False) or "definition_differs" in row["flags"]
    return out


def refused(name, store, indicator):
    done = run("compute", store, "-i", indicator)
    check("%s %s is refused" % (name, indicator), done.returncode == 3 and "fix:" in done.stderr, done.stderr)


def try_one(name, row, mapping, folder):
    store = os.path.join(made, name + ".h5")
    done = run("import", mapping, "--data", folder, "-o", store, "-q")
    check(name + " is imported", done.returncode == 0, done.stderr)
    if done.returncode != 0:
        return
    have, want = answered(store), {i: False for i in ids(row["answered"])}
    want.update({i: True for i in ids(row["proxy"])})
    check(name + " answers", have == want, "the table lacks %s, and has too many: %s" %
          (sorted(set(have.items()) - set(want.items())), sorted(set(want.items()) - set(have.items()))))
    for indicator in ids(row["refused"]):
        refused(name, store, indicator)


def after_2019():
    """4.4.1 changed: a round of 2021 that asks for the old activities answers with flag D, and the new ones are refused."""
    with open(os.path.join(root, "datasets/mappings/mics6-women.yaml"), encoding="utf-8") as f:
        text = f.read().replace("period: 2019", "period: 2021")
    mapping, store = os.path.join(made, "mics6-2021.yaml"), os.path.join(made, "mics6-2021.h5")
    with open(mapping, "w", encoding="utf-8") as f:
        f.write(text)
    done = run("import", mapping, "-o", store, "-q")
    check("mics6 of 2021 is imported", done.returncode == 0, done.stderr)
    done = run("compute", store, "-i", "4.4.1", "-f", "csv")
    rows = list(csv.DictReader(done.stdout.splitlines()))
    check("mics6 of 2021 has the nine old activities, all with flag D", len(rows) == 9 and
          all("definition_differs" in row["flags"] for row in rows), done.stdout)
    check("mics6 of 2021 has none of the new ones", "left out copy_paste, " in done.stderr, done.stderr)


rows = table()
for file in sorted(os.listdir(os.path.join(root, "datasets/mappings"))):
    name, mapping = file[:-len(".yaml")], os.path.join(root, "datasets/mappings", file)
    check(name + " has a row in docs/surveys.md", name in rows)
    folder = data_folder(mapping, shared, made)
    if name not in rows:
        continue
    if not folder:
        skipped += 1
        print("skip %s: its files are not here" % name)
        continue
    try_one(name, rows[name], mapping, folder)
after_2019()
print("%d passed, %d failed, %d skipped" % (passed, failed, skipped))
sys.exit(1 if failed or not passed else 0)
