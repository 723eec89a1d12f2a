# SPDX-License-Identifier: Apache-2.0
"""Writes the input files and the timeline of Tests/Fixtures/WorkedQuarter.

Only inputs: every expected figure there was worked out by hand in WorkedQuarter.md and is checked by its own
check.py, which shares nothing with this file.   python3 scripts/samples/worked_quarter.py
"""
import json
import pathlib

from shapes import amount, camt, day, entry, iban, minor, pdf, ubl, write, write_csv

ROOT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Fixtures" / "WorkedQuarter"
ACCOUNT, BIC, OWNER = "NL91ABNA0417164300", "ABNANL2A", "Lantern Instruments B.V."


def account_of(number):
    country = {4: "NL", 6: "DE", 11: "GB"}.get(number, "NL")
    if country == "DE":
        return iban("DE", f"99999999{number:010d}")
    if country == "GB":
        return iban("GB", f"TSTB999999{number:08d}")
    return iban("NL", f"TSTB{number:010d}")


NAMES = {
    1: "Ahrend Molen B.V.", 2: "Brugzicht Techniek B.V.", 3: "Cortina Optiek B.V.", 4: "Dijkstra Meetbouw B.V.",
    5: "Eikenhof Laboratoria B.V.", 6: "Fabrik Nord GmbH", 7: "Gerrits Installaties B.V.",
    8: "Havenrij Logistiek B.V.", 9: "IJsselkade Services B.V.", 10: "Jansen & Vos B.V.", 11: "Keystone Labs Ltd",
    12: "Kade & Zn. v.o.f.", 13: "Lindeboom Bouw B.V.", 14: "Molenaar Pompen B.V.", 15: "Noordzij Glas B.V.",
    16: "Oosterwijk Metaal B.V.", 17: "Prinsen Koeling B.V.", 18: "Quist Sensoren B.V.", 19: "Rietveld Studio B.V.",
    20: "Scheepers Zorg B.V.", 21: "Tuinstra Kassen B.V.", 22: "Uylenburg Horeca B.V.", 23: "Visser Bakkerij B.V.",
    24: "Wielinga Advies B.V.", 25: "Xanten Druk B.V.", 26: "Ypma Verhuur B.V.",
}


def c(number):
    return f"C-{number:02d}"


def customers():
    rows = []
    for number, name in NAMES.items():
        country = {6: "DE", 11: "GB"}.get(number, "NL")
        phone = {"NL": f"+3160000{number:04d}", "DE": f"+49176040690{number:02d}",
                 "GB": f"+447700900{number:03d}"}[country]
        rows.append(dict(
            id=c(number), number=str(10000 + number), name=name, party_type="business", phone=phone,
            email=f"ap{number:02d}@example.com", country=country, language="en" if country != "NL" else "nl",
            time_zone={"NL": "Europe/Amsterdam", "DE": "Europe/Berlin", "GB": "Europe/London"}[country],
            account=account_of(number), opted_in="false" if number == 26 else "true", opted_out="false",
            do_not_automate="false"))
    return rows


COLUMNS = ["number", "kind", "customer_id", "customer_name", "currency", "issued_on", "due_on", "net", "tax", "total",
           "open", "corrects", "correction", "rate", "total_base", "collection_method", "dunning_blocked",
           "discount_percent", "discount_until"]


def invoice(number, customer, issued, due, total, **more):
    row = dict(number=number, kind=more.pop("kind", "invoice"), customer_id=c(customer),
               customer_name=NAMES[customer], currency=more.pop("currency", "EUR"), issued_on=issued, due_on=due,
               total=amount(minor(total)))
    row.update(more)
    return row


def invoices(path, rows):
    used = [column for column in COLUMNS if any(row.get(column) for row in rows)]
    write_csv(ROOT / "inputs" / path, rows, used)


def promise(number, customer, what, value, until, taken):
    return dict(id=f"P-{number:02d}", customer_id=c(customer), invoice_id=what, amount=amount(minor(value)),
                currency="EUR", promised_for=until, promised_on=taken, taken_by="mara", channel="phone")


PROMISE_COLUMNS = ["id", "customer_id", "invoice_id", "amount", "currency", "promised_for", "promised_on", "taken_by",
                   "channel"]

serial = 0


def cash(on, value, customer, text, kind="transfer", **more):
    global serial
    serial += 1
    return entry(f"LNT26{serial:04d}", on, minor(value), kind, NAMES[customer], account_of(customer), text, **more)


