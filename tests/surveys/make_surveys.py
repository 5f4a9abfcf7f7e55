#!/usr/bin/python3
"""Make files like those that known surveys give away: their variable names, types and codes, invented people.

    make_surveys.py FOLDER CSV_TO_STAT ROOT

The mappings of these surveys (datasets/mappings/) cannot be tested on the real files, which are not
ours to ship. Their files are made here instead, small, and with every code a mapping names: CSV, and
SPSS or Stata files by CSV_TO_STAT (tests/laws/csv_to_stat.c), with labels. Beside each of those stays
the CSV it was made from, for tests/oracle/programmes.R. Nothing was observed; the generator is the
demo's (SplitMix64), so the bytes are the same on every machine.

NAME-proxy.yaml is a copy of a mapping of ROOT, whose Internet question is not that of 17.8.1, with
`proxy: true` beside it, as somebody would write who wants the figure all the same.
"""
import csv
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../datasets/demo"))
from make_demo import Random  # noqa: E402

YES_NO = {1: "YES", 2: "NO", 9: "NO RESPONSE"}
USED = {0: "NOT AT ALL", 1: "LESS THAN ONCE A WEEK", 2: "AT LEAST ONCE A WEEK", 3: "ALMOST EVERY DAY", 9: "NO RESPONSE"}


class Maker:
    def __init__(self, folder, csv_to_stat):
        self.folder, self.csv_to_stat = folder, csv_to_stat

    def text(self, name, rows, delimiter=",", encoding="utf-8"):
        with open(os.path.join(self.folder, name), "w", newline="", encoding=encoding) as f:
            out = csv.DictWriter(f, list(rows[0]), delimiter=delimiter, lineterminator="\n")
            out.writeheader()
            out.writerows(rows)

    def stat(self, name, rows, labels=None):
        """NAME.sav or .dta, and NAME.csv beside it. labels: {variable: (its label, {code: label})}"""
        self.text(name + ".csv", rows)
        path = os.path.join(self.folder, name)
        with open(path + ".labels", "w", encoding="utf-8") as f:
            for variable, (title, codes) in (labels or {}).items():
                f.write("%s\t\t%s\n" % (variable, title))
                for code, label in codes.items():
                    f.write("%s\t%s\t%s\n" % (variable, code, label))
        subprocess.run([self.csv_to_stat, path + ".csv", ",", ".", path, path + ".labels"], check=True)


def yes_no(r, p, yes=1, no=2, others=(9,)):
    """YES with probability p; now and then one of the other codes."""
    if others and r.chance(0.03):
        return others[r.whole(0, len(others) - 1)]
    return yes if r.chance(p) else no


# ---- MICS6 ------------------------------------------------------------------------------------
def mics_person(r, h, line, mark, weight):
    """A row of wm.sav (mark "") or mn.sav (mark "M")."""
    done = r.chance(0.93)
    p = {"HH1": h["HH1"], "HH2": h["HH2"], "LN": line, mark + "WM17": 1 if done else r.pick([(2, 60), (4, 40)]),
         mark + "WB4": r.whole(15, 49), "HH6": h["HH6"], "HH7": h["HH7"]}
    names = ["MT4", "MT5"] + ["MT6" + c for c in "ABCDEFGHI"] + ["MT9", "MT10", "MT11", "MT12"]
    p.update({mark + n: "" for n in names})
    p.update({mark.lower() + "welevel": "", mark.lower() + "disability": ""})
    if done:
        rich = h["windex5"] / 6
        p[mark + "MT4"] = yes_no(r, 0.2 + 0.6 * rich)
        if p[mark + "MT4"] == 1:
            p[mark + "MT5"] = r.pick([(0, 25), (1, 25), (2, 22), (3, 25), (9, 3)])
            if p[mark + "MT5"] != 0:
                for i, c in enumerate("ABCDEFGHI"):
                    p[mark + "MT6" + c] = yes_no(r, 0.7 - 0.07 * i)
        p[mark + "MT9"] = yes_no(r, 0.3 + 0.6 * rich)
        if p[mark + "MT9"] == 1:
            p[mark + "MT10"] = r.pick([(0, 10), (1, 15), (2, 30), (3, 42), (9, 3)])
        p[mark + "MT11"] = yes_no(r, 0.5 + 0.4 * rich)
        p[mark + "MT12"] = r.pick([(0, 12), (1, 12), (2, 24), (3, 50), (9, 2)])
        p[mark.lower() + "welevel"] = r.pick([(0, 20), (1, 30), (2, 28), (3, 20), (9, 2)])
        if p[mark + "WB4"] >= 18:
            p[mark.lower() + "disability"] = r.pick([(1, 8), (2, 90), (9, 2)])
    p["windex5"] = h["windex5"]
    p[weight] = "%.6f" % (h["w"] * (0.8 + 0.4 * r.unit())) if done else 0
    p.update({"PSU": h["PSU"], "stratum": h["stratum"]})
    return p


