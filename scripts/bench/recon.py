# SPDX-License-Identifier: Apache-2.0
"""Quality and speed of matching together: workloads of growing size, `tieout reconcile` beside plain SQL (DuckDB)."""

import json
import math
import subprocess
import sys

from workloads import ROOT, Workload, heading, row

KINDS = ["customers", "invoices", "payments", "promises", "psp_report"]


def section(options, folder, conditions):
    ours, speeds, peers, growth = [], [], [], []
    for size in options.sizes:
        workload = Workload(options, size, folder / str(size))
        imported = sum(workload.load(kind) for kind in KINDS)
        done, _, took = workload.reconcile("--allocations", workload.folder / "allocations.csv")
        _, printed = workload.run("evaluate", "--json", "--truth", workload.data / "truth.csv")
        total = json.loads(printed)["total"]
        payments = workload.payments
        ours.append(row(
            f"{size:,}", f"{payments:,}", f"{total['precision']:.5f}", f"{total['precision_lo95']:.5f}",
            f"{total['stp_correct']:.4f}", f"{total['resolved']:.4f}", f"{total['adjustment_right']:.5f}",
            f"`{workload.digest()}`"))
        speeds.append(row(
            f"{size:,}", f"{imported:.1f}", f"{float(took['load']):.1f}", f"{float(took['match']):.1f}", f"{float(took['write']):.1f}",
            f"{done.seconds:.1f}", f"{done.seconds * 1e6 / payments:.0f}",
            f"{done.seconds * 1e6 / (payments * math.log2(payments)):.2f}", done.memory >> 20))
        print(speeds[-1], file=sys.stderr)
        peers.append(plain_sql(options, size, workload.data))
    return "\n".join([
        "## Matching", "",
        f"Workloads of the project's own generator (seed {options.seed}, difficulty {options.difficulty}, "
        f"{options.numbers} numbers): customers, invoices, payments, promises and a provider's report imported, then one "
        "`tieout reconcile --allocations` over everything, and `tieout evaluate` against the generator's truth.", "",
        conditions, "",
        *heading("invoices", "payments", "precision", "at least (95 %)", "straight-through", "resolved", "adjustments right",
                 "data"), *ours, "",
        "Matching and writing overlap in part. *n log n*: microseconds of the whole for each payment and each doubling.", "",
        *heading("invoices", "import s", "load s", "match s", "write s", "whole s", "µs a payment", "n log n", "MB"),
        *speeds, "",
        "Plain SQL (DuckDB, one thread: exact number and amount, structured reference, lists that add up) on the same files:",
        "",
        *heading("invoices", "load s", "match s", "write s", "MB", "precision", "straight-through"), *peers, "",
        "The aim at a million invoices and 850,000 payments is 10 s for matching, 30 s for all, 1 GB.",
    ])


def plain_sql(options, size, data):
    done = subprocess.run(
        [options.python, str(ROOT / "Benchmarks" / "baseline.py"), str(data)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"Benchmarks/baseline.py: {done.stderr}")
    peer = json.loads(done.stdout)
    return row(
        f"{size:,}", f"{peer['load']:.1f}", f"{peer['match']:.1f}", f"{peer['write']:.1f}", peer["peak_megabytes"],
        f"{peer['precision']:.5f}", f"{peer['straight_through']:.4f}")
