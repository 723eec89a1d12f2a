# SPDX-License-Identifier: Apache-2.0
"""Writes samples/quarter: Lumen Lichttechniek B.V., July to September 2026, the company of `tieout demo`.

Everything is made up: names, addresses, accounts and telephone numbers. The tables here are the story; the script
only turns them into the files that an accounting system, two banks and a messaging agent would send.
python3 scripts/samples/quarter.py
"""
import json
import pathlib
from datetime import timedelta

from shapes import amount, banking_days, camt, day, entry, iban, minor, pdf, ubl, write, write_csv

ROOT = pathlib.Path(__file__).resolve().parents[2] / "samples" / "quarter"
OWNER = "Lumen Lichttechniek B.V."
EUR_ACCOUNT, EUR_BIC = "NL91ABNA0417164300", "ABNANL2A"
BRL_ACCOUNT, BRL_BIC = "BR1800360305000010009795493C1", "TSTBBRSP"
MISSING = day("2026-08-13")
WORKDAYS = banking_days(day("2026-07-01"), day("2026-09-30"))
ARRIVALS = [d for d in banking_days(day("2026-07-02"), day("2026-10-01")) if d.weekday() in (0, 3)]

# --- customers: number, name, country, party type, terms in days -----------------------------------------------
CUSTOMERS = [
    (1, "Atelier Zonnebloem B.V.", "NL", "business", 14),
    (2, "Bakkerij De Korenaar B.V.", "NL", "business", 14),
    (3, "Café Waterlinie v.o.f.", "NL", "business", 14),
    (4, "Dierenkliniek Vlinder B.V.", "NL", "business", 14),
    (5, "Eetlokaal Noorderzon", "NL", "sole_trader", 14),
    (6, "Fysio Parkzicht B.V.", "NL", "business", 14),
    (7, "Galerie Blauwe Deur B.V.", "NL", "business", 14),
    (8, "Hotel Schouwburg B.V.", "NL", "business", 30),
    (9, "IJssalon Sorbet", "NL", "sole_trader", 14),
    (10, "Jachtwerf Het Anker B.V.", "NL", "business", 14),
    (11, "Küchenstudio Morgenstern GmbH", "DE", "business", 14),
    (12, "Lichthaus Weber KG", "DE", "business", 14),
    (13, "Möbelwerk Tannengrund GmbH", "DE", "business", 14),
    (14, "Nordlicht Event UG", "DE", "business", 14),
    (15, "Optik Sternberg e.K.", "DE", "sole_trader", 14),
    (16, "Padaria Três Irmãos Ltda", "BR", "business", 15),
    (17, "Quitanda Bom Dia ME", "BR", "sole_trader", 15),
    (18, "Restaurante Sabiá Ltda", "BR", "business", 15),
    (19, "Studio Ipê Arquitetura Ltda", "BR", "business", 15),
    (20, "Teatro Maré Alta", "BR", "business", 15),
]
CITY = {"NL": "Utrecht", "DE": "Bremen", "BR": "São Paulo"}
BY_NUMBER = {row[0]: row for row in CUSTOMERS}


def code(number):
    return f"L-{number:02d}"


def account_of(number):
    country = BY_NUMBER[number][2]
    if country == "DE":
        return iban("DE", f"99999999{number:010d}")
    if country == "BR":
        return iban("BR", f"99999999{number:05d}{number * 7:010d}C1")
    return iban("NL", f"TSTB{number:010d}")


# --- what was open at cut-over: number, customer, issued, due, total, open ---------------------------------------
OPENING = [
    ("LUM-2026-0141", 3, "2026-05-18", "2026-06-01", "786.50", "786.50"),
    ("LUM-2026-0152", 8, "2026-05-29", "2026-06-28", "3146.00", "3146.00"),
    ("LUM-2026-0157", 9, "2026-06-04", "2026-06-18", "423.50", "23.50"),
    ("LUM-2026-0163", 12, "2026-06-15", "2026-06-29", "1452.00", "1452.00"),
    ("LUM-2026-0166", 16, "2026-06-18", "2026-07-03", "2850.00", "2850.00"),
    ("LUM-2026-0169", 1, "2026-06-24", "2026-07-08", "605.00", "605.00"),
]
OPENING_PAID = {  # number: (booked, amount)
    "LUM-2026-0141": ("2026-07-22", "786.50"), "LUM-2026-0152": ("2026-07-03", "3146.00"),
    "LUM-2026-0163": ("2026-07-02", "1452.00"), "LUM-2026-0166": ("2026-07-06", "2850.00"),
    "LUM-2026-0169": ("2026-07-08", "605.00"),
}

