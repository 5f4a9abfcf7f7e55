#!/usr/bin/env python3
"""run.py - golden cases: one small folder each.

A case is tests/golden/NAME/ with
    cmd    shell text, run in a scratch copy of the folder; `ictstat` is the program
    out    its standard output, exactly (absent: not looked at)
    err    its standard error, exactly (absent: must be empty)
    exit   its exit code (absent: 0)
and whatever files the command reads. Nothing here is written by hand: `run.py BINARY --accept
NAME...` writes out, err and exit from what happened, and the reviewer reads the diff.

The demo survey stands at $DEMO (its folder) and $DEMO_STORE (imported once)."""
import argparse
import concurrent.futures
import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def run_case(case, env):
    with tempfile.TemporaryDirectory() as scratch:
        work = pathlib.Path(scratch) / "case"
        shutil.copytree(case, work, ignore=shutil.ignore_patterns("cmd", "out", "err", "exit"))
        done = subprocess.run(["bash", "-c", (case / "cmd").read_text()], cwd=work, env=env,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    text = lambda b: b.decode("utf-8", "replace").replace(scratch, "SCRATCH").replace(str(ROOT), "ROOT")
    return {"out": text(done.stdout), "err": text(done.stderr), "exit": f"{done.returncode}\n"}


def wanted(case, name):
    path = case / name
    if path.exists():
        return path.read_text()
    return {"out": None, "err": "", "exit": "0\n"}[name]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--accept", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_intermixed_args()
    cases = sorted(p.parent for p in HERE.glob("*/cmd"))
    if options.names:
        cases = [c for c in cases if c.name in options.names]
    binary = pathlib.Path(options.binary).resolve()
    with tempfile.TemporaryDirectory() as shared:
        bin_dir = pathlib.Path(shared) / "bin"
        bin_dir.mkdir()
        (bin_dir / "ictstat").symlink_to(binary)
        env = {**os.environ, "PATH": f"{bin_dir}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8",
               "ICTSTAT_DATA": str(ROOT), "DEMO": str(ROOT / "datasets/demo"),
               "DEMO_STORE": f"{shared}/demo.h5"}
        subprocess.run(["ictstat", "import", "-q", f"{env['DEMO']}/demo.yaml", "-o", env["DEMO_STORE"]],
                       env=env, check=True)
        with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            results = list(pool.map(lambda c: run_case(c, env), cases))
        results = [{k: v.replace(shared, "SHARED") for k, v in r.items()} for r in results]
    failed = 0
    for case, got in zip(cases, results):
        if options.accept:
            for name, default in (("out", None), ("err", ""), ("exit", "0\n")):
                if got[name] != default and not (name == "out" and not got[name]):
                    (case / name).write_text(got[name])
                elif (case / name).exists():
                    (case / name).unlink()
            continue
        bad = [n for n in ("out", "err", "exit") if wanted(case, n) is not None and wanted(case, n) != got[n]]
        # The law of all messages: a refusal says what was expected or how to mend it.
        mute = got["exit"] in ("2\n", "3\n") and not re.search("^  (expected|fix): ", got["err"], re.M)
        failed += bool(bad or mute)
        if mute:
            print(f"--- {case.name}: refuses, and says neither what was expected nor how to mend it")
        for name in bad:
            print(f"--- {case.name}: {name}")
            sys.stdout.writelines(difflib.unified_diff(wanted(case, name).splitlines(True),
                                                       got[name].splitlines(True), "wanted", "got"))
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
