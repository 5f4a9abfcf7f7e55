#!/usr/bin/env python3
"""large.py - laws of a survey that takes several chunks: the same bytes for any number of threads and
on any machine, and the benchmark of the stages runs.

Usage: large.py ICTSTAT MAKE_SURVEY STAGES. The survey is benchmarks/make_survey.c's, 150,000 rows."""
import os
import pathlib
import subprocess
import sys
import tempfile

CUBE = "cube(country,sex,age:five-year,urbanisation,education)"


def call(*words, **environment):
    done = subprocess.run([str(w) for w in words], capture_output=True, env={**os.environ, **environment})
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, words))}: {done.stderr.decode()}")
    return done.stdout


def main(ictstat, make_survey, stages):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        store = folder / "s.h5"
        call(make_survey, 150000, folder, 3)
        call(ictstat, "import", "-q", folder / "survey.yaml", "-o", store)
        files = sorted(folder.glob("q*.yaml")) + [folder / "concepts.yaml"]
        extra = [w for f in files for w in ("--extra", f)]
        ids = ",".join(f"Q{k}" for k in range(14))
        compute = [ictstat, "compute", "-q", store, *extra, "-i", ids, "--by", CUBE, "-f", "csv"]
        want = call(*compute, "--threads", 1)
        assert want.count(b"\n") > 30000
        failed = []
        for threads in (2, 3, 8):
            if call(*compute, "--threads", threads) != want:
                failed.append(f"{threads} threads give other bytes")
        for level in ("baseline", "avx2", "avx512"):
            if call(*compute, "--threads", 2, ICTSTAT_SIMD=level) != want:
                failed.append(f"ICTSTAT_SIMD={level} gives other bytes")
        call(stages, store, 2, 1, *files, "--", CUBE)
        for line in failed:
            print(line)
        print(f"{7 - len(failed)} passed, {len(failed)} failed")
        return 1 if failed else 0


sys.exit(main(*sys.argv[1:]))