# --- invoices: customer, issued, gross, how it is paid -------------------------------------------------------------
# A number is days after the due day, in full, quoting the invoice number. `rf` quotes the ISO 11649 reference
# instead, `bare` quotes nothing, `skonto` takes 2 % on that many days after issue. A list is given by hand:
# (booked, amount[, value day]).  None is not paid in the quarter.
INVOICES = [
    (1, "2026-07-01", "484.00", ("rf", -2)), (1, "2026-07-22", "363.00", ("rf", 0)),
    (1, "2026-08-12", "544.50", ("rf", -1)), (1, "2026-09-02", "605.00", ("rf", 0)),
    (2, "2026-07-16", "312.50", "collected"), (2, "2026-08-05", "290.00", "collected"),
    (2, "2026-08-26", "305.00", "collected"), (2, "2026-09-09", "298.00", "collected"),
    (3, "2026-07-02", "532.40", [("2026-08-24", "532.40")]), (3, "2026-07-27", "411.40", 12),
    (3, "2026-08-19", "459.80", 9), (3, "2026-09-10", "387.20", None),
    (4, "2026-07-03", "217.80", 1), (4, "2026-07-24", "254.10", 3), (4, "2026-08-14", "229.90", ("bare", 0)),
    (4, "2026-09-04", "266.20", 0),
    (5, "2026-07-06", "181.50", 4), (5, "2026-07-28", "193.60", [("2026-09-15", "193.60")]),
    (5, "2026-08-20", "169.40", None), (5, "2026-09-11", "205.70", None),
    (6, "2026-07-06", "847.00", [("2026-07-16", "847.00"), ("2026-07-17", "847.00")]), (6, "2026-07-29", "363.00", 0),
    (6, "2026-08-21", "423.50", 2), (6, "2026-09-11", "387.20", -1),
    (7, "2026-07-07", "1331.00", 5), (7, "2026-07-30", "968.00", None), (7, "2026-08-03", "605.00", 25),
    (7, "2026-09-01", "726.00", 6),
    (8, "2026-07-08", "2904.00", [("2026-07-30", "968.00"), ("2026-08-31", "968.00")]),
    (8, "2026-07-13", "1210.00", [("2026-08-18", "1210.00")]), (8, "2026-08-10", "1694.00", 1),
    (8, "2026-09-07", "1452.00", None),
    (9, "2026-07-08", "338.80", 2), (9, "2026-07-20", "1089.00", [("2026-08-19", "600.00")]),
    (9, "2026-08-17", "302.50", 8), (9, "2026-09-08", "314.60", None),
    (10, "2026-07-09", "1936.00", -3), (10, "2026-07-29", "1573.00", [("2026-08-13", "1573.00")]),
    (10, "2026-08-20", "1815.00", [("2026-09-10", "1815.00")]), (10, "2026-09-08", "1694.00", 0),
    (11, "2026-07-03", "1210.00", ("skonto", 6)), (11, "2026-07-27", "968.00", ("skonto", 7)),
    (11, "2026-08-18", "1452.00", ("skonto", 5)), (11, "2026-09-08", "1089.00", 2),
    (12, "2026-07-09", "726.00", [("2026-07-24", "605.00")]), (12, "2026-07-31", "847.00", ("skonto", 6)),
    (12, "2026-08-24", "1331.00", 0), (12, "2026-09-14", "968.00", ("skonto", 7)),
    (13, "2026-07-10", "2420.00", [("2026-08-27", "2420.00")]), (13, "2026-07-31", "1815.00", 3),
    (13, "2026-08-21", "1936.00", 1), (13, "2026-09-11", "1573.00", None),
    (14, "2026-07-13", "1694.00", [("2026-08-25", "1694.00", "2026-08-20")]), (14, "2026-08-03", "605.00", 4),
    (14, "2026-08-25", "786.50", 6), (14, "2026-09-15", "907.50", None),
    (15, "2026-07-14", "484.00", "replaced"), (15, "2026-07-21", "435.60", 0), (15, "2026-08-11", "508.20", -2),
    (15, "2026-09-03", "532.40", 1),
    (16, "2026-07-02", "3200.00", 0), (16, "2026-07-23", "2950.00", 1), (16, "2026-08-13", "3100.00", 0),
    (16, "2026-09-03", "3050.00", 3),
    (17, "2026-07-06", "880.00", [("2026-08-12", "880.00")]), (17, "2026-08-04", "910.00", 2),
    (17, "2026-08-25", "865.00", 0), (17, "2026-09-14", "940.00", None),
    (18, "2026-07-07", "4100.00", None), (18, "2026-07-28", "3900.00", [("2026-08-26", "2000.00")]),
    (18, "2026-08-18", "4250.00", None), (18, "2026-09-10", "4050.00", None),
    (19, "2026-07-10", "1560.00", "credited"), (19, "2026-07-30", "1720.00", [("2026-08-21", "1720.00")]),
    (19, "2026-08-20", "1640.00", 1), (19, "2026-09-09", "1580.00", 4),
    (20, "2026-07-15", "2400.00", 6), (20, "2026-08-06", "2550.00", None), (20, "2026-08-27", "2475.00", 2),
    (20, "2026-09-15", "2625.00", None),
]
# (customer, its nth invoice) with a life of its own:
UBL_CUSTOMERS = (11, 13)          # sent as UBL with the PDF inside
INSTALMENTS = {(8, 1): ["2026-07-30", "2026-08-31", "2026-10-15"]}
LATE_ARRIVAL = {(13, 2): "2026-08-10", (12, 2): "2026-08-10"}   # dated July, sent after July was closed
PREPAID = {(12, 3): "2026-08-20"}                 # paid four days before the invoice exists


