#!/usr/bin/env python3
"""run.py - one computation by many processes: the bytes of one, or nothing and a word why.

Usage: run.py ICTSTAT. Needs mpirun; the test of two hosts needs root and `ip` besides, and makes two network
namespaces of its own. What cannot be tried is passed over with a word."""
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
ENV = {**os.environ, "ICTSTAT_DATA": str(ROOT), "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
MAPPING = """ictstat: mapping/1
survey: {id: CLUSTER, title: Many rows, area: XAA, period: 2024}
files: {p: {path: p.csv, delimiter: ","}}
units:
  individual:
    file: p
    design: {strata: stratum, psu: psu, weight: w}
    variables: {sex: {from: sex, map: {1: M, 2: F}}, age: {from: age}, sold: {from: sold}, net: {from: net, map: {1: Y, 0: N}}}
concepts:
  net: {title: Net, type: code, codes: CL_YES_NO}
  sold: {title: Sold, type: real, unit: USD}
"""
CONCEPTS = """ictstat: concepts/1
concepts:
  net: {title: Net, type: code, codes: CL_YES_NO}
  sold: {title: Sold, type: real, unit: USD}
"""
INDICATOR = """ictstat: indicator/1
id: {id}
title: {id}
framework: test
unit: individual
measure: {measure}
numerator: {numerator}
sdmx: {{unit_measure: {unit}}}
source: {{document: tests/cluster/run.py, version: "1", support: verified}}
"""


def survey(folder, rows=200000):
    """Three chunks and a bit; strata and PSUs of unequal size, values missing."""
    draw = random.Random(7)
    with (folder / "p.csv").open("w") as f:
        f.write("stratum,psu,w,sex,age,sold,net\n")
        psu = left = 0
        for _ in range(rows):
            if left == 0:
                psu, left = psu + 1, draw.randrange(1, 90)
            left -= 1
            net = draw.choice(("1", "0", "0", ""))
            f.write(f"{psu % 40},{psu},{draw.uniform(1, 900):.3f},{draw.randrange(1, 3)},{draw.randrange(95)},"
                    f"{draw.uniform(0, 1e4):.2f},{net}\n")
    (folder / "m.yaml").write_text(MAPPING)
    (folder / "c.yaml").write_text(CONCEPTS)
    (folder / "share.yaml").write_text(INDICATOR.format(id="N1", measure="proportion", numerator='net = "Y"', unit="PT"))
    (folder / "mean.yaml").write_text(INDICATOR.format(id="N2", measure="mean", numerator="sold", unit="USD"))
    (folder / "median.yaml").write_text(INDICATOR.format(id="N3", measure="median", numerator="sold", unit="USD"))


class Case:
    def __init__(self, ictstat, folder):
        self.ictstat, self.folder, self.out = ictstat, folder, folder / "out.csv"

    def call(self, *words, before=(), **more):
        return subprocess.run([*map(str, before), *map(str, words)], env=ENV, capture_output=True, text=True,
                              cwd=self.folder, timeout=120, **more)

    def compute(self, store="s.h5", indicators="N1"):
        return [self.ictstat, "compute", "-q", store, "--extra", "c.yaml", "--extra", "share.yaml", "--extra", "mean.yaml",
                "--extra", "median.yaml", "-i", indicators, "--by", "cube(sex,age:five-year)", "--threads", "1", "-o", self.out]

    def left_over(self):
        return sorted(p.name for p in self.folder.iterdir() if p.name.startswith((".", "out")))


def same_bytes_for_any_number(case):
    # By the abacus; by the cube; a quantile between sums, which process 0 makes alone; under replicates.
    for indicators, options, numbers in (("N1", [], (1, 2, 3, 4)), ("N1,N2", [], (1, 2, 3, 4)), ("N1,N3", [], (2, 3)),
                                         ("N1,N2", ["--replicates", "bootstrap:5"], (2, 3)), ("N1", ["--replicates", "jkn"], (3,))):
        case.out.unlink(missing_ok=True)
        alone = case.call(*case.compute(indicators=indicators), *options)
        assert alone.returncode == 0, alone.stderr
        want = case.out.read_bytes()
        assert want.count(b"\n") > 50
        for n in numbers:
            case.out.unlink()
            done = case.call("mpirun", "--oversubscribe", "-n", n, *case.compute(indicators=indicators), *options)
            assert done.returncode == 0, done.stderr
            assert case.out.read_bytes() == want, f"{n} processes, {indicators} {options}"
    case.out.unlink()


def a_store_that_one_cannot_open(case):
    done = case.call("mpirun", "--oversubscribe", "-n", 1, *case.compute(), ":", "-n", 1, *case.compute("gone.h5"))
    assert done.returncode != 0
    assert "process 1 of 2 on" in done.stderr and "gone.h5: error: cannot open" in done.stderr, done.stderr
    assert case.left_over() == [], case.left_over()


def another_store_on_one_machine(case):
    (case.folder / "m2.yaml").write_text(MAPPING.replace("id: CLUSTER", "id: OTHER"))
    assert case.call(case.ictstat, "import", "-q", "m2.yaml", "-o", "other.h5").returncode == 0
    done = case.call("mpirun", "--oversubscribe", "-n", 1, *case.compute(), ":", "-n", 1, *case.compute("other.h5"))
    assert done.returncode != 0
    assert "process 1 of 2 on" in done.stderr and "has another store than process 0" in done.stderr, done.stderr
    assert case.left_over() == [], case.left_over()


def other_replicates_on_one_machine(case):
    words = [":", "-n", 1, *case.compute(), "--replicates", "bootstrap:5", "--seed"]
    done = case.call("mpirun", "--oversubscribe", *words[1:], 1, *words, 2)
    assert done.returncode != 0
    assert "process 1 of 2 on" in done.stderr and "has another catalogue or request than process 0" in done.stderr, done.stderr
    assert case.left_over() == [], case.left_over()


def a_plan_that_one_cannot_make(case):
    """Whichever it is, nobody waits for it."""
    other = [*case.compute()[:-6], "--by", "nothing", *case.compute()[-4:]]
    for commands in ((case.compute(), other, case.compute()), (other, case.compute(), case.compute())):
        words = [w for command in commands for w in (":", "-n", 1, *command)][1:]
        done = case.call("mpirun", "--oversubscribe", *words)
        assert done.returncode != 0 and "no breakdown 'nothing'" in done.stderr, done.stderr
        assert ("process 1 of 3 on" in done.stderr) == (commands[1] is other), done.stderr
        assert case.left_over() == [], case.left_over()


def a_process_that_dies(case):
    """Stopped before it has sent anything, then killed: the job ends, and leaves nothing."""
    job = subprocess.Popen(["mpirun", "--oversubscribe", "-n", "3", *map(str, case.compute())], env=ENV, cwd=case.folder,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    victim = None
    while victim is None and job.poll() is None:
        for entry in pathlib.Path("/proc").glob("[0-9]*/environ"):
            try:
                if b"OMPI_COMM_WORLD_RANK=2\0" in entry.read_bytes() and str(case.folder) == os.readlink(entry.parent / "cwd"):
                    victim = int(entry.parent.name)
            except OSError:
                continue
        time.sleep(0.002)
    if victim is not None:
        os.kill(victim, signal.SIGSTOP)
        time.sleep(0.3)
        os.kill(victim, signal.SIGKILL)
    _, err = job.communicate(timeout=120)
    assert job.returncode != 0, "the job went on without one of its processes"
    assert "signal 9" in err, err
    assert case.left_over() == [], case.left_over()


def other_commands(case):
    done = case.call("mpirun", "--oversubscribe", "-n", 2, case.ictstat, "import", "m.yaml", "-o", "out.h5")
    assert done.returncode == 2 and "under mpirun only `compute` can be used" in done.stderr, done.stderr
    assert done.stderr.count("ictstat: error") == 1
    assert case.left_over() == [], case.left_over()


AGENT = """#!/bin/sh
# Stands for ssh: HOST COMMAND.
while [ "${1#-}" != "$1" ]; do shift; done
shift
exec ip netns exec ictstat-b unshare -u sh -c "hostname ictstat-b; $*"
"""


def two_hosts(case):
    if os.geteuid() != 0 or not shutil.which("ip") or not shutil.which("unshare"):
        return "no root, or no `ip`: not tried"
    net = ["netns", "add", "ictstat-a"], ["netns", "add", "ictstat-b"], \
        ["link", "add", "ictva", "netns", "ictstat-a", "type", "veth", "peer", "name", "ictvb", "netns", "ictstat-b"], \
        ["-n", "ictstat-a", "addr", "add", "10.77.0.1/24", "dev", "ictva"], ["-n", "ictstat-a", "link", "set", "ictva", "up"], \
        ["-n", "ictstat-b", "addr", "add", "10.77.0.2/24", "dev", "ictvb"], ["-n", "ictstat-b", "link", "set", "ictvb", "up"], \
        ["-n", "ictstat-a", "link", "set", "lo", "up"], ["-n", "ictstat-b", "link", "set", "lo", "up"]
    agent = case.folder / "agent.sh"
    agent.write_text(AGENT)
    agent.chmod(0o755)
    try:
        for words in net:
            if case.call("ip", *words).returncode != 0:
                return "network namespaces cannot be made here: not tried"
        assert case.call(*case.compute()).returncode == 0
        want = case.out.read_bytes()
        case.out.unlink()
        shared = ["--mca", "plm_rsh_agent", agent, "--mca", "btl", "tcp,self", "--mca", "btl_tcp_if_include", "10.77.0.0/24",
                  "--mca", "oob_tcp_if_include", "10.77.0.0/24"]
        command = ["mpirun", "--host", "10.77.0.1:1,10.77.0.2:1", "-n", "2", *shared, *case.compute()]
        done = case.call("ip", "netns", "exec", "ictstat-a", "unshare", "-u", "sh", "-c",
                         'hostname ictstat-a; exec "$@"', "sh", *command)
        assert done.returncode == 0, done.stderr
        assert case.out.read_bytes() == want
    finally:
        for name in ("ictstat-a", "ictstat-b"):
            case.call("ip", "netns", "del", name)
    return None


def main():
    ictstat = pathlib.Path(sys.argv[1]).resolve()
    if not shutil.which("mpirun") or not ictstat.with_name("ictstat-mpi").exists():
        print("no mpirun, or no ictstat-mpi: skipped")
        return 0
    failed = passed = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        survey(folder)
        case = Case(ictstat, folder)
        done = case.call(ictstat, "import", "-q", "m.yaml", "-o", "s.h5")
        if done.returncode:
            print(done.stderr)
            return 1
        for test in (same_bytes_for_any_number, a_store_that_one_cannot_open, another_store_on_one_machine,
                     other_replicates_on_one_machine, a_plan_that_one_cannot_make, a_process_that_dies, other_commands, two_hosts):
            case.out.unlink(missing_ok=True)
            try:
                word = test(case)
                print(f"ok    {test.__name__}" + (f" ({word})" if word else ""))
                passed += 1
            except (AssertionError, subprocess.TimeoutExpired) as why:
                print(f"FAIL  {test.__name__}: {why}")
                failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
