#!/usr/bin/env python3
"""faults.py - a clean table of estimates made by hand, and one fault planted at a time: each is found
at its line by the rule that is meant for it, and by no other. Every rule has at least one fault.

    faults.py ICTSTAT"""
import csv
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HEADER = ("indicator,series,ref_area,time_period,sex,age,urbanisation,education_lev,item,composite_breakdown,estimate,unit_measure,"
          "unit_mult,se,cv,ci_low,ci_high,deff,df,n_unweighted,n_psu,n_strata,pop_weighted,obs_status,conf_status,nature,flags,source").split(",")


def row(indicator, estimate, year="2016", area="KEN", series="", item="_T", composite="_T", unit="PT", **more):
    r = dict.fromkeys(HEADER, "")
    r.update(indicator=indicator, series=series, ref_area=area, time_period=year, item=item, composite_breakdown=composite,
             estimate=estimate, unit_measure=unit, unit_mult="0", n_unweighted="0", n_psu="0", n_strata="0",
             obs_status="A", nature="C", source="hand")
    r.update(dict.fromkeys(("sex", "age", "urbanisation", "education_lev"), "_T"))
    r.update(more)
    return r


def clean():
    """Numbers by hand: 0.5 x 40 + 0.5 x 50 = 45; 0.4 x 60 + 0.6 x 35 = 45; ages 300 + 700 of 1000 people with 70 and 30,
    so that those in no band, none here, are none: 0.3 x 80 + 0.7 x 30 = 45."""
    use = dict(series="IT_USE_II99")
    survey = dict(se="1.5", cv="3.3", ci_low="42", ci_high="48", deff="1.2", df="30", n_unweighted="900", n_psu="40", n_strata="10")
    rows = [row("17.8.1", v, year=y, **use) for y, v in (("2012", "30"), ("2013", "33"), ("2014", "37"), ("2015", "41"))]
    rows += [row("17.8.1", "45", pop_weighted="1000", **use, **survey)]                       # 6
    rows += [row("17.8.1", "40", sex="F", pop_weighted="500", **use), row("17.8.1", "50", sex="M", pop_weighted="500", **use)]
    rows += [row("17.8.1", "60", urbanisation="U", pop_weighted="400", **use), row("17.8.1", "35", urbanisation="R", pop_weighted="600", **use)]
    rows += [row("17.8.1", "80", age="Y15T24", pop_weighted="300", **use), row("17.8.1", "30", age="Y25T74", pop_weighted="700", **use)]
    rows += [row("5.b.1", "62.5", series="IT_MOB_OWN"), row("5.b.1", "60.1", series="IT_MOB_OWN", sex="F"),
             row("5.b.1", "64.8", series="IT_MOB_OWN", sex="M")]                              # 13 to 15
    rows += [row("9.c.1-2G", "96.5", series="IT_MOB_2GNTWK"), row("9.c.1-3G", "85", series="IT_MOB_3GNTWK"),
             row("9.c.1-4G", "57", series="IT_MOB_4GNTWK"), row("9.c.1-5G", "3")]             # 16 to 19
    net = dict(series="IT_NET_BBNDN", unit="NUMBER")
    rows += [row("17.6.1-number", "1000", **net), row("17.6.1-number", "100", item="256k_to_2M", composite="IS_256KT2M", **net),
             row("17.6.1-number", "300", item="2M_to_10M", composite="IS_2MT10M", **net),
             row("17.6.1-number", "600", item="10M_and_more", composite="IS_GE10M", **net)]   # 20 to 23
    net = dict(series="IT_NET_BBND", unit="PER_100_POP")
    rows += [row("17.6.1", "2.5", **net), row("17.6.1", "0.2", item="256k_to_2M", composite="IS_256KT2M", **net),
             row("17.6.1", "0.9", item="2M_to_10M", composite="IS_2MT10M", **net),
             row("17.6.1", "1.4", item="10M_and_more", composite="IS_GE10M", **net)]          # 24 to 27
    rows += [row("HH11", "38", item="any"), row("HH11", "9", item="fixed_broadband")]         # 28, 29
    rows += [row("HH12", "25", item="daily"), row("HH12", "15.5", item="weekly"), row("HH12", "4.5", item="less")]  # 30 to 32
    skill = dict(series="SE_ADT_ACTS", composite="SKILL_ICTCPT")
    rows += [row("4.4.1", "21", item="copy_paste_computer", **skill), row("4.4.1", "20", sex="F", item="copy_paste_computer", **skill)]
    rows += [row("17.6.1-number", v, year=y, series="IT_NET_BBNDN", unit="NUMBER") for y, v in (("2014", "700"), ("2015", "830"))]
    rows += [row("4.4.1", "", year="2015", item="copy_paste_computer", obs_status="O", sex="_T", **skill)]  # 37: asked, not answered
    rows += [row("17.8.1", "28", year="2011", sex=s, **use) for s in ("M", "F")] + [row("17.8.1", "28", year="2011", **use)]
    rows += [row("17.8.1", "40.2", year="2016", area="1", nature="G", flags="coverage_low;imputed_carry", **use)]  # 41: the world
    for item, v in (("any", "90"), ("fixed", "12"), ("mobile", "88")):                        # 42 to 44
        rows.append(row("HH3", v, item=item))
    for name in ("information", "communication", "content", "safety", "problem_solving"):     # 45 to 59
        rows += [row("4.4.1-levels-11", v, year="2021", item=f"{name}_{level}") for level, v in (("none", "50"), ("basic", "30"), ("above_basic", "20"))]
    rows += [row("4.4.1-levels-11", v, year="2021", item=f"overall_{level}") for level, v in
             (("above_basic", "5"), ("basic", "10"), ("4_of_5", "15"), ("3_of_5", "20"), ("2_of_5", "20"), ("0_1_of_5", "30"))]  # 60 to 65
    rows += [row("T2.3-1", v, item=item) for item, v in (("2G", "80"), ("3G", "60"), ("4G", "30"))]  # 66 to 68
    rows += [row("ED5", v, item=item) for item, v in (("any", "50"), ("narrowband", "20"), ("broadband", "40"))]
    rows += [row("EG5", v, item=item) for item, v in (("any", "90"), ("narrowband", "2"), ("fixed_broadband", "85"))]
    rows += [row("T8.10-1", v, item=item) for item, v in (("either", "33"), ("banking", "21"), ("mobile_money", "25"))]  # 75 to 77
    return rows


