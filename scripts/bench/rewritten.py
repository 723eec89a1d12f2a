# SPDX-License-Identifier: Apache-2.0
"""The same payments with their texts written otherwise, one way at a time: what is booked rightly of those that were rewritten."""

import csv
import re
import shutil
import sys
from collections import defaultdict

from workloads import Workload, heading, row

INVOICES = 10_000
KINDS = ["customers", "invoices", "promises", "psp_report"]
# Payments of these kinds name what they pay; of others nobody can say which rewriting is to be booked.
ONE = {"exact", "skonto", "partial", "bankfee", "short", "withholding"}
MANY = {"batch", "batch_cn"}


def digits(text):
    return re.sub(r"\D", "", text)


def letters(text):
    return re.sub(r"[^A-Za-z0-9]", "", text)


def tail(count, joint):
    """The first in full, of the others the last digits."""
    return lambda numbers: numbers[0] + "".join(joint + digits(number)[-count:] for number in numbers[1:])


NUMBERS = {
    "as it was issued": lambda number: number,
    "letter by letter": " ".join,
    "in pieces of three": lambda number: " ".join(re.findall(".{1,3}", number)),
    "small letters": str.lower,
    "without signs": letters,
    "dots for signs": lambda number: re.sub(r"[^A-Za-z0-9]", ".", number),
    "`#`, quotes": lambda number: f'#"{number}"',
    "a word before it": lambda number: "Rechnung" + number,
    "a word behind it": lambda number: number + "vom",
    "fields of an MT940": lambda number: f"SVWZ+{number}EREF+NOTPROVIDED",
    "digits only": digits,
    "a year of two digits": lambda number: re.sub(r"20(2\d)", r"\1", number),
    "without zeros": lambda number: re.sub(r"(\D)0+(\d)", r"\1\2", number),
    "its last five digits": lambda number: digits(number)[-5:],
    "without its last digit": lambda number: number[:-1],
    "O for the first nought": lambda number: number.replace("0", "O", 1),
    "O for every nought": lambda number: number.replace("0", "O"),
    "l for every one": lambda number: number.replace("1", "l"),
    "full width": lambda number: "".join(chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in number),
    "a soft hyphen within": lambda number: number[:4] + "\u00ad" + number[4:],
}
LISTS = {
    "a list, commas": ", ".join,
    "a list, `und`": " und ".join,
    "a list, slashes": "/".join,
    "a list, dashes": " - ".join,
    "a list, each with a word": lambda numbers: " ".join("Rg." + number for number in numbers),
    "a list, digits only": lambda numbers: ", ".join(map(digits, numbers)),
    "a list, shortened to five": tail(5, " und "),
    "a list, shortened to three": tail(3, "+"),
    "a list of five digits each": lambda numbers: ", ".join(digits(number)[-5:] for number in numbers),
    "a list, broken every 27 characters": lambda numbers: " ".join(re.findall(".{1,27}", ", ".join(numbers))),
}
PAYERS = {
    "the payer, as the customer is called": lambda name: name,
    "the payer, capitals": str.upper,
    "the payer, words turned": lambda name: " ".join(reversed(name.split())),
    "the payer, `Fa.`": lambda name: "Fa. " + name,
    "the payer, an address": lambda name: name + ", Hauptstr. 12, 10115 Berlin",
    "the payer, c/o": lambda name: name + " c/o Verwaltung",
    "the payer, cut at 27": lambda name: name[:27],
    "the payer, unknown": lambda name: "Unbekannt",
}
REFERENCES = {
    "a reference in the text": lambda text: text,
    "a reference, in fours": lambda text: " ".join(re.findall(".{1,4}", text)),
    "a reference, a word before it": lambda text: "KID" + text,
    "a reference, a word behind it": lambda text: text + "danke",
}


