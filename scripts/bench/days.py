#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A day's payments against ledgers of growing size: what a run of reconcile costs, and what it costs on all of it.

usage: days.py --tieout PATH --workload PATH [--sizes 100000,1000000] [--day 3000] [--days 2] [--seed 11] [--data DIR]
               [--promises]

Each ledger is imported with its customers, and reconciled once with nothing to decide. Then days follow: payments from
all over the workload's year are imported and reconciled. A table says what each run took; with --promises the year's
promises stand beside the ledger.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from measure import measure_output

ROOT = pathlib.Path(__file__).resolve().parents[2]
MAPPINGS = ROOT / "Tests" / "Fixtures" / "Recon"


def days(options, size, folder):
    """What the first run and each day's run took."""
    data = pathlib.Path(options.data) / str(size) if options.data else folder / "data"
    if not (data / "payments.csv").exists():
        words = ["--out", data, "--invoices", size, "--seed", options.seed, "--difficulty", 500, "--numbers", "usual"]
        subprocess.run([options.workload, *map(str, words)], check=True, stdout=subprocess.DEVNULL)
    head, *rows = open(data / "payments.csv", encoding="utf-8").read().splitlines()
    last = max(row.split(",")[1] for row in rows)
    environment = dict(os.environ, TIEOUT_SHARE=str(ROOT), TIEOUT_NOW=f"{last}T20:00:00Z")
    common = ["--db", str(folder / "tieout.db"), "--config", str(MAPPINGS / "tieout.yaml")]

    def run(*words):
        return measure_output([options.tieout, *words, *common], folder, env=environment, stderr=subprocess.DEVNULL)

    def reconcile(name, *words):
        done, path = run("reconcile", "--json", "--timings", *words)
        answer = json.loads(path.read_text())
        return {
            "run": name,
            "wall": done.seconds,
            "megabytes": done.memory >> 20,
            **answer["timings"],
            **answer["payments"],
        }

    for kind in ["customers", "invoices"] + (["promises"] if options.promises else []):
        run("import", "--mapping", str(MAPPINGS / f"{kind}.yaml"), str(data / f"{kind}.csv"))
    yield reconcile("empty")
    step = max(1, len(rows) // (options.day * options.days))
    for day in range(options.days):
        path = folder / f"payments-{day}.csv"
        path.write_text("\n".join([head, *rows[day :: step * options.days][: options.day]]) + "\n", encoding="utf-8")
        imported, _ = run("import", "--mapping", str(MAPPINGS / "payments.yaml"), str(path))
        yield {"import": imported.seconds, **reconcile(f"day {day + 1}")}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tieout", required=True)
    parser.add_argument("--workload", required=True, help="the generator's executable")
    parser.add_argument("--sizes", default="100000,1000000")
    parser.add_argument("--day", type=int, default=3000, help="payments a day")
    parser.add_argument("--days", type=int, default=2)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--promises", action="store_true", help="import the year's promises as well")
    parser.add_argument("--data", help="workloads that exist already, one folder for each size")
    parser.add_argument("--folder", help="where to work and to leave everything; a temporary folder otherwise")
    options = parser.parse_args()
    print("| items | run | read | import s | load s | match s | write s | wall s | MB | auto | review | none |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for size in map(int, options.sizes.split(",")):
        with tempfile.TemporaryDirectory(prefix="tieout-days-") as temporary:
            folder = pathlib.Path(options.folder) / str(size) if options.folder else pathlib.Path(temporary)
            folder.mkdir(parents=True, exist_ok=True)
            for row in days(options, size, folder):
                print(
                    f"| {size:,} | {row['run']} | {row.get('ledger', 'whole')} | {row.get('import', 0):.2f} "
                    f"| {row['load']} | {row['match']} | {row['write']} | {row['wall']:.2f} | {row['megabytes']} | {row['auto']} | {row['review']} | {row['none']} |",
                    flush=True,
                )


if __name__ == "__main__":
    sys.exit(main())
