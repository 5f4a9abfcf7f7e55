#!/usr/bin/env python3
"""groups.py DOMAIN - makes the memberships in datasets/groups/ from the collected country facts
(countries.csv and sdmx_area_groups.csv of the shared domain folder).

Written by hand and left alone here: sets.csv, coverage.csv, imputation.csv, refused.csv, sources.csv."""
import csv
import pathlib
import sys

OUT = pathlib.Path(__file__).resolve().parent.parent / "datasets/groups"
DOMAIN = pathlib.Path(sys.argv[1])
COUNTRIES = list(csv.DictReader(open(DOMAIN / "countries.csv", encoding="utf-8-sig")))
CL_AREA = {r["cl_area_code"]: r["name_en"] for r in csv.DictReader(open(DOMAIN / "sdmx_area_groups.csv", encoding="utf-8-sig"))}
OUTSIDE_M49 = {"TWN", "XKX"}  # placed by us where UNSD shows them
LDC_JOINED = {"TLS": "2003-12-23", "SSD": "2012-12-18"}
ITU = {"Africa": "ITU_AFR", "Americas": "ITU_AMS", "Arab States": "ITU_ARB", "Asia-Pacific": "ITU_ASP",
       "CIS": "ITU_CIS", "Europe": "ITU_EUR"}
ITU_READ = {"MDG", "DOM", "MRT", "KHM", "ARM", "AZE", "BLR", "KAZ", "KGZ", "RUS", "TJK", "TKM", "UZB"}
INCOME = {"HIC": "High income", "UMC": "Upper middle income", "LMC": "Lower middle income", "LIC": "Low income"}
groups = []  # (set, group, title)


def write(name, header, rows):
    with open(OUT / name, "w", newline="") as f:
        writer = csv.writer(f, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def members(name, rows, titles):
    """rows: (group, iso3, from, until, status, source, note)"""
    rows = sorted(rows, key=lambda r: (r[0].zfill(4), r[1]))
    write(f"{name}.csv", ["group", "iso3", "from", "until", "status", "source", "note"], rows)
    for group in sorted({r[0] for r in rows}, key=lambda g: g.zfill(4)):
        groups.append((name, group, CL_AREA.get(group, titles.get(group, group)), group if group in CL_AREA else ""))


def area_rows(pairs):
    """(code, title) pairs of each country: M49 numbers, read in the UNSD table unless it leaves the area out."""
    rows, titles = [], {}
    for country in COUNTRIES:
        for code, title in pairs(country):
            code = code.lstrip("0")
            if not code:
                continue
            titles[code] = title
            rows.append((code, country["iso3"], country))
    return rows, titles


def is_set(country, column):
    return country[column] == "1"


members("world", [("1", c["iso3"], "", "", "I" if c["iso3"] in OUTSIDE_M49 else "V", "m49-2024", "") for c in COUNTRIES], {})

rows, titles = area_rows(lambda c: [(c["m49_region_code"], c["m49_region"]), (c["m49_subregion_code"], c["m49_subregion"]),
                                    (c["m49_intermediate_code"], c["m49_intermediate"])])
members("m49", [(g, i, "", "", "I" if i in OUTSIDE_M49 else "V", "m49-2024", "") for g, i, _ in rows], titles)

split = {"Australia and New Zealand": "53", "Oceania (exc. Australia and New Zealand)": "543"}
rows, titles = area_rows(lambda c: [(c["sdg_region_code"], c["sdg_region"]),
                                    (split.get(c["sdg_oceania_split"], ""), c["sdg_oceania_split"])])
members("sdg-region", [(g, i, "", "", "I", "sdg-from-m49", "") for g, i, _ in rows], titles)

members("itu-region", [(ITU[c["itu_region"]], c["iso3"], "", "",
                        "I" if c["itu_region_basis"] == "derived_geographic" else "V" if c["iso3"] in ITU_READ else "G",
                        "itu-placed" if c["itu_region_basis"] == "derived_geographic" else "itu-regions",
                        c["note"] if c["note"].startswith("In ITU") else "")
                       for c in COUNTRIES if c["itu_region"]], {v: k + " (ITU)" for k, v in ITU.items()})

rows = []
for c in COUNTRIES:
    until = c["ldc_graduated_on"]
    if not is_set(c, "ldc") and not until:
        continue
    if until and until < "2004":  # before the years this set is known for
        continue
    note = f"graduation scheduled for {c['ldc_graduation_scheduled']}" if c["ldc_graduation_scheduled"] else ""
    joined = LDC_JOINED.get(c["iso3"], "")
    status = "G" if joined or (until and c["iso3"] != "STP") else "V"
    rows.append(("199", c["iso3"], joined, until, status, "ldc-cdp" if c["iso3"] == "STP" else "ldc-dates" if status == "G" else "m49-2024", note))
members("ldc", rows, {})

members("lldc", [("432", c["iso3"], "", "", "V", "m49-2024", "") for c in COUNTRIES if is_set(c, "lldc")], {})
members("sids", [("722", c["iso3"], "", "", "V", "m49-2024", "") for c in COUNTRIES if is_set(c, "sids_m49")], {})
members("sids-un", [("SIDS_UN", c["iso3"], "", "", "V", "sids-opec-2024", "") for c in COUNTRIES if is_set(c, "sids_un_state")],
        {"SIDS_UN": "Small island developing States (39 States)"})
members("income", [("WB_" + c["wb_income_fy26"], c["iso3"], "2025-07-01", "2026-07-01", "V", "wb-fy26", "")
                   for c in COUNTRIES if c["wb_income_fy26"] in INCOME], {"WB_" + k: v + " (World Bank)" for k, v in INCOME.items()})

write("groups.csv", ["set", "group", "title", "cl_area"], groups)
