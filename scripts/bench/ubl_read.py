# SPDX-License-Identifier: Apache-2.0
"""`tieout read` of a folder of small UBL invoices, beside Python's lxml reading the same fields."""

import json

from measure import HERE, Comparison, expect, generate, measure_output

FIELDS = ["number", "customer_name", "seller_tax_id", "total", "net", "tax", "payable", "issued_on", "due_on", "taxes"]


def documents(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def comparison(options, folder):
    invoices, files = folder / "invoices", options.files
    generate("generate_ubl.py", files, invoices)
    seen = {}

    def agree(name, output):
        """Both say the same of every invoice."""
        said = [[document[field] for field in FIELDS] for document in documents(output)]
        expect(name, len(said), files)
        if seen.setdefault("said", said) != said:
            raise SystemExit(f"{name} reads other values than its peer")

    def lxml(room):
        run, output = measure_output([options.python, str(HERE / "peer_lxml.py"), str(invoices)], room)
        agree("lxml", output)
        return run

    def tieout(room):
        run, output = measure_output([options.tieout, "read", str(invoices)], room)
        agree("tieout read", output)
        return run

    return Comparison(
        title="UBL",
        subject=f"{files:,} invoices of 4 to 8 KB in one folder, read to JSON lines in one call; `tieout read` "
        "checks the rules of EN 16931 on each.",
        unit="files", count=files, contestants={"python lxml": lxml, "tieout read": tieout},
        aims=["The aim is three times faster than lxml (0.33×)."])
