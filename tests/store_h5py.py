#!/usr/bin/env python3
"""Reads a store with h5py, knowing docs/store.md and nothing of the engine.

    store_h5py.py path/to/store_sample

The sample is the data set of tests/unit/test_store_fixture.h; the values expected here are
written down a second time, by hand. Exit code 77: skipped, h5py is not there.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile

try:
    import h5py
    import numpy as np
except ImportError:
    print("skipped: no h5py for", sys.executable)
    sys.exit(77)


# -- the worked example of docs/store.md: the content checksum in Python -----------------

def type_text(tid):
    """The word for a type; members of an enum in the order in which the file has them."""
    if isinstance(tid, h5py.h5t.TypeEnumID):
        return "enum %s{%s}" % ("u" + str(8 * tid.get_size()), ",".join(
            "%s=%d" % (tid.get_member_name(i).decode(), tid.get_member_value(i))
            for i in range(tid.get_nmembers())))
    if isinstance(tid, h5py.h5t.TypeCompoundID):
        return "compound{%s}" % ",".join(
            "%s:%s" % (tid.get_member_name(i).decode(), type_text(tid.get_member_type(i)))
            for i in range(tid.get_nmembers()))
    if isinstance(tid, h5py.h5t.TypeStringID):
        return "string[%d]" % tid.get_size()
    return {"u1": "u8", "u2": "u16", "u4": "u32", "u8": "u64", "i4": "i32", "f8": "f64"}[
        tid.dtype.str[1:]]


def shape_text(shape):
    return "scalar" if shape == () else str(shape[0])


def describe(obj, path="/"):
    if isinstance(obj, h5py.Group):
        yield "group %s\n" % path
    else:
        yield "dataset %s %s %s\n" % (path, type_text(obj.id.get_type()), shape_text(obj.shape))
    for name in sorted(obj.attrs.keys()):
        if path == "/" and name == "content_sha256":
            continue
        a = h5py.h5a.open(obj.id, name.encode())
        value = np.zeros(a.shape, a.dtype)
        if value.size:
            a.read(value)
        yield "attribute %s %s %s %s\n" % (name, type_text(a.get_type()), shape_text(a.shape),
                                           hashlib.sha256(value.tobytes()).hexdigest())
    if isinstance(obj, h5py.Group):
        for name in sorted(obj.keys()):
            yield from describe(obj[name], path.rstrip("/") + "/" + name)


def content_sha256(f):
    return hashlib.sha256("".join(describe(f)).encode()).hexdigest()


# -- the checks ----------------------------------------------------------------------------

def equal(what, found, expected):
    if isinstance(found, np.ndarray):
        found = found.tolist()
    if found != expected:
        sys.exit("%s: found %r, expected %r" % (what, found, expected))


def check_sample(path):
    with h5py.File(path, "r") as f:
        equal("format", f.attrs["format"], b"ictstat-store")
        equal("version", int(f.attrs["format_version"]), 1)
        equal("survey", f.attrs["survey"], b"xyz2024")
        equal("units", f.attrs["units"], [b"individual", b"household"])
        ind = f["individual"]
        equal("variables", ind.attrs["variables"],
              [b"time_period", b"ref_area", b"sex", b"age_band", b"age", b"minutes", b"income",
               b"speed"])
        equal("rows", int(ind.attrs["n_rows"]), 11)
        equal("scope", ind.attrs["scope"], b"age >= 15")

        sex = ind["columns/sex"]
        equal("sex", sex[:], [0, 1, 0, 1, 255, 254, 253, 252, 251, 250, 1])
        equal("sex members", h5py.check_enum_dtype(sex.dtype),
              {"M": 0, "F": 1, "_missing": 255, "_dont_know": 254, "_refused": 253,
               "_not_asked": 252, "_not_applicable": 251, "_unlinked": 250})
        equal("sex codes", sex.attrs["codes"], [b"M", b"F"])
        equal("sex labels", sex.attrs["labels"], [b"Male", b"Female"])
        equal("sex conditions", sex.attrs["conditions"], [b"period_months=3", b"age_scope=15+"])
        equal("sex proxy", int(sex.attrs["proxy"]), 1)
        band = ind["columns/age_band"]
        equal("age_band", band.dtype.itemsize, 2)
        equal("age_band labels", [s.decode() for s in band.attrs["labels"]],
              ["Total", "15 to 24 years", "25 ans et plus \u00e9"])
        equal("age_band parents", band.attrs["parents"], [b"", b"_T", b"_T"])

        age = ind["columns/age"]
        marks = dict(zip(age.attrs["missing_values"].tolist(), age.attrs["missing_names"].tolist()))
        equal("marks", marks[253], b"refused")
        equal("age unit", age.attrs["unit"], b"years")
        equal("income", ind["columns/income"][:4], [-5, 100000, 2147483639, 0])
        equal("income marks", ind["columns/income"].attrs["missing_values"][:2],
              [2147483647, 2147483646])
        speed = ind["columns/speed"]
        equal("speed", speed[:2], [1.5, -0.0])
        equal("speed missing", np.isnan(speed[:]), [False] * 4 + [True] * 6 + [False])
        equal("speed kinds", speed[:].view("u8")[4:10], speed.attrs["missing_bits"].tolist())

        design = ind["design"]
        equal("psus", design["psu_first_row"][:], [0, 2, 6, 7, 11])
        equal("strata", design["stratum_first_psu"][:], [0, 2, 4])
        equal("fractions", design["fraction"][:], [0.25, 1.0])
        equal("weight sum", float(design["weight"][:].sum()), 1 + 2.5 + 0 + 1e9 + 6 + 0.125)
        equal("labels", design["stratum_label"].asstr()[:].tolist(), ["BR/11", "MX/2"])
        equal("lonely", design.attrs["lonely_psu"], b"adjust")
        equal("census", int(f["household/design"].attrs["census"]), 1)
        equal("no weight", "weight" in f["household/design"], False)

        equal("mapping", f["provenance/mapping"][()], b"survey: xyz2024\nunits: []\n")
        table = f["provenance/inputs"][:]
        equal("inputs", table["name"].tolist(), [b"individuals.csv", b"h\xc3\xb6usehold.sav"])
        equal("input rows", table["rows"], [11, 3])
        equal("report", f["provenance/report"].asstr()[:].tolist(),
              ["2 rows dropped: outside the scope", "", "1 unmatched household"])

        def check_dataset(name, obj):
            if isinstance(obj, h5py.Dataset):
                found = np.zeros(obj.shape, obj.id.dtype)
                if obj.size:
                    obj.id.read(h5py.h5s.ALL, h5py.h5s.ALL, found, obj.id.get_type())
                equal(name + " sha256", hashlib.sha256(found.tobytes()).hexdigest().encode(),
                      obj.attrs["sha256"])
                equal(name + " layout", (obj.chunks, obj.id.get_offset() % 64), (None, 0))

        f.visititems(check_dataset)
        equal("content", content_sha256(f).encode(), f.attrs["content_sha256"])


def run(*args):
    return subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)


def check_changed(tool, path, change, where):
    """What another program changes is found, and named."""
    copy = path + ".changed"
    shutil.copyfile(path, copy)
    with h5py.File(copy, "r+") as f:
        change(f)
    done = run(tool, "verify", copy)
    equal(where + " exit", done.returncode, 4)
    if where not in done.stdout.decode():
        sys.exit("'%s' is not in: %s" % (where, done.stdout.decode()))
    os.remove(copy)


def main():
    tool = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "sample.h5")
        equal("write", run(tool, "write", path).returncode, 0)
        check_sample(path)
        equal("verify", run(tool, "verify", path).returncode, 0)

        def set_weight(f):
            f["individual/design/weight"][2] = 7.0

        def set_proxy(f):
            f["individual/columns/sex"].attrs.modify("proxy", np.uint8(0))

        def set_title(f):
            f.attrs["title"] = "another"

        check_changed(tool, path, set_weight, "/individual/design/weight")
        check_changed(tool, path, set_proxy, "/: names, types, attributes")
        check_changed(tool, path, set_title, "/ attribute title")

        # Compressed for the post, a store still opens and has the same content.
        packed = os.path.join(folder, "packed.h5")
        if shutil.which("h5repack"):
            equal("h5repack", run("h5repack", "-f", "GZIP=6", "-l", "CHUNK=4", "-m", "1", path,
                                  packed).returncode, 0)
            with h5py.File(packed, "r") as f:
                equal("packed", f["individual/columns/sex"].compression, "gzip")
                equal("packed content", content_sha256(f).encode(), f.attrs["content_sha256"])
            done = run(tool, "verify", packed)
            equal("packed verify " + done.stdout.decode(), done.returncode, 0)
    print("ok: h5py", h5py.__version__)


main()
