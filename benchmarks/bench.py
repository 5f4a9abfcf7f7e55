#!/usr/bin/env python3
"""bench.py - ictstat beside what else can do it, in one run, on the same data, with the same threads.

Usage: bench.py BUILD [--rows N] [--threads N] [--repeat N] [--peers duckdb,datatable,survey] [--work DIR] [--cube BY]
(rows: at least 200000, below which strata have single PSUs)

The data is benchmarks/make_survey's. The peers are in benchmarks/peers/, each written as its experts would; their results
must agree with ours to 1e-9 before a time counts. DuckDB comes from npm (fetched once into DIR), data.table and survey
from R. Times are medians; the spread is (slowest - fastest) / median. Nothing here is a test."""
import argparse
import csv
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
DUCKDB = "@duckdb/node-api@1.5.6-r.1"
CUBE = "cube(country,sex,age:five-year,urbanisation,education)"
TABLES = ["country", "sex", "age:five-year", "urbanisation", "education", "country,sex", "country,urbanisation", "sex,age:five-year",
          "sex,urbanisation", "sex,education", "urbanisation,education"]
BANDS = {f"Y{a}T{a + 4}": str(a // 5) for a in range(0, 75, 5)} | {"Y_GE75": "15", "_T": ""}
CODES = {"sex": {"M": "1", "F": "2", "_T": ""}, "urbanisation": {"U": "1", "R": "2", "_T": ""}, "age": BANDS}


def call(*words, cwd=None):
    done = subprocess.run([*map(str, words)], capture_output=True, text=True, cwd=cwd, env={**os.environ, "ICTSTAT_DATA": str(ROOT)})
    if done.returncode:
        sys.exit(f"bench: {' '.join(map(str, words))[:200]}\n{done.stderr}")
    return done.stdout


def timed(*words):
    start = time.monotonic()
    call(*words)
    return time.monotonic() - start


class Times:
    """Seconds by name, as "name seconds" lines give them or one by one."""

    def __init__(self):
        self.of = {}

    def add(self, name, seconds):
        self.of.setdefault(name, []).append(seconds)

    def lines(self, who, text):
        for line in text.splitlines():
            words = line.split()
            if len(words) == 2:
                self.add(f"{who} {words[0]}", float(words[1]))

    def median(self, name):
        return statistics.median(self.of[name])

    def spread(self, name):
        return (max(self.of[name]) - min(self.of[name])) / self.median(name)


def cells_of_ours(path):
    with open(path, newline="") as f:
        for row in csv.DictReader(f):
            country = "" if row["country"] == "_T" else row["country"]
            education = "" if row["education"] == "_T" else row["education"]
            key = (country, CODES["urbanisation"][row["urbanisation"]], CODES["sex"][row["sex"]], CODES["age"][row["age"]],
                   education, row["indicator"][1:])
            yield key, (float(row["estimate"]) / 100, float(row["se"]) / 100 if row["se"] else None,
                        int(row["n_unweighted"]), int(row["n_psu"]))


def cells_of_peer(path):
    with open(path, newline="") as f:
        for row in csv.reader(f):
            if row[0] == "country" or int(row[8]) == 0:
                continue
            yield tuple(row[:6]), (float(row[6]), float(row[7]) if row[7] not in ("", "NaN", "NA") else None, int(row[8]), int(row[9]))


def agree(ours, theirs, who):
    ours, n, worst = dict(cells_of_ours(ours)), 0, 0.0
    for key, b in cells_of_peer(theirs):
        a = ours.get(key)
        if a is None or a[2:] != b[2:]:
            sys.exit(f"bench: {who} differs at {key}: {a} and {b}")
        n += 1
        for x, y in zip(a[:2], b[:2]):
            # Their sums of squares cancel near p = 0 and 1; ours do not: an SE of 1e-9 is none.
            if x is not None and y is not None:
                worst = max(worst, abs(x - y) / max(abs(x), abs(y), 1e-3))
    if n != len(ours) or worst > 1e-9:
        sys.exit(f"bench: {who} has {n} cells where ours are {len(ours)}; largest difference {worst:.1e}")
    print(f"{who}: {n} cells agree, largest relative difference {worst:.1e}")


def ours(a, work, times):
    stages, ictstat = a.build / "stages", a.build / "ictstat"
    extra = [work / "concepts.yaml", *(work / f"q{k}.yaml" for k in range(14))]
    words = [w for e in extra for w in ("--extra", e)] + ["-i", ",".join(f"Q{k}" for k in range(14)), "--threads", a.threads]
    for _ in range(a.repeat):
        times.add("ours import", timed(ictstat, "import", "-q", work / "survey.yaml", "-o", work / "s.h5", "--threads", a.threads))
    for name, by in (("cube", [a.cube]), ("tables", TABLES)):
        for _ in range(a.repeat):
            for line in call(stages, work / "s.h5", a.threads, 0, *extra, "--", *by).splitlines():
                stage, _, rest = line.partition("  ")
                if rest.strip().split()[1:2] == ["s"]:
                    times.add(f"ours {name}: {stage}", float(rest.split()[0]))
        for _ in range(a.repeat):
            by_words = [w for b in by for w in ("--by", b)]
            times.add(f"ours {name}: process", timed(ictstat, "compute", "-q", work / "s.h5", *words, *by_words, "-o", work / f"{name}.csv"))


def small_jobs(a, work):
    """Many small surveys, as a yearly publication has them: in batches of one thread each."""
    folder = work / "small"
    folder.mkdir(exist_ok=True)
    call(a.build / "make_survey", 20000, folder, 3)
    call(a.build / "ictstat", "import", "-q", folder / "survey.yaml", "-o", folder / "s.h5")
    extra = [folder / "concepts.yaml", *(folder / f"q{k}.yaml" for k in range(14))]
    print(call(a.build / "jobs", folder / "s.h5", a.threads, 40 * a.repeat, *extra, "--", *TABLES[1:]).strip())
    start = Times()
    for _ in range(4 * a.repeat):
        start.add("start", timed(a.build / "ictstat", "list", "-q"))
    print(f"the command's start, catalogue read: {1000 * start.median('start'):.1f} ms (median of {4 * a.repeat}, `list`)")


def line(name, seconds, spread, of=None, ratio=None):
    right = f"{ratio:10.1f} x" if ratio else ""
    print(f"{name:<66} {seconds:9.3f} s {100 * spread:4.0f} % {of or '':>22} {right}")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("build", type=pathlib.Path)
    p.add_argument("--rows", type=int, default=1000000)
    p.add_argument("--threads", type=int, default=os.cpu_count())
    p.add_argument("--repeat", type=int, default=5)
    p.add_argument("--peers", default="duckdb,datatable,survey")
    p.add_argument("--work", type=pathlib.Path)
    p.add_argument("--cube", default=CUBE)
    a = p.parse_args()
    a.build = a.build.resolve()
    work = (a.work or pathlib.Path(tempfile.mkdtemp())).resolve()
    work.mkdir(exist_ok=True)
    peers = [x for x in a.peers.split(",") if x]
    call(a.build / "make_survey", a.rows, work)
    times = Times()
    commit = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    model = next((x.split(":")[1].strip() for x in open("/proc/cpuinfo") if x.startswith("model name")), "")
    print(f"commit {commit}, {a.rows} rows, {(work / 'persons.csv').stat().st_size} bytes of CSV, {a.threads} threads, {model}", flush=True)
    ours(a, work, times)
    persons, theirs = work / "persons.csv", work / "peer.csv"
    if "duckdb" in peers:
        if not (work / "node_modules").exists():
            call("npm", "install", "--no-audit", "--no-fund", "--prefix", work, DUCKDB, cwd=work)
        shutil.copy(HERE / "peers/duckdb.mjs", work)
        times.lines("duckdb", call("node", "duckdb.mjs", persons, a.threads, a.repeat, theirs, cwd=work))
        agree(work / "cube.csv", theirs, "duckdb")
    if "datatable" in peers:
        times.lines("data.table", call("Rscript", HERE / "peers/datatable.R", persons, a.threads, a.repeat, theirs))
        agree(work / "cube.csv", theirs, "data.table")
    if "survey" in peers:
        times.lines("survey", call("Rscript", HERE / "peers/survey.R", persons, min(a.repeat, 3)))

    print(f"\n{'':<66} {'median':>11} {'spread':>6} {'beside':>22}")
    for name in times.of:
        if name.startswith("ours"):
            line(name, times.median(name), times.spread(name))
    cube, read = times.median("ours cube: compute: all to a table"), times.median("ours tables: read")
    line("tables: scan beside a read of the bytes it touches", times.median("ours tables: scan"), times.spread("ours tables: scan"),
         f"{read:.4f} s", times.median("ours tables: scan") / read)
    for name, mine, words in (
            ("duckdb cube", cube, "the cube with variances, from an open store"),
            ("duckdb estimates", cube, "their cube without variances, ours with"),
            ("duckdb load", times.median("ours import"), "CSV in: theirs to memory, ours to a finished store"),
            ("data.table cube", cube, "the cube with variances, from an open store"),
            ("data.table load", times.median("ours import"), "CSV in"),
            ("survey svyby", times.median("ours tables: process"), "28 cells of 1 indicator; ours: 11 tables of 14")):
        if name in times.of:
            t = times.median(name)
            line(f"{name}: {words}", t, times.spread(name), f"{mine:.3f} s", t / mine)
    print()
    small_jobs(a, work)
    if not a.work:
        shutil.rmtree(work)


main()