def booked(on):
    while on.weekday() > 4:
        on += timedelta(days=1)
    return on


def rf(number):
    """ISO 11649: RF, check digits, the invoice number's letters and digits."""
    body = number.replace("-", "")
    digits = "".join(str(int(c, 36)) for c in body + "RF00")
    return f"RF{98 - int(digits) % 97:02d}{body}"


class Book:
    """All invoices with number and due day, in order of issue."""

    def __init__(self):
        self.rows, seen = [], {}
        for position, (customer, issued, gross, paid) in enumerate(INVOICES):
            seen[customer] = seen.get(customer, 0) + 1
            self.rows.append(dict(customer=customer, nth=seen[customer], issued=day(issued), gross=minor(gross),
                                  paid=paid, position=position))
        self.rows.sort(key=lambda r: (r["issued"], r["position"]))
        for index, row in enumerate(self.rows):
            row["number"] = f"LUM-2026-{201 + index:04d}"
            row["due"] = row["issued"] + timedelta(days=BY_NUMBER[row["customer"]][4])
            row["currency"] = "BRL" if BY_NUMBER[row["customer"]][2] == "BR" else "EUR"
            if (row["customer"], row["nth"]) in LATE_ARRIVAL:
                row["arrives"] = day(LATE_ARRIVAL[row["customer"], row["nth"]])
            else:
                row["arrives"] = next(a for a in ARRIVALS if a >= row["issued"])

    def number(self, customer, nth):
        return next(r["number"] for r in self.rows if (r["customer"], r["nth"]) == (customer, nth))


BOOK = Book()
N = BOOK.number


