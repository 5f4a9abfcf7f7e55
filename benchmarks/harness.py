"""harness.py - what bench.py and growth.py share: commands run and watched, times and their spread, the machine in words.

Nothing here knows a benchmark. Times are of the wall clock; spread is (slowest - fastest) / median."""
import contextlib
import datetime
import io
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
STAGE = re.compile(r"^(.+?)\s+([\d.]+) s +([\d.]+) s +(\d+) % +([\d.]+) s user +([\d.]+) M rows/s +(\d+) MB/s")


def call(*words, cwd=None):
    done = subprocess.run([*map(str, words)], capture_output=True, text=True, cwd=cwd, env={**os.environ, "ICTSTAT_DATA": str(ROOT)})
    if done.returncode:
        sys.exit(f"bench: {' '.join(map(str, words))[:200]}\n{done.stderr}")
    return done.stdout


def timed(*words, cwd=None):
    start = time.monotonic()
    call(*words, cwd=cwd)
    return time.monotonic() - start


class Watched:
    """A command run to its end: seconds, seconds of processor, and the most memory of its own (RssAnon, without pages of
    mapped files), looked at every 5 ms."""

    def __init__(self, *words):
        start, self.anon = time.monotonic(), 0
        before = os.times()
        with subprocess.Popen([*map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              env={**os.environ, "ICTSTAT_DATA": str(ROOT)}) as process:
            over = threading.Event()
            watcher = threading.Thread(target=self.watch, args=(process.pid, over))
            watcher.start()
            _, err = process.communicate()
            over.set()
            watcher.join()
        self.seconds = time.monotonic() - start
        after = os.times()
        self.processor = after.children_user + after.children_system - before.children_user - before.children_system
        if process.returncode:
            sys.exit(f"bench: {' '.join(map(str, words))[:200]}\n{err}")

    def watch(self, pid, over):
        while not over.wait(0.005):
            with contextlib.suppress(OSError), open(f"/proc/{pid}/status") as f:
                for line in f:
                    if line.startswith("RssAnon"):
                        self.anon = max(self.anon, 1024 * int(line.split()[1]))


class Times:
    """Seconds by name, one by one or as "name seconds" lines and the lines of timing.h give them."""

    def __init__(self):
        self.of = {}

    def add(self, name, *seconds):
        self.of.setdefault(name, []).extend(seconds)

    def lines(self, who, text):
        for line in text.splitlines():
            words = line.split()
            if len(words) == 2:
                self.add(f"{who} {words[0]}", float(words[1]))

    def median(self, name):
        return statistics.median(self.of[name])

    def spread(self, name):
        return (max(self.of[name]) - min(self.of[name])) / self.median(name)


def stages(text):
    """The lines of timing.h: {name: (median, spread, user)}."""
    found = (STAGE.match(line) for line in text.splitlines())
    return {m[1].strip(): (float(m[2]), float(m[4]) / 100, float(m[5])) for m in found if m}


def machine(build):
    """Commit, processor, memory, compiler: lines to stand above figures."""
    git = ["git", "-C", ROOT]
    commit = subprocess.run([*git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip() or "unknown"
    if subprocess.run([*git, "status", "--porcelain", "-uno", "--", ".", ":!benchmarks/results"], capture_output=True, text=True).stdout.strip():
        commit += " and changes"
    info = open("/proc/cpuinfo").read()
    model = re.search(r"model name\s*: (.*)", info)
    simd = next((n for f, n in (("avx512f", "AVX-512"), ("avx2", "AVX2")) if f in info), "")
    total = int(re.search(r"MemTotal:\s*(\d+)", open("/proc/meminfo").read())[1]) / 1e6
    compiler = re.search(r"CMAKE_C_COMPILER:\w+=(.*)", (build / "CMakeCache.txt").read_text())
    version = subprocess.run([compiler[1], "-dumpfullversion"], capture_output=True, text=True).stdout.strip() if compiler else ""
    kind = re.search(r"CMAKE_BUILD_TYPE:\w+=(.*)", (build / "CMakeCache.txt").read_text())
    return (f"{datetime.date.today()}, commit {commit}, {os.cpu_count()} cores, {model[1] if model else platform.machine()} {simd}, "
            f"{total:.0f} GB, {platform.system()} {platform.release().split('-')[0]}, {pathlib.Path(compiler[1]).name if compiler else ''} "
            f"{version} {kind[1] if kind else ''}")


def load():
    return f"load {os.getloadavg()[0]:.1f}"


class Record(io.TextIOBase):
    """What is printed, also into benchmarks/results/DATE-NAME.txt where it is to be kept."""

    def __init__(self, name, keep):
        self.out, self.file = sys.stdout, None
        if keep:
            self.path = ROOT / "benchmarks/results" / f"{datetime.date.today()}-{name}.txt"
            self.file = open(self.path, "w")

    def write(self, text):
        for f in filter(None, (self.out, self.file)):
            f.write(text)
            f.flush()
        return len(text)
