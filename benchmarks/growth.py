#!/usr/bin/env python3
"""growth.py - how time and memory grow with rows, with indicators, with margins and with threads.

Usage: growth.py BUILD [--rows N,N,...] [--only indicators,margins,threads] [--threads N] [--memory SIZE] [--work DIR] [--record] [--tiny]

  --rows     sizes of the survey (default 1000000,10000000,50000000,200000000)
  --only     what is asked besides growth with rows: with indicators and margins at the second size (or the only one), one thread
             beside all at every size (default all three; '' none)
  --memory   what an import may have of memory for columns (default 2G); the rest is in a temporary file
  --work     a folder with room for 220 bytes a row of the largest (200 million: 45 GB)
  --record   also write what is printed to benchmarks/results/DATE-growth.txt
  --tiny     everything once, on little data: that nothing here rots

One survey of each size is made, imported, computed from, and deleted before the next. Times are medians of five, of the
import and of the command one. `own` is the most memory the process had of its own (RssAnon): pages of mapped files are the kernel's, which
takes them back when it needs them. `power` is the exponent of growth from the size before: 1 is linear. Not a test."""
import argparse
import contextlib
import math
import os
import pathlib
import tempfile

from harness import Record, Watched, call, load, machine, stages

QUESTIONS = 14
EVERYTHING = "compute: all to a table"
PARTS = ("indicators", "margins", "threads")
AXES = ["sex", "urbanisation", "education", "age:five-year", "country"]
CUBE = ["cube(" + ",".join(AXES) + ")"]
TABLES = [*AXES, "country,sex", "country,urbanisation", "sex,age:five-year", "sex,urbanisation", "sex,education", "urbanisation,education"]


class Survey:
    def __init__(self, a, rows):
        self.a, self.rows, self.folder = a, rows, a.work / "growing"
        self.folder.mkdir(exist_ok=True)
        self.store = self.folder / "s.h5"

    def make(self):
        csv = self.folder / "persons.csv"
        self.making = Watched(self.a.build / "make_survey", self.rows, self.folder, self.a.countries)
        self.csv_bytes = csv.stat().st_size
        self.importing = Watched(self.a.build / "ictstat", "import", "-q", self.folder / "survey.yaml", "-o", self.store, "--memory", self.a.memory,
                                 "--threads", self.a.threads)
        self.bytes = self.store.stat().st_size
        csv.unlink()

    def extra(self, n):
        names = [f"q{k}.yaml" if k < QUESTIONS else f"pair{k - QUESTIONS}.yaml" for k in range(n)]
        return [self.folder / name for name in ("concepts.yaml", *names)]

    def stages(self, threads, indicators, by):
        return stages(call(self.a.build / "stages", self.store, threads, 0, *self.extra(indicators), "--", *by))

    def command(self, by):
        extra = [w for e in self.extra(QUESTIONS) for w in ("--extra", e)]
        by = [w for b in by for w in ("--by", b)]
        return Watched(self.a.build / "ictstat", "compute", "-q", self.store, *extra, "-i", ",".join(f"Q{k}" for k in range(QUESTIONS)), *by,
                       "--threads", self.a.threads, "-o", self.folder / "o.csv")

    def remove(self):
        for path in self.folder.iterdir():
            path.unlink()


def power(before, rows, seconds):
    """before: (rows, seconds) of the size before, or None."""
    return f"{math.log(seconds / before[1]) / math.log(rows / before[0]):5.2f}" if before else "     "


def show(words):
    print(words, flush=True)