# number, first day, last day, arrival, entries
STATEMENTS = [
    (1, "2026-07-01", "2026-07-03", "2026-07-06", []),
    (2, "2026-07-06", "2026-07-10", "2026-07-13", [
        cash("2026-07-08", "1210.00", 1, "Factuur 2026-041"),
        cash("2026-07-09", "980.00", 3, "Factuur 2026-101 minus 2% korting")]),
    (3, "2026-07-13", "2026-07-17", "2026-07-20", [
        cash("2026-07-14", "400.00", 10, "Vooruitbetaling 2026-121"),
        cash("2026-07-15", "640.00", 8, "Factuur 2026-106"),
        cash("2026-07-16", "640.00", 8, "Factuur 2026-106"),
        cash("2026-07-17", "300.00", 5, "Factuur 2026-103 termijn 1")]),
    (4, "2026-07-20", "2026-07-24", "2026-07-27", []),
    (5, "2026-07-27", "2026-07-31", "2026-08-03", [
        cash("2026-07-29", "1420.00", 2, "Restant factuur 2026-038"),
        cash("2026-07-30", "600.00", 4, "Deelbetaling factuur 2026-102")]),
    (6, "2026-08-03", "2026-08-07", "2026-08-10", [
        cash("2026-08-05", "680.00", 6, "Rechnung 2026-104 abzgl. Gutschrift CN-2026-01"),
        cash("2026-08-06", "-640.00", 8, "Terugbetaling dubbele betaling factuur 2026-106", kind="sent"),
        cash("2026-08-07", "350.00", 15, "Factuur 2026-111")]),
    (7, "2026-08-10", "2026-08-12", "2026-08-17", [
        cash("2026-08-11", "2334.00", 11, "Invoice 2026-107", kind="foreign", instructed=("GBP", minor("2000.00")),
             rate="1.1670"),
        cash("2026-08-12", "500.00", 4, "Factuur 2026-102")]),
    (8, "2026-08-13", "2026-08-13", "2026-08-20", [
        cash("2026-08-13", "125.00", 3, "Factuur 2026-118")]),
    (9, "2026-08-14", "2026-08-14", "2026-08-17", []),
    (10, "2026-08-17", "2026-08-21", "2026-08-24", []),
    (11, "2026-08-24", "2026-08-28", "2026-08-31", [
        cash("2026-08-25", "560.00", 14, "Factuur 2026-109", valued="2026-08-20"),
        cash("2026-08-25", "330.00", 23, "Factuur 2026-116"),
        cash("2026-08-26", "450.00", 7, "Factuur 2026-110"),
        cash("2026-08-26", "220.00", 20, "Incasso factuur 2026-126", kind="collection", end_to_end="LNT-DD-2026-126"),
        cash("2026-08-28", "275.00", 16, "Factuur 2026-112"),
        cash("2026-08-28", "730.00", 9, "Incasso factuur 2026-119", kind="collection",
             end_to_end="LNT-DD-2026-119")]),
    (12, "2026-08-31", "2026-09-04", "2026-09-07", [
        cash("2026-09-02", "95.00", 26, "Factuur 2026-125"),
        cash("2026-09-03", "-730.00", 9, "Stornering incasso factuur 2026-119", kind="unpaid",
             end_to_end="LNT-DD-2026-119", reason="MD06")]),
    (13, "2026-09-07", "2026-09-11", "2026-09-14", [cash("2026-09-10", "150.00", 22, "Factuur 2026-123")]),
    (14, "2026-09-14", "2026-09-18", "2026-09-21", [cash("2026-09-16", "175.00", 25, "Factuur 2026-124")]),
    (15, "2026-09-21", "2026-09-25", "2026-09-28", [cash("2026-09-24", "610.00", 1, "Factuur 2026-127")]),
    (16, "2026-09-28", "2026-09-30", "2026-10-01", []),
]


def bank():
    balance, arrivals = minor("10000.00"), {}
    for number, first, last, arrival, entries in STATEMENTS:
        arrivals.setdefault(arrival, []).append(
            dict(number=number, first=day(first), last=day(last), opening=balance, entries=entries))
        balance += sum(e["value"] for e in entries)
    for arrival, statements in arrivals.items():
        camt(ROOT / "inputs" / arrival / "bank.xml", f"LNT-{arrival}", arrival, ACCOUNT, "EUR", OWNER, BIC, statements)