class Rewriter:
    """One ledger without its payments, on which each rewriting is matched anew."""

    def __init__(self, options, folder):
        self.workload = Workload(options, INVOICES, folder / "base")
        for kind in KINDS:
            self.workload.load(kind)
        self.kept = folder / "kept"
        self.kept.mkdir()
        for path in self.workload.folder.glob("tieout.db*"):
            copy(path, self.kept / path.name)
        self.invoices = {line["invoice_id"]: line for line in self.read("invoices")}
        self.customers = {line["customer_id"]: line["name"] for line in self.read("customers")}
        self.payments = self.read("payments")
        self.truth, self.kind = defaultdict(dict), {}
        for line in self.read("truth"):
            self.kind[line["payment_id"]] = line["kind"]
            if line["invoice_id"]:
                item = self.truth[line["payment_id"]]
                item[line["invoice_id"]] = item.get(line["invoice_id"], 0) + cents(line["amount"])

    def read(self, name):
        with open(self.workload.data / f"{name}.csv", newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def restore(self):
        """The ledger as it was before the first payment."""
        for path in self.workload.folder.glob("tieout.db*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        for path in self.kept.iterdir():
            copy(path, self.workload.folder / path.name)

    def paid(self, payment):
        return [self.invoices[item] for item in self.truth[payment["payment_id"]] if item in self.invoices]

    def number(self, payment, change):
        paid = self.paid(payment)
        if self.kind[payment["payment_id"]] not in ONE or len(paid) != 1:
            return None
        number = paid[0]["invoice_no"]
        text = payment["remittance"]
        return {"remittance": text.replace(number, change(number))} if number in text else None

    def list(self, payment, change):
        numbers = [item["invoice_no"] for item in self.paid(payment)]
        known = self.kind[payment["payment_id"]] in MANY and len(numbers) > 1
        return {"remittance": change(numbers)} if known else None

    def payer(self, payment, change):
        owners = {self.customers[item["customer_id"]] for item in self.paid(payment)}
        own = owners.pop() if len(owners) == 1 else ""
        same = own and payment["payer_name"].lower() == own.lower()
        return {"payer_name": change(own)} if same else None

    def reference(self, payment, change):
        paid = self.paid(payment)
        if not payment["structured_ref"] or len(paid) != 1 or not paid[0]["structured_ref"]:
            return None
        text = change(letters(paid[0]["structured_ref"]))
        return {"structured_ref": "", "remittance": text, "payer_name": "Unbekannt", "payer_iban": ""}

    def matched(self, rewrite, change):
        """How many were rewritten, how many of them are booked rightly, and what is booked wrongly of all."""
        rewritten, lines = set(), []
        for payment in self.payments:
            new = rewrite(payment, change)
            if new:
                rewritten.add(payment["payment_id"])
            lines.append(payment | (new or {}))
        base = self.workload.folder
        path = base / "rewritten.csv"
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, lines[0].keys())
            writer.writeheader()
            writer.writerows(lines)
        self.restore()
        self.workload.load("payments", path)
        self.workload.reconcile("--allocations", base / "allocations.csv")
        booked = defaultdict(dict)
        with open(base / "allocations.csv", newline="", encoding="utf-8") as file:
            for line in csv.DictReader(file):
                if line["decision"] == "auto" and line["invoice_id"]:
                    item = booked[line["payment_id"]]
                    item[line["invoice_id"]] = item.get(line["invoice_id"], 0) + cents(line["amount"])
        right = sum(booked[payment] == self.truth[payment] for payment in rewritten if payment in booked)
        return len(rewritten), right, sum(items != self.truth[payment] for payment, items in booked.items())


def copy(path, target):
    (shutil.copytree if path.is_dir() else shutil.copy)(path, target)


def cents(text):
    return round(float(text) * 100)


def section(options, folder, conditions):
    rewriter = Rewriter(options, folder)
    rows = []
    for rewrite, ways in [
        (rewriter.number, NUMBERS), (rewriter.list, LISTS), (rewriter.payer, PAYERS),
        (rewriter.reference, REFERENCES),
    ]:
        for what, change in ways.items():
            count, right, wrong = rewriter.matched(rewrite, change)
            rows.append(row(what, f"{count:,}", f"{right / max(count, 1):.3f}", wrong))
            print(rows[-1], file=sys.stderr)
    return "\n".join([
        "## Rewritten texts", "",
        f"One workload of {INVOICES:,} invoices (seed {options.seed}, difficulty {options.difficulty}). In each row the "
        "payments that have what the row names are rewritten, and all are matched anew. *Wrong* counts automatic payments "
        "of the whole run.", "",
        f"{conditions} Data `{rewriter.workload.digest()}`.", "",
        *heading("written", "payments", "booked rightly", "wrong"), *rows,
    ])
