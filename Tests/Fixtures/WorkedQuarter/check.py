# SPDX-License-Identifier: Apache-2.0
"""Re-adds every table of WorkedQuarter.md and compares it with inputs/ and expected/.   python3 check.py

Python 3 standard library only; shares nothing with Tieout's code or with the script that wrote the inputs.
Prints OK and exits 0, or lists what does not agree and exits 1.
"""
import csv
import pathlib
import re
import sys
import xml.etree.ElementTree as tree
from collections import defaultdict
from datetime import date, timedelta

HERE = pathlib.Path(__file__).resolve().parent
TEXT = (HERE / "WorkedQuarter.md").read_text(encoding="utf-8")
problems, checks = [], 0


def agree(what, left, right):
    global checks
    checks += 1
    if left != right:
        problems.append(f"{what}: {left!r} is not {right!r}")


def cents(text):
    text = text.replace("*", "").replace(",", "").replace("−", "-").replace("GBP", "").strip()
    if not text:
        return 0
    sign = -1 if text.startswith("-") else 1
    whole, _, fraction = text.lstrip("-").partition(".")
    return sign * (int(whole) * 100 + int((fraction + "00")[:2]))


def tables(heading):
    """The tables under a heading (`## 4`, `### July`, `**31 July 2026**`), each a list of dicts."""
    part = TEXT[TEXT.index(heading) + len(heading):]
    result, current = [], None
    for line in part.splitlines():
        if line.startswith("|"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if current is None:
                current = []
                header = cells
                result.append(current)
            elif not set("".join(cells)) <= set("-:"):
                current.append(dict(zip(header, cells)))
        else:
            current = None
            if line.startswith("#"):
                break
    return result


def read(path):
    with open(HERE / path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- the documents of section 2 against the files ---------------------------------------------------------
files = {}
for path in sorted(HERE.glob("inputs/*/*.csv")):
    if path.name.startswith(("invoices", "opening")):
        for row in read(path):
            files[row["number"]] = dict(row, arrives=path.parent.name)
opening, documents = tables("## 2. Documents")
for row in opening:
    stated = files[row["number"]]
    agree(f"{row['number']} open", cents(row["open"]), cents(stated["open"]))
    agree(f"{row['number']} days", (row["issued"], row["due"]), (stated["issued_on"], stated["due_on"]))
for row in documents:
    number = row["number"]
    if number == "2026-103":
        continue
    stated = files[number]
    agree(f"{number} total", cents(row["total"]), cents(stated["total"]))
    agree(f"{number} issued, arrives", (row["issued"], row["arrives"]), (stated["issued_on"], stated["arrives"]))
    agree(f"{number} customer", row["customer"].split()[0], stated["customer_id"])
    if row["due"] != "–":
        agree(f"{number} due", row["due"], stated["due_on"])
agree("documents listed", len(opening) + len(documents), len(files) + 1)
due = {number: row["due_on"] for number, row in files.items()}
ubl = tree.parse(HERE / "inputs/2026-07-06/invoice-2026-103.xml").getroot()
shares = []
for element in ubl.iter():
    if element.tag.endswith("}PaymentTerms"):
        shares.append({child.tag.split("}")[1]: child.text for child in element})
for share in shares:
    due[f"2026-103/{share['ID']}"] = share["PaymentDueDate"]
agree("instalments", [(cents(s["Amount"]), s["PaymentDueDate"]) for s in shares],
      [(30000, "2026-07-20"), (30000, "2026-08-03"), (30000, "2026-10-05")])

# --- the bank of section 3 against the files ---------------------------------------------------------------
statements, bank = {}, []
for path in sorted(HERE.glob("inputs/*/bank.xml")):
    root = tree.parse(path).getroot()
    ns = "{" + root.tag[1:].split("}")[0] + "}"
    for statement in root.iter(ns + "Stmt"):
        balances = {}
        for balance in statement.iter(ns + "Bal"):
            balances[balance.find(f"{ns}Tp/{ns}CdOrPrtry/{ns}Cd").text] = cents(balance.find(ns + "Amt").text)
        moved = 0
        for item in statement.iter(ns + "Ntry"):
            sign = 1 if item.find(ns + "CdtDbtInd").text == "CRDT" else -1
            value = sign * cents(item.find(ns + "Amt").text)
            moved += value
            bank.append((item.find(f"{ns}BookgDt/{ns}Dt").text, value, path.parent.name))
        number = int(statement.find(ns + "ElctrncSeqNb").text)
        statements[number] = (balances["OPBD"], moved, balances["CLBD"], path.parent.name)
for row in tables("## 3. Bank")[0]:
    number = int(row["statement"])
    stated = (cents(row["opening"]), cents(row["entries"]), cents(row["closing"]), row["arrives"].strip("*"))
    agree(f"statement {number}", stated, statements[number])
    agree(f"statement {number} adds up", stated[0] + stated[1], stated[2])
    if number > 1:
        agree(f"statement {number} continues", statements[number - 1][2], stated[0])

# --- the journal of section 4 ----------------------------------------------------------------------------
journal = []
for month in ("June (cut-over)", "July", "August", "September"):
    journal += tables(f"### {month}")[0]
agree("journal numbers", [int(row["no"]) for row in journal], list(range(1, len(journal) + 1)))
for row in journal:
    row["value"] = cents(row["amount"])
booked = [(r["posting day"], -r["value"]) for r in journal if r["line"] in ("cash", "returned", "refunded")]
agree("journal cash is the bank's", sorted(booked), sorted((on, value) for on, value, _ in bank))
invoiced = defaultdict(int)
for row in journal:
    if row["line"] in ("invoiced", "credit_notes", "opening_entries"):
        invoiced[row["item or cash"].split("/")[0]] += row["value"]
for number, row in files.items():
    agree(f"journal has {number}", invoiced[number], cents(row.get("open") or row["total"]))
agree("journal has 2026-103", invoiced["2026-103"], 90000)

MONTHS = {"2026-06": "2026-06-30", "2026-07": "2026-07-31", "2026-08": "2026-08-31", "2026-09": "2026-09-30"}
LINES = ["invoiced", "credit_notes", "cash", "returned", "refunded", "discount", "fee", "withholding", "write_off",
         "recovered", "exchange", "rounding", "opening_entries", "amended", "replaced", "source_clearing",
         "closed_by_source"]
closings = defaultdict(int)
for month in MONTHS:
    lines = defaultdict(int)
    for row in journal:
        if row["posting day"].startswith(month) and row["line"] not in ("applied", "netted"):
            lines[row["currency"], row["line"]] += row["value"]
            assert row["line"] in LINES, row
    for row in read(f"expected/roll-forward-{month}.csv"):
        currency = row["currency"]
        agree(f"{month} {currency} opening", cents(row["opening"]), closings[currency])
        for line in LINES:
            agree(f"{month} {currency} {line}", cents(row[line]), lines[currency, line])
        closings[currency] += sum(lines[currency, line] for line in LINES)
        agree(f"{month} {currency} closing", cents(row["closing"]), closings[currency])
        prior = sum(r["value"] for r in journal if r["posting day"].startswith(month) and r["currency"] == currency
                    and r["line"] == "invoiced"
                    and files.get(r["item or cash"], {}).get("issued_on", month) < month)
        agree(f"{month} {currency} prior period", cents(row["prior_period"]), prior)

# --- the document's own roll-forward, section 5 ------------------------------------------------------------
NAMES = {"credit notes": "credit_notes", "write-off": "write_off", "opening entries": "opening_entries",
         "**closing**": "closing", "of the lines, prior period": "prior_period"}
TITLES = {"June": "2026-06", "July": "2026-07", "August": "2026-08", "September": "2026-09"}
for table, currency in zip(tables("## 5. Roll-forward")[:2], ("EUR", "GBP")):
    for title, month in TITLES.items():
        if title not in table[0]:
            continue
        expected = next(r for r in read(f"expected/roll-forward-{month}.csv") if r["currency"] == currency)
        shown = {NAMES.get(row[currency], row[currency]): cents(row[title]) for row in table}
        for key, value in shown.items():
            agree(f"document {month} {currency} {key}", value, cents(expected[key]))
        terms = sum(v for k, v in shown.items() if k not in ("closing", "prior_period"))
        agree(f"document {month} {currency} adds up", terms, shown["closing"])
for line in TEXT[TEXT.index("How the larger figures"):TEXT.index("## 6.")].splitlines():
    match = re.match(r"- .*?: (.*)\.$", line)
    if match:
        claims = match.group(1)
        for claim in re.split(r" of August, ", claims) if " of August" in claims else [claims]:
            left, right = claim.lstrip("+ ").rsplit(" = ", 1) if " = " in claim else (claim, None)
            if right and not claim.startswith("+"):
                total = sum(cents(t.replace(" ", "")) for t in re.findall(r"[−]? ?[\d,]+(?:\.\d\d)?", left))
                agree(f"sum {line[2:40]}", total, cents(right))

# --- identities, section 6 --------------------------------------------------------------------------------
for row in read("expected/identities.csv"):
    until, currency = MONTHS[row["month"]], row["currency"]
    seen = [r for r in journal if r["posting day"] <= until and r["currency"] == currency]
    line = lambda name: sum(r["value"] for r in seen if r["line"] == name)
    on_cash = lambda name: sum(r["value"] for r in seen if r["line"] == name and r["item or cash"].startswith("cash:"))
    converted = on_cash("exchange")
    what = {key: cents(row[key]) for key in row if key not in ("month", "currency")}
    agree(f"{row['month']} {currency} received", what["received"], -line("cash"))
    agree(f"{row['month']} {currency} returned", what["returned"], line("returned"))
    agree(f"{row['month']} {currency} refunded", what["refunded"], line("refunded"))
    agree(f"{row['month']} {currency} applied", what["applied"], line("applied") + converted)
    agree(f"{row['month']} {currency} cash identity", what["received"] - what["returned"] - what["refunded"],
          what["applied"] + what["unapplied"] + what["not_receivables"])
    agree(f"{row['month']} {currency} cash on items", what["cash"], line("applied"))
    agree(f"{row['month']} {currency} credit", what["credit"], line("netted"))
    agree(f"{row['month']} {currency} discount", what["discount"], -line("discount"))
    agree(f"{row['month']} {currency} write-off", what["write_off"], -line("write_off"))
    agree(f"{row['month']} {currency} exchange", what["exchange"], -(line("exchange") - converted))
    terms = ["cash", "credit", "discount", "fee", "withholding", "write_off", "rounding", "exchange"]
    agree(f"{row['month']} {currency} items identity", what["settled"], sum(what[t] for t in terms))
cash_table, item_table = tables("## 6. The two identities")
identities = {(r["month"], r["currency"]): r for r in read("expected/identities.csv")}
for row in cash_table:
    expected = identities[TITLES[row["EUR"]], "EUR"]
    for key in ("received", "returned", "refunded", "applied", "unapplied"):
        agree(f"document {row['EUR']} {key}", cents(row[key]), cents(expected[key]))
    agree(f"document {row['EUR']} sides", cents(row["left side"]), cents(row["right side"]))
for row in item_table:
    expected = identities[TITLES[row["month"]], row["currency"]]
    for key in ("settled", "cash", "credit", "discount", "exchange"):
        agree(f"document {row['month']} {key}", cents(row[key]), cents(expected[key]))
    agree(f"document {row['month']} settled", cents(row["settled"]), cents(row["right side"]))

# --- aging, section 7, from the journal ---------------------------------------------------------------------
COLUMNS = ["not_due", "days_1_30", "days_31_60", "days_61_90", "days_91_120", "over_120", "open_credits", "unapplied"]


def bucket(days):
    limits = [(0, "not_due"), (30, "days_1_30"), (60, "days_31_60"), (90, "days_61_90"), (120, "days_91_120")]
    return next((name for limit, name in limits if days <= limit), "over_120")


def open_on(day):
    """(customer, currency, item or cash) to open amount, from the journal alone."""
    balance = defaultdict(int)
    for row in journal:
        if row["posting day"] > day:
            continue
        who, currency, what, value = row["customer"], row["currency"], row["item or cash"], row["value"]
        if row["line"] in ("applied", "netted"):
            item, source = what.split(" ← ")
            balance[who, currency, item] -= value
            balance[who, currency, source] += value
        else:
            balance[who, currency, what] += value
    return {key: value for key, value in balance.items() if value}


SHORT = {"not due": "not_due", "1–30": "days_1_30", "31–60": "days_31_60", "61–90": "days_61_90",
         "91–120": "days_91_120", "over 120": "over_120", "open credits": "open_credits", "unapplied": "unapplied"}
for month, title in (("2026-07", "**31 July 2026**"), ("2026-08", "**31 August 2026**"),
                     ("2026-09", "**30 September 2026**")):
    last = MONTHS[month]
    balance = open_on(last)
    aged = defaultdict(lambda: dict.fromkeys(COLUMNS, 0))
    listed = {}
    for (who, currency, what), value in balance.items():
        if what.startswith("cash:"):
            column = "unapplied"
        elif value < 0:
            column = "open_credits"
        else:
            column = bucket((date.fromisoformat(last) - date.fromisoformat(due[what])).days)
        aged[who, currency][column] += value
        aged["TOTAL", currency][column] += value
        if currency == "EUR":
            listed[who, what] = (column, value)
    rows = {(r["customer"], r["currency"]): r for r in read(f"expected/aging-{last}.csv")}
    agree(f"aging {last} customers", sorted(rows), sorted(aged))
    for key, row in rows.items():
        for column in COLUMNS:
            agree(f"aging {last} {key} {column}", cents(row[column]), aged[key][column])
        agree(f"aging {last} {key} total", cents(row["total"]), sum(aged[key].values()))
    closing = {r["currency"]: cents(r["closing"]) for r in read(f"expected/roll-forward-{month}.csv")}
    for currency in closing:
        agree(f"aging {last} ties", sum(aged["TOTAL", currency].values()), closing[currency])
    table = tables(title)[0]
    for row in table[:-1]:
        column, value = listed.pop((row["customer"], row["item"]))
        shown = {SHORT[k]: cents(v) for k, v in row.items() if k in SHORT and v}
        agree(f"document aging {last} {row['item']}", shown, {column: value})
        if row["days"]:
            days = (date.fromisoformat(last) - date.fromisoformat(row["due"])).days
            agree(f"document aging {last} {row['item']} days", int(row["days"].replace("−", "-")), days)
            agree(f"document aging {last} {row['item']} due", row["due"], due[row["item"]])
    agree(f"document aging {last} is complete", listed, {})
    for column, shown in table[-1].items():
        if column in SHORT:
            agree(f"document aging {last} total {column}", cents(shown), aged["TOTAL", "EUR"][SHORT[column]])

for path in sorted(HERE.glob("inputs/*/balances.csv")):
    for row in read(path):
        expected = next(r for r in read(f"expected/roll-forward-{row['as_of'][:7]}.csv")
                        if r["currency"] == row["currency"])
        agree(f"control total {row['as_of']} {row['currency']}", cents(row["amount"]), cents(expected["closing"]))

# --- promises, section 8 -------------------------------------------------------------------------------------


def banking_day_after(day, count):
    while count:
        day += timedelta(days=1)
        if day.weekday() < 5:
            count -= 1
    return day


promised = {}
for path in HERE.glob("inputs/*/promises.csv"):
    for row in read(path):
        promised[row["id"]] = row
table = {row["id"]: row for row in tables("## 8. Promises")[0]}
expected = {row["id"]: row for row in read("expected/promises.csv")}
agree("promises", sorted(table), sorted(expected))
agree("promises in the files", sorted(promised), sorted(expected))
for key, row in expected.items():
    source, shown = promised[key], table[key]
    agree(f"{key} file", (source["customer_id"], source["invoice_id"], cents(source["amount"]),
                          source["promised_on"], source["promised_for"]),
          (row["customer"], row["invoice"], cents(row["amount"]), row["promised_on"], row["promised_for"]))
    grace = banking_day_after(date.fromisoformat(row["promised_for"]), 2)
    agree(f"{key} grace", row["grace_until"], grace.isoformat())
    agree(f"{key} shown grace", shown["last day of grace"], f"{grace.isoformat()} {grace:%a}")
    agree(f"{key} shown amount", cents(shown["amount"]), cents(row["amount"]))
    agree(f"{key} shown judged", shown["on"].replace("–", ""), row["judged_on"])
    paid, short = cents(row["paid_in_window"]), cents(row["amount"]) - cents(row["paid_in_window"])
    if row["state"] != "open":
        verdict = "kept" if short <= 100 else "partially_kept" if paid else "broken"
        agree(f"{key} verdict", row["state"], verdict)

# --- plans, section 10 -----------------------------------------------------------------------------------------
STEPS = [("before_due", -3), ("due", 0), ("overdue_1", 7), ("overdue_2", 21), ("overdue_3", 35)]
said = set()
for path in sorted(HERE.glob("expected/plan-*.csv")):
    day = date.fromisoformat(path.stem[5:])
    title = f"**{day:%A} {day.day} {day:%B} {day.year}**"
    rows, shown = read(f"expected/{path.name}"), tables(title)[0]
    key = lambda r: (r["customer"], r["decision"], r["step"], r["rule"].replace("–", ""), r["invoices"], cents(r["amount"]))
    agree(f"plan {day}", [key(r) for r in rows], [key(r) for r in shown])
    known = [r for r in journal if r["learned"] <= day.isoformat()]
    balance = defaultdict(int)
    for r in known:
        if r["line"] in ("applied", "netted"):
            balance[r["item or cash"].split(" ← ")[0]] -= r["value"]
        elif not r["item or cash"].startswith("cash:"):
            balance[r["item or cash"]] += r["value"]
    reached = set()
    for item, value in balance.items():
        late = (day - date.fromisoformat(due[item])).days
        if value > 0 and late >= -3:
            step = [name for name, days in STEPS if days <= late][-1]
            if (item.split("/")[0], step) not in said:
                reached.add(item.split("/")[0])
    agree(f"plan {day} is complete", sorted(n for r in rows for n in r["invoices"].split()), sorted(reached))
    for row in rows:
        numbers = row["invoices"].split()
        agree(f"plan {day} {row['customer']} is a Monday", day.weekday(), 0)
        if row["step"] in dict(STEPS):
            # The furthest step of the row's earliest open item.
            items = [i for i, v in balance.items() if v > 0 and i.split("/")[0] in numbers
                     and (day - date.fromisoformat(due[i])).days >= -3]
            late = max((day - date.fromisoformat(due[i])).days for i in items)
            step = [name for name, days in STEPS if days <= late][-1]
            agree(f"plan {day} {row['customer']} step", row["step"], step)
            agree(f"plan {day} {row['customer']} amount", cents(row["amount"]), sum(balance[i] for i in items))
        if row["decision"] == "said":
            for number in numbers:
                agree(f"plan {day} {number} {row['step']} once", (number, row["step"]) in said, False)
                said.add((number, row["step"]))
            agree(f"plan {day} {row['customer']} rule", row["rule"], "")
        else:
            agree(f"plan {day} {row['customer']} has a rule", bool(row["rule"]), True)

exchange = read("expected/exchange.csv")[0]
agree("home at invoice", cents(exchange["home_at_invoice"]) * 100, 200000 * 116)
agree("home received", cents(exchange["home_received"]) * 1000, 200000 * 1167)
agree("realised", cents(exchange["realised"]), cents(exchange["home_received"]) - cents(exchange["home_at_invoice"]))

if problems:
    print("\n".join(problems))
    print(f"{len(problems)} of {checks} checks do not agree")
    sys.exit(1)
print(f"OK: {checks} checks agree")
