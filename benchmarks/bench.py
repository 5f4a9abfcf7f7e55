#!/usr/bin/env python3
"""bench.py - ictstat beside what else can do it, in one run, on the same data, with the same threads.

Usage: bench.py BUILD [--rows N] [--threads N] [--repeat N] [--peers duckdb,datatable,survey,readers] [--work DIR] [--record] [--tiny]

  --rows     of the large survey (default 1000000; at least 200000, below which strata have single PSUs)
  --peers    default: those that are installed; DuckDB comes from npm, fetched once into DIR
  --record   also write what is printed to benchmarks/results/DATE-bench.txt
  --tiny     everything once, on little data: that nothing here rots

The data is benchmarks/make_survey's. The peers are in benchmarks/peers/, each written as its experts would; their results
must agree with ours to 1e-9 before a time counts. Times are medians of REPEAT runs, of one where a peer takes over a minute,
which is said; the spread is (slowest - fastest) / median. Where a number was asked of this program, it stands beside the
ratio. Each row of the table is told on stderr as soon as there is one, and the table printed at the end, also of a run that
was interrupted. Nothing here is a test."""
import argparse
import contextlib
import csv
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

from harness import ROOT, Record, Times, Watched, call, load, machine, stages, timed

HERE = pathlib.Path(__file__).resolve().parent
DUCKDB = "@duckdb/node-api@1.5.6-r.1"
CUBE = ["cube(country,sex,age:five-year,urbanisation,education)"]
ONE = ["cube(sex,age:five-year,urbanisation,education)"]  # of one country
TABLES = ["sex", "age:five-year", "urbanisation", "education", "country", "country,sex", "country,urbanisation", "sex,age:five-year",
          "sex,urbanisation", "sex,education", "urbanisation,education"]
