# SPDX-License-Identifier: Apache-2.0
"""A day's payments against ledgers of growing size: what one `tieout reconcile` costs then.

Each ledger is imported with its customers and promises, and reconciled once with nothing to decide. Then days follow:
payments from all over the workload's year are imported and reconciled.
"""

import sys

from workloads import Workload, heading, row

DAYS = 3


def section(options, folder, conditions):
    lines = []
    for size in options.sizes:
        workload = Workload(options, size, folder / str(size))
        for kind in ["customers", "invoices", "promises"]:
            workload.load(kind)
        lines.append(line(size, "nothing new", 0, 0, *workload.reconcile()))
        for day in range(DAYS):
            path, count = one_day(workload, day, options.day)
            lines.append(line(size, f"day {day + 1}", count, workload.load("payments", path), *workload.reconcile()))
    return "\n".join([
        "## A day's payments", "",
        f"{options.day:,} payments at a time against a ledger of open items (seed {options.seed}, difficulty "
        f"{options.difficulty}, {options.numbers} numbers).", "",
        conditions, "",
        *heading("open items", "run", "payments", "read", "import s", "load s", "match s", "write s", "whole s", "MB", "auto",
                 "review", "none"), *lines, "",
        "The aim is a time that grows with the day, not with the ledger.",
    ])


def one_day(workload, day, count):
    """A file of payments from all over the year, and how many."""
    path, step = workload.folder / f"payments-{day}.csv", max(1, workload.payments // (count * DAYS))
    written = 0
    with open(workload.data / "payments.csv", encoding="utf-8") as year, open(path, "w", encoding="utf-8") as file:
        file.write(next(year))
        for number, text in enumerate(year):
            if number % (step * DAYS) == day and written < count:
                file.write(text)
                written += 1
    return path, written


def line(size, run, payments, imported, done, counts, took):
    text = row(
        f"{size:,}", run, f"{payments:,}", took.get("ledger", "whole"), f"{imported:.2f}", took["load"], took["match"],
        took["write"], f"{done.seconds:.2f}", done.memory >> 20, counts["auto"], counts["review"], counts["none"])
    print(text, file=sys.stderr)
    return text
