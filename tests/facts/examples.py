#!/usr/bin/env python3
"""The examples of R's survey package: its recorded figures, and those that its pages print.

    examples.py ICTSTAT ROOT [OPTIONS OF run.py]...

The data come out of the installed package (tests/oracle/package.R); without R or the package the test is skipped, exit
77. examples.csv has R's answers in full, PRINTED what help pages and vignettes of survey 4.1-1 show, with their digits."""
import csv
import os
import pathlib
import subprocess
import sys
import tempfile

SKIPPED = 77
# Designs that differ in a line from one that has a mapping.
VARIANTS = {
    "r-survey-apiclus2-wr": ("r-survey-apiclus2", "fpc: {population: fpc1}\n      stages: [{units: snum, fpc: {population: fpc2}}]",
                             "fpc: none"),
    "r-survey-apiclus1-poststratified": ("r-survey-apiclus1", "fpc: {population: fpc}", "fpc: {population: fpc}\n      calibration: "
                                         "{method: post-stratify, margins: [{by: stype, totals: rsurvey_stypes.csv}]}"),
    "r-survey-election-overton": ("r-survey-election", "pps: brewer", "pps: overton"),
    "r-survey-election-hartley-rao": ("r-survey-election", "pps: brewer", "pps: hartley-rao"),
    "r-survey-scd-brr": ("r-survey-scd", "weight: none", 'weight: none, replicates: {type: brr, from: "r{1..4}"}'),
}
PRINTED = [  # dataset, indicator, estimate, SE, where
    ("r-survey-mu284", "mu284.total_y1", "15080", "2274.3", "help(mu284)"),
    ("r-survey-apiclus1", "api.mean_api00", "644.17", "23.542", "vignette survey"),
    ("r-survey-apiclus1", "api.total_enroll", "3404940", "932235", "vignette survey"),
    ("r-survey-apiclus1", "api.tested", "0.8497087", "0.008386297", "vignette survey"),
    ("r-survey-apiclus1-poststratified", "api.mean_api00", "642.31", "23.921", "help(api)"),
    ("r-survey-apiclus1-poststratified", "api.total_enroll", "3680893", "406293", "help(api)"),
    ("r-survey-apiclus2", "api.mean_api00", "670.81", "30.099", "help(api)"),
    ("r-survey-apiclus2", "api.total_enroll", "2639273", "799638", "help(api)"),
    ("r-survey-apiclus2-wr", "api.mean_api00", "670.81", "30.712", "help(api)"),
    ("r-survey-apiclus2-wr", "api.total_enroll", "2639273", "820261", "help(api)"),
    ("r-survey-election", "election.bush", "64518472", "2447629", "vignette pps"),
    ("r-survey-election", "election.kerry", "51202102", "2450787", "vignette pps"),
    ("r-survey-election", "election.nader", "478530", "102420", "vignette pps"),
    ("r-survey-election-overton", "election.bush", "64518472", "2939608", "vignette pps"),
    ("r-survey-election-overton", "election.kerry", "51202102", "1964632", "vignette pps"),
    ("r-survey-election-overton", "election.nader", "478530", "104373", "vignette pps"),
    ("r-survey-election-hartley-rao", "election.bush", "64518472", "2472753", "vignette pps"),
    ("r-survey-election-hartley-rao", "election.kerry", "51202102", "2426842", "vignette pps"),
    ("r-survey-election-hartley-rao", "election.nader", "478530", "102595", "vignette pps"),
]


def prepare(root, folder):
    """Data and mappings of all designs; False where R or the package is not there."""
    script = os.path.join(root, "tests/oracle/package.R")
    try:
        if subprocess.run(["Rscript", "-e", "library(survey)"], capture_output=True).returncode:
            return False
    except FileNotFoundError:
        return False
    subprocess.run(["Rscript", script, root, "files", folder], check=True)
    mappings = pathlib.Path(root, "datasets/mappings")
    for path in mappings.glob("r-survey-*.yaml"):
        pathlib.Path(folder, path.name).write_text(path.read_text())
    for name, (base, old, new) in VARIANTS.items():
        text = (mappings / (base + ".yaml")).read_text()
        assert text.count(old) == 1, f"{base}: no line '{old}'"
        pathlib.Path(folder, name + ".yaml").write_text(text.replace(old, new))
    return True


def printed(ictstat, root, folder):
    """How many of the printed figures are not ours, within a unit of their last digit."""
    failed = 0
    for dataset, indicator, *figures, where in PRINTED:
        store = os.path.join(folder, dataset + ".h5")
        if not os.path.exists(store):
            subprocess.run([ictstat, "import", "-q", os.path.join(folder, dataset + ".yaml"), "-o", store], check=True)
        table = subprocess.run([ictstat, "compute", "-q", store, "-x", os.path.join(root, "tests/oracle/indicators"), "-i", indicator, "-f",
                                "csv"], check=True, capture_output=True, text=True).stdout
        row = next(csv.DictReader(table.splitlines()))
        for column, figure in zip(("estimate", "se"), figures):
            # R rounds twice in places: 478530.52 to 478530.5 to 478530.
            if abs(float(row[column]) - float(figure)) > 10.0 ** -len(figure.partition(".")[2]):
                failed += 1
                print(f"FAIL {dataset} {indicator} {column}: {row[column]}, {where} prints {figure}")
    print(f"printed: {2 * len(PRINTED) - failed} passed, {failed} failed")
    return failed


def main():
    ictstat, root = sys.argv[1], os.path.abspath(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        if not prepare(root, folder):
            print("skipped: no R with the package survey")
            sys.exit(SKIPPED)
        facts = os.path.join(root, "tests/facts")
        recorded = subprocess.run([sys.executable, os.path.join(facts, "run.py"), ictstat, root, "--facts",
                                   os.path.join(facts, "examples.csv"), "--mappings", folder, *sys.argv[3:]]).returncode
        sys.exit(bool(printed(ictstat, root, folder) or recorded))


main()