def documents():
    write_csv(ROOT / "inputs" / "2026-07-01" / "customers.csv", customers())
    invoices("2026-07-01/opening.csv", [
        invoice("2026-029", 12, "2026-03-11", "2026-04-10", "538.50", open="38.50"),
        invoice("2026-038", 2, "2026-05-01", "2026-05-31", "2420.00", open="1420.00"),
        invoice("2026-041", 1, "2026-05-21", "2026-06-20", "1210.00", open="1210.00"),
        invoice("CN-2025-88", 24, "2026-06-02", "2026-06-02", "-90.00", open="-90.00", kind="credit_note")])
    invoices("2026-07-06/invoices.csv", [
        invoice("2026-101", 3, "2026-07-01", "2026-07-31", "1000.00", net="826.45", tax="173.55",
                discount_percent="2", discount_until="2026-07-11"),
        invoice("2026-102", 4, "2026-07-02", "2026-08-01", "1500.00", net="1239.67", tax="260.33")])
    seller = dict(name=OWNER, city="Delft", country="NL", tax_id="NL000099998B57")
    ubl(ROOT / "inputs" / "2026-07-06" / "invoice-2026-103.xml", "2026-103", "2026-07-06", None, "EUR", seller,
        dict(id=c(5), name=NAMES[5], city="Utrecht", country="NL"), minor("743.80"), minor("156.20"), "21.00",
        "Spectrometer, service contract", ACCOUNT, payment_id="2026-103",
        instalments=[(30000, "2026-07-20"), (30000, "2026-08-03"), (30000, "2026-10-05")],
        attachment=("2026-103.pdf", pdf(["Lantern Instruments B.V.", "Factuur 2026-103", "EUR 900.00 in 3 termijnen"])))
    invoices("2026-07-13/invoices.csv", [
        invoice("2026-104", 6, "2026-07-07", "2026-08-06", "800.00"),
        invoice("2026-105", 7, "2026-07-08", "2026-07-22", "500.00"),
        invoice("2026-106", 8, "2026-07-09", "2026-07-23", "640.00"),
        invoice("2026-107", 11, "2026-07-13", "2026-08-12", "2000.00", currency="GBP", rate="1.1600",
                total_base="2320.00")])
    invoices("2026-07-20/invoices.csv", [
        invoice("2026-108", 13, "2026-07-14", "2026-07-28", "1100.00"),
        invoice("2026-109", 14, "2026-07-15", "2026-07-29", "560.00"),
        invoice("2026-110", 7, "2026-07-16", "2026-07-30", "450.00", corrects="2026-105", correction="replacement"),
        invoice("2026-111", 15, "2026-07-16", "2026-07-30", "350.00"),
        invoice("2026-112", 16, "2026-07-17", "2026-07-31", "275.00"),
        invoice("2026-113", 17, "2026-07-20", "2026-08-03", "990.00")])
    invoices("2026-07-27/invoices.csv", [
        invoice("CN-2026-01", 6, "2026-07-21", "2026-07-21", "-120.00", kind="credit_note", corrects="2026-104",
                correction="difference"),
        invoice("2026-114", 18, "2026-07-22", "2026-08-05", "410.00"),
        invoice("2026-115", 21, "2026-07-23", "2026-08-06", "480.00"),
        invoice("2026-116", 23, "2026-07-24", "2026-08-07", "330.00"),
        invoice("2026-117", 21, "2026-07-27", "2026-08-10", "260.00")])
    invoices("2026-08-03/invoices.csv", [
        invoice("2026-118", 3, "2026-07-28", "2026-08-11", "125.00"),
        invoice("2026-119", 9, "2026-07-29", "2026-08-28", "730.00"),
        invoice("2026-121", 10, "2026-08-03", "2026-09-02", "400.00"),
        invoice("2026-122", 24, "2026-08-03", "2026-08-17", "85.00")])
    invoices("2026-08-10/invoices.csv", [
        invoice("2026-123", 22, "2026-08-04", "2026-08-18", "150.00"),
        invoice("2026-124", 25, "2026-08-05", "2026-08-19", "175.00", dunning_blocked="true"),
        invoice("2026-125", 26, "2026-08-06", "2026-08-20", "95.00"),
        invoice("2026-126", 20, "2026-08-10", "2026-08-24", "220.00", collection_method="direct_debit")])
    invoices("2026-08-12/invoices.csv", [invoice("2026-120", 19, "2026-07-30", "2026-08-29", "300.00")])
    invoices("2026-08-20/invoices.csv", [
        invoice("CN-2026-02", 18, "2026-08-18", "2026-08-18", "-410.00", kind="credit_note", corrects="2026-114",
                correction="difference")])
    invoices("2026-09-07/invoices.csv", [invoice("2026-127", 1, "2026-09-07", "2026-09-21", "610.00")])


