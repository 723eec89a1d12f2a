#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes many small UBL invoices (Peppol BIS Billing 3) into a folder; the same files for the same arguments.

Each has one to five lines and one VAT rate; its totals are those of EN 16931.

usage: generate_ubl.py FILES FOLDER [SEED]
"""

import pathlib
import sys

from generate import DAYS, NAMES, split_mix
from generate_camt import money, text

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
    xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
    xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0</cbc:CustomizationID>
  <cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>
"""


def party(role, name, vat, endpoint):
    return f"""  <cac:{role}>
    <cac:Party>
      <cbc:EndpointID schemeID="0106">{endpoint}</cbc:EndpointID>
      <cac:PartyIdentification><cbc:ID>{endpoint}</cbc:ID></cac:PartyIdentification>
      <cac:PartyName><cbc:Name>{name}</cbc:Name></cac:PartyName>
      <cac:PostalAddress>
        <cbc:StreetName>Kade 1</cbc:StreetName>
        <cbc:CityName>Utrecht</cbc:CityName>
        <cbc:PostalZone>3511 AB</cbc:PostalZone>
        <cac:Country><cbc:IdentificationCode>NL</cbc:IdentificationCode></cac:Country>
      </cac:PostalAddress>
      <cac:PartyTaxScheme>
        <cbc:CompanyID>{vat}</cbc:CompanyID>
        <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
      </cac:PartyTaxScheme>
      <cac:PartyLegalEntity>
        <cbc:RegistrationName>{name}</cbc:RegistrationName>
        <cbc:CompanyID schemeID="0106">{endpoint}</cbc:CompanyID>
      </cac:PartyLegalEntity>
    </cac:Party>
  </cac:{role}>
"""


def line(number, quantity, price):
    return f"""  <cac:InvoiceLine>
    <cbc:ID>{number}</cbc:ID>
    <cbc:InvoicedQuantity unitCode="C62">{quantity}</cbc:InvoicedQuantity>
    <cbc:LineExtensionAmount currencyID="EUR">{money(quantity * price)}</cbc:LineExtensionAmount>
    <cac:Item>
      <cbc:Description>Article {price % 9973} as ordered, delivered to the door</cbc:Description>
      <cbc:Name>Article {price % 9973}</cbc:Name>
      <cac:ClassifiedTaxCategory>
        <cbc:ID>S</cbc:ID>
        <cbc:Percent>21</cbc:Percent>
        <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
      </cac:ClassifiedTaxCategory>
    </cac:Item>
    <cac:Price><cbc:PriceAmount currencyID="EUR">{money(price)}</cbc:PriceAmount></cac:Price>
  </cac:InvoiceLine>
"""


def invoice(index, numbers):
    chance = next(numbers)
    customer = chance % 9973
    issued = (chance >> 40) % (len(DAYS) - 28)
    number = f"2026-{index + 1:07}"
    goods = [(1 + (part := next(numbers)) % 9, 100 + (part >> 20) % 90_000) for _ in range(1 + (chance >> 52) % 5)]
    net = sum(quantity * price for quantity, price in goods)
    tax = (net * 21 + 50) // 100
    buyer = text(f"{NAMES[customer % len(NAMES)]} {customer}")
    lines = "".join(line(n + 1, quantity, price) for n, (quantity, price) in enumerate(goods))
    return f"""{HEAD}  <cbc:ID>{number}</cbc:ID>
  <cbc:IssueDate>{DAYS[issued]}</cbc:IssueDate>
  <cbc:DueDate>{DAYS[issued + 28]}</cbc:DueDate>
  <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
  <cbc:BuyerReference>C{customer:06}</cbc:BuyerReference>
  <cac:OrderReference><cbc:ID>PO-{chance % 1_000_003:07}</cbc:ID></cac:OrderReference>
{party("AccountingSupplierParty", "Tieout Bench B.V.", "NL123456789B01", "12345678")}\
{party("AccountingCustomerParty", buyer, f"NL{customer:09}B01", f"{customer:08}")}\
  <cac:PaymentMeans>
    <cbc:PaymentMeansCode>58</cbc:PaymentMeansCode>
    <cbc:PaymentID>{number}</cbc:PaymentID>
    <cac:PayeeFinancialAccount><cbc:ID>NL91ABNA0417164300</cbc:ID></cac:PayeeFinancialAccount>
  </cac:PaymentMeans>
  <cac:TaxTotal>
    <cbc:TaxAmount currencyID="EUR">{money(tax)}</cbc:TaxAmount>
    <cac:TaxSubtotal>
      <cbc:TaxableAmount currencyID="EUR">{money(net)}</cbc:TaxableAmount>
      <cbc:TaxAmount currencyID="EUR">{money(tax)}</cbc:TaxAmount>
      <cac:TaxCategory>
        <cbc:ID>S</cbc:ID>
        <cbc:Percent>21</cbc:Percent>
        <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
      </cac:TaxCategory>
    </cac:TaxSubtotal>
  </cac:TaxTotal>
  <cac:LegalMonetaryTotal>
    <cbc:LineExtensionAmount currencyID="EUR">{money(net)}</cbc:LineExtensionAmount>
    <cbc:TaxExclusiveAmount currencyID="EUR">{money(net)}</cbc:TaxExclusiveAmount>
    <cbc:TaxInclusiveAmount currencyID="EUR">{money(net + tax)}</cbc:TaxInclusiveAmount>
    <cbc:PayableAmount currencyID="EUR">{money(net + tax)}</cbc:PayableAmount>
  </cac:LegalMonetaryTotal>
{lines}</Invoice>
"""


def main():
    if len(sys.argv) not in (3, 4) or not sys.argv[1].isdigit():
        sys.exit(__doc__)
    count, folder = int(sys.argv[1]), pathlib.Path(sys.argv[2])
    numbers = split_mix(int(sys.argv[3]) if len(sys.argv) == 4 else 1)
    folder.mkdir(parents=True, exist_ok=True)
    for index in range(count):
        (folder / f"invoice-{index + 1:06}.xml").write_text(invoice(index, numbers), encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
