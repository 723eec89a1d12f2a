# SPDX-License-Identifier: Apache-2.0
"""Writes one hostile workbook or PDF: archives.py NAME, into the working folder."""
import sys
import zipfile
import zlib

MEGABYTE = 1 << 20
SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEADER = b'<row r="1">' + b"".join(
    b'<c r="%s1" t="inlineStr"><is><t>%s</t></is></c>' % (column, name)
    for column, name in ((b"A", b"number"), (b"B", b"issued_on"), (b"C", b"total"), (b"D", b"currency"))
) + b"</row>"


def relationship(identity, kind, target):
    return f'<Relationship Id="{identity}" Type="{OFFICE}/{kind}" Target="{target}"/>'


def relationships(*all):
    return f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(all)}</Relationships>'


def workbook(path, rows, packed=True, texts=None, prolog=""):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{PACKAGE}/content-types"/>')
        archive.writestr("_rels/.rels", relationships(relationship("r1", "officeDocument", "xl/workbook.xml")))
        archive.writestr(
            "xl/workbook.xml",
            f'{prolog}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{OFFICE}">'
            '<sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>')
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            relationships(
                relationship("r1", "worksheet", "worksheets/sheet1.xml"),
                relationship("r2", "sharedStrings", "sharedStrings.xml") if texts else ""))
        for name, parts in (("xl/sharedStrings.xml", texts), ("xl/worksheets/sheet1.xml", [SHEET, *rows, b"</sheetData></worksheet>"])):
            if parts:
                with archive.open(name, "w", force_zip64=True) as entry:
                    for part in parts:
                        entry.write(part)


def pdf(path, parts):
    """An invoice of these bytes, compressed, in a PDF."""
    packer = zlib.compressobj(1)
    data = b"".join([packer.compress(part) for part in parts]) + packer.flush()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /AF [ 5 0 R ] >>",
        b"<< /Type /Pages /Kids [ 3 0 R ] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 100 100 ] >>",
        b"<< /Type /EmbeddedFile /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(data), data),
        b"<< /Type /Filespec /F (factur-x.xml) /UF (factur-x.xml) /AFRelationship /Data /EF << /F 4 0 R /UF 4 0 R >> >>",
    ]
    out, offsets = b"%PDF-1.7\n", []
    for number, item in enumerate(objects):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number + 1, item)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, table, len(objects) + 1, len(out))
    with open(path, "wb") as file:
        file.write(out)


MAKERS = {
    "bomb.xlsx": lambda path: workbook(path, [b'<row r="1"><c r="A1"><v>', *[b"0" * MEGABYTE] * 512, b"</v></c></row>"]),
    "columns.xlsx": lambda path: workbook(path, [HEADER, b'<row r="2">', *[b"<c><v>1</v></c>" * 10_000] * 1000], packed=False),
    "field.xlsx": lambda path: workbook(
        path, [HEADER, b'<row r="2"><c r="A2" t="inlineStr"><is><t>', *[b"x" * MEGABYTE] * 80, b"</t></is></c></row>"],
        packed=False),
    "texts.xlsx": lambda path: workbook(
        path, [HEADER], packed=False,
        texts=[b"<sst>", *[(b"<si><t>" + b"x" * 1000 + b"</t></si>") * 1000] * 300, b"</sst>"]),
    "entity.xlsx": lambda path: workbook(path, [HEADER], prolog='<!DOCTYPE workbook [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
    "bomb.pdf": lambda path: pdf(path, [b"0" * MEGABYTE] * 1024),
    "entity.pdf": lambda path: pdf(path, [b'<!DOCTYPE Invoice [<!ENTITY a "a">]><Invoice>&a;</Invoice>']),
}

if __name__ == "__main__":
    MAKERS[sys.argv[1]](sys.argv[1])
