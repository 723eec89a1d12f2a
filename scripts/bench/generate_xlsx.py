#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the rows of generate.py as an XLSX workbook, as Excel saves one: shared strings, dates and amounts as
numbers with a style. Only Python's own zip; the same rows for the same arguments.

usage: generate_xlsx.py ROWS FILE [SEED]
"""

import csv
import datetime
import sys
import zipfile

from generate import HEADERS, rows
from generate_camt import text

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
PARTS = {
    "[Content_Types].xml": f"""{XML}<Types xmlns="{PACKAGE}/content-types">\
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Default Extension="xml" ContentType="application/xml"/>\
<Override PartName="/xl/workbook.xml" \
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>\
<Override PartName="/xl/worksheets/sheet1.xml" \
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>\
<Override PartName="/xl/styles.xml" \
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>\
<Override PartName="/xl/sharedStrings.xml" \
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>""",
    "_rels/.rels": f"""{XML}<Relationships xmlns="{PACKAGE}/relationships">\
<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>""",
    "xl/workbook.xml": f"""{XML}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">\
<sheets><sheet name="Invoices" sheetId="1" r:id="rId1"/></sheets></workbook>""",
    "xl/_rels/workbook.xml.rels": f"""{XML}<Relationships xmlns="{PACKAGE}/relationships">\
<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>\
<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/>\
<Relationship Id="rId3" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>""",
    "xl/styles.xml": f"""{XML}<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills>\
<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>\
<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="4" applyNumberFormat="1"/>\
</cellXfs></styleSheet>""",
}
COLUMNS = "ABCDEFGHIJ"
DATES = {"issued_on", "due_on"}


def serial(day):
    return (datetime.date.fromisoformat(day) - datetime.date(1899, 12, 30)).days


class Strings:
    """The shared strings, each once, in the order in which they are first used."""

    def __init__(self):
        self.index = {}

    def cell(self, place, value):
        return f'<c r="{place}" t="s"><v>{self.index.setdefault(value, len(self.index))}</v></c>'

    def part(self):
        items = "".join(f"<si><t>{text(value)}</t></si>" for value in self.index)
        return f'{XML}<sst xmlns="{MAIN}" uniqueCount="{len(self.index)}">{items}</sst>'


def sheet(count, seed, strings):
    names = HEADERS.split(",")
    yield f'{XML}<worksheet xmlns="{MAIN}"><sheetData><row r="1">'
    yield "".join(strings.cell(f"{column}1", name) for column, name in zip(COLUMNS, names)) + "</row>"
    for number, row in enumerate(csv.reader(rows(count, seed)), start=2):
        cells = [f'<row r="{number}">']
        for column, name, value in zip(COLUMNS, names, row):
            place = f"{column}{number}"
            if name in DATES:
                cells.append(f'<c r="{place}" s="1"><v>{serial(value)}</v></c>')
            elif name == "total":
                cells.append(f'<c r="{place}" s="2"><v>{float(value):.15g}</v></c>')
            else:
                cells.append(strings.cell(place, value))
        yield "".join(cells) + "</row>"
    yield "</sheetData></worksheet>"


def main():
    if len(sys.argv) not in (3, 4) or not sys.argv[1].isdigit():
        sys.exit(__doc__)
    count, seed = int(sys.argv[1]), int(sys.argv[3]) if len(sys.argv) == 4 else 1
    strings = Strings()
    with zipfile.ZipFile(sys.argv[2], "w", zipfile.ZIP_DEFLATED, compresslevel=6) as book:
        for name, content in PARTS.items():
            book.writestr(name, content)
        with book.open("xl/worksheets/sheet1.xml", "w") as part:
            for piece in sheet(count, seed, strings):
                part.write(piece.encode())
        book.writestr("xl/sharedStrings.xml", strings.part())


if __name__ == "__main__":
    main()