def grow_with_rows(a):
    before = {}
    for rows in a.rows:
        survey = Survey(a, rows)
        survey.make()
        i = survey.importing
        show(f"\n{rows} rows: {survey.csv_bytes / 1e9:.2f} GB of CSV, store {survey.bytes / 1e9:.2f} GB, made in {survey.making.seconds:.0f} s; {load()}")
        show(f"  import        {i.seconds:9.2f} s  {1e6 * i.seconds / rows:7.3f} us/row  power {power(before.get('import'), rows, i.seconds)}"
             f"   {i.processor:8.1f} s of processor   own {i.anon / 1e6:6.0f} MB")
        before["import"] = rows, i.seconds
        for name, by in (("cube", CUBE), ("tables", TABLES)):
            many = survey.stages(a.threads, QUESTIONS, by)
            one = survey.stages(1, QUESTIONS, by) if "threads" in a.only else None
            for stage in ("read", "scan", EVERYTHING):
                key, seconds = f"{name}: {stage}", many[stage][0]
                beside = f"   one thread {one[stage][0]:9.4f} s, {one[stage][0] / seconds:4.2f} x" if one else ""
                show(f"  {key:<32} {seconds:9.4f} s  {1e9 * seconds / rows:7.1f} ns/row  power {power(before.get(key), rows, seconds)}{beside}")
                before[key] = rows, seconds
            w = survey.command(by)
            show(f"  {name + ': the command':<32} {w.seconds:9.4f} s{'':32} own {w.anon / 1e6:6.0f} MB")
        if rows == a.other_rows:
            if "indicators" in a.only:
                grow_with_indicators(a, survey)
            if "margins" in a.only:
                grow_with_margins(a, survey)
        survey.remove()


def tell(count, name, found, first):
    """first: of what was told before, or None."""
    scan, all_ = found["scan"][0], found[EVERYTHING][0]
    first = first or (scan, all_)
    show(f"  {count:4} {name:<10} scan {scan:9.4f} s  {scan / first[0]:6.2f} x the first   with estimates {all_:9.4f} s  {all_ / first[1]:6.2f} x")
    return first


def grow_with_indicators(a, survey):
    for title, by in (("publication tables", TABLES), ("the cube", CUBE)):
        show(f"\n  with indicators ({survey.rows} rows, {title}, {a.threads} threads; 1 to {QUESTIONS} are questions, the rest of two each)")
        first = None
        for n in (1, 2, 4, 8, 14, 28):
            first = tell(n, "indicators", survey.stages(a.threads, n, by), first)


def grow_with_margins(a, survey):
    show(f"\n  with margins ({survey.rows} rows, {QUESTIONS} indicators, {a.threads} threads)")
    first = None
    for n in range(len(AXES) + 1):
        first = tell(2 ** n, "margins", survey.stages(a.threads, QUESTIONS, [f"cube({','.join(AXES[:n])})"] if n else []), first)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("build", type=pathlib.Path)
    p.add_argument("--rows", default="1000000,10000000,50000000,200000000")
    p.add_argument("--only", default=",".join(PARTS))
    p.add_argument("--threads", type=int, default=os.cpu_count())
    p.add_argument("--memory", default="2G")
    p.add_argument("--work", type=pathlib.Path)
    p.add_argument("--record", action="store_true")
    p.add_argument("--tiny", action="store_true")
    a = p.parse_args()
    a.build = a.build.resolve()
    a.rows, a.countries = [10000, 20000] if a.tiny else [int(n) for n in a.rows.split(",")], 3 if a.tiny else 60
    a.only = [part for part in a.only.split(",") if part]
    if unknown := [part for part in a.only if part not in PARTS]:
        p.error(f"--only: {unknown[0]!r} is none of {', '.join(PARTS)}")
    a.other_rows = a.rows[1] if len(a.rows) > 1 else a.rows[0]
    with contextlib.ExitStack() as stack:
        a.work = (a.work or pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))).resolve()
        a.work.mkdir(exist_ok=True)
        stack.enter_context(contextlib.redirect_stdout(Record("growth", a.record)))
        show(f"{machine(a.build)}\n{a.threads} threads, {QUESTIONS} indicators, import --memory {a.memory}; {load()} before")
        grow_with_rows(a)
        show(load() + " after")


if __name__ == "__main__":
    main()