def mics_labels(mark):
    yes = lambda title: (title, YES_NO)
    used = lambda title: (title, USED)
    skills = ["Copied or moved a file or folder", "Used a copy and paste tool", "Sent e-mail with attached file",
              "Used a basic arithmetic formula in a spreadsheet", "Connected and installed a new device",
              "Found, downloaded, installed and configured software", "Created an electronic presentation",
              "Transferred a file between a computer and other device", "Wrote a computer program"]
    out = {"HH1": ("Cluster number", {}), "HH2": ("Household number", {}), "LN": ("Line number", {}),
           "HH6": ("Area", {1: "URBAN", 2: "RURAL"}), mark + "WB4": ("Age", {}),
           mark + "MT4": yes("Ever used a computer or a tablet"), mark + "MT9": yes("Ever used internet"),
           mark + "MT5": used("Computer usage in the last 3 months"), mark + "MT10": used("Internet usage in the last 3 months"),
           mark + "MT11": yes("Own a mobile phone"), mark + "MT12": used("Mobile phone usage in the last 3 months"),
           "stratum": ("Strata", {}), "PSU": ("Primary sampling unit", {})}
    out.update({mark + "MT6" + c: yes(skills[i]) for i, c in enumerate("ABCDEFGHI")})
    return out


def mics(make):
    r = Random(601)
    households, women, men = [], [], []
    psu = 0
    for area in (1, 2):
        for region in (1, 2, 3, 4):
            for _ in range(3):
                psu += 1
                for number in range(1, 8):
                    done = r.chance(0.93)
                    h = {"HH1": psu, "HH2": number, "HH6": area, "HH7": region, "HH46": 1 if done else r.pick([(2, 70), (5, 30)])}
                    h.update({n: "" for n in ("HC7A", "HC7B", "HC8", "HC9A", "HC11", "HC12", "HC13")})
                    h.update({"HH48": 0, "windex5": 0, "hhweight": 0, "PSU": psu, "stratum": (area - 1) * 4 + region, "w": 0.6 + 0.9 * r.unit()})
                    households.append(h)
                    if not done:
                        continue
                    h["windex5"] = r.whole(1, 5) if area == 2 else r.whole(2, 5)
                    rich = h["windex5"] / 6
                    h.update(HH48=r.whole(1, 9), HC7A=yes_no(r, 0.3 * rich), HC7B=yes_no(r, 0.6), HC12=yes_no(r, 0.8 + 0.2 * rich),
                             HC8=r.pick([(1, 68), (2, 12), (3, 18), (9, 2)]), HC11=yes_no(r, 0.7 * rich), HC13=yes_no(r, 0.9 * rich),
                             hhweight="%.6f" % h["w"])
                    h["HC9A"] = "" if h["HC8"] == 3 else yes_no(r, 0.3 + 0.7 * rich)
                    line = 1
                    for _ in range(r.whole(0, 2)):
                        women.append(mics_person(r, h, line, "", "wmweight"))
                        line += 1
                    if number % 2 == 1:
                        for _ in range(r.whole(0, 2)):
                            men.append(mics_person(r, h, line, "M", "mnweight"))
                            line += 1
    for h in households:
        del h["w"]
    labels = {"HH1": ("Cluster number", {}), "HH2": ("Household number", {}), "HH6": ("Area", {1: "URBAN", 2: "RURAL"}),
              "HH48": ("Number of household members", {}), "HC7A": ("Household has: Fixed telephone line", YES_NO),
              "HC7B": ("Household has: Radio", YES_NO), "HC9A": ("Household has: Television", YES_NO),
              "HC8": ("Electricity", {1: "YES, INTERCONNECTED GRID", 2: "YES, OFF-GRID", 3: "NO", 9: "NO RESPONSE"}),
              "HC11": ("Any household member own computer or tablet", YES_NO), "HC12": ("Any household member own mobile phone", YES_NO),
              "HC13": ("Internet access at home", YES_NO), "hhweight": ("Household sample weight", {}),
              "stratum": ("Strata", {}), "PSU": ("Primary sampling unit", {})}
    make.stat("hh.sav", households, labels)
    make.stat("wm.sav", women, dict(mics_labels(""), wmweight=("Women's sample weight", {})))
    make.stat("mn.sav", men, dict(mics_labels("M"), mnweight=("Men's sample weight", {})))


