# SPDX-License-Identifier: Apache-2.0
"""Matching where it is hard: a ledger for each noise of the generator, and for series of numbers that tell little."""

import json
import sys

from workloads import Workload, heading, row

INVOICES = 10_000
KINDS = ["customers", "invoices", "payments", "promises", "psp_report"]
# What it shows, the series of numbers, the noises.
LEDGERS = [
    ("slips that meet other numbers, few prices", "usual", "slips"),
    ("months in the text", "usual", "months"),
    ("streets, contracts, files; few prices", "usual", "files"),
    ("one reference for each customer", "usual", "references"),
    ("relatives and advisers pay; few prices", "usual", "families"),
    ("the same amount every month", "usual", "subscriptions"),
    ("money that comes back; instalments", "usual", "refunds"),
    ("strangers' money of our amounts", "usual", "strangers"),
    ("numbers that begin anew each year", "yearly", ""),
    ("the same, with noise", "yearly", "slips,files,strangers"),
    ("numbers of one to five digits", "tiny", ""),
    ("the same, with noise", "tiny", "slips,files,strangers"),
    ("months of subscriptions, numbers by customer", "customer", "subscriptions,months,files"),
    ("subscriptions with one reference", "usual", "subscriptions,references"),
    ("everything", "usual", "all"),
]


def section(options, folder, conditions):
    rows = []
    for place, (what, numbers, noise) in enumerate(LEDGERS):
        workload = Workload(options, INVOICES, folder / str(place), numbers, noise)
        for kind in KINDS:
            workload.load(kind)
        workload.reconcile()
        _, printed = workload.run("evaluate", "--json", "--truth", workload.data / "truth.csv")
        total = json.loads(printed)["total"]
        rows.append(row(
            what, f"`{numbers}`", f"`{noise}`" if noise else "", f"{workload.payments:,}", f"{total['precision']:.5f}",
            f"{total['precision_lo95']:.5f}", f"{total['stp_correct']:.4f}", f"{total['resolved']:.4f}",
            f"{total['adjustment_right']:.5f}", total["cross_customer"], f"`{workload.digest()}`"))
        print(rows[-1], file=sys.stderr)
    return "\n".join([
        "## Harder ledgers", "",
        f"What ordinary business has little of, {INVOICES:,} invoices of each (seed {options.seed}, difficulty "
        f"{options.difficulty}): `workload --numbers … --noise …`, reconciled and evaluated as above. *Wrong customer* counts "
        "payments. Where all pay the same and nothing says which month, a person has to choose: those payments are in "
        "*resolved*, not in *straight-through*.", "",
        conditions, "",
        *heading("ledger", "numbers", "noise", "payments", "precision", "at least (95 %)", "straight-through", "resolved",
                 "adjustments right", "wrong customer", "data"), *rows,
    ])
