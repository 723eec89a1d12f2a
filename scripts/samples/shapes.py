# SPDX-License-Identifier: Apache-2.0
"""The file shapes that the sample generators write: camt.053, UBL 2.1, CSV, a one-page PDF, IBANs.

Amounts are integers in minor units here and exact decimal text in the files; days are `datetime.date`.
Standard library only; the same call always gives the same bytes.
"""
import base64
import csv
import io
import pathlib
from datetime import date, timedelta
from xml.sax.saxutils import escape


def day(text):
    return date.fromisoformat(text)


def minor(text):
    """`1,420.00` or `1420.00` or `-90` as minor units of a two-digit currency."""
    text = str(text).replace(",", "")
    sign = -1 if text.startswith("-") else 1
    whole, _, fraction = text.lstrip("-").partition(".")
    return sign * (int(whole) * 100 + int((fraction + "00")[:2]))


def amount(value):
    sign = "-" if value < 0 else ""
    return f"{sign}{abs(value) // 100}.{abs(value) % 100:02d}"


def banking_days(first, last, holidays=()):
    result, current = [], first
    while current <= last:
        if current.weekday() < 5 and current not in holidays:
            result.append(current)
        current += timedelta(days=1)
    return result


def iban(country, rest):
    """An IBAN with its check digits (ISO 7064 mod 97-10)."""
    digits = "".join(str(int(c, 36)) for c in rest + country + "00")
    return f"{country}{98 - int(digits) % 97:02d}{rest}"


def write(path, text):
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def write_csv(path, rows, columns=None, delimiter=","):
    """Rows are dicts; a column that no row fills is left out unless `columns` names it."""
    if columns is None:
        columns = []
        for row in rows:
            columns += [key for key in row if key not in columns]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([row.get(column, "") for column in columns])
    write(path, out.getvalue())


# --- camt.053.001.02 -------------------------------------------------------------------------------------

BANK_CODES = {
    "transfer": ("PMNT", "RCDT", "ESCT"),
    "collection": ("PMNT", "IDDT", "ESDD"),
    "unpaid": ("PMNT", "IDDT", "UPDD"),
    "sent": ("PMNT", "ICDT", "ESCT"),
    "domestic": ("PMNT", "RCDT", "DMCT"),
    "foreign": ("PMNT", "RCDT", "XBCT"),
    "charges": ("ACMT", "MDOP", "CHRG"),
}


def entry(reference, booked, value, kind, name=None, account=None, text=None, valued=None, end_to_end=None,
          structured=None, instructed=None, rate=None, reason=None, account_scheme="IBAN"):
    """One bank entry: `value` is signed minor units, plus is money in."""
    return dict(reference=reference, booked=booked, value=value, kind=kind, name=name, account=account,
                text=text, valued=valued or booked, end_to_end=end_to_end, structured=structured,
                instructed=instructed, rate=rate, reason=reason, account_scheme=account_scheme)


def _entry_xml(e, currency):
    side = "CRDT" if e["value"] >= 0 else "DBIT"
    value = amount(abs(e["value"]))
    domain, family, sub = BANK_CODES[e["kind"]]
    lines = [
        "      <Ntry>",
        f"        <NtryRef>{escape(e['reference'])}</NtryRef>",
        f"        <Amt Ccy=\"{currency}\">{value}</Amt>",
        f"        <CdtDbtInd>{side}</CdtDbtInd>",
    ]
    if e["kind"] == "unpaid":
        lines.append("        <RvslInd>true</RvslInd>")
    lines += [
        "        <Sts>BOOK</Sts>",
        f"        <BookgDt><Dt>{e['booked']}</Dt></BookgDt>",
        f"        <ValDt><Dt>{e['valued']}</Dt></ValDt>",
        f"        <AcctSvcrRef>{escape(e['reference'])}</AcctSvcrRef>",
        f"        <BkTxCd><Domn><Cd>{domain}</Cd><Fmly><Cd>{family}</Cd><SubFmlyCd>{sub}</SubFmlyCd></Fmly>"
        "</Domn></BkTxCd>",
        "        <NtryDtls>",
        "          <TxDtls>",
        f"            <Refs><EndToEndId>{escape(e['end_to_end'] or 'NOTPROVIDED')}</EndToEndId></Refs>",
    ]
    if e["instructed"]:
        other, other_value = e["instructed"]
        lines += [
            "            <AmtDtls>",
            f"              <InstdAmt><Amt Ccy=\"{other}\">{amount(other_value)}</Amt>"
            f"<CcyXchg><SrcCcy>{other}</SrcCcy><TrgtCcy>{currency}</TrgtCcy><UnitCcy>{other}</UnitCcy>"
            f"<XchgRate>{e['rate']}</XchgRate></CcyXchg></InstdAmt>",
            f"              <TxAmt><Amt Ccy=\"{currency}\">{value}</Amt></TxAmt>",
            "            </AmtDtls>",
        ]
    else:
        lines.append(f"            <AmtDtls><TxAmt><Amt Ccy=\"{currency}\">{value}</Amt></TxAmt></AmtDtls>")
    if e["name"]:
        party = "Dbtr" if (side == "CRDT") != (e["kind"] == "unpaid") else "Cdtr"
        if e["kind"] == "unpaid":
            party = "Dbtr"
        lines.append("            <RltdPties>")
        lines.append(f"              <{party}><Nm>{escape(e['name'])}</Nm></{party}>")
        if e["account"]:
            number = (f"<IBAN>{e['account']}</IBAN>" if e["account_scheme"] == "IBAN"
                      else f"<Othr><Id>{escape(e['account'])}</Id></Othr>")
            lines.append(f"              <{party}Acct><Id>{number}</Id></{party}Acct>")
        lines.append("            </RltdPties>")
    remittance = ""
    if e["text"]:
        remittance += f"<Ustrd>{escape(e['text'])}</Ustrd>"
    if e["structured"]:
        remittance += ("<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp>"
                       f"<Ref>{escape(e['structured'])}</Ref></CdtrRefInf></Strd>")
    if remittance:
        lines.append(f"            <RmtInf>{remittance}</RmtInf>")
    if e["reason"]:
        lines.append(f"            <RtrInf><Rsn><Cd>{e['reason']}</Cd></Rsn></RtrInf>")
    lines += ["          </TxDtls>", "        </NtryDtls>", "      </Ntry>"]
    return lines


