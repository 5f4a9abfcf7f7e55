"""bench.py - what the programs of laws share: the list of laws, calls of the program, and the run of them all."""
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
LAWS = []


def law(function):
    LAWS.append(function)
    return function


class Bench:
    """The program, and a folder for one law; `folder()` makes one more below it."""

    def __init__(self, ictstat, scratch):
        self.ictstat, self.scratch, self.n = str(pathlib.Path(ictstat).resolve()), scratch, 0

    def run(self, *words):
        return subprocess.run([self.ictstat, *map(str, words)], capture_output=True, text=True)

    def call(self, *words):
        done = self.run(*words)
        if done.returncode:
            raise AssertionError(f"ictstat {' '.join(map(str, words))}: {done.stderr}")
        return done.stdout

    def folder(self):
        self.n += 1
        return self.scratch / f"survey-{self.n}"


def judge_all(make):
    """Every law with a bench of its own, `make(folder)`; exit 1 where one does not hold."""
    failed = 0
    for check in LAWS:
        with tempfile.TemporaryDirectory() as scratch:
            try:
                check(make(pathlib.Path(scratch)))
                print(f"ok    {check.__name__}")
            except AssertionError as problem:
                failed += 1
                print(f"FAIL  {check.__name__}: {problem}")
    print(f"{len(LAWS) - failed} passed, {failed} failed")
    sys.exit(failed > 0)