# --- bank ------------------------------------------------------------------------------------------------------
def bank_entries():
    found = []

    def cash(on, value, customer, text, kind=None, **more):
        brazilian = customer and BY_NUMBER[customer][2] == "BR"
        found.append(dict(on=booked(on), value=value, customer=customer, text=text, brl=brazilian,
                          kind=kind or ("domestic" if brazilian else "transfer"), more=more))

    for number, (on, value) in OPENING_PAID.items():
        customer = next(row[1] for row in OPENING if row[0] == number)
        cash(day(on), minor(value), customer, number)
    for row in BOOK.rows:
        paid, customer, number, gross = row["paid"], row["customer"], row["number"], row["gross"]
        if (customer, row["nth"]) in PREPAID:
            cash(day(PREPAID[customer, row["nth"]]), gross, customer, f"Vorauszahlung {number}")
        elif isinstance(paid, int):
            cash(row["due"] + timedelta(days=paid), gross, customer, number)
        elif isinstance(paid, list):
            for booking in paid:
                valued = booking[2] if len(booking) > 2 else None
                cash(day(booking[0]), minor(booking[1]), customer, number, **({"valued": valued} if valued else {}))
        elif isinstance(paid, tuple) and paid[0] == "rf":
            cash(row["due"] + timedelta(days=paid[1]), gross, customer, None, structured=rf(number))
        elif isinstance(paid, tuple) and paid[0] == "bare":
            cash(row["due"] + timedelta(days=paid[1]), gross, customer, "Betaling, dank u wel")
        elif isinstance(paid, tuple) and paid[0] == "skonto":
            # Two per cent of a whole number of tens of cents: no rounding to argue about.
            cash(row["issued"] + timedelta(days=paid[1]), gross - gross * 2 // 100, customer, f"{number} abzgl. 2% Skonto")
        elif paid == "collected":
            cash(row["due"], gross, customer, f"Incasso {number}", kind="collection", end_to_end=f"DD-{number}")
    # The collection of 30 July comes back on 4 August; the customer transfers it on 3 September.
    cash(day("2026-08-04"), -minor("312.50"), 2, f"Stornering incasso {N(2, 1)}", kind="unpaid",
         end_to_end=f"DD-{N(2, 1)}", reason="MD06")
    cash(day("2026-09-03"), minor("312.50"), 2, N(2, 1))
    cash(day("2026-07-31"), -minor("847.00"), 6, f"Terugbetaling dubbele betaling {N(6, 1)}", kind="sent")
    # Nobody knows who this is; and charges of the bank, which are no customer's.
    found.append(dict(on=day("2026-09-17"), value=minor("250.00"), customer=None, text="betaling lampen", brl=False,
                      kind="transfer", more={}))
    for on in ("2026-07-31", "2026-08-31", "2026-09-30"):
        found.append(dict(on=day(on), value=-minor("12.50"), customer=None, text="Kosten betaalrekening", brl=False,
                          kind="charges", more={}))
    return sorted(found, key=lambda f: (f["on"], f["customer"] or 0, f["value"], f["text"] or ""))


REFERENCES = {}   # the bank's reference of the last entry of (customer, day)
LATE_STATEMENT = day("2026-09-10")   # this day's bank file comes the same afternoon, between plan and hand-over


def bank():
    found = bank_entries()
    for brl, account, bic, opening, name, prefix in (
            (False, EUR_ACCOUNT, EUR_BIC, "25000.00", "bank-eur", "AB"),
            (True, BRL_ACCOUNT, BRL_BIC, "40000.00", "bank-brl", "BR")):
        balance, serial, files = minor(opening), 0, {}
        for number, on in enumerate(WORKDAYS, 1):
            entries = []
            for f in (f for f in found if f["on"] == on and f["brl"] == brl):
                serial += 1
                REFERENCES[f["customer"], str(on)] = f"{prefix}26{serial:05d}"
                customer, more = f["customer"], dict(f["more"])
                if brl:
                    more.setdefault("end_to_end", f"E99999999{on:%Y%m%d}1200{serial:011d}")
                who = (BY_NUMBER[customer][1], account_of(customer)) if customer else (
                    (None, None) if f["kind"] == "charges" else ("W. de Groot", iban("NL", "TSTB0000009999")))
                entries.append(entry(f"{prefix}26{serial:05d}", on, f["value"], f["kind"], who[0], who[1], f["text"],
                                     **more))
            statement = dict(number=number, first=on, last=on, opening=balance, entries=entries)
            balance += sum(e["value"] for e in entries)
            arrival = next(a for a in ARRIVALS if a > on)
            file = name
            if not brl and on == MISSING:
                arrival = next(a for a in ARRIVALS if a > arrival)
            if not brl and on == LATE_STATEMENT:
                arrival, file = on, "bank-eur-afternoon"
            files.setdefault((arrival, file), []).append(statement)
        for (arrival, file), statements in files.items():
            camt(ROOT / str(arrival) / f"{file}.xml", f"{prefix}-{arrival}-{len(statements)}", arrival, account,
                 "BRL" if brl else "EUR", OWNER, bic, statements)


# --- documents ----------------------------------------------------------------------------------------------------
def customers():
    rows = []
    for number, name, country, party, _ in CUSTOMERS:
        rows.append(dict(
            id=code(number), number=str(50000 + number), name=name, party_type=party,
            phone={"NL": f"+316000010{number:02d}", "DE": f"+49176040690{number:02d}",
                   "BR": f"+55119000000{number:02d}"}[country],
            email=f"post{number:02d}@example.com", country=country,
            language={"NL": "nl", "DE": "en", "BR": "pt-BR"}[country],
            time_zone={"NL": "Europe/Amsterdam", "DE": "Europe/Berlin", "BR": "America/Sao_Paulo"}[country],
            account=account_of(number), opted_in="false" if number == 20 else "true", opted_out="false",
            do_not_automate="false"))
    write_csv(ROOT / "customers.csv", rows)


COLUMNS = ["number", "kind", "customer_id", "customer_name", "currency", "issued_on", "due_on", "total", "open",
           "structured_reference", "corrects", "correction", "collection_method", "discount_percent", "discount_until"]
SELLER = dict(name=OWNER, city="Utrecht", country="NL", tax_id="NL000099998B57")


def documents():
    write_csv(ROOT / "2026-07-01" / "open-items.csv", [
        dict(number=number, kind="invoice", customer_id=code(customer), customer_name=BY_NUMBER[customer][1],
             currency="BRL" if BY_NUMBER[customer][2] == "BR" else "EUR", issued_on=issued, due_on=due, total=total,
             open=open_, structured_reference=rf(number) if BY_NUMBER[customer][2] == "NL" else "")
        for number, customer, issued, due, total, open_ in OPENING])
    files = {}
    for row in BOOK.rows:
        customer, nth, number = row["customer"], row["nth"], row["number"]
        name, country = BY_NUMBER[customer][1], BY_NUMBER[customer][2]
        skonto = country == "DE"
        if customer in UBL_CUSTOMERS or (customer, nth) in INSTALMENTS:
            net = row["gross"] * 100 // 121
            assert net + (net * 21 + 50) // 100 == row["gross"], row
            days = INSTALMENTS.get((customer, nth), [])
            shares = [(row["gross"] // len(days), on) for on in days]
            until = row["issued"] + timedelta(days=7)
            text = [OWNER, f"Invoice {number}", f"for {name}".encode("ascii", "replace").decode(),
                    f"{row['currency']} {amount(row['gross'])}", f"due {row['due']}"]
            path = ROOT / str(row["arrives"]) / f"{number}.xml"
            ubl(path, number, row["issued"], row["due"], row["currency"], SELLER,
                dict(id=code(customer), name=name, city=CITY[country], country=country), net, row["gross"] - net,
                "21.00", "Lighting: delivery and installation", EUR_ACCOUNT, payment_id=number, instalments=shares,
                attachment=(f"{number}.pdf", pdf(text)))
            if skonto:
                terms = "  <cac:PaymentTerms><cbc:Note>#SKONTO#TAGE=7#PROZENT=2.00#\n</cbc:Note></cac:PaymentTerms>\n"
                path.write_text(path.read_text(encoding="utf-8").replace("  <cac:TaxTotal>", terms + "  <cac:TaxTotal>", 1),
                                encoding="utf-8", newline="\n")
            continue
        line = dict(number=number, kind="invoice", customer_id=code(customer), customer_name=name,
                    currency=row["currency"], issued_on=row["issued"], due_on=row["due"], total=amount(row["gross"]))
        if country == "NL":
            line["structured_reference"] = rf(number)
        if customer == 2:
            line["collection_method"] = "direct_debit" if nth > 1 else ""
        if skonto:
            line.update(discount_percent="2", discount_until=row["issued"] + timedelta(days=7))
        if (customer, nth) == (15, 2):
            line.update(corrects=N(15, 1), correction="replacement")
        files.setdefault(row["arrives"], []).append(line)
    for number, customer, issued, arrives, gross, target in [
            ("LUM-2026-C001", 12, "2026-07-20", "2026-07-20", "-121.00", N(12, 1)),
            ("LUM-2026-C002", 19, "2026-08-17", "2026-08-17", "-1560.00", N(19, 1))]:
        files.setdefault(day(arrives), []).append(dict(
            number=number, kind="credit_note", customer_id=code(customer), customer_name=BY_NUMBER[customer][1],
            currency="BRL" if customer == 19 else "EUR", issued_on=issued, due_on=issued, total=gross, corrects=target,
            correction="difference"))
    for arrival, rows in files.items():
        write_csv(ROOT / str(arrival) / "invoices.csv", rows, [c for c in COLUMNS if any(r.get(c) for r in rows)])


# --- promises and signals ---------------------------------------------------------------------------------------------
PROMISE_COLUMNS = ["id", "customer_id", "invoice_id", "amount", "currency", "promised_for", "promised_on", "taken_by",
                   "channel"]
PROMISES = [  # id, customer, invoice, amount, made on, for, by, channel
    ("PR-01", 3, "LUM-2026-0141", "786.50", "2026-07-06", "2026-07-15", "noor", "phone"),      # broken, paid late
    ("PR-02", 8, N(8, 2), "1210.00", "2026-08-13", "2026-08-27", "noor", "phone"),            # kept early
    ("PR-03", 9, N(9, 2), "1089.00", "2026-08-10", "2026-08-19", "noor", "whatsapp"),        # partially kept
    ("PR-04", 13, N(13, 1), "2420.00", "2026-08-06", "2026-08-14", "noor", "email"),          # superseded
    ("PR-05", 13, N(13, 1), "2420.00", "2026-08-13", "2026-08-27", "noor", "email"),          # kept on the day
    ("PR-06", 14, N(14, 1), "1694.00", "2026-08-06", "2026-08-19", "noor", "whatsapp"),      # broken, judged again
    ("PR-07", 17, N(17, 1), "880.00", "2026-08-03", "2026-08-12", "noor", "whatsapp"),       # kept on the day
    ("PR-08", 18, N(18, 1), "4100.00", "2026-08-06", "2026-08-19", "noor", "whatsapp"),      # broken
    ("PR-09", 19, N(19, 1), "1560.00", "2026-08-06", "2026-08-28", "noor", "phone"),          # cleared otherwise
    ("PR-10", 3, N(3, 1), "532.40", "2026-08-03", "2026-08-21", "noor", "phone"),             # withdrawn
]


def promises():
    files = {}
    for key, customer, invoice, value, made, until, by, channel in PROMISES:
        files.setdefault(made, []).append(dict(
            id=key, customer_id=code(customer), invoice_id=invoice, amount=value,
            currency="BRL" if BY_NUMBER[customer][2] == "BR" else "EUR", promised_for=until, promised_on=made,
            taken_by=by, channel=channel))
    for made, rows in files.items():
        write_csv(ROOT / made / "promises.csv", rows, PROMISE_COLUMNS)


SIGNALS = [
    ("2026-07-27", dict(id="SG-01", customer=code(13), kind="invoice_request", at="2026-07-27T12:20:00Z",
                        invoices=[N(13, 1)], text="Könnten Sie mir die Rechnung noch einmal schicken?",
                        confidence="0.98")),
    ("2026-08-17", dict(id="SG-02", customer=code(7), kind="dispute", at="2026-08-17T12:40:00Z", invoices=[N(7, 2)],
                        text="Twee van de vier spots doen het niet.", confidence="0.96")),
    ("2026-08-20", dict(id="SG-03", customer=code(5), kind="opt_out", at="2026-08-20T12:10:00Z",
                        text="Stop alsjeblieft met deze berichten.", confidence="0.99")),
    ("2026-08-20", dict(id="SG-04", customer=code(19), kind="claimed_payment", at="2026-08-20T12:30:00Z",
                        invoices=[N(19, 2)], amount="1720.00", currency="BRL", text="Já paguei hoje de manhã.",
                        confidence="0.94")),
    ("2026-09-21", dict(id="SG-05", customer=code(18), kind="hardship", at="2026-09-21T12:50:00Z",
                        text="O movimento caiu muito, não consigo pagar tudo agora.", confidence="0.88")),
    ("2026-09-24", dict(id="SG-06", customer=code(9), kind="promise", at="2026-09-24T12:30:00Z", invoices=[N(9, 2)],
                        amount="489.00", currency="EUR", promised_for="2026-10-01", confirmed=False,
                        text="Ik denk donderdag.", confidence="0.72")),
]


def signals():
    files = {}
    for on, fields in SIGNALS:
        files.setdefault(on, []).append(json.dumps(dict(type="signal", **fields), ensure_ascii=False))
    for on, lines in files.items():
        write(ROOT / on / "signals.jsonl", "\n".join(lines) + "\n")


# --- control totals: what the general ledger says at each month's end ---------------------------------------------
CLOSED_ON = {"2026-07-31": "2026-08-06", "2026-08-31": "2026-09-07", "2026-09-30": "2026-10-01"}


def control_totals():
    """Opening + invoiced - credits - replaced - cash - discount - write-off, each on its posting day."""
    moves = []
    for _, customer, _, _, _, open_ in OPENING:
        moves.append(("2026-06-30", BY_NUMBER[customer][2] == "BR", minor(open_)))
    for row in BOOK.rows:
        brl, posted = row["currency"] == "BRL", str(row["issued"])
        if str(row["arrives"]) > CLOSED_ON["2026-07-31"] and posted <= "2026-07-31":
            posted = "2026-08-01"
        moves.append((posted, brl, row["gross"]))
        if isinstance(row["paid"], tuple) and row["paid"][0] == "skonto":
            taken = str(booked(row["issued"] + timedelta(days=row["paid"][1])))
            moves.append((max(posted, taken), brl, -(row["gross"] * 2 // 100)))
        if row["paid"] == "replaced":
            successor = next(r for r in BOOK.rows if (r["customer"], r["nth"]) == (row["customer"], row["nth"] + 1))
            moves.append((str(successor["issued"]), brl, -row["gross"]))
    moves += [("2026-07-20", False, -minor("121.00")), ("2026-08-17", True, -minor("1560.00")),
              ("2026-09-14", False, -minor("23.50"))]
    moves += [(str(f["on"]), f["brl"], -f["value"]) for f in bank_entries() if f["kind"] != "charges"]
    for on, closed in CLOSED_ON.items():
        write_csv(ROOT / closed / "balances.csv", [
            dict(account="1300", customer_id="", currency=currency, as_of=on,
                 amount=amount(sum(value for posted, b, value in moves if b == brl and posted <= on)))
            for currency, brl in (("EUR", False), ("BRL", True))])


# --- the story -----------------------------------------------------------------------------------------------------
SAY = {
    "2026-07-01": "Cut-over: 20 customers in three countries, and the six invoices that were open on 30 June.",
    "2026-07-06": "Café Waterlinie promises 786.50 for 15 July: the reminders of that invoice pause.",
    "2026-07-20": "Fysio Parkzicht paid one invoice twice: the second 847.00 waits unapplied. Café Waterlinie's promise is broken.",
    "2026-07-27": "Möbelwerk Tannengrund asks for a copy of its invoice: the PDF that came inside the UBL file goes out.",
    "2026-08-06": "Bakkerij De Korenaar's direct debit of 30 July came back on 4 August: July keeps the cash, August takes it back. July is closed.",
    "2026-08-17": "The bank's file has no 13 August: every reminder is held. Galerie Blauwe Deur disputes an invoice.",
    "2026-08-20": "13 August arrives; Jachtwerf Het Anker had paid that day. Eetlokaal Noorderzon says stop: no reminder goes to it any more.",
    "2026-08-24": "Promises are judged by value day: IJssalon Sorbet partly kept, Restaurante Sabiá and Nordlicht Event broken.",
    "2026-08-27": "Nordlicht's money arrives, valued 20 August: judged again, kept; both verdicts stay.",
    "2026-09-10": "Jachtwerf Het Anker is in the plan at half past three; its payment arrives before the message is handed over.",
    "2026-09-14": "What rules do not decide, people do: 23.50 is written off with a second person's approval, the hotel's 968.00 is booked.",
    "2026-09-21": "Restaurante Sabiá writes that it is short of money: that goes to a person. 250.00 came from somebody unknown.",
    "2026-10-01": "The quarter's last bank day: September is closed.",
}
# day: (a command, the lines of it that contain this, fields of JSON lines). They prove the sentence.
def shown():
    return {
        "2026-07-20": [(["review", "show", REFERENCES[6, "2026-07-17"]], "twice")],
        "2026-07-27": [(["deliver"], "L-13 invoice_resend")],
        "2026-08-17": [(["plan"], "L-03")],
        "2026-09-10": [(["list", "messages", "--customer", "L-10"], '"cancel_reason"',
                        ["customer_id", "purpose", "state", "cancel_reason"])],
    }


def story():
    days = [day("2026-07-01")] + ARRIVALS
    lines = ["# The quarter of Lumen Lichttechniek, day by day. Each step is one command line of `tieout`, as a list;",
             "# `deliver` hands over what the outbox holds (claim, begin, acknowledge, confirm). Paths start here.",
             "# `show` repeats lines of what a step printed; a command that was no step that day is run for it.",
             "title: \"Tieout: a quarter of one small company, from files, in one SQLite database.\"",
             f"explain: {N(13, 1)}", "days:"]
    for on in days:
        folder = ROOT / str(on)
        names = sorted(p.name for p in folder.iterdir()) if folder.exists() else []
        steps = []
        if on == day("2026-07-01"):
            steps.append(["import", "customers.csv", f"{on}/open-items.csv"])
        else:
            first = [n for n in names if n not in ("signals.jsonl", "bank-eur-afternoon.xml")]
            steps.append(["import"] + [f"{on}/{n}" for n in first])
            if on == day("2026-08-13"):
                steps.append(["promise", "withdraw", "PR-10", "--actor", "noor", "--reason", "customer called"])
            if on == day("2026-09-14"):
                steps.append(["review", "allocate", "--write-off", "LUM-2026-0157=23.50", "--second-person", "bram",
                              "--actor", "noor", "--reason", "not worth a letter"])
            if on == day("2026-09-14"):
                steps.append(["review", "accept", REFERENCES[8, "2026-08-31"], "--actor", "noor", "--reason",
                              "second instalment"])
            steps.append(["reconcile"])
            if "signals.jsonl" in names:
                steps.append(["confirm", f"{on}/signals.jsonl"])
            steps += [["promise", "evaluate"], ["plan"]]
            if "bank-eur-afternoon.xml" in names:
                steps += [["import", f"{on}/bank-eur-afternoon.xml"], ["reconcile"]]
            steps.append(["deliver"])
            close = {"2026-08-06": "2026-07", "2026-09-07": "2026-08", "2026-10-01": "2026-09"}.get(str(on))
            if close:
                steps.append(["close", "--month", close, "--actor", "bram"])
            if on == ARRIVALS[-1]:
                steps.append(["verify"])
        lines.append(f"  - day: {on}")
        lines.append(f"    at: {on}T13:30:00Z")
        if str(on) in SAY:
            lines.append("    say: " + json.dumps(SAY[str(on)], ensure_ascii=False))
        lines.append("    steps:")
        for step in steps:
            lines.append("      - [" + ", ".join(json.dumps(s, ensure_ascii=False) if any(c in s for c in " =,:#")
                                                  else s for s in step) + "]")
        shows = shown().get(str(on), [])
        if shows:
            lines.append("    show:")
        for of, contains, *fields in shows:
            show = dict(of=of, line=contains, **({"fields": fields[0]} if fields else {}))
            lines.append("      - " + json.dumps(show, ensure_ascii=False))
    write(ROOT / "story.yaml", "\n".join(lines) + "\n")


CONFIG = f"""\
companies:
  - id: lumen
    legal_name: {OWNER}
    address: Lampendreef 12, 3511 AB Utrecht
    tax_id: NL000099998B57
    country: NL
    home_currency: EUR
    authority: tieout
    cut_over: 2026-06-30
    calendar: target
    time_zone: Europe/Amsterdam
    first_party: true
    accounts:
      - {{ id: {EUR_ACCOUNT}, holder: {OWNER}, bic: {EUR_BIC}, currency: EUR }}
      - {{ id: {BRL_ACCOUNT}, holder: {OWNER}, currency: BRL, pix_key: cobranca@example.com, city: Sao Paulo }}
    sources:
      - {{ id: books, files: ["open-items.csv", "invoices.csv", "LUM-*.xml"], max_age_days: 21 }}
"""

if __name__ == "__main__":
    write(ROOT / "tieout.yaml", CONFIG)
    customers()
    documents()
    promises()
    signals()
    bank()
    control_totals()
    story()
    print(f"{len(BOOK.rows)} invoices, {len(OPENING)} open at cut-over, {len(bank_entries())} bank entries")
