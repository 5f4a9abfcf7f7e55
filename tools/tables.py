#!/usr/bin/env python3
"""tables.py - a row without its file, its test or its page fails the check.

Every .def table makes declarations, lookups and help from its rows; this makes sure that each row
also has what cannot be made: a file of code, a test that names it, a line in the manual."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
problems = []


def rows(path, macro):
    """The name people know a row by: its first quoted text, else its first argument."""
    text = (ROOT / path).read_text()
    return [(re.search(r'"([^" ]+)"', m.group(1)) or re.search(r"(\w+)", m.group(1))).group(1)
            for m in re.finditer(rf"^{macro}\((.*)$", text, re.M)]


def need(ok, text):
    if not ok:
        problems.append(text)


tests = "\n".join(p.read_text(errors="replace") for p in ROOT.glob("tests/**/*")
                  if p.is_file() and p.suffix in {".c", ".py", ".sh", ""} and p.stat().st_size < 1 << 20)
docs = "\n".join(p.read_text() for p in ROOT.glob("docs/**/*.md"))

for command in rows("engine/cli/commands.def", "COMMAND"):
    name = command
    need((ROOT / f"engine/cli/cmd_{name}.c").exists(), f"command {name}: no engine/cli/cmd_{name}.c")
    need(f"ictstat {name}" in tests, f"command {name}: no test runs `ictstat {name}`")
for table, macro, where, what in (
        ("engine/publish/formats.def", "FORMAT", tests, "test"),
        ("engine/source/formats.def", "FORMAT", tests, "test"),
        ("engine/estimate/estimators.def", "ESTIMATOR", docs, "page in docs/"),
        ("engine/estimate/ci_methods.def", "CI", docs, "page in docs/"),
        ("engine/expr/functions.def", "ICT_OPERATION", docs, "page in docs/")):
    if not (ROOT / table).exists():
        problems.append(f"{table} is not there")
        continue
    found = rows(table, macro)
    need(found, f"{table}: no rows")
    for row in found:
        need(row.lower() in where.lower(), f"{table}: {row} has no {what}")
rules = (ROOT / "datasets/rules/standard.yaml").read_text()
for kind in rows("engine/judge/kinds.def", "RULE_KIND"):
    need((ROOT / f"engine/judge/kind_{kind}.c").exists(), f"kind of rule {kind}: no engine/judge/kind_{kind}.c")
    need(f"kind: {kind}\n" in rules, f"kind of rule {kind}: no rule of datasets/rules/standard.yaml has it")
    need(f"`{kind}`" in (ROOT / "docs/validate.md").read_text(), f"kind of rule {kind}: no line in docs/validate.md")
for path in sorted(ROOT.glob("indicators/**/*.yaml")):
    text = path.read_text()
    if text.startswith("ictstat: indicator/") or "\nictstat: indicator/" in text:
        where = path.relative_to(ROOT)
        for part in ("document", "version", "support"):  # whence, of when, how well founded
            need(re.search(rf"^source: .*\b{part}: ", text, re.M), f"{where}: no {part} in its source")
        need(re.search(r"^(measure|contrast|answered_by|not_computable):", text, re.M),
             f"{where}: neither a measure nor a word on why there is none")
need("tests/catalogue/run.py" in (ROOT / "tests/CMakeLists.txt").read_text().replace(
    "${CMAKE_CURRENT_SOURCE_DIR}/", "tests/"), "no test computes every entry of the catalogue")
print("\n".join(problems) if problems else "every row has its file, its test and its page")
sys.exit(1 if problems else 0)