def at(line, **cells):
    return lambda rows: rows[line - 2].update(cells) or line


def gone(line, found_at):
    def change(rows):
        del rows[line - 2]
        return found_at
    return change


def again(line, **cells):
    def change(rows):
        rows.append(dict(rows[line - 2], **cells))
        return len(rows) + 1
    return change


def sex_gap(rows):
    """Breakdowns by sex of 5.b.1 are taken away."""
    del rows[12:14]
    return 13


# Lines of the clean table whose year has no breakdown by sex, which is a note.
UNBROKEN = (2, 3, 4, 5, 37)

# rule, what is done, other rules that must speak too
FAULTS = [
    ("indicator-known", at(19, indicator="9.c.1-6G"), ()),
    ("indicator-known", at(16, series="IT_MOB_3GNTWK"), ()),
    ("area-known", at(41, ref_area="404"), ()),
    ("key-once", again(13), ()),
    ("key-once", again(13, estimate="63"), ()),
    ("unit", at(28, unit_measure="NUMBER"), ()),
    ("unit", at(28, unit_mult="3"), ()),
    ("share-0-100", at(33, estimate="120.5"), ()),
    ("share-0-100", at(33, estimate="-1"), ("not-negative",)),
    ("coverage-0-100", at(16, estimate="100.4"), ()),
    ("not-negative", at(24, estimate="-2.5"), ("speed-tiers-rate",)),
    ("se-not-negative", at(6, se="-1.5"), ()),
    ("ci-holds-estimate", at(6, ci_low="45.1"), ()),
    ("ci-holds-estimate", at(6, ci_high="44.9"), ()),
    ("counts-fit", at(6, n_psu="901"), ()),
    ("counts-fit", at(6, n_strata="41"), ()),
    ("n-for-se", at(28, se="1"), ()),
    ("gap-has-status", at(37, obs_status="A"), ()),
    ("gap-has-status", at(33, obs_status="O"), ()),
    ("obs-status-code", at(33, obs_status="Z"), ()),
    ("obs-status-code", at(33, obs_status=""), ()),
    ("conf-status-code", at(33, conf_status="secret"), ()),
    ("nature-code", at(33, nature="Country"), ()),
    ("axis-code", at(34, sex="X"), ()),
    ("axis-code", at(11, age="Y15T25"), ()),
    ("flag-known", at(41, flags="coverage_ok;coverage_bad"), ()),
    ("sdmx-constraint", at(25, composite_breakdown="SKILL_ICTCPT"), ()),
    ("item-of-its-time", at(34, time_period="2021"), ("total-there", "breakdown-by-sex")),
    ("total-there", gone(40, 38), ()),
    ("breakdown-by-sex", sex_gap, ("breakdown-by-sex",)),
    ("technology-cumulative", at(17, estimate="96.8"), ()),
    ("technology-cumulative", at(18, estimate="87"), ()),
    ("technology-5g-4g", at(19, estimate="60"), ()),
    ("internet-of-any-kind", at(29, estimate="40"), ()),
    ("telephone-of-any-kind", at(44, estimate="93"), ()),
    ("rural-technology-cumulative", at(68, estimate="62"), ()),
    ("schools-of-any-access", at(71, estimate="52"), ()),
    ("government-of-any-access", at(74, estimate="92"), ()),
    ("banking-or-money", at(77, estimate="35"), ()),
    ("levels-information", at(45, estimate="52"), ()),
    ("levels-communication", at(49, estimate="33"), ("@48",)),
    ("levels-content", at(53, estimate="18"), ("@51",)),
    ("levels-safety", at(54, estimate="56"), ()),
    ("levels-problem-solving", at(57, estimate="45"), ()),
    ("levels-overall", at(65, estimate="25"), ("@60",)),
    ("speed-tiers-number", at(22, estimate="310"), ("@20",)),
    ("speed-tiers-number", at(20, estimate="980"), ()),
    ("speed-tiers-rate", at(27, estimate="1.7"), ("@24",)),
    ("frequency-of-users", at(30, estimate="27"), ("@6",)),
    ("sexes", at(7, estimate="42"), ("@6",)),
    ("sexes", at(13, estimate="66"), ()),
    ("sexes", at(8, pop_weighted="600"), ("@6",)),
    ("urban-and-rural", at(9, estimate="66"), ("@6",)),
    ("ages", at(11, estimate="95"), ("@6",)),
    ("ages-ten-year", lambda rows: rows.append(row("17.8.1", "99", age="Y45T54", pop_weighted="900", series="IT_USE_II99")) or 6, ()),
    ("jump-in-share", at(2, estimate="58"), ("@3", "jump-in-share")),
    ("coverage-falls", lambda rows: rows.insert(0, row("9.c.1-3G", "94", year="2015", series="IT_MOB_3GNTWK")) or 18, ("breakdown-by-sex",)),
    ("jump-in-number", at(36, estimate="8300"), ("@36", "jump-in-number@20")),
]


