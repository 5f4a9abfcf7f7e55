#!/usr/bin/env python3
"""answers.py - what `list --store` says a store can answer is what `compute` computes: a mark + or ~
where it does, - where it refuses.

    answers.py ICTSTAT ROOT"""
import os
import pathlib
import subprocess
import sys
import tempfile

ictstat, root = sys.argv[1], pathlib.Path(sys.argv[2])
env = {**os.environ, "ICTSTAT_DATA": str(root)}


def run(*words):
    return subprocess.run([ictstat, *map(str, words)], capture_output=True, text=True, env=env)


passed = failed = 0
with tempfile.TemporaryDirectory() as scratch:
    store = pathlib.Path(scratch) / "demo.h5"
    assert run("import", "-q", root / "datasets/demo/demo.yaml", "-o", store).returncode == 0
    for line in run("list", "--store", store).stdout.splitlines():
        if line[:2] not in ("+ ", "~ ", "- "):
            continue
        done = run("compute", store, "-q", "-i", line.split()[1], "-f", "csv", "-o", pathlib.Path(scratch) / "est.csv")
        same = (done.returncode == 0) == (line[0] != "-")
        passed += same
        failed += not same
        if not same:
            print(line, done.returncode, done.stderr)
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
