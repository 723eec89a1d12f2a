# SPDX-License-Identifier: Apache-2.0
"""`tieout read` of a workbook, beside openpyxl (read-only) and python-calamine writing its rows as JSON."""

from measure import HERE, Comparison, count_lines, expect, generate, measure_output


def comparison(options, folder):
    book, rows = folder / "invoices.xlsx", options.sheet_rows
    generate("generate_xlsx.py", rows, book)

    def peer(name):
        def run(room):
            run, output = measure_output([options.python, str(HERE / "peer_xlsx.py"), name, str(book)], room)
            # The header is a row, too.
            expect(name, count_lines(output), rows + 1)
            return run

        return run

    def tieout(room):
        run, output = measure_output([options.tieout, "read", str(book)], room)
        expect("tieout read", count_lines(output, b'"type":"invoice"'), rows)
        return run

    return Comparison(
        title="XLSX",
        subject=f"{rows:,} invoices in a workbook of {book.stat().st_size / 1e6:.0f} MB, read to JSON lines; the peers "
        "write cells, `tieout read` checked documents.",
        unit="rows", count=rows,
        contestants={
            "openpyxl read-only": peer("openpyxl"), "python-calamine": peer("calamine"), "tieout read": tieout},
        aims=[])