def promises():
    write_csv(ROOT / "inputs" / "2026-07-06" / "promises.csv", [
        promise(1, 2, "2026-038", "1420.00", "2026-07-15", "2026-07-06")], PROMISE_COLUMNS)
    write_csv(ROOT / "inputs" / "2026-08-05" / "promises.csv", [
        promise(2, 4, "2026-102", "900.00", "2026-08-12", "2026-08-05"),
        promise(3, 7, "2026-110", "450.00", "2026-08-26", "2026-08-05"),
        promise(4, 13, "2026-108", "1100.00", "2026-08-19", "2026-08-05"),
        promise(5, 14, "2026-109", "560.00", "2026-08-19", "2026-08-05"),
        promise(6, 15, "2026-111", "350.00", "2026-08-21", "2026-08-05"),
        promise(7, 16, "2026-112", "275.00", "2026-08-14", "2026-08-05"),
        promise(9, 17, "2026-113", "990.00", "2026-08-26", "2026-08-05"),
        promise(10, 18, "2026-114", "410.00", "2026-08-28", "2026-08-05")], PROMISE_COLUMNS)
    write_csv(ROOT / "inputs" / "2026-08-12" / "promises.csv", [
        promise(8, 16, "2026-112", "275.00", "2026-08-28", "2026-08-12")], PROMISE_COLUMNS)


def signal(path, **fields):
    write(ROOT / "inputs" / path, json.dumps(dict(type="signal", **fields), ensure_ascii=False) + "\n")


def signals():
    signal("2026-08-18/signals.jsonl", id="S-01", customer=c(21), kind="dispute", at="2026-08-18T08:10:00Z",
           invoices=["2026-115"], text="Invoice 2026-115 lists two sensors, we received one.", confidence="0.97")
    signal("2026-08-19/signals.jsonl", id="S-02", customer=c(22), kind="opt_out", at="2026-08-19T09:30:00Z",
           text="Stop met deze berichten.", confidence="0.99")
    signal("2026-08-21/signals.jsonl", id="S-03", customer=c(23), kind="claimed_payment", at="2026-08-21T13:05:00Z",
           invoices=["2026-116"], amount="330.00", currency="EUR", text="Is gisteren betaald.", confidence="0.95")
    signal("2026-09-20/signals.jsonl", id="S-04", customer=c(4), kind="promise", at="2026-09-20T17:00:00Z",
           invoices=["2026-102"], amount="400.00", currency="EUR", promised_for="2026-09-29", confirmed=False,
           text="Ik denk dat het volgende week dinsdag lukt.", confidence="0.71")


def control_totals():
    for on, file_day, eur, gbp in [("2026-07-31", "2026-08-05", "7148.50", "2000.00"),
                                   ("2026-08-31", "2026-09-08", "4583.50", "0.00"),
                                   ("2026-09-30", "2026-10-02", "4855.00", "0.00")]:
        write_csv(ROOT / "inputs" / file_day / "balances.csv", [
            dict(account="1300", customer_id="", currency="EUR", as_of=on, amount=eur),
            dict(account="1300", customer_id="", currency="GBP", as_of=on, amount=gbp)])


