#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tieout beside its peers on the same files, in one run: CSV import, camt.053, UBL, XLSX, REST; then the quality and speed of
matching beside plain SQL, on ledgers that are hard and on rewritten texts, and a day's payments against ledgers of growing size.

usage: bench.py --tieout PATH --workload PATH [--only csv,camt,ubl,xlsx,rest,recon,harder,rewritten,days] [--rounds 3]
                [--sizes 10000,100000,1000000] [--write docs/benchmarks.md]
"""

import argparse
import datetime
import pathlib
import re
import sys
import tempfile

import camt_read
import csv_import
import days
import harder
import recon
import rest
import rewritten
import ubl_read
import xlsx_read
from measure import alternate, digest_of, machine, report


def compared(comparison):
    """A section on contestants that take turns."""

    def section(options, folder, conditions):
        found = comparison(options, folder)
        conditions += f" {options.rounds} alternating rounds, medians, on warm files"
        digest = digest_of(folder)
        conditions += f"; data `{digest}`." if digest else "."
        return report(found, conditions, alternate(found, options.rounds, folder))

    return section


SECTIONS = {
    "csv": compared(csv_import.comparison),
    "camt": compared(camt_read.comparison),
    "ubl": compared(ubl_read.comparison),
    "xlsx": compared(xlsx_read.comparison),
    "rest": compared(rest.comparison),
    "recon": recon.section,
    "harder": harder.section,
    "rewritten": rewritten.section,
    "days": days.section,
}
HEADING = """# Benchmarks

Written by `make bench BENCH_ARGS="--write docs/benchmarks.md"`. A ratio below 1 is faster than the peer. *Data* is the digest of
what was generated and read.
"""


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tieout", required=True, help="the program to measure")
    parser.add_argument("--workload", required=True, help="the generator of workloads")
    parser.add_argument("--python", default=sys.executable, help="a Python that has duckdb, lxml, openpyxl and calamine")
    parser.add_argument("--only", default=",".join(SECTIONS), help="sections, separated by commas")
    parser.add_argument("--rows", type=int, default=1_000_000, help="invoices of the CSV")
    parser.add_argument("--megabytes", type=int, default=200, help="of the camt.053")
    parser.add_argument("--files", type=int, default=10_000, help="of UBL")
    parser.add_argument("--sheet-rows", type=int, default=100_000, help="of the workbook")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", default="10000,100000,1000000", help="invoices of the workloads")
    parser.add_argument("--seed", type=int, default=11, help="of the workloads")
    parser.add_argument("--difficulty", type=int, default=500, help="of the workloads, per mille")
    parser.add_argument("--numbers", default="usual", help="the workloads' series of invoice numbers")
    parser.add_argument("--day", type=int, default=3000, help="payments a day")
    parser.add_argument("--folder", help="where to work; a temporary folder otherwise")
    parser.add_argument("--write", help="also write the figures to this file; its other sections are kept")
    options = parser.parse_args()
    options.tieout = str(pathlib.Path(options.tieout).resolve())
    options.workload = str(pathlib.Path(options.workload).resolve())
    options.sizes = [int(size) for size in options.sizes.split(",")]
    options.only = options.only.split(",")
    unknown = [name for name in options.only if name not in SECTIONS]
    if unknown:
        parser.error(f"no section is called {', '.join(unknown)}")
    return options


def main():
    options = arguments()
    sections = []
    for key in options.only:
        with tempfile.TemporaryDirectory(prefix=f"tieout-bench-{key}-", dir=options.folder) as name:
            folder = pathlib.Path(name)
            conditions = f"{datetime.date.today()}, {machine(folder)}"
            sections.append(SECTIONS[key](options, folder, conditions))
        print(sections[-1] + "\n", flush=True)
        if options.write:
            path = pathlib.Path(options.write)
            path.write_text(merged(path.read_text() if path.exists() else "", sections), encoding="utf-8")


def merged(before, sections):
    """The file with these sections in the place of those of the same title; what was not measured now is kept."""
    kept = {text.splitlines()[0]: text.strip() for text in re.split(r"(?m)^(?=## )", before)[1:]}
    kept |= {text.splitlines()[0]: text.strip() for text in sections}
    return "\n\n".join([HEADING.strip(), *kept.values()]) + "\n"


if __name__ == "__main__":
    main()