BANDS = {f"Y{a}T{a + 4}": str(a // 5) for a in range(0, 75, 5)} | {"Y_GE75": "15", "_T": ""}
CODES = {"sex": {"M": "1", "F": "2", "_T": ""}, "urbanisation": {"U": "1", "R": "2", "_T": ""}, "age": BANDS}
QUESTIONS = range(14)


# ---- results beside results ------------------------------------------------------------------

def cells_of_ours(path):
    with open(path, newline="") as f:
        for row in csv.DictReader(f):
            country = "" if row.get("country", "_T") == "_T" else row["country"]
            education = "" if row.get("education", "_T") == "_T" else row["education"]
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


def difference(a, b):
    """Relative, of estimate and SE. By hand, sums of squares cancel where an SE is 0, and leave the root of their last bits; ours do
    not cancel."""
    return max((abs(x - y) / max(abs(x), abs(y), 1e-3) for x, y in zip(a[:2], b[:2])
                if x is not None and y is not None and not (x == 0 and y < 1e-6)), default=0)


def agreed(who, n, of, worst):
    if n != of or worst > 1e-9:
        raise SystemExit(f"bench: {who} has {n} cells where ours are {of}; largest difference {worst:.1e}")
    print(f"{who}: {n} cells agree, largest relative difference {worst:.1e}", flush=True)


def agree(ours, theirs, who):
    ours, n, worst = dict(cells_of_ours(ours)), 0, 0.0
    for key, b in cells_of_peer(theirs):
        a = ours.get(key)
        if a is None or a[2:] != b[2:]:
            raise SystemExit(f"bench: {who} differs at {key}: {a} and {b}")
        n += 1
        worst = max(worst, difference(a, b))
    agreed(who, n, len(ours), worst)


def agree_svyby(ours, theirs):
    """28 of our 32 cells and totals: R was not asked for the rest."""
    ours = {(key[1], key[3]): value for key, value in cells_of_ours(ours)}
    with open(theirs, newline="") as f:
        rows = [(ours[r["area"], r["band"]], (float(r["estimate"]), float(r["se"]))) for r in csv.DictReader(f)]
    agreed("R survey, svyby", len(rows), 28, max(difference(a, b) for a, b in rows))


# ---- ours ------------------------------------------------------------------------------------

class Survey:
    """make_survey's files in a folder, and what is asked of them."""

    def __init__(self, a, name, rows, countries):
        self.a, self.rows, self.folder = a, rows, a.work / name
        self.folder.mkdir(exist_ok=True)
        self.csv, self.mapping, self.store = self.folder / "persons.csv", self.folder / "survey.yaml", self.folder / "s.h5"
        call(a.build / "make_survey", rows, self.folder, countries)
        self.extra = [self.folder / "concepts.yaml", *(self.folder / f"q{k}.yaml" for k in QUESTIONS)]

    def import_words(self, *more):
        return [self.a.build / "ictstat", "import", "-q", self.mapping, "-o", self.store, "--threads", self.a.threads, *more]

    def compute_words(self, output, by, questions=QUESTIONS):
        return [self.a.build / "ictstat", "compute", "-q", self.store, "--threads", self.a.threads, "-o", output,
                *(w for e in self.extra for w in ("--extra", e)), "-i", ",".join(f"Q{k}" for k in questions), *(w for b in by for w in ("--by", b))]

    def stages(self, title, by, more=()):
        text = call(self.a.build / "stages", self.store, self.a.threads, 0, *self.extra, *(self.folder / f for f in more), "--", *by)
        print(f"\n{title}\n{text}", end="", flush=True)
        return stages(text)


def repeat(a, times, name, *words):
    for _ in range(a.repeat):
        times.add(name, timed(*words))


def run_sav(a, survey, times):
    """The same survey, from an SPSS file: the same estimates."""
    call(*survey.compute_words(survey.folder / "of_csv.csv", TABLES))
    sav = survey.folder / "persons.sav"
    call(a.build / "make_sav", survey.csv, sav)
    survey.mapping.write_text(survey.mapping.read_text().replace('persons.csv, delimiter: ","', "persons.sav"))
    repeat(a, times, "sav", *survey.import_words())
    call(*survey.compute_words(survey.folder / "of_sav.csv", TABLES))
    if (survey.folder / "of_csv.csv").read_bytes() != (survey.folder / "of_sav.csv").read_bytes():
        raise SystemExit("bench: the SPSS file gives other estimates than the CSV")
    times.lines("readstat", call(a.build / "readstat_loop", sav, a.repeat))


def start_up(a, times):
    """Many small surveys, as a yearly publication has them: in batches of one thread each. And the command's start."""
    small = Survey(a, "small", a.sizes["small"], 3)
    call(*small.import_words())
    jobs = call(a.build / "jobs", small.store, a.threads, 40 * a.repeat, *small.extra, "--", *TABLES[:4], *TABLES[5:]).strip()
    print(jobs)
    for _ in range(4 * a.repeat):
        times.add("start", timed(a.build / "ictstat", "list", "-q"))
    return float(jobs.split(" surveys/s")[0].split()[-1])


# ---- peers -----------------------------------------------------------------------------------

def has_r(package):
    return shutil.which("Rscript") and subprocess.run(["Rscript", "-e", f"quit(status = !requireNamespace('{package}', quietly = TRUE))"],
                                                      capture_output=True).returncode == 0


def present(a):
    """Peers that can be run here. Nothing is fetched for a tiny run."""
    here = {"duckdb": shutil.which("npm") and not a.tiny, "datatable": has_r("data.table"), "survey": has_r("survey") and has_r("data.table"),
            "readers": has_r("data.table")}
    asked = a.peers.split(",") if a.peers is not None else list(here)
    for name in asked:
        if name and not here.get(name):
            print(f"{name}: not here, left out")
    return [name for name in asked if name and here.get(name)]


def versions(a, peers):
    words = []
    if "duckdb" in peers:
        words.append(DUCKDB)
    for package in ("data.table", "survey", "haven"):
        if has_r(package):
            words.append(f"{package} {call('Rscript', '-e', f'cat(format(packageVersion({package!r})))')}")
    return ", ".join(words)


def run_duckdb(a, big, times):
    if not (a.work / "node_modules").exists():
        call("npm", "install", "--no-audit", "--no-fund", "--prefix", a.work, DUCKDB, cwd=a.work)
    shutil.copy(HERE / "peers/duckdb.mjs", a.work)
    times.lines("duckdb", call("node", "duckdb.mjs", big.csv, a.threads, a.repeat, a.work / "peer.csv", cwd=a.work))
    agree(big.folder / "cube.csv", a.work / "peer.csv", "DuckDB")


def run_datatable(a, big, times):
    times.lines("data.table", call("Rscript", HERE / "peers/datatable.R", big.csv, a.threads, a.repeat, a.work / "peer.csv"))
    agree(big.folder / "cube.csv", a.work / "peer.csv", "data.table")


def run_survey(a, middle, times):
    ours = middle.folder / "svyby.csv"
    repeat(a, times, "svyby", *middle.compute_words(ours, ["urbanisation,age:five-year"], [3]))
    times.lines("survey", call("Rscript", HERE / "peers/survey.R", middle.csv, a.threads, a.repeat, a.work / "peer.csv"))
    agree_svyby(ours, a.work / "peer.csv")


def run_readers(a, middle, big, times):
    times.lines("R", call("Rscript", HERE / "peers/readers.R", big.csv, a.threads, a.repeat))
    if has_r("haven"):
        times.lines("R", call("Rscript", HERE / "peers/readers.R", middle.folder / "persons.sav", 1, a.repeat))


# ---- the table -------------------------------------------------------------------------------

class Table:
    """Rows are told as they come and printed together. a.tiny: what was asked does not stand beside, of so little it would mean
    nothing."""

    def __init__(self, a, times):
        self.times, self.judge, self.repeat, self.rows = times, not a.tiny, a.repeat, []

    def print(self):
        print(f"\n{'':<74} {'ours':>10} {'spread':>6} {'theirs':>10} {'spread':>6} {'ratio':>9}", *self.rows, sep="\n", flush=True)

    def row(self, text):
        self.rows.append(text)
        print(text, file=sys.stderr, flush=True)

    def ratio(self, name, ours, theirs, floor=None, aim=None):
        """ours, theirs: (seconds, spread, runs) or a name of times; theirs not there: no row."""
        ours, theirs = (self.of(x) for x in (ours, theirs))
        if not ours or not theirs:
            return
        ratio = theirs[0] / ours[0]
        runs = "  theirs run once" if theirs[2] == 1 < self.repeat else ""
        asked = f"  floor {floor} x{f', aim {aim} x' if aim else ''}: {self.verdict(ratio, floor, aim)}" if floor and self.judge else ""
        self.row(f"{name:<74} {ours[0]:8.4f} s {100 * ours[1]:4.0f} % {theirs[0]:8.3f} s {100 * theirs[1]:4.0f} % {ratio:7.1f} x{asked}{runs}")

    def beside_read(self, name, ours, read, most):
        ratio = ours[0] / read[0]
        asked = f"  at most {most} x: {'held' if ratio <= most else 'NOT HELD'}" if self.judge else ""
        self.row(f"{name:<74} {ours[0]:8.4f} s {100 * ours[1]:4.0f} % {read[0]:8.4f} s {100 * read[1]:4.0f} % {ratio:7.1f} x reading{asked}")

    def limit(self, name, value, unit, limit, most=True):
        held = "held" if (value <= limit if most else value >= limit) else "NOT HELD"
        asked = f"   {'at most' if most else 'at least'} {limit} {unit}: {held}" if self.judge else ""
        self.row(f"{name:<74} {value:8.1f} {unit}{asked}")

    @staticmethod
    def verdict(ratio, floor, aim):
        return "NOT HELD" if ratio < floor else "held" if not aim or ratio < aim else "aim held"

    def of(self, x):
        if not isinstance(x, str):
            return x
        return (self.times.median(x), self.times.spread(x), len(self.times.of[x])) if x in self.times.of else None


def whole(times, *names):
    """Seconds of several steps one after the other, by their medians; the spread of the widest, the runs of the fewest."""
    if not all(n in times.of for n in names):
        return None
    return (sum(times.median(n) for n in names), max(times.spread(n) for n in names),
            max(len(times.of[n]) for n in names))


EVERYTHING = "compute: all to a table"


def by_itself(a, big, middle, one, times, t):
    """Ours, stage by stage: what peers stand beside is kept in times. Returns the stages of the cube."""
    print(f"\nimport\n{call(a.build / 'import_stages', big.mapping, big.store, a.threads)}", end="", flush=True)
    repeat(a, times, "import", *big.import_words())
    bounded = Watched(*big.import_words("--memory", "64M"))
    t.row(f"import, CSV, --memory 64M: {bounded.seconds:.2f} s, {bounded.anon / 1e6:.0f} MB of memory of its own")
    cube = big.stages("cube: " + CUBE[0], CUBE)
    tables = big.stages("tables: " + " ".join(TABLES), TABLES)
    t.beside_read("publication tables, scan; plain read of the bytes it touches", tables["scan"], tables["read"], 2.5)
    t.beside_read("publication tables, store to table; plain read of the bytes it touches", tables[EVERYTHING], tables["read"], 2.5)
    with_mean = big.stages("the same tables, with a mean beside the 14 proportions", TABLES, ["mean.yaml"])
    t.limit("publication tables, scan with a mean beside 14 proportions, by that without", with_mean["scan"][0] / tables["scan"][0], "x", 2)
    with_numbers = big.stages("the same tables, with a mean, a total and a ratio", TABLES, ["mean.yaml", "total.yaml", "ratio.yaml"])
    t.limit("publication tables, scan with a mean, a total and a ratio, by that without", with_numbers["scan"][0] / tables["scan"][0], "x", 3)
    with_gap = big.stages("the same tables, with the gap of women and men", [*TABLES, "--contrast", "sex:F-M"])
    t.limit("publication tables, scan with --contrast sex:F-M, by that without", with_gap["scan"][0] / tables["scan"][0], "x", 2)
    repeat(a, times, "cube", *big.compute_words(big.folder / "cube.csv", CUBE))
    call(*middle.import_words())
    call(*one.import_words())
    one_cube = one.stages(f"one survey of {one.rows} rows: {ONE[0]}", ONE)
    repeat(a, times, "one", *one.compute_words(one.folder / "cube.csv", ONE))
    t.limit(f"one survey of {one.rows} rows, full cube, the whole command", 1000 * times.median("one"), "ms", 50)
    t.limit(f"one survey of {one.rows} rows, full cube, store to table", 1000 * one_cube[EVERYTHING][0], "ms", 12)
    print()
    jobs = start_up(a, times)
    t.limit(f"surveys of {a.sizes['small']} rows a second, 14 indicators, 10 breakdowns", jobs, "/s", 100, most=False)
    t.limit("the command's start, catalogue read (`list`)", 1000 * times.median("start"), "ms", 20)
    return cube


def beside_peers(a, peers, big, middle, cube, times, t):
    ours = (*cube[EVERYTHING][:2], a.repeat)
    if "duckdb" in peers:
        run_duckdb(a, big, times)
    t.ratio("cube with variances, from an open store; DuckDB", ours, "duckdb cube", 25, 60)
    t.ratio("cube, ours with variances; DuckDB's estimates alone", ours, "duckdb estimates", 2, 5)
    t.ratio("CSV in, result file out, store kept; DuckDB", whole(times, "import", "cube"),
            whole(times, "duckdb load", "duckdb order", "duckdb cube", "duckdb write"))
    t.ratio("import, CSV to a finished store; DuckDB, CSV to typed memory, not ordered", "import", "duckdb load", 2)
    if "datatable" in peers:
        run_datatable(a, big, times)
    t.ratio("cube with variances, from an open store; data.table by hand", ours, "data.table cube", 20)
    t.ratio("CSV in, result file out, store kept; data.table, fread included", whole(times, "import", "cube"),
            whole(times, "data.table load", "data.table cube", "data.table write"), 10)
    if "survey" in peers:
        run_survey(a, middle, times)
    t.ratio(f"28 cells of 1 indicator, {middle.rows} rows, command with store; R svyby", "svyby", "survey svyby", 2000)
    t.ratio("the same; R svyby, a process a thread (multicore = TRUE)", "svyby", "survey svyby_multicore", 2000)
    t.ratio("the same; R svyby, PSUs made unique by R (nest = TRUE)", "svyby", "survey svyby_nest", 2000)
    run_sav(a, middle, times)
    if "readers" in peers:
        run_readers(a, middle, big, times)
    t.ratio("import, CSV to a finished store; R fread", "import", "R fread")
    t.ratio(f"import, SPSS file of {middle.rows} rows; a bare ReadStat loop", "sav", "readstat read", 0.77)
    t.ratio(f"import, SPSS file of {middle.rows} rows; haven::read_sav", "sav", "R read_sav")
    again = big.stages("the cube again, after the peers", CUBE)
    t.ratio("cube with variances measured again after the peers; DuckDB", (*again[EVERYTHING][:2], a.repeat), "duckdb cube")


def run(a):
    peers, times = present(a), Times()
    t = Table(a, times)
    big = Survey(a, "big", a.sizes["big"], a.countries)
    middle = Survey(a, "middle", a.sizes["middle"], a.countries)
    one = Survey(a, "one", a.sizes["one"], 1)
    print(f"{machine(a.build)}\n{versions(a, peers)}\n{a.threads} threads, {big.rows} rows, {big.csv.stat().st_size} bytes of CSV; "
          f"medians of {a.repeat}; {load()} before", flush=True)
    try:
        beside_peers(a, peers, big, middle, by_itself(a, big, middle, one, times, t), times, t)
    finally:
        t.print()
        print(f"{load()} after")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("build", type=pathlib.Path)
    p.add_argument("--rows", type=int, default=1000000)
    p.add_argument("--threads", type=int, default=os.cpu_count())
    p.add_argument("--repeat", type=int, default=5)
    p.add_argument("--peers")
    p.add_argument("--work", type=pathlib.Path)
    p.add_argument("--record", action="store_true")
    p.add_argument("--tiny", action="store_true")
    a = p.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench: ended before its end"))
    a.build = a.build.resolve()
    a.sizes, a.countries = {"big": a.rows, "middle": min(a.rows, 1000000), "one": 50000, "small": 20000}, 60
    if a.tiny:
        a.repeat, a.sizes, a.countries = 1, {"big": 20000, "middle": 10000, "one": 4000, "small": 20000}, 3
    with contextlib.ExitStack() as stack:
        a.work = (a.work or pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))).resolve()
        a.work.mkdir(exist_ok=True)
        stack.enter_context(contextlib.redirect_stdout(Record("bench", a.record)))
        run(a)


if __name__ == "__main__":
    main()
