#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Times Tieout beside its peers on the same files, in one run: CSV import, camt.053, UBL, XLSX, REST.

usage: bench.py --tieout PATH [--only csv,camt,ubl,xlsx,rest] [--rounds 3] [--write docs/benchmarks.md]
"""

import argparse
import pathlib
import re
import sys
import tempfile

import camt_read
import csv_import
import rest
import ubl_read
import xlsx_read
from measure import alternate, machine, report

COMPARISONS = {
    "csv": csv_import.comparison,
    "camt": camt_read.comparison,
    "ubl": ubl_read.comparison,
    "xlsx": xlsx_read.comparison,
    "rest": rest.comparison,
}
HEADING = """# Benchmarks

Written by `make bench BENCH_ARGS="--write docs/benchmarks.md"`. A ratio below 1 is faster than the peer.
"""


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tieout", required=True, help="the program to measure")
    parser.add_argument("--python", default=sys.executable, help="a Python that has duckdb, lxml, openpyxl and calamine")
    parser.add_argument("--only", default=",".join(COMPARISONS), help="comparisons, separated by commas")
    parser.add_argument("--rows", type=int, default=1_000_000, help="invoices of the CSV")
    parser.add_argument("--megabytes", type=int, default=200, help="of the camt.053")
    parser.add_argument("--files", type=int, default=10_000, help="of UBL")
    parser.add_argument("--sheet-rows", type=int, default=100_000, help="of the workbook")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", help="where to work; a temporary folder otherwise")
    parser.add_argument("--write", help="also write the figures to this file; its other sections are kept")
    options = parser.parse_args()
    options.tieout = str(pathlib.Path(options.tieout).resolve())
    options.only = options.only.split(",")
    unknown = [name for name in options.only if name not in COMPARISONS]
    if unknown:
        parser.error(f"no comparison is called {', '.join(unknown)}")
    return options


def main():
    options = arguments()
    sections = []
    with tempfile.TemporaryDirectory(prefix="tieout-bench-", dir=options.folder) as name:
        for key in options.only:
            folder = pathlib.Path(name) / key
            folder.mkdir()
            conditions = machine(folder, options.rounds)
            comparison = COMPARISONS[key](options, folder)
            sections.append(report(comparison, conditions, alternate(comparison, options.rounds, folder)))
    print("\n\n".join(sections))
    if options.write:
        path = pathlib.Path(options.write)
        path.write_text(merged(path.read_text() if path.exists() else "", sections))


def merged(before, sections):
    """The file with these sections in the place of those of the same title; what was not measured now is kept."""
    kept = {text.splitlines()[0]: text.strip() for text in re.split(r"(?m)^(?=## )", before)[1:]}
    kept |= {text.splitlines()[0]: text.strip() for text in sections}
    return "\n\n".join([HEADING.strip(), *kept.values()]) + "\n"


if __name__ == "__main__":
    main()
