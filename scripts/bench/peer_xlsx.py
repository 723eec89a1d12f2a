# SPDX-License-Identifier: Apache-2.0
"""Reads the first sheet of a workbook with openpyxl (read-only) or python-calamine: one JSON array a row.

usage: peer_xlsx.py openpyxl|calamine FILE
"""

import json
import sys


def openpyxl_rows(path):
    from openpyxl import load_workbook

    return load_workbook(path, read_only=True, data_only=True).worksheets[0].iter_rows(values_only=True)


def calamine_rows(path):
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows()


def main():
    rows = {"openpyxl": openpyxl_rows, "calamine": calamine_rows}[sys.argv[1]](sys.argv[2])
    write = sys.stdout.write
    for row in rows:
        write(json.dumps(list(row), ensure_ascii=False, separators=(",", ":"), default=str) + "\n")


if __name__ == "__main__":
    main()
