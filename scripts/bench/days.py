# SPDX-License-Identifier: Apache-2.0
"""A day's payments against ledgers of growing size: what one `tieout reconcile` costs then.

Each ledger is imported with its customers and promises, and reconciled once with nothing to decide. Then days follow, two
small ones and three whole ones: payments from all over the workload's year are imported and reconciled.
"""

import sys

from workloads import Workload, heading, row

# Of what share of a day's payments each run is.
DAYS = [("a hundredth", 100), ("a tenth", 10), ("day 1", 1), ("day 2", 1), ("day 3", 1)]


def section(options, folder, conditions):
    lines = []
    for size in options.sizes:
        workload = Workload(options, size, folder / str(size))
        for kind in ["customers", "invoices", "promises"]:
            workload.load(kind)
        lines.append(line(size, "nothing new", 0, 0, *workload.reconcile()))
        for place, (name, share) in enumerate(DAYS):
            path, count = one_day(workload, place, options.day // share, options.day)
            lines.append(line(size, name, count, workload.load("payments", path), *workload.reconcile()))
    return "\n".join([
        "## A day's payments", "",
        f"{options.day:,} payments at a time against a ledger of open items (seed {options.seed}, difficulty "
        f"{options.difficulty}, {options.numbers} numbers).", "",
        conditions, "",
        *heading("open items", "run", "payments", "read", "import s", "load s", "match s", "write s", "whole s", "MB", "auto",
                 "review", "none"), *lines, "",
        "The aim is a time that grows with the day, not with the ledger. A run decides again what waits of the days before, so "
        "its payments are those of the last three columns.",
    ])


def one_day(workload, place, count, whole):
    """A file of payments from all over the year, and how many; `whole` is a whole day's count."""
    path, step = workload.folder / f"payments-{place}.csv", max(1, workload.payments // (whole * len(DAYS)))
    written = 0
    with open(workload.data / "payments.csv", encoding="utf-8") as year, open(path, "w", encoding="utf-8") as file:
        file.write(next(year))
        for number, text in enumerate(year):
            if number % (step * len(DAYS)) == place and written < count:
                file.write(text)
                written += 1
    return path, written


def line(size, run, payments, imported, done, counts, took):
    text = row(
        f"{size:,}", run, f"{payments:,}", took.get("ledger", "whole"), f"{imported:.2f}", took["load"], took["match"],
        took["write"], f"{done.seconds:.2f}", done.memory >> 20, counts["auto"], counts["review"], counts["none"])
    print(text, file=sys.stderr)
    return text
