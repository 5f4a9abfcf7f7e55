#!/usr/bin/env python3
"""rooms.py - keeps the house in order: which room may include which, one door a library.

A room is a folder of engine/. It includes only rooms before it in ORDER, and public headers
(include/ictstat/) that belong to itself or to such a room. An outside library is included
only by the rooms in DOORS. No two headers include each other in a circle."""
import pathlib
import re
import sys

ORDER = ("base data expr catalog source store calibrate intake admin cube abacus replicate estimate plan scan group judge publish run cluster cli").split()
DOORS = {  # header prefix: the one room that may include it
    "nettle/": "base", "zlib.h": "base", "omp.h": "base", "pthread.h": "base",
    "yaml.h": "catalog",
    "csv.h": "source", "readstat.h": "source", "iconv.h": "source",
    "hdf5.h": "store",
    "gsl/": "estimate",
    "mpi.h": "cluster",
}
ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
BELONGS = re.compile(r"Belongs to:\s*engine/(\w+)")
problems = []


def complain(path, line, text):
    problems.append(f"{path.relative_to(ROOT)}:{line}: {text}")


def owner_of_public(path):
    found = BELONGS.search(path.read_text())
    if not found or found.group(1) not in ORDER:
        complain(path, 1, "a public header must say `Belongs to: engine/ROOM`")
        return None
    return found.group(1)


public = {p.name: owner_of_public(p) for p in sorted((ROOT / "include/ictstat").glob("*.h"))}
graph = {}
files = sorted(ROOT.glob("engine/*/*.[ch]")) + sorted((ROOT / "include/ictstat").glob("*.h"))
for path in files + sorted(ROOT.glob("engine/*/*.def")):
    in_engine = path.parts[len(ROOT.parts)] == "engine"
    room = path.parent.name if in_engine else public[path.name]
    if room not in ORDER:
        complain(path, 1, f"'{room}' is not a room; rooms are listed in tools/rooms.py")
        continue
    text = path.read_text()
    for match in INCLUDE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        kind, name = match.groups()
        if kind == '"':
            target = name.split("/")[0]
            if target == "ictstat":
                target = public.get(name.split("/")[1])
            if target not in ORDER:
                complain(path, line, f'"{name}" is not below engine/ or include/')
            elif ORDER.index(target) > ORDER.index(room):
                complain(path, line, f"{room} may not include {target}: it comes later")
            if path.suffix == ".h":
                key = f"{room}/{path.name}" if in_engine else f"ictstat/{path.name}"
                graph.setdefault(key, []).append(name)
        for prefix, door in DOORS.items():
            if kind == "<" and name.startswith(prefix) and room != door:
                complain(path, line, f"<{name}> enters by {door} only")


def walk(name, trail, done):
    if name in trail:
        problems.append("headers include each other: " + " -> ".join(trail[trail.index(name):] + [name]))
        return
    if name in done:
        return
    for child in graph.get(name, []):
        walk(child, trail + [name], done)
    done.add(name)


seen = set()
for name in sorted(graph):
    walk(name, [], seen)
print("\n".join(problems) if problems else f"{len(files)} files in {len(ORDER)} rooms: order and doors hold")
sys.exit(1 if problems else 0)