# ---- DHS ----------------------------------------------------------------------------------------
def dhs_person(r, h, line, mark, top):
    m = mark + "v"
    p = {mark + "caseid": "%8d%4d%3d" % (h["hv001"], h["hv002"], line), m + "001": h["hv001"], m + "002": h["hv002"], m + "003": line,
         m + "005": h["hv005"] + 1000 * r.whole(0, 90), m + "012": r.whole(15, top), m + "021": h["hv021"], m + "022": h["hv022"],
         m + "024": h["hv024"], m + "025": h["hv025"], m + "106": r.pick([(0, 18), (1, 38), (2, 34), (3, 8), (9, 2)]),
         m + "169a": yes_no(r, 0.6, 1, 0), m + "171a": r.pick([(0, 50), (1, 36), (2, 8), (3, 3), (9, 3)]), m + "190": h["hv270"]}
    p[m + "171b"] = r.whole(0, 3) if p[m + "171a"] == 1 else ""
    return p


def dhs(make):
    r = Random(708)
    households, women, men = [], [], []
    for cluster in range(1, 25):
        stratum = (cluster - 1) // 3 + 1
        weight = 400000 + r.whole(0, 1200000)
        for number in range(1, 8):
            h = {"hhid": "%8d%4d" % (cluster, number), "hv001": cluster, "hv002": number, "hv005": weight, "hv009": r.whole(1, 9),
                 "hv021": cluster, "hv022": stratum, "hv024": (stratum - 1) // 2 + 1, "hv025": 2 - stratum % 2}
            h.update({v: yes_no(r, p, 1, 0) for v, p in (("hv206", 0.6), ("hv207", 0.5), ("hv208", 0.45), ("hv221", 0.06), ("hv243a", 0.8), ("hv243e", 0.15))})
            h["hv270"] = r.whole(1, 5)
            households.append(h)
            women += [dhs_person(r, h, i + 1, "", 49) for i in range(r.whole(0, 2))]
            if number % 2 == 0:
                men += [dhs_person(r, h, i + 4, "m", 59) for i in range(r.whole(0, 2))]
    make.stat("hr.dta", households)
    make.stat("ir.dta", women)
    make.stat("mr.dta", men)


# ---- Findex -------------------------------------------------------------------------------------
def findex_person(r, number, code, year, weight=2):
    return {"economy": "Côte d'Ivoire" if code == "CIV" else "Kenya", "economycode": code, "year": year, "wpid_random": 100000000 + number,
            "wgt": "%.8f" % (0.2 + weight * r.unit()), "female": r.whole(1, 2), "age": "" if r.chance(0.01) else r.whole(15, 93),
            "educ": r.pick([(1, 40), (2, 45), (3, 11), (4, 2), (5, 2)]), "inc_q": r.whole(1, 5)}


def findex(make):
    for name, seed, year in (("micro_world_139countries.csv", 2021, 2021), ("findex_microdata_2025_labelled_update112425.csv", 2024, 2024)):
        r, rows = Random(seed), []
        for number in range(240):
            code = "CIV" if number < 130 else "KEN"
            p = findex_person(r, number, code, year)
            if year == 2021:
                p["urbanicity_f2f"] = "" if r.chance(0.1) else r.whole(1, 2)
                p["mobileowner"] = yes_no(r, 0.8, others=(3, 4))
                p["internetaccess"] = yes_no(r, 0.5, others=(3, 4))
            else:
                p["urbanicity"] = r.whole(1, 2)
                p["con1"] = yes_no(r, 0.85, others=(3, 4))
                p["internet_use"] = "" if r.chance(0.02) else r.whole(0, 1)
            rows.append(p)
        make.text(name, rows, encoding="latin-1" if year == 2021 else "utf-8")


# ---- Afrobarometer ------------------------------------------------------------------------------
def afrobarometer(make):
    rounds = (("r7_merged_data_34ctry.release.sav", 7, "Q91B", "withinwt", "Q101", {6: "Côte d'Ivoire", 12: "Kenya"}, (1, 2, 3, 460)),
              ("afrobarometer_release-dataset_merge-34ctry_r8_en_2023-03-01.sav", 8, "Q92I", "withinwt_hh", "Q101",
               {8: "Côte d'Ivoire", 15: "Kenya"}, (1, 2, 3)),
              ("R9.Merge_39ctry.20Nov23.final_.release_Updated.4Jun25-3.sav", 9, "Q90I", "withinwt_hh", "Q100",
               {8: "Côte d'Ivoire", 16: "Kenya"}, (1, 2, 3)))
    use = {-1: "Missing", 0: "Never", 1: "Less than once a month", 2: "A few times a month", 3: "A few times a week",
           4: "Every day", 8: "Refused", 9: "Don't know"}
    for name, number, question, weight, sex, countries, areas in rounds:
        r, rows = Random(900 + number), []
        for country in countries:
            for i in range(120):
                rows.append({"RESPNO": "%s%04d" % (countries[country][:3].upper().replace("Ô", "O"), i + 1), "COUNTRY": country,
                             "REGION": country * 20 + i // 40, "URBRUR": areas[(i // 10) % len(areas)],
                             "Q1": r.pick([(998, 1), (999, 2), (r.whole(18, 90), 97)]), sex: r.whole(1, 2),
                             question: r.pick([(0, 38), (1, 6), (2, 8), (3, 18), (4, 24), (8, 1), (9, 3), (-1, 2)]),
                             weight: "%.6f" % (0.5 + r.unit())})
        make.stat(name, rows, {"COUNTRY": ("Country", countries), "URBRUR": ("Urban or rural", {1: "Urban", 2: "Rural", 3: "Semi-urban", 460: "Peri-urban"}),
                               question: ("How often use the internet", use), sex: ("Gender of respondent", {1: "Male", 2: "Female"})})


# ---- Argentina ----------------------------------------------------------------------------------
def eph(make):
    r = Random(418)
    homes, persons, module = [], [], []
    for number in range(150):
        done = r.chance(0.94)
        agglomerate = (2, 13, 32, 33)[number % 4]
        weight = r.whole(150, 2400) if done else 0
        key = {"CODUSU": "TQRMNOPQ%05dABCDE" % (number // 2 * 2 if number % 10 == 1 else number), "NRO_HOGAR": 2 if number % 10 == 1 else 1}
        common = {"ANO4": 2018, "TRIMESTRE": 4, "AGLOMERADO": agglomerate if number % 10 != 1 else (2, 13, 32, 33)[(number - 1) % 4]}
        homes.append(dict(key, REALIZADA=1 if done else 2, **common, POND_TIC=weight,
                          IH_II_01=yes_no(r, 0.64) if done else "", IH_II_02=yes_no(r, 0.83) if done else ""))
        for line in range(1, r.whole(1, 4) + 1):
            person = dict(key, COMPONENTE=line)
            age = r.pick([(-1, 2), (r.whole(1, 3), 4), (r.whole(4, 95), 94)])
            asked = done and age >= 4
            persons.append(dict(person, CH04=r.whole(1, 2), CH06=age, NIVEL_ED=r.pick([(k, 14) for k in range(1, 8)] + [(9, 2)])))
            module.append(dict(person, **common, POND_TIC=weight, **{"IP_III_0%d" % k: yes_no(r, p) if asked else ""
                                                                     for k, p in ((4, 0.78), (5, 0.42), (6, 0.84))}))
    make.text("usu_hogar_tic_T418.txt", homes, ";")
    make.text("usu_individual_T418.txt", persons, ";")
    make.text("usu_individual_tic_T418.txt", module, ";")


PROXIES = ("dhs-7-8-women", "dhs-7-8-men", "findex-2021", "findex-2024", "afrobarometer-r7", "afrobarometer-r8", "afrobarometer-r9")


def write_proxies(folder, root):
    for name in PROXIES:
        with open(os.path.join(root, "datasets/mappings", name + ".yaml"), encoding="utf-8") as f:
            text, n = re.subn(r"^( *)(period_months: (?:12|unknown))$", r"\1\2\n\1proxy: true", f.read(), flags=re.M)
        assert n == 1, name
        with open(os.path.join(folder, name + "-proxy.yaml"), "w", encoding="utf-8") as f:
            f.write(text)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    os.makedirs(sys.argv[1], exist_ok=True)
    make = Maker(sys.argv[1], os.path.abspath(sys.argv[2]))
    for survey in (mics, dhs, findex, afrobarometer, eph):
        survey(make)
    write_proxies(sys.argv[1], sys.argv[3])


if __name__ == "__main__":
    main()