def flags_of_the_engine():
    """The first words of its tables of flags: a new one that the rule does not know would be blamed."""
    for name in ("run/flags.c", "run/trend.c", "run/published.c", "group/aggregate.c"):
        text = (ROOT / "engine" / name).read_text()
        yield from re.findall(r'^ +\{(?:ICT_NOTE_\w+, )?"([a-z_]+)", "', text, re.M)
        yield from re.findall(r'#define FLAG +"([a-z_]+)"', text)
        yield from re.findall(r'(?:DIFFERS|INPUTS)\[\] = "([a-z_]+)"', text)
    yield from re.findall(r'{ICT_NOTE_\w+, "([a-z_]+)"', (ROOT / "engine/run/flags.c").read_text())


def findings(ictstat, rows, folder):
    path = folder / "est.csv"
    with open(path, "w", newline="") as f:
        writer = csv.DictWriter(f, HEADER, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    env = {**os.environ, "ICTSTAT_DATA": str(ROOT)}
    done = subprocess.run([ictstat, "validate", str(path), "-f", "json"], capture_output=True, text=True, env=env)
    if done.returncode not in (0, 4):
        return done.returncode, [("refused", 0, done.stderr)]
    return done.returncode, [(f["rule"], f["line"], f["found"]) for f in json.loads(done.stdout)["findings"]
                             if f["severity"] != "note" or f["line"] not in UNBROKEN]


def main(ictstat):
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        code, found = findings(ictstat, clean(), folder)
        if code != 0 or found:
            print("the clean table is not clean:", code, found)
            failed += 1
        for rule, change, others in FAULTS:
            rows = clean()
            line = change(rows)
            code, found = findings(ictstat, rows, folder)
            moved = [o for o in others if o.startswith("@")]
            if moved:
                line = int(moved[0][1:])
            wanted = {(rule, line)}
            also = {o.split("@")[0] for o in others if not o.startswith("@")}
            got = {(r, n) for r, n, _ in found}
            stray = {r for r, n in got - wanted if r not in also}
            note = rule == "breakdown-by-sex"
            if not wanted <= got or stray or code != (0 if note else 4):
                print(f"{rule} at line {line}: exit {code}, found {found}")
                failed += 1
        known = subprocess.run([ictstat, "validate", "--list", "-f", "csv"], capture_output=True, text=True,
                               env={**os.environ, "ICTSTAT_DATA": str(ROOT)}).stdout
        bare = {r["rule"] for r in csv.DictReader(known.splitlines())} - {f[0] for f in FAULTS}
        rules = (ROOT / "datasets/rules/standard.yaml").read_text()
        unknown = {f for f in flags_of_the_engine() if f not in re.findall(r"\w+", rules)}
        if unknown:
            print("flags that flag-known does not have:", ", ".join(sorted(unknown)))
            failed += 1
        if bare:
            print("rules without a fault:", ", ".join(sorted(bare)))
            failed += 1
    print(f"{len(FAULTS) + 3 - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
