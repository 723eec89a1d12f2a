# SPDX-License-Identifier: Apache-2.0
"""Reads a folder of UBL invoices with lxml: the fields that `tieout read` prints of them, one JSON object a line."""

import json
import pathlib
import sys

from lxml import etree

CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"


def path(*steps):
    return "/".join((CBC if step[0] == "-" else CAC) + step.lstrip("-") for step in steps)


BUYER = path("AccountingCustomerParty", "Party")
SELLER = path("AccountingSupplierParty", "Party")
TOTALS = path("LegalMonetaryTotal")
FIELDS = {
    "number": path("-ID"),
    "kind": path("-InvoiceTypeCode"),
    "customer_id": f"{BUYER}/{path('PartyIdentification', '-ID')}",
    "customer_name": f"{BUYER}/{path('PartyLegalEntity', '-RegistrationName')}",
    "seller_name": f"{SELLER}/{path('PartyLegalEntity', '-RegistrationName')}",
    "seller_tax_id": f"{SELLER}/{path('PartyTaxScheme', '-CompanyID')}",
    "currency": path("-DocumentCurrencyCode"),
    "reference": path("-BuyerReference"),
    "structured_reference": path("PaymentMeans", "-PaymentID"),
    "po_number": path("OrderReference", "-ID"),
    "tax_id": f"{BUYER}/{path('PartyTaxScheme', '-CompanyID')}",
    "total": f"{TOTALS}/{path('-TaxInclusiveAmount')}",
    "net": f"{TOTALS}/{path('-TaxExclusiveAmount')}",
    "tax": path("TaxTotal", "-TaxAmount"),
    "payable": f"{TOTALS}/{path('-PayableAmount')}",
    "issued_on": path("-IssueDate"),
    "due_on": path("-DueDate"),
}
SUBTOTALS = path("TaxTotal", "TaxSubtotal")
SUBTOTAL = {
    "rate": path("TaxCategory", "-Percent"),
    "net": path("-TaxableAmount"),
    "tax": path("-TaxAmount"),
}


def read(root):
    document = {name: root.findtext(place) for name, place in FIELDS.items()}
    document["taxes"] = [
        {name: part.findtext(place) for name, place in SUBTOTAL.items()} for part in root.iterfind(SUBTOTALS)
    ]
    return document


def main():
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    write = sys.stdout.write
    for file in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        document = read(etree.parse(str(file), parser).getroot())
        write(json.dumps({"file": str(file)} | document, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