def timeline():
    days = []

    def at(on, note, *commands):
        days.append(dict(day=on, at=f"{on}T08:00:00Z", note=note, commands=list(commands)))

    def load(on, *names):
        return ["import"] + [f"inputs/{on}/{name}" for name in names]

    settle = [["reconcile"], ["promise", "evaluate"]]
    plan = [["plan"], ["deliver"]]
    at("2026-07-01", "Cut-over: customers and what was open on 30 June.",
       load("2026-07-01", "customers.csv", "opening.csv"))
    at("2026-07-06", "First week; an invoice with a discount, one in three instalments; a promise for 15 July.",
       load("2026-07-06", "bank.xml", "invoices.csv", "invoice-2026-103.xml", "promises.csv"), *settle)
    at("2026-07-13", "An opening invoice is paid; 2026-101 is paid within the discount period.",
       load("2026-07-13", "bank.xml", "invoices.csv"), *settle, *plan)
    at("2026-07-20", "A prepayment, a double payment, the first instalment; P-01 is broken.",
       load("2026-07-20", "bank.xml", "invoices.csv"), *settle)
    at("2026-07-27", "A credit note for 2026-104.", load("2026-07-27", "bank.xml", "invoices.csv"), *settle, *plan)
    at("2026-08-03", "2026-038 is paid late, 2026-102 in part; the prepaid invoice arrives.",
       load("2026-08-03", "bank.xml", "invoices.csv"), *settle)
    at("2026-08-05", "Promises taken by telephone; July is closed against its control total.",
       load("2026-08-05", "promises.csv", "balances.csv"), ["close", "--month", "2026-07", "--actor", "joost"])
    at("2026-08-10", "The double payment is refunded; P-06 is kept early.",
       load("2026-08-10", "bank.xml", "invoices.csv"), *settle, *plan)
    at("2026-08-12", "2026-120 of 30 July arrives after July was closed; P-08 takes the place of P-07.",
       load("2026-08-12", "invoices.csv", "promises.csv"), ["reconcile"])
    at("2026-08-17", "The bank's file has no 13 August: every reminder is held.",
       load("2026-08-17", "bank.xml"), *settle, *plan)
    at("2026-08-18", "C-21 disputes 2026-115.", ["confirm", "inputs/2026-08-18/signals.jsonl"])
    at("2026-08-19", "C-22 opts out; C-17 withdraws P-09.", ["confirm", "inputs/2026-08-19/signals.jsonl"],
       ["promise", "withdraw", "P-09", "--actor", "mara", "--reason", "customer called: cannot keep the day"])
    at("2026-08-20", "13 August arrives: the chain is whole. A credit note clears 2026-114.",
       load("2026-08-20", "bank.xml", "invoices.csv"), *settle)
    at("2026-08-21", "C-23 says it has paid 2026-116.", ["confirm", "inputs/2026-08-21/signals.jsonl"])
    at("2026-08-24", "P-04 and P-05 are broken.", load("2026-08-24", "bank.xml"), *settle, *plan)
    at("2026-08-31", "Cash valued 20 August arrives: P-05 is judged again. P-03 and P-08 are kept.",
       load("2026-08-31", "bank.xml"), *settle)
    at("2026-09-07", "The collection of 28 August is returned on 3 September.",
       load("2026-09-07", "bank.xml", "invoices.csv"), *settle)
    at("2026-09-08", "August is closed.", load("2026-09-08", "balances.csv"),
       ["close", "--month", "2026-08", "--actor", "joost"])
    at("2026-09-14", "An ordinary week.", load("2026-09-14", "bank.xml"), *settle)
    at("2026-09-15", "Mara writes off what is left of 2026-029; Joost is the second person.",
       ["review", "allocate", "--write-off", "2026-029=38.50", "--second-person", "joost", "--actor", "mara",
        "--reason", "firm wound up, remainder not recoverable"])
    at("2026-09-20", "Sunday: C-04 half promises; not confirmed.", ["confirm", "inputs/2026-09-20/signals.jsonl"])
    at("2026-09-21", "The returned collection is said as such.", load("2026-09-21", "bank.xml"), *settle, *plan)
    at("2026-09-28", "An ordinary week.", load("2026-09-28", "bank.xml"), *settle)
    at("2026-10-01", "The quarter's last bank days.", load("2026-10-01", "bank.xml"), *settle)
    at("2026-10-02", "September is closed.", load("2026-10-02", "balances.csv"),
       ["close", "--month", "2026-09", "--actor", "joost"], ["report", "month-end", "--month", "2026-09"], ["verify"])
    for entry_ in days:
        # The lists are shared between days: a new one each, with the day's --as-of.
        entry_["commands"] = [
            command if command[0] == "verify" else [*command, "--as-of", entry_["day"]]
            for command in entry_["commands"]]
    text = ["["]
    for index, entry_ in enumerate(days):
        text.append("  {")
        text.append(f'    "day": {json.dumps(entry_["day"])}, "at": {json.dumps(entry_["at"])},')
        text.append(f'    "note": {json.dumps(entry_["note"])},')
        text.append('    "commands": [')
        commands = entry_["commands"]
        text += ["      " + json.dumps(command) + ("," if i + 1 < len(commands) else "")
                 for i, command in enumerate(commands)]
        text += ["    ]", "  }" + ("," if index + 1 < len(days) else "")]
    text.append("]")
    write(ROOT / "timeline.json", "\n".join(text) + "\n")


CONFIG = """\
companies:
  - id: lantern
    legal_name: Lantern Instruments B.V.
    address: Lichtkade 4, 2611 AB Delft
    tax_id: NL000099998B57
    country: NL
    home_currency: EUR
    authority: tieout
    cut_over: 2026-06-30
    calendar: target
    time_zone: Europe/Amsterdam
    first_party: true
    accounts:
      - { id: NL91ABNA0417164300, holder: Lantern Instruments B.V., bic: ABNANL2A, currency: EUR }
    sources:
      - { id: books, files: ["opening.csv", "invoices*.csv", "invoice-*.xml"], max_age_days: 20 }
"""

if __name__ == "__main__":
    write(ROOT / "tieout.yaml", CONFIG)
    bank()
    documents()
    promises()
    signals()
    control_totals()
    timeline()