def _balance_xml(code, value, currency, on):
    side = "CRDT" if value >= 0 else "DBIT"
    return (f"      <Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
            f"<Amt Ccy=\"{currency}\">{amount(abs(value))}</Amt><CdtDbtInd>{side}</CdtDbtInd>"
            f"<Dt><Dt>{on}</Dt></Dt></Bal>")


def camt(path, message_id, created, account, currency, owner, bic, statements):
    """Writes one camt.053.001.02 file; each statement is dict(number, first, last, opening, entries)."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">',
        "  <BkToCstmrStmt>",
        f"    <GrpHdr><MsgId>{message_id}</MsgId><CreDtTm>{created}T05:30:00Z</CreDtTm></GrpHdr>",
    ]
    for s in statements:
        closing = s["opening"] + sum(e["value"] for e in s["entries"])
        number = (f"<IBAN>{account}</IBAN>")
        lines += [
            "    <Stmt>",
            f"      <Id>{account[-6:]}-{s['first'].year}-{s['number']:03d}</Id>",
            f"      <ElctrncSeqNb>{s['number']}</ElctrncSeqNb>",
            f"      <LglSeqNb>{s['number']}</LglSeqNb>",
            f"      <CreDtTm>{created}T05:30:00Z</CreDtTm>",
            f"      <FrToDt><FrDtTm>{s['first']}T00:00:00</FrDtTm><ToDtTm>{s['last']}T23:59:59</ToDtTm></FrToDt>",
            f"      <Acct><Id>{number}</Id><Ccy>{currency}</Ccy><Ownr><Nm>{escape(owner)}</Nm></Ownr>"
            f"<Svcr><FinInstnId><BIC>{bic}</BIC></FinInstnId></Svcr></Acct>",
            _balance_xml("OPBD", s["opening"], currency, s["first"]),
            _balance_xml("CLBD", closing, currency, s["last"]),
        ]
        for e in s["entries"]:
            lines += _entry_xml(e, currency)
        lines.append("    </Stmt>")
    lines += ["  </BkToCstmrStmt>", "</Document>", ""]
    write(path, "\n".join(lines))


# --- UBL 2.1 ---------------------------------------------------------------------------------------------

def pdf(lines):
    """A one-page PDF (Courier, uncompressed) whose cross-reference table is right."""
    text = "BT /F1 11 Tf 56 780 Td 16 TL " + " ".join(
        "(" + l.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") + ") Tj T*" for l in lines) + " ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
    ]
    body, offsets = "%PDF-1.4\n", []
    for number, value in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{value}\nendobj\n"
    start = len(body)
    body += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n"
    body += "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    body += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return body.encode("ascii")


def _party(tag, party):
    identification = (f"<cac:PartyIdentification><cbc:ID>{escape(party['id'])}</cbc:ID>"
                      "</cac:PartyIdentification>" if party.get("id") else "")
    tax = (f"<cac:PartyTaxScheme><cbc:CompanyID>{party['tax_id']}</cbc:CompanyID><cac:TaxScheme>"
           "<cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>" if party.get("tax_id") else "")
    return (f"  <cac:{tag}><cac:Party>{identification}<cac:PartyName><cbc:Name>{escape(party['name'])}"
            f"</cbc:Name></cac:PartyName><cac:PostalAddress><cbc:CityName>{escape(party['city'])}</cbc:CityName>"
            f"<cac:Country><cbc:IdentificationCode>{party['country']}</cbc:IdentificationCode></cac:Country>"
            f"</cac:PostalAddress>{tax}<cac:PartyLegalEntity><cbc:RegistrationName>{escape(party['name'])}"
            f"</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:{tag}>")


def ubl(path, number, issued, due, currency, seller, buyer, net, tax, rate, line_text, account,
        payment_id=None, instalments=(), attachment=None, credit=False, corrects=None, note=None):
    """Writes one UBL Invoice or CreditNote (EN 16931 shape) with one line; amounts are minor units, positive."""
    root = "CreditNote" if credit else "Invoice"
    gross = net + tax
    money = lambda tag, value: f'<cbc:{tag} currencyID="{currency}">{amount(value)}</cbc:{tag}>'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2"',
        '    xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"',
        '    xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">',
        "  <cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>",
        f"  <cbc:ID>{number}</cbc:ID>",
        f"  <cbc:IssueDate>{issued}</cbc:IssueDate>",
    ]
    if not credit:
        if due and not instalments:
            lines.append(f"  <cbc:DueDate>{due}</cbc:DueDate>")
        lines.append("  <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>")
    else:
        lines.append("  <cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode>")
    if note:
        lines.append(f"  <cbc:Note>{escape(note)}</cbc:Note>")
    lines.append(f"  <cbc:DocumentCurrencyCode>{currency}</cbc:DocumentCurrencyCode>")
    if corrects:
        lines.append("  <cac:BillingReference><cac:InvoiceDocumentReference>"
                     f"<cbc:ID>{corrects}</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference>")
    if attachment:
        name, data = attachment
        lines.append(f"  <cac:AdditionalDocumentReference><cbc:ID>{number}</cbc:ID><cac:Attachment>"
                     f'<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="{name}">'
                     f"{base64.b64encode(data).decode()}</cbc:EmbeddedDocumentBinaryObject>"
                     "</cac:Attachment></cac:AdditionalDocumentReference>")
    lines += [_party("AccountingSupplierParty", seller), _party("AccountingCustomerParty", buyer)]
    reference = f"<cbc:PaymentID>{payment_id}</cbc:PaymentID>" if payment_id else ""
    lines.append(f"  <cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>{reference}"
                 f"<cac:PayeeFinancialAccount><cbc:ID>{account}</cbc:ID></cac:PayeeFinancialAccount>"
                 "</cac:PaymentMeans>")
    for index, (share, on) in enumerate(instalments, 1):
        lines.append(f"  <cac:PaymentTerms><cbc:ID>{index}</cbc:ID>{money('Amount', share)}"
                     f"<cbc:PaymentDueDate>{on}</cbc:PaymentDueDate></cac:PaymentTerms>")
    category = f"<cbc:ID>{'S' if tax else 'O'}</cbc:ID>" + (f"<cbc:Percent>{rate}</cbc:Percent>" if tax else "")
    scheme = "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
    lines += [
        f"  <cac:TaxTotal>{money('TaxAmount', tax)}<cac:TaxSubtotal>{money('TaxableAmount', net)}"
        f"{money('TaxAmount', tax)}<cac:TaxCategory>{category}{scheme}</cac:TaxCategory></cac:TaxSubtotal>"
        "</cac:TaxTotal>",
        f"  <cac:LegalMonetaryTotal>{money('LineExtensionAmount', net)}{money('TaxExclusiveAmount', net)}"
        f"{money('TaxInclusiveAmount', gross)}{money('PayableAmount', gross)}</cac:LegalMonetaryTotal>",
        f"  <cac:{root}Line><cbc:ID>1</cbc:ID>"
        f'<cbc:{"CreditedQuantity" if credit else "InvoicedQuantity"} unitCode="C62">1'
        f'</cbc:{"CreditedQuantity" if credit else "InvoicedQuantity"}>{money("LineExtensionAmount", net)}'
        f"<cac:Item><cbc:Name>{escape(line_text)}</cbc:Name><cac:ClassifiedTaxCategory>{category}{scheme}"
        f"</cac:ClassifiedTaxCategory></cac:Item><cac:Price>{money('PriceAmount', net)}</cac:Price>"
        f"</cac:{root}Line>",
        f"</{root}>", "",
    ]
    write(path, "\n".join(lines))
